package store_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/store"
)

// A side is one collectivity as one of its managers reaches it. Both sides have a family of the same id, an activity of
// the same id and everything else that a key could confuse; only the first has written what the walls are about.
type side struct {
	store.AgentRight
	family store.FamilyStore
	parent account.Caller // subscribed to the family
	other  town.Home      // another family of the town
}

// written is what the first side wrote.
type written struct {
	agent     account.Caller
	guardian  string
	child     string
	enrolment string
	change    string
	request   string
	large     string
	loose     string
	actor     string // account of a subscriber who did something
	code      string
	issued    string // id of that code
	issue     string // it is of
	replaced  int    // version of settings
}

const (
	day    = calendar.Date("2026-12-01") // a Tuesday
	wedday = calendar.Date("2026-12-02")

	dropped = calendar.Date("2026-12-09") // that an event takes

	secretDay = calendar.Date("2026-10-10") // on which only one side did something
)

var december = calendar.Period{From: "2026-12-01", To: "2026-12-31"}

// A wall is an entity of a tenant and a way to find it: it must be found from the side that wrote it, and not from the
// other.
type wall struct {
	entity, by string
	find       func(context.Context, side, written) (bool, error)
}

var walls = []wall{
	{"version", "settings read again after a write", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Configuration(ctx)
		return c.DPO == "secret@example.org", err
	}},
	{"settings", "the configuration", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Configuration(ctx)
		return c.Contact.Service == "Service secret", err
	}},
	{"settings", "the public page", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Public(ctx, s.Store.Slug())
		return c.Contact.Service == "Service secret", err
	}},
	{"past settings", "their version", func(ctx context.Context, s side, w written) (bool, error) {
		e, err := s.Store.EarlierSettings(ctx, w.replaced)
		ok, err := found(err, store.ErrSettingsUnknown)
		return ok && e.Settings.DPO == "secret@example.org", err
	}},
	{"past settings", "the history", func(ctx context.Context, s side, w written) (bool, error) {
		all, _, err := s.Store.SettingsHistory(ctx, "", 50)
		return len(all) == 1 && all[0].Version == w.replaced, err
	}},
	{"logo", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.Logo(ctx, "secret")
		return found(err, store.ErrNoLogo)
	}},
	{"logo", "the public page", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.PublicLogo(ctx, s.Store.Slug())
		return found(err, store.ErrNoLogo)
	}},
	{"activity", "the configuration", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Configuration(ctx)
		return slices.ContainsFunc(c.Activities, func(a collectivity.Activity) bool { return a.ID == "secrete" }), err
	}},
	{"school", "the configuration", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Configuration(ctx)
		_, ok := c.School("secrete")
		return ok, err
	}},
	{"event", "the configuration", func(ctx context.Context, s side, _ written) (bool, error) {
		c, err := s.Store.Configuration(ctx)
		return slices.ContainsFunc(c.Events, func(e collectivity.Event) bool { return e.ID == "secret" }), err
	}},
	{"event", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.Event(ctx, "secret")
		return found(err, collectivity.ErrEventUnknown)
	}},
	{"event", "the list", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.Store.Events(ctx, "", 50)
		return slices.ContainsFunc(all, func(e store.DeclaredEvent) bool { return e.ID == "secret" }), err
	}},
	{"past event", "the list", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.Store.Events(ctx, "", 50)
		return slices.ContainsFunc(all, func(e store.DeclaredEvent) bool { return e.ID == "past" }), err
	}},
	{"effect", "what its family is told", func(ctx context.Context, s side, _ written) (bool, error) {
		news, err := s.family.EventNews(ctx, "secret")
		if refusal.Code(err) == collectivity.ErrEventUnknown.Code {
			return false, nil
		}
		return len(news.Dropped) > 0, err
	}},
	{"agent", "the right to act", func(ctx context.Context, s side, w written) (bool, error) {
		_, err := s.Store.AgentOf(ctx, w.agent, s.Store.Slug(), collectivity.Reader)
		return found(err, collectivity.ErrUnknown)
	}},
	{"agent", "the team", func(ctx context.Context, s side, w written) (bool, error) {
		agents, _, err := s.Store.Agents(ctx)
		return slices.ContainsFunc(agents, func(a collectivity.Agent) bool { return a.Account == w.agent.Account }), err
	}},
	{"agent", "their account", func(ctx context.Context, s side, w written) (bool, error) {
		return s.Store.IsAgent(ctx, w.agent.Account)
	}},
	{"invitation", "the team", func(ctx context.Context, s side, _ written) (bool, error) {
		_, invited, err := s.Store.Agents(ctx)
		return len(invited) > 0, err
	}},
	{"invitation", "its link", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.Invited(ctx, s.Store.Slug(), "secret")
		return found(err, collectivity.ErrInvitationExpired)
	}},
	{"audit", "the month", func(ctx context.Context, s side, _ written) (bool, error) {
		did, err := s.Store.Audit(ctx, "2026-11")
		return slices.ContainsFunc(did, func(a store.Audit) bool { return a.About == "activity secrete" }), err
	}},
	{"slot", "a booking, which finds it full", func(_ context.Context, s side, _ written) (bool, error) {
		r := s.other.Day(booking.Booking, 0, "cantine", "", day)
		return r.Lines[0].State != booking.Booked, nil
	}},
	{"family file", "the household", func(ctx context.Context, s side, _ written) (bool, error) {
		h, err := s.family.Household(ctx)
		return h.Label == "Famille Martin", err
	}},
	{"family file", "the file with what waits", func(ctx context.Context, s side, _ written) (bool, error) {
		h, _, _, err := s.family.FileWithPending(ctx)
		return h.Label == "Famille Martin", err
	}},
	{"family file", "the right of its own parent", func(ctx context.Context, s side, _ written) (bool, error) {
		right, err := s.Store.FamilyOf(ctx, s.parent, s.family.ID())
		if err != nil {
			return false, err
		}
		h, err := right.Store.Household(ctx)
		return h.Label == "Famille Martin", err
	}},
	{"family file", "the glimpse of a subscription", func(ctx context.Context, s side, _ written) (bool, error) {
		g, err := s.Store.Glimpses(ctx, []store.Subscription{{Family: s.family.ID(), Slug: s.Store.Slug()}})
		return g[s.family.ID()].Label == "Famille Martin", err
	}},
	{"guardian", "the household", func(ctx context.Context, s side, w written) (bool, error) {
		h, err := s.family.Household(ctx)
		_, ok := h.Member(w.guardian)
		return ok, err
	}},
	{"child", "the household", func(ctx context.Context, s side, w written) (bool, error) {
		h, err := s.family.Household(ctx)
		_, ok := h.Member(w.child)
		return ok, err
	}},
	{"contact", "the household", func(ctx context.Context, s side, _ written) (bool, error) {
		h, err := s.family.Household(ctx)
		return slices.ContainsFunc(h.Contacts, func(m family.Member) bool { return m.Name() == "Jeanne Secrète" }), err
	}},
	{"document", "the household", func(ctx context.Context, s side, _ written) (bool, error) {
		h, err := s.family.Household(ctx)
		return len(h.Documents) == 1, err
	}},
	{"name", "a search", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.FamiliesNamed(ctx, store.Words("léa"), "", 10, town.Now)
		return slices.ContainsFunc(all, func(l store.Listed) bool { return l.Family == s.family.ID() }), err
	}},
	{"listed family", "its code", func(ctx context.Context, s side, w written) (bool, error) {
		l, ok, err := s.FamilyOfCode(ctx, w.code, town.Now)
		return ok && l.Label == "Famille Martin", err
	}},
	{"enrolment", "the household", func(ctx context.Context, s side, w written) (bool, error) {
		h, err := s.family.Household(ctx)
		return slices.ContainsFunc(h.Enrolments, func(e booking.Enrolment) bool { return e.ID == w.enrolment }), err
	}},
	{"enrolment", "the planning", func(ctx context.Context, s side, w written) (bool, error) {
		h, planning, err := s.family.Planning(ctx, december)
		return len(h.Enrolments)+len(planning.Enrolments) > 0, err
	}},
	{"enrolled", "the activity", func(ctx context.Context, s side, w written) (bool, error) {
		all, err := s.Store.Enrolled(ctx, "cantine", december)
		return slices.ContainsFunc(all, func(e store.Enrolled) bool { return e.ID == w.enrolment }), err
	}},
	{"enrolled", "a page of the activity", func(ctx context.Context, s side, w written) (bool, error) {
		all, _, err := s.Store.EnrolledPage(ctx, "cantine", "", 50)
		return slices.ContainsFunc(all, func(e store.Enrolled) bool { return e.ID == w.enrolment }), err
	}},
	{"enrolment", "the family", func(ctx context.Context, s side, w written) (bool, error) {
		all, err := s.family.Enrolments(ctx)
		return slices.ContainsFunc(all, func(e store.Enrolled) bool { return e.ID == w.enrolment }), err
	}},
	{"pupil", "the class", func(ctx context.Context, s side, _ written) (bool, error) {
		pupils, err := s.Store.Pupils(ctx, collectivity.School{ID: "verne", Name: "École Jules-Verne"}, collectivity.Class{ID: "a", Name: "CP A"})
		return len(pupils) > 0, err
	}},
	{"change", "its id", func(ctx context.Context, s side, w written) (bool, error) {
		_, _, err := s.family.Change(ctx, w.change)
		return found(err, family.ErrChangeUnknown)
	}},
	{"change", "the family's list", func(ctx context.Context, s side, _ written) (bool, error) {
		changes, _, err := s.family.Changes(ctx, "", 50)
		return len(changes) > 0, err
	}},
	{"change", "the agents' queue", func(ctx context.Context, s side, _ written) (bool, error) {
		queue, _, err := s.Store.QueuedChanges(ctx, "", 25)
		return len(queue) > 0, err
	}},
	{"change", "the file with what waits", func(ctx context.Context, s side, _ written) (bool, error) {
		_, pending, _, err := s.family.FileWithPending(ctx)
		return len(pending) > 0, err
	}},
	{"audit", "a page of a time", func(ctx context.Context, s side, _ written) (bool, error) {
		did, _, err := s.Store.AuditPage(ctx, store.AuditQuery{From: town.Now.AddDate(0, 0, -1), To: town.Now.AddDate(0, 0, 1)}, "", 1000)
		return slices.ContainsFunc(did, func(a store.Audit) bool { return a.About == "activity secrete" }), err
	}},
	{"audit", "a day's digest", func(ctx context.Context, s side, _ written) (bool, error) {
		n, _, err := s.Store.AuditDigest(ctx, secretDay)
		return n > 0, err
	}},
	{"audit", "its first day", func(ctx context.Context, s side, _ written) (bool, error) {
		_, ok, err := s.Store.FirstAudited(ctx, secretDay, secretDay)
		return ok, err
	}},
	{"consultation", "the family's list", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.family.Consultations(ctx, nil, "", 50)
		return len(all) > 0, err
	}},
	{"act", "who did it", func(ctx context.Context, s side, w written) (bool, error) {
		all, err := s.family.Acts(ctx, nil, w.actor)
		return len(all) > 0, err
	}},
	{"order", "the office", func(ctx context.Context, s side, _ written) (bool, error) {
		orders, _, err := s.family.Office(ctx)
		return len(orders) > 0, err
	}},
	{"order", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.family.Order(ctx, "secret")
		return found(err, family.ErrOrderUnknown)
	}},
	{"note", "the office", func(ctx context.Context, s side, _ written) (bool, error) {
		_, notes, err := s.family.Office(ctx)
		return len(notes) > 0, err
	}},
	{"day", "a month", func(ctx context.Context, s side, _ written) (bool, error) {
		days, err := s.family.Days(ctx, december)
		return len(days) > 0, err
	}},
	{"day", "the attendance", func(ctx context.Context, s side, _ written) (bool, error) {
		read, err := s.Store.Attendance(ctx, "cantine", calendar.Period{From: day, To: day})
		return slices.ContainsFunc(read.Attendees, func(a store.Attendee) bool { return a.Family == s.family.ID() && len(a.Planning.Days) > 0 }), err
	}},
	{"day", "the places of families", func(ctx context.Context, s side, w written) (bool, error) {
		place := store.FamilyPlace{Family: s.family.ID(), Place: booking.Place{Date: day, Child: w.child, Activity: "cantine"}}
		days, err := s.Store.DaysOfFamilies(ctx, []store.FamilyPlace{place})
		return len(days) > 0, err
	}},
	{"day", "its place", func(ctx context.Context, s side, w written) (bool, error) {
		days, err := s.family.DaysAt(ctx, []booking.Place{{Date: day, Child: w.child, Activity: "cantine"}})
		return len(days) > 0, err
	}},
	{"request", "its id", func(ctx context.Context, s side, w written) (bool, error) {
		_, err := s.family.Request(ctx, w.request)
		return found(err, store.ErrRequestUnknown)
	}},
	{"request", "the family's list", func(ctx context.Context, s side, _ written) (bool, error) {
		requests, _, err := s.family.Requests(ctx, "", 50)
		return len(requests) > 0, err
	}},
	{"outcomes", "the request's id", func(ctx context.Context, s side, w written) (bool, error) {
		r, err := s.family.Request(ctx, w.large)
		if ok, err := found(err, store.ErrRequestUnknown); !ok || err != nil {
			return false, err
		}
		return len(r.Lines) > 0, nil
	}},
	{"waiting", "a rank", func(ctx context.Context, s side, _ written) (bool, error) {
		d := booking.Day{Place: booking.Place{Date: day.AddDays(2), Activity: "cantine"}, Group: collectivity.AllAges, Ranks: []int{1}}
		rank, err := s.family.Rank(ctx, d)
		return rank > 0, err
	}},
	{"request", "the agents' queue", func(ctx context.Context, s side, _ written) (bool, error) {
		queue, _, err := s.Store.QueuedRequests(ctx, "", 50)
		return len(queue) > 0, err
	}},
	{"loose file", "what is to be deleted", func(ctx context.Context, s side, w written) (bool, error) {
		for cursor := ""; ; {
			files, next, err := s.Store.LooseFiles(ctx, town.Now.AddDate(0, 0, 2), cursor)
			if err != nil || next == "" && len(files) == 0 {
				return false, err
			}
			for _, l := range files {
				if l.Town.Slug() == s.Store.Slug() && l.Name == w.loose {
					return true, nil
				}
			}
			if cursor = next; cursor == "" {
				return false, nil
			}
		}
	}},
	{"job", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.Job(ctx, "secret")
		return found(err, store.ErrJobUnknown)
	}},
	{"job", "the list", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.Store.Jobs(ctx, "", 50)
		return len(all) > 0, err
	}},
	{"import", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.Store.Import(ctx, "secret")
		return found(err, store.ErrImportUnknown)
	}},
	{"import", "the list", func(ctx context.Context, s side, _ written) (bool, error) {
		all, _, err := s.Store.Imports(ctx, "", 50)
		return len(all) > 0, err
	}},
	{"import turn", "its number", func(ctx context.Context, s side, _ written) (bool, error) {
		turns, err := s.Store.ImportTurn(ctx, store.Import{ID: "secret"})
		return turns > 0, err
	}},
	{"import report", "its import", func(ctx context.Context, s side, _ written) (bool, error) {
		rows, err := s.Store.ImportRows(ctx, "secret")
		return len(rows) > 0, err
	}},
	{"imported", "the thing", func(ctx context.Context, s side, _ written) (bool, error) {
		_, ok, err := s.Store.Made(ctx, store.Import{ID: "secret"}, "F#secret")
		return ok, err
	}},
	{"imported", "all of an import", func(ctx context.Context, s side, _ written) (bool, error) {
		all, err := s.Store.AllMade(ctx, store.Import{ID: "secret"}, "", 50)
		return len(all) > 0, err
	}},
	{"mapping", "the sort of import", func(ctx context.Context, s side, _ written) (bool, error) {
		m, err := s.Store.UsualMapping(ctx, importing.Families)
		return len(m) > 0, err
	}},
	{"listed family", "the whole directory", func(ctx context.Context, s side, _ written) (bool, error) {
		secret := false
		err := s.Store.Directory(ctx, func(l store.Listed) error { secret = secret || l.Family == "pupils"; return nil })
		return secret, err
	}},
	{"upload", "its id", func(ctx context.Context, s side, _ written) (bool, error) {
		_, err := s.family.Upload(ctx, "secret")
		return found(err, family.ErrUploadUnknown)
	}},
	{"school year", "its year", func(ctx context.Context, s side, _ written) (bool, error) {
		_, ok, err := s.Store.Rollover(ctx, 2027)
		return ok, err
	}},
	{"child", "all of the town's", func(ctx context.Context, s side, w written) (bool, error) {
		all, err := s.Store.Everybody(ctx)
		return slices.ContainsFunc(all, func(c store.TownChild) bool { return c.ID == w.child }), err
	}},
	{"issued code", "its issue", func(ctx context.Context, s side, w written) (bool, error) {
		codes, err := s.Store.CodesOf(ctx, w.issue)
		return len(codes) == 1, err
	}},
	{"issued code", "a page", func(ctx context.Context, s side, w written) (bool, error) {
		codes, _, err := s.Store.CodesPage(ctx, func(c store.IssuedCode) bool { return c.Hash == w.code }, "", 50)
		return len(codes) == 1, err
	}},
	{"issued code", "the count", func(ctx context.Context, s side, w written) (bool, error) {
		n, err := s.Store.CountCodes(ctx, town.Now)
		return n.Issued > 3, err
	}},
	{"listed family", "the roll", func(ctx context.Context, s side, _ written) (bool, error) {
		ids, err := s.Store.FamiliesAfter(ctx, "", 50)
		n, failed := s.Store.CountFamilies(ctx)
		return n == len(ids) && slices.Contains(ids, "pupils"), errors.Join(err, failed)
	}},
	{"pupil", "the school", func(ctx context.Context, s side, _ written) (bool, error) {
		ids, err := s.Store.FamiliesOf(ctx, collectivity.School{ID: "verne", Name: "École Jules-Verne"}, nil)
		return slices.Contains(ids, "pupils"), err
	}},
	{"issued code", "its id", func(ctx context.Context, s side, w written) (bool, error) {
		_, err := s.Store.IssuedCode(ctx, w.issued)
		return found(err, store.ErrCodeGone)
	}},
	{"issued code", "the household", func(ctx context.Context, s side, w written) (bool, error) {
		h, err := s.family.Household(ctx)
		if err != nil {
			return false, err
		}
		codes, err := s.family.Codes(ctx, h)
		return slices.ContainsFunc(codes, func(c store.IssuedCode) bool { return c.Hash == w.code }), err
	}},
}

