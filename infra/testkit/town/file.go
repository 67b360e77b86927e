package town

import (
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/shared/bank"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/phone"
	"preau/shared/store"
)

// Separated makes a family of the named children whose two parents do not live together.
func (w *Town) Separated(children ...string) seed.MadeFamily {
	w.T.Helper()
	f := seed.Family{Name: "Martin", Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: "Martin", Household: "anne"}, {Civility: "m", FirstName: "Paul", LastName: "Petit", Household: "paul"}}}
	for _, name := range children {
		f.Children = append(f.Children, seed.Child{FirstName: name, LastName: "Martin", BirthDate: "2018-05-04"})
	}
	made, err := w.AddFamily(w.T.Context(), w.Store, f, nil)
	check(w.T, err)
	w.made.add(made.ID)
	return made
}

// Settings changes what the collectivity has set.
func (w *Town) Settings(change func(*collectivity.Settings)) {
	w.T.Helper()
	c, err := w.Store.Configuration(w.T.Context())
	check(w.T, err)
	change(&c.Settings)
	check(w.T, w.Store.SaveSettings(w.T.Context(), c.Settings))
}

// File reads the family file.
func (h Home) File() family.File {
	h.T.Helper()
	return h.Household().File
}

// Household reads the family file with all that is sealed of it.
func (h Home) Household() store.Household {
	h.T.Helper()
	household, err := h.MadeFamily.Store.SealedHousehold(h.T.Context())
	check(h.T, err)
	return household
}

// Guardian is the nth guardian as the file has it.
func (h Home) Guardian(n int) family.Member {
	h.T.Helper()
	m, ok := h.File().Member(h.Guardians[n])
	if !ok {
		h.T.Fatalf("guardian %d is not in the file", n)
	}
	return m
}

// Propose writes a change of the nth guardian as update-family-file does.
func (h Home) Propose(n int, section string, values map[string]any) family.Change {
	h.T.Helper()
	return h.ProposeAt(h.Env.Now, n, section, values)
}

// ProposeAt is Propose at an instant.
func (h Home) ProposeAt(now time.Time, n int, section string, values map[string]any) family.Change {
	h.T.Helper()
	return h.ProposeOf(now, h.Guardians[n], section, values)
}

// ProposeOf writes a change of any member.
func (h Home) ProposeOf(now time.Time, member, section string, values map[string]any) family.Change {
	h.T.Helper()
	household := h.Household()
	m, _ := household.Member(member)
	s, _ := family.SectionOf(m.Target, section)
	fields, err := family.Propose(collectivity.Settings{}, m, s, household.Version, values, h.Formats(now))
	check(h.T, err)
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(id.New(now)), Target: member, Of: m.Target, Section: section, By: h.Guardians[0], Fields: fields, CreatedAt: now}
	check(h.T, h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID))
	return c
}

// Formats are what the family's first guardian gives values by.
func (h Home) Formats(now time.Time) family.Formats {
	return family.Formats{
		Now: now, Today: calendar.DateOf(now, time.UTC), File: h.File(), By: h.Guardians[0],
		Phone: phone.Read, IBAN: bank.ReadIBAN, BIC: bank.ReadBIC,
	}
}

// Give writes a change of a member that is accepted at once.
func (h Home) Give(member, section string, values map[string]any) {
	h.T.Helper()
	h.Decide(h.ProposeOf(h.Env.Now, member, section, values).ID, family.Verdict{Accept: true})
}

// Join writes a member who is proposed and accepted at once, and answers its id.
func (h Home) Join(target family.Target, values map[string]any) string {
	h.T.Helper()
	c := h.AdditionAt(h.Env.Now, target, values)
	h.Decide(c.ID, family.Verdict{Accept: true})
	return c.Target
}

// AdditionAt writes the proposal of a member at an instant.
func (h Home) AdditionAt(now time.Time, target family.Target, values map[string]any) family.Change {
	h.T.Helper()
	household, section := h.Household(), family.First(target)
	fields, err := family.ProposeMember(collectivity.Settings{}, household.File, section, values, h.Formats(now))
	check(h.T, err)
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(id.New(now)), Kind: family.Adds, Target: id.New(now), Of: target, Section: section.Name, By: h.Guardians[0], Fields: fields, CreatedAt: now}
	check(h.T, h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID))
	return c
}

// Removal writes the proposal that a member leaves the file.
func (h Home) Removal(member string) family.Change {
	h.T.Helper()
	household := h.Household()
	m, _ := household.Member(member)
	fields, err := family.ProposeRemoval(household.File, m, "")
	check(h.T, err)
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(id.New(h.Env.Now)), Kind: family.Removes, Target: member, Of: m.Target, Section: family.Membership, By: h.Guardians[0], Fields: fields, CreatedAt: h.Env.Now}
	check(h.T, h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID))
	return c
}

// Decide writes a verdict on a change as decide-changes does.
func (h Home) Decide(change string, v family.Verdict) family.Change {
	h.T.Helper()
	read, by, err := h.MadeFamily.Store.Change(h.T.Context(), change)
	check(h.T, err)
	opened := []family.Change{read}
	check(h.T, h.MadeFamily.Store.OpenChanges(h.T.Context(), opened))
	household := h.Household()
	member, _ := household.Member(read.Target)
	after, decided, err := opened[0].Decide(member, v, h.Env.Now)
	check(h.T, err)
	check(h.T, h.MadeFamily.Store.DecideChange(h.T.Context(), household, after, decided, by, "agent", h.Env.Now))
	return after
}

// Edit writes values of the nth guardian that are accepted at once.
func (h Home) Edit(n int, section string, values map[string]any) {
	h.T.Helper()
	h.Decide(h.Propose(n, section, values).ID, family.Verdict{Accept: true})
}

// Outbox reads a mail's outbox item: what it is about, or ok false when there is none. It works whether or not a
// running platform has sent it.
func Outbox(t testing.TB, kind, fact string) (about map[string]string, ok bool) {
	t.Helper()
	r := testkit.Stack(t)
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	in := map[string]any{"TableName": r.Table, "ConsistentRead": true, "Key": map[string]any{"PK": text("MAIL#" + kind + "-" + fact), "SK": text("MAIL")}}
	var out struct {
		Item struct {
			About struct{ M map[string]struct{ S string } } `json:"about"`
		}
	}
	check(t, emulators.DynamoDB(r.DynamoDB).Call(t.Context(), "GetItem", in, &out))
	about = map[string]string{}
	for name, v := range out.Item.About.M {
		about[name] = v.S
	}
	return about, len(about) > 0
}

// Stamp is an instant as outbox items are named by it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
