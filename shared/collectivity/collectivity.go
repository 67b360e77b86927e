// Package collectivity holds what a tenant sets: names and texts, its activities, who decides what.
package collectivity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// Settings are a collectivity's own choices. Version grows with every write of settings or activities.
type Settings struct {
	Slug, Name      string
	FullName        string // as legal texts call it: Commune de Saint-Aubin; Name unless said
	Logo            string // id of its picture
	Primary, Accent string // CSS colours
	Contact         Contact
	Mail            Mail
	Terms           Text
	TermsSince      time.Time // when they came into force; zero: before anybody subscribed
	Privacy         Text
	Legal           Text
	Accessibility   Text
	DPO             string
	Modules         []Module // that families are offered
	Timezone        string
	Calendar        schooldays.Settings // school holidays, public holidays, closures; no zone: the town keeps none
	Postcodes       []string            // of its residents' addresses; none: everybody is a resident
	Implied         Implied
	Sections        map[string]Decision // who decides a change, by section: "guardian.phones"; an agent unless said
	Fields          map[string]Mode     // by field: "guardian.identity.birthName"; as the field's own default unless said
	Documents       []DocumentRule      // papers that families must send
	Archive         Archive             // under which files of those who left are erased
	CodeDays        int                 // how long a new subscriber code opens its file; a year unless said
	Suspended       bool
	Leaves          time.Time // when the operator may erase the town; zero: it stays
}

// GoodSlug says whether a collectivity may be called so: 2 to 63 small letters, figures and inner hyphens. A slug stands in
// addresses and, between other parts, in keys.
func GoodSlug(s string) bool {
	return len(s) >= 2 && len(s) <= 63 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		!strings.HasPrefix(s, "-") && !strings.HasSuffix(s, "-")
}

// Contact is the service that families write to.
type Contact struct{ Service, Email, Phone, Address, Hours, Website string }

// Mail is how the town's mails present themselves.
type Mail struct {
	Sender    string // name; the town's unless said
	ReplyTo   string // address of the answers; the service's unless said
	Signature string // lines below each mail
	Address   string // that mails come from, at a domain that the operator has proved; the portal's own unless said
}

// CodeLife is how long a new subscriber code opens its file.
func (s Settings) CodeLife() time.Duration {
	return time.Duration(cmp.Or(s.CodeDays, usualCodeDays)) * 24 * time.Hour
}

const usualCodeDays = 365

// Text is a versioned text that people read.
type Text struct{ Version, Text string }

// Implied is what silence means, and after how many months: acceptance after two, unless a text says otherwise
// (Code des relations entre le public et l’administration, L231-1 and L231-4).
type Implied struct {
	Refusal bool
	Months  int
}

// After is how many months of silence decide.
func (i Implied) After() int { return cmp.Or(i.Months, 2) }

// Decision says who decides.
type Decision string

// Who decides: an agent, or nobody (at once, by the rules).
const (
	ByAgent Decision = "agent"
	AtOnce  Decision = "auto"
)

// Mode says what families may do with a field.
type Mode string

// The modes of a field.
const (
	Hidden   Mode = "hidden"
	Shown    Mode = "shown"
	Editable Mode = "editable"
	Required Mode = "required"
)

// Mode of a field named target.section.field; where the collectivity said nothing, the field's own.
func (s Settings) Mode(field string, unless Mode) Mode {
	if m, ok := s.Fields[field]; ok {
		return m
	}
	return unless
}

// DocumentRule is a paper that families must send for each child, and keep valid.
type DocumentRule struct {
	Type string // as in family.DocumentTypes
	When When
}

// When says for which children a document is asked.
type When string

// For every child, or for those who have a PAI (projet d'accueil individualisé).
const (
	ForAll When = ""
	ForPAI When = "pai"
)

// Archive is the agreement with the departmental archives under which a collectivity destroys family files
// (Code du patrimoine, L212-2 and R212-14). Without one they stay.
type Archive struct {
	Reference string
	SignedOn  calendar.Date
	Years     int // after leaving
}

// AgreedOn is after how many years the agreement in force on a day has files destroyed; 0: there is none.
func (a Archive) AgreedOn(d calendar.Date) int {
	if a.Reference == "" || a.SignedOn == "" || a.SignedOn > d {
		return 0
	}
	return a.Years
}

// Decision on changes of a section named target.section.
func (s Settings) Decision(section string) Decision {
	if d, ok := s.Sections[section]; ok {
		return d
	}
	return ByAgent
}

// Zone is where the collectivity's clocks are.
func (s Settings) Zone() *time.Location {
	zone, err := calendar.Zone(s.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ImpliedOn is the day on which silence since the instant decides.
func (s Settings) ImpliedOn(since time.Time) calendar.Date {
	return calendar.DateOf(since.In(s.Zone()).AddDate(0, s.Implied.After(), 0), s.Zone())
}

// Role is what an agent may do.
type Role string

// The roles, from least to most.
const (
	Reader   Role = "reader"
	Reviewer Role = "reviewer"
	Manager  Role = "manager"
)

var roles = []Role{Reader, Reviewer, Manager}

// Covers says whether the role includes another.
func (r Role) Covers(other Role) bool { return slices.Index(roles, r) >= slices.Index(roles, other) }

// Agent is an employee of the collectivity and what they may do there.
type Agent struct {
	Account    string
	Name       string
	Role       Role
	Activities []string // none: all
	Schools    []string `dynamodbav:",omitempty"` // whose children they see; none: all
	Health     bool
	Since      time.Time
}

// Sees says whether an activity is in the agent's scope.
func (a Agent) Sees(activity string) bool {
	return len(a.Activities) == 0 || slices.Contains(a.Activities, activity)
}

// HasSchool says whether a school is in the agent's scope.
func (a Agent) HasSchool(school string) bool {
	return len(a.Schools) == 0 || slices.Contains(a.Schools, school)
}

// Scoped says whether the agent has some of the activities or schools only, and so none of what is the whole town's.
func (a Agent) Scoped() bool { return len(a.Activities) > 0 || len(a.Schools) > 0 }

// What is refused of a collectivity.
var (
	ErrUnknown     = refusal.New(refusal.NotFound, "collectivity_not_found", "Cette collectivité n’est pas sur le portail.")
	ErrRoleMissing = refusal.New(refusal.Forbidden, "role_missing", "Votre rôle ne permet pas cette action.")
	ErrLastManager = refusal.New(refusal.Conflict, "last_manager", "Une collectivité garde au moins un gestionnaire pour l’ensemble de ses services. Nommez-en d’abord un autre.")
	ErrOwnFamily   = refusal.New(refusal.Forbidden, "own_family", "Un agent n’ouvre pas le dossier de sa propre famille, ni d’une famille qui partage un enfant avec elle, et ne décide pas pour elles.")
	ErrSlug        = refusal.OfField("slug", "slug_invalid", "Une adresse se compose de 2 à 63 lettres minuscules sans accent, chiffres et traits d’union.")
)