// found turns the refusal that means "not found" into false.
func found(err error, no *refusal.Refusal) (bool, error) {
	if refusal.Code(err) == no.Code {
		return false, nil
	}
	return err == nil, err
}

func TestWhatOneCollectivityWritesAnotherDoesNotFind(t *testing.T) {
	t.Parallel()
	mine, theirs, w := bothSides(t)
	for _, wall := range walls {
		t.Run(wall.entity+" by "+wall.by, func(t *testing.T) {
			t.Parallel()
			for _, side := range []struct {
				side
				want bool
			}{{theirs, false}, {mine, true}} {
				if got, err := wall.find(t.Context(), side.side, w); err != nil || got != side.want {
					t.Errorf("%s: found %v, want %v; %v", side.Store.Slug(), got, side.want, err)
				}
			}
		})
	}
}

// bothSides writes everything as one collectivity, and nothing but its twin as another.
func bothSides(t *testing.T) (mine, theirs side, w written) {
	t.Helper()
	a, b := town.New(t), town.New(t)
	h := a.NewHome("Léa")
	twin := town.Home{Town: b, MadeFamily: h.MadeFamily}
	file := family.File{ID: h.ID, Label: "Famille Autre", Guardians: []family.Member{{ID: "twin", Target: family.Guardian}}}
	var err error
	twin.MadeFamily.Store, err = b.Store.CreateFamily(t.Context(), file)
	check(t, err)
	mine, theirs = reach(t, a, h), reach(t, b, twin)
	check(t, h.MadeFamily.Store.IssueCode(t.Context(), "wall-"+h.ID, h.Guardians[1], town.Now, town.Now.AddDate(1, 0, 0)))
	mine.parent = account.CallerOf(h.Account.User, false)
	theirs.parent = subscribed(t, b, twin)

	a.Narrow("cantine", 1)
	b.Narrow("cantine", 1)
	h.Day(booking.Booking, 0, "cantine", "", day)
	w = written{
		agent: account.CallerOf(mine.Account.User, true), guardian: h.Guardians[0], child: h.Children[0], code: "wall-" + h.ID,
		change:  h.Propose(0, "phones", map[string]any{"mobile": "0612345678"}).ID,
		request: h.Day(booking.Booking, 0, "mercredi", "matin", wedday).ID,
	}
	w.large = h.Ask(booking.Asking{
		Kind: booking.Booking, Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}}, Period: calendar.Period{From: day.AddDays(2), To: "2027-06-30"},
	}).ID
	mine.other.Day(booking.Booking, 0, "cantine", "", day.AddDays(2)) // waits
	events(t, a, b, h)
	h.Join(family.Contact, map[string]any{"lastName": "Secrète", "firstName": "Jeanne", "phone": "0612345678", "children": []any{h.Children[0]}})
	w.loose = refused(t, h)
	h.Join(family.Document, map[string]any{"type": "judgment", "about": h.Children[0]})
	right, err := h.Env.Store.FamilyOf(t.Context(), mine.parent, h.ID)
	check(t, err)
	check(t, right.ShowedBank(t.Context(), h.Guardians[0], town.Now))
	w.actor = right.Account.ID
	household, err := h.MadeFamily.Store.Household(t.Context())
	check(t, err)
	check(t, h.MadeFamily.Store.RecordOrder(t.Context(), household, family.Order{ID: "secret", Kind: family.MustNotCollect, Person: "Jean Secret", From: day, RecordedAt: town.Now}, time.UTC))
	check(t, mine.Consulted(t.Context(), "open-family-file", map[string]store.Read{h.ID: {"child.health": h.Children[:1]}}, town.Now))
	_, err = mine.AddJob(t.Context(), store.Job{ID: "secret", Role: collectivity.Manager, CreatedAt: town.Now})
	check(t, err)
	check(t, imported(t.Context(), mine))
	check(t, h.MadeFamily.Store.AddUpload(t.Context(), family.Upload{ID: "secret", Purpose: family.PhotoUpload, About: h.Children[0], CreatedAt: calendar.Now()}))
	_, err = mine.AddRollover(t.Context(), store.Rollover{}, 2027, store.Job{ID: "year", Role: collectivity.Manager, CreatedAt: town.Now})
	check(t, err)
	secret, err := secretDay.At("12:00", time.UTC)
	check(t, err)
	check(t, h.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "day", At: secret}))
	check(t, h.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "secret", Text: "Note secrète", At: town.Now}))
	issued, err := h.MadeFamily.Store.Codes(t.Context(), household)
	check(t, err)
	code := issued[slices.IndexFunc(issued, func(c store.IssuedCode) bool { return c.Hash == w.code })]
	w.issued, w.issue = code.ID(), code.Issue
	i := slices.IndexFunc(household.Enrolments, func(e booking.Enrolment) bool { return e.Activity == "cantine" })
	w.enrolment = household.Enrolments[i].ID
	pupil := family.Member{ID: "pupil", Target: family.Child, Values: map[string]map[string]any{"school": {"school": "École Jules-Verne", "class": "CP A"}}}
	_, err = a.Store.CreateFamily(t.Context(), family.File{ID: "pupils", Children: []family.Member{pupil}})
	check(t, err)
	// The other writes as often, so that both are at one version.
	a.Settings(func(s *collectivity.Settings) { s.Contact.Service = "Service secret" })
	b.Settings(func(*collectivity.Settings) {})
	saved(t, a, collectivity.Activity{ID: "secrete", Name: "Activité secrète"})
	saved(t, b, collectivity.Activity{ID: "autre", Name: "Autre activité"})
	check(t, a.Store.SaveSchool(t.Context(), collectivity.School{ID: "secrete", Name: "École secrète"}))
	check(t, b.Store.SaveSchool(t.Context(), collectivity.School{ID: "autre", Name: "Autre école"}))
	for _, s := range []side{mine, theirs} { // both are in memory now
		_, err := s.Store.Configuration(t.Context())
		check(t, err)
	}
	a.Settings(func(s *collectivity.Settings) { s.DPO = "secret@example.org" })
	b.Settings(func(*collectivity.Settings) {})
	seen, err := a.Store.Configuration(t.Context())
	check(t, err)
	with := seen.Settings
	with.Logo, w.replaced = "secret", seen.Version
	check(t, mine.SetSettings(t.Context(), seen, with, &store.Logo{ID: "secret", Type: "image/png", Picture: []byte("png")}, "update-settings", []string{"logo"}, town.Now))
	b.Settings(func(*collectivity.Settings) {})
	_, err = mine.Invite(t.Context(), collectivity.Invitation{ID: "secret", Email: "secret@example.org"}, town.Now)
	check(t, err)
	return mine, theirs, w
}

