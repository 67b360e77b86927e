// Package store is the single table: every key is built beside its entity, every write that can race has its condition
// beside it, and no SDK type leaves the package.
//
// # Key chart
//
//	entity         PK                        SK                               also
//	─────────────  ────────────────────────  ───────────────────────────────  ─────────────────────────────────────
//	account        ACCOUNT#<account>         ACCOUNT                          work CLOSED once it is closed, until its person is erased
//	subscription   ACCOUNT#<account>         SUB#<family>                     the right to a family, its slug, its calendar link;
//	                                                                          work REMIND#<shard> while reminders are wanted;
//	                                                                          Barred: courts' orders by which it gives nothing
//	moved          ACCOUNT#<account>         MOVED#<family>                   where a merge took the family that it subscribed to
//	role           ACCOUNT#<account>         AGENT#<slug>                     a tenant that it is an agent of
//	export         ACCOUNT#<account>         EXPORT                           work EXPORTS while it is put together; expires
//	sent mail      ACCOUNT#<account>         SENT#<instant>#<mail>            its kind; expires
//	session        ACCOUNT#<account>         SESSION#<id>                     of its refresh token; expires
//	account tries  ACCOUNT#<account>         TRIES#code, TRIES#password, TRIES#totp, TRIES#mail
//	address claim  ADDRESS#<keyed hash>      CLAIM                            one account per e-mail
//	sign-up        ADDRESS#<keyed hash>      ATTEMPT#<account>                work USERS, expires after 30 days
//	address tries  ADDRESS#<keyed hash>      TRIES#sign-up, TRIES#sign-in, TRIES#mail, TRIES#invitation
//	address mark   ADDRESS#<keyed hash>      BOUNCE                           expires
//	captcha used   CAPTCHA#<hash>            USED                             expires
//	retired user   USER#<user>               RETIRED                          work USERS
//	code           CODE#<keyed hash>         CODE                             what it opens and became; expires
//	mail           MAIL#<id>                 MAIL                             work MAIL#<shard>, expires when sent
//
//	loose file     C#<slug>#LOOSE            <file>                           work LOOSE until erase-expired has deleted it
//	job            C#<slug>#JOBS             <job>                            at (local index); work JOBS until it has ended; expires
//	import         C#<slug>#IMPORTS          <import>                         a file, its mapping and how far it is; expires
//	import turn    C#<slug>#IMPORTS          #TURN                            which is, or was last, applied or undone
//	import report  C#<slug>#IMPORT#<import>  REPORT                           the first rows of it; expires
//	import stays   C#<slug>#IMPORT#<import>  STAYS                            the first rows of what its undoing left; expires
//	imported       C#<slug>#IMPORT#<import>  DONE#<thing>                     what was made of a family, a school, enrolments; expires
//	mapping        C#<slug>#MAPPINGS         <sort of import>                 that the town used last
//	school year    C#<slug>#ROLLOVERS        <year>                           that the town moved to, and the jobs that did; expires
//	issued code    C#<slug>#CODES            <family>#<guardian>#<issue>      beside <family>#<guardian>, which names the latest;
//	                                                                          expires
//	version        C#<slug>                  VERSION                          of settings and activities; work COLLECTIVITIES;
//	                                                                          the gate: what each request has to pass
//	settings       C#<slug>                  SET#COLLECTIVITY
//	past settings  C#<slug>#SETTINGS         <version>                        that were replaced, and by whom
//	logo           C#<slug>#SETTINGS         LOGO#<id>
//	activity       C#<slug>                  SET#ACTIVITY#<activity>          work PLACES while its places reach its slots
//	school         C#<slug>                  SET#SCHOOL#<school>
//	event          C#<slug>                  SET#EVENT#<event>                work EVENT#<shard>: to be carried out, in the end
//	                                                                          to be put away
//	past event     C#<slug>#EVENTS           <last day>#<event>               60 days after its end
//	agent          C#<slug>                  AGENT#<account>
//	invitation     C#<slug>                  INVITE#<keyed hash>              one for an address; expires once accepted
//	audit          C#<slug>#A#<yyyy-mm>      <instant>#<random>               expires
//	slot           C#<slug>#S#<activity>     SLOT#<date>                      per age group: capacity, taken, free, waiting;
//	                                                                          work WAIT#<shard> while somebody waits
//	waiting        C#<slug>#S#<activity>     WAIT#<date>#<group>#<rank>
//	enrolled       C#<slug>#S#<activity>     ENROLLED#<family>#<enrolment>    who may come; written with the enrolment
//	listed family  C#<slug>#FAMILIES         <family>                         its label, names and numbers elsewhere; written with the file
//	name           C#<slug>#NAMES            <word>#<family>                  a word of them; written with the file
//	pupil          C#<slug>#PUPILS           <school>#<class>#<family>#<child>  as its file names them; written with the child
//
//	family file    C#<slug>#F#<family>       FILE                             work ERASE while something is to be erased
//	                                                                          of a family that was merged: where it went
//	guardian       C#<slug>#F#<family>       FILE#GUARDIAN#<guardian>
//	child          C#<slug>#F#<family>       FILE#CHILD#<child>               of two files: the second one's points at the first's
//	contact        C#<slug>#F#<family>       FILE#CONTACT#<contact>
//	document       C#<slug>#F#<family>       FILE#DOCUMENT#<document>         work DOCUMENTS until its end was told
//	enrolment      C#<slug>#F#<family>       FILE#ENROLMENT#<enrolment>
//	change         C#<slug>#F#<family>       CHANGE#<change>                  work C#<slug>#CHANGES while pending
//	upload         C#<slug>#F#<family>       UPLOAD#<upload>                  a file announced; becomes a change, or says why not; expires
//	consultation   C#<slug>#F#<family>       CONSULTED#<instant>#<random>     who of the town read what is sealed; expires
//	act            C#<slug>#F#<family>       ACTED#<account>#<instant>#<random>  of a subscriber, as the audit has it; expires
//	order          C#<slug>#F#<family>       ORDER#<order>                    of a court; expires a year after its end
//	note           C#<slug>#F#<family>       NOTE#<note>                      of an agent, for agents
//	day            C#<slug>#F#<family>       DAY#<date>#<child>#<activity>
//	request        C#<slug>#F#<family>       REQUEST#<request>                at (local index); work C#<slug>#REQUESTS#<shard>
//	                                                                          while an agent has to decide, SETTLE#<shard>
//	                                                                          while being written
//	outcomes       C#<slug>#F#<family>       REQUEST#<request>#<month>#<item>  of a large request
//	effect         C#<slug>#F#<family>       EVENT#<event>                    what an event did to the family; expires
//
// # Who reads what
//
//	one family Query     begins_with FILE: file, guardians, children, contacts, documents, enrolments; for a child of two
//	                     files the other's too
//	a month              between DAY#<from> and DAY#<to>~; of a child of two files the same of its other family, a trip later
//	an attendance        ENROLLED# and SLOT#<date> of the activity, then children and days by key, 100 a trip;
//	                     with care: FILE and ORDER# of who comes, as a care sheet
//	an import            FAMILIES whole, then the households that it finds, some at once; DONE# for its end and its undoing
//	families by name     begins_with a word, then the families' rows by key
//	a care sheet         ENROLLED# of the activity and days by key, then of each family FILE and ORDER#, some at once
//	newest requests      local index byTime: PK and at, read consistently
//	settings             between SET# and VERSION, kept in memory until VERSION moves; at most 300 events are among them
//	what is due          global index work: mails, users to erase, requests to settle or decide, reminders, exports,
//	                     erasures, oldest first
//	an erasure           FILE and CHANGE# of the family, then each of its items that something goes of
//
// # Data keys
//
// What is sealed (shared/seal) opens with the tenant's data keys only. They lie, wrapped, in the keyring: a second table with
// one item for each slug, which has no recovery to a point in time, so that an erased key stays erased (keyring.go).
//
// # Isolation
//
// Everything of a tenant lies under C#<slug>. A Collectivity or Family value is made from a verified right only
// (rights.go) and bakes the slug into each key: its methods take no tenant. What is not reached through a right is
// not found. Accounts, addresses, codes and mails belong to persons, not to tenants.
package store