// refused is the name of a photo that an agent did not take.
func refused(t *testing.T, h town.Home) string {
	t.Helper()
	f := h.MadeFamily.Store
	u := h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg"})
	household := h.Household()
	c, err := u.Made(household.File, f.ChangeID(u.ID), f.FileName(u.ID, ""), town.Now)
	check(t, err)
	check(t, f.AddChange(t.Context(), household, c, h.Account.ID))
	h.Decide(c.ID, family.Verdict{Reason: "Illisible."})
	return f.FileName(u.ID, "")
}

// ages are long enough after everything, whatever the clock of a platform's worker that comes first.
var ages = []time.Time{town.Now.AddDate(50, 0, 0), town.Now.AddDate(50, 0, 1), town.Now.AddDate(50, 0, 2)}

// events declares and carries out, at one town, an event that takes a day that waits, and one of long ago; at the other as many
// that take nothing.
func events(t *testing.T, a, b *town.Town, h town.Home) {
	t.Helper()
	h.Day(booking.Booking, 0, "mercredi", "matin", dropped)
	for _, w := range []*town.Town{a, b} {
		for _, name := range []string{"secret", "past"} {
			e := collectivity.Event{ID: name, Effect: collectivity.Cancels, Name: "Secret", Period: calendar.Period{From: dropped, To: dropped}, CreatedAt: town.Now}
			if w == b {
				e.ID = "other" + name
			}
			seen, err := w.Store.Configuration(t.Context())
			check(t, err)
			_, err = w.Store.DeclareEvent(t.Context(), seen, e, "")
			check(t, err)
			due, _ := w.Env.Store.DueEvent("C#"+w.Slug, "SET#EVENT#"+e.ID)
			for _, now := range map[string][]time.Time{"secret": ages[:1], "past": ages}[name] {
				_, err := due.CarryOut(t.Context(), now)
				check(t, err)
			}
		}
	}
}

// saved adds an activity as an agent does.
func saved(t *testing.T, w *town.Town, a collectivity.Activity) {
	t.Helper()
	seen, err := w.Store.Configuration(t.Context())
	check(t, err)
	_, err = w.Store.SetActivity(t.Context(), seen, a, "agent", town.Now)
	check(t, err)
}

func reach(t *testing.T, w *town.Town, h town.Home) side {
	t.Helper()
	agent := w.Agent(collectivity.Manager)
	right, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Manager)
	check(t, err)
	return side{AgentRight: right, family: right.Family(h.ID), other: w.NewHome("Tom")}
}

// subscribed subscribes an account to the twin of the family.
func subscribed(t *testing.T, w *town.Town, twin town.Home) account.Caller {
	t.Helper()
	a := w.Citizen()
	typed, err := w.IssueCode(t.Context(), twin.MadeFamily.Store, "twin")
	check(t, err)
	c, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, typed, a.ID, town.Now)
	check(t, err)
	_, err = w.Env.Store.Subscribe(t.Context(), a, c, town.Now)
	check(t, err)
	return account.CallerOf(a.User, false)
}

// open is a store of the stack's table, whatever other tests open meanwhile.
func open(t testing.TB) (s *store.Store) {
	t.Helper()
	testkit.Opening(t, func() { s = store.Open() })
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// imported leaves what an import leaves.
func imported(ctx context.Context, s side) error {
	i, err := s.AddImport(ctx, store.Import{ID: "secret", Of: importing.Families, CreatedAt: calendar.Now()})
	i.Rows, i.State = []importing.Line{{Line: 2}}, store.ImportApplied
	return errors.Join(
		err, s.Store.SettleImport(ctx, i), s.Store.RecordImported(ctx, i, store.Imported{Thing: "F#secret"}),
		s.Store.KeepMapping(ctx, importing.Families, importing.Mapping{"family.id": {Column: "N°"}}),
	)
}

// TestEveryEntityOfATenantHasAWall reads the key chart: whoever adds an entity there adds it to the walls.
func TestEveryEntityOfATenantHasAWall(t *testing.T) {
	t.Parallel()
	chart, err := os.ReadFile("doc.go")
	check(t, err)
	rows := regexp.MustCompile(`(?m)^//\t(\S+(?: \S+)*) {2,}C#<slug>`).FindAllStringSubmatch(string(chart), -1)
	if len(rows) < 12 {
		t.Fatalf("only %d entities of tenants in the chart", len(rows))
	}
	for _, row := range rows {
		if !slices.ContainsFunc(walls, func(w wall) bool { return w.entity == row[1] }) {
			t.Errorf("no wall for %s", row[1])
		}
	}
}

// TestACollectivityIsMadeOnceUnderAGoodSlug: the walls rest on slugs that hold no separator of keys.
func TestACollectivityIsMadeOnceUnderAGoodSlug(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for slug, want := range map[string]string{w.Slug: "slug_taken", w.Slug + "#F#x": "slug_invalid", "": "slug_invalid"} {
		_, err := w.Env.Store.CreateCollectivity(t.Context(), collectivity.Settings{Slug: slug})
		var no *refusal.Refusal
		if !errors.As(err, &no) || len(no.Fields) != 1 || no.Fields[0].Code != want {
			t.Errorf("%q: %v, want %s", slug, err, want)
		}
	}
	if c, err := w.Store.Configuration(t.Context()); err != nil || c.Name != "Ville de test" {
		t.Errorf("the town of before is now %q, %v", c.Name, err)
	}
}

// TestASlugIsNoKey: what a caller writes into the path can not reach into another partition.
func TestASlugIsNoKey(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	caller := account.CallerOf(h.Agent(collectivity.Manager).User, true)
	for _, slug := range []string{"", h.Slug + "#", h.Slug + "#F#" + h.ID, "#" + h.Slug, "C#" + h.Slug} {
		if _, err := h.Env.Store.AgentOf(t.Context(), caller, slug, collectivity.Reader); refusal.Code(err) != collectivity.ErrUnknown.Code {
			t.Errorf("%q: %v", slug, err)
		}
		if _, err := h.Env.Store.Public(t.Context(), slug); refusal.Code(err) != collectivity.ErrUnknown.Code {
			t.Errorf("%q: %v", slug, err)
		}
	}
}
