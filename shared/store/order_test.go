package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/store"
)

const zoneless = "2026-11-23" // the day on which tests live

// order records a court order about a guardian, or lifts it, at the tests' instant.
func order(h town.Home, id string, kind family.OrderKind, guardian string, from, until calendar.Date) {
	h.T.Helper()
	o := family.Order{ID: id, Kind: kind, Guardian: guardian, From: from, Until: until, RecordedAt: town.Now, RecordedBy: "agent"}
	check(h.T, h.MadeFamily.Store.RecordOrder(h.T.Context(), h.Household(), o, paris(h.T)))
}

func lift(h town.Home, id string) {
	h.T.Helper()
	o, err := h.MadeFamily.Store.Order(h.T.Context(), id)
	check(h.T, err)
	o.LiftedAt, o.LiftedBy = town.Now, "agent"
	check(h.T, h.MadeFamily.Store.LiftOrder(h.T.Context(), h.Household(), o))
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := calendar.Zone("Europe/Paris")
	check(t, err)
	return zone
}

// A door is a way by which a guardian's account reaches their family.
type door struct {
	name string
	open func(*store.Store, town.Home) (bool, error)
}

var doors = []door{
	{"the file", func(s *store.Store, h town.Home) (bool, error) {
		_, err := s.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
		return found(err, family.ErrUnknown)
	}},
	{"the list of subscriptions", func(s *store.Store, h town.Home) (bool, error) {
		subs, err := s.Subscriptions(h.T.Context(), h.Account.ID)
		return len(subs) > 0, err
	}},
	{"letters", func(s *store.Store, h town.Home) (bool, error) {
		_, ok, err := s.Recipient(h.T.Context(), store.Mail{About: map[string]string{"account": h.Account.ID, "family": h.ID, "slug": h.Slug}})
		return ok, err
	}},
	{"the code that it was subscribed by", func(s *store.Store, h town.Home) (bool, error) {
		c, err := s.TryCode(h.T.Context(), h.Secret.Code, h.Codes[0], h.Account.ID, town.Now)
		if err == nil {
			_, err = s.Subscribe(h.T.Context(), h.Account, c, town.Now)
		}
		return found(err, store.ErrCodeUnknown)
	}},
}

func stand(h town.Home, s *store.Store, want bool) {
	h.T.Helper()
	for _, d := range doors {
		if got, err := d.open(s, h); err != nil || got != want {
			h.T.Errorf("%s is open: %v, want %v; %v", d.name, got, want, err)
		}
	}
}

func TestAGuardianWithoutAccessFindsEveryDoorShut(t *testing.T) {
	t.Parallel()
	anne := func(h town.Home) string { return h.Guardians[0] }
	for _, c := range []struct {
		name    string
		happens func(h town.Home)
		at      time.Time // zero: the very same instant
		open    bool
	}{
		{"at once", func(h town.Home) { order(h, "o1", family.NoAccess, anne(h), zoneless, "") }, time.Time{}, false},
		{"not before its day", func(h town.Home) { order(h, "o1", family.NoAccess, anne(h), "2026-12-01", "") }, time.Date(2026, 11, 30, 22, 59, 59, 0, time.UTC), true},
		{"from its day on, which begins in the town", func(h town.Home) { order(h, "o1", family.NoAccess, anne(h), "2026-12-01", "") }, time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC), false},
		{"to the end of its last day", func(h town.Home) { order(h, "o1", family.NoAccess, anne(h), zoneless, "2026-12-01") }, time.Date(2026, 12, 1, 22, 59, 59, 0, time.UTC), false},
		{"no longer", func(h town.Home) { order(h, "o1", family.NoAccess, anne(h), zoneless, "2026-12-01") }, time.Date(2026, 12, 1, 23, 0, 0, 0, time.UTC), true},
		{"until it is lifted", func(h town.Home) {
			order(h, "o1", family.NoAccess, anne(h), zoneless, "")
			lift(h, "o1")
		}, time.Time{}, true},
		{"not once another is lifted that says the same", func(h town.Home) {
			order(h, "o1", family.NoAccess, anne(h), zoneless, "")
			order(h, "o2", family.NoAccess, anne(h), zoneless, "")
			lift(h, "o1")
		}, time.Time{}, false},
		{"though she subscribes between its recording and its day", func(h town.Home) {
			right, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
			check(h.T, err)
			check(h.T, right.Unsubscribe(h.T.Context(), town.Now))
			order(h, "o1", family.NoAccess, anne(h), "2026-12-01", "")
			typed, err := h.IssueCode(h.T.Context(), h.MadeFamily.Store, anne(h))
			check(h.T, err)
			c, err := h.Env.Store.TryCode(h.T.Context(), h.Secret.Code, typed, h.Account.ID, town.Now)
			check(h.T, err)
			_, err = h.Env.Store.Subscribe(h.T.Context(), h.Account, c, town.Now.Add(time.Minute))
			check(h.T, err)
		}, time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), false},
		{"but an order about the other guardian is not hers", func(h town.Home) { order(h, "o1", family.NoAccess, h.Guardians[1], zoneless, "") }, time.Time{}, true},
		{"nor does one that hides her address shut them", func(h town.Home) { order(h, "o1", family.AddressHidden, anne(h), zoneless, "") }, time.Time{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := town.New(t).NewHome("Léa")
			stand(h, h.Env.Store, true)
			c.happens(h)
			s := h.Env.Store
			if !c.at.IsZero() {
				s = open(t).ByClock(func() time.Time { return c.at })
			}
			stand(h, s, c.open)
		})
	}
}

func TestACalendarLinkEndsWithTheAccess(t *testing.T) {
	t.Parallel()
	h := town.New(t).NewHome("Léa")
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(t, err)
	link, err := right.OpenCalendar(t.Context(), town.Now)
	check(t, err)
	for _, c := range []struct {
		happens func()
		want    string
	}{
		{func() {}, ""},
		{func() { order(h, "o1", family.NoAccess, h.Guardians[0], zoneless, "") }, store.ErrFeedUnknown.Code},
		{func() { lift(h, "o1") }, ""},
	} {
		c.happens()
		if _, err := h.Env.Store.FeedOf(t.Context(), h.Account.ID, h.ID, link.Issue); refusal.Code(err) != c.want {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestAnOrderShowsWithItsGuardianWhileItHolds(t *testing.T) {
	t.Parallel()
	h := town.New(t).NewHome("Léa")
	paul := h.Guardians[1]
	state := func() string {
		var all []string
		m := h.Guardian(1)
		for name, is := range map[string]bool{"barred": m.Barred, "sheltered": m.Sheltered, "no holder": m.NoHolder, "holder": m.Holder(h.Children[0])} {
			if is {
				all = append(all, name)
			}
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}
	for _, step := range []struct {
		happens func()
		want    string
	}{
		{func() {}, "holder"},
		{func() { order(h, "o1", family.NoAuthority, paul, zoneless, "") }, "no holder"},
		{func() { order(h, "o2", family.AddressHidden, paul, zoneless, "") }, "no holder, sheltered"},
		{func() { order(h, "o3", family.NoAccess, paul, zoneless, "") }, "barred, no holder, sheltered"},
		{func() { order(h, "o4", family.NoAuthority, paul, zoneless, "") }, "barred, no holder, sheltered"},
		{func() { lift(h, "o1") }, "barred, no holder, sheltered"},
		{func() { lift(h, "o4") }, "barred, holder, sheltered"},
		{func() { lift(h, "o2") }, "barred, holder"},
		{func() { lift(h, "o3") }, "holder"},
		{func() { order(h, "o5", family.MustNotCollect, paul, zoneless, "") }, "holder"},
	} {
		step.happens()
		if got := state(); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
	orders, notes, err := h.MadeFamily.Store.Office(t.Context())
	if err != nil || len(orders) != 5 || len(notes) != 0 || orders[0].LiftedAt.IsZero() || !orders[4].LiftedAt.IsZero() {
		t.Errorf("the office has %+v, %+v, %v", orders, notes, err)
	}
	if did := h.Audited(); len(did) < 5 || !slices.Contains(did, "record-court-order order o3 no_access") {
		t.Errorf("audited: %q", did)
	}
}

func TestOrdersAndNotesWrittenAtOnceAreAllThere(t *testing.T) {
	t.Parallel()
	h := town.New(t).NewHome("Léa")
	for _, err := range town.InParallel(8, func(n int) error {
		if n%4 == 3 {
			return h.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: fmt.Sprint("n", n), At: town.Now, By: "agent"})
		}
		kind := []family.OrderKind{family.NoAccess, family.NoAuthority, family.AddressHidden}[n%4]
		return store.Again(t.Context(), func() error {
			o := family.Order{ID: fmt.Sprint("o", n), Kind: kind, Guardian: h.Guardians[0], From: zoneless, RecordedAt: town.Now, RecordedBy: "agent"}
			household, err := h.MadeFamily.Store.Household(t.Context())
			if err == nil {
				err = h.MadeFamily.Store.RecordOrder(t.Context(), household, o, time.UTC)
			}
			return err
		})
	}) {
		check(t, err)
	}
	orders, notes, err := h.MadeFamily.Store.Office(t.Context())
	if g := h.Guardian(0); err != nil || len(orders) != 6 || len(notes) != 2 || len(g.Orders) != 6 || !g.Barred || !g.NoHolder || !g.Sheltered {
		t.Errorf("%d orders, %d notes, of the guardian %+v; %v", len(orders), len(notes), g.Orders, err)
	}
}

// TestNobodySlipsInWhileAnOrderIsRecorded: of a subscription and an order at the same time, whichever comes first, nobody is in
// afterwards.
func TestNobodySlipsInWhileAnOrderIsRecorded(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for range 5 {
		h := town.Home{Town: w, MadeFamily: w.Family("Léa"), Account: w.Citizen()}
		town.InParallel(2, func(n int) error {
			if n == 0 {
				c, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, h.Codes[0], h.Account.ID, town.Now)
				if err == nil {
					_, err = h.Env.Store.Subscribe(t.Context(), h.Account, c, town.Now)
				}
				if err != nil && refusal.Code(err) != store.ErrCodeUnknown.Code {
					t.Errorf("subscribing: %v", err)
				}
				return nil
			}
			err := store.Again(t.Context(), func() error {
				o := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: zoneless, RecordedAt: town.Now, RecordedBy: "agent"}
				household, err := h.MadeFamily.Store.Household(t.Context())
				if err == nil {
					err = h.MadeFamily.Store.RecordOrder(t.Context(), household, o, time.UTC)
				}
				return err
			})
			if err != nil {
				t.Errorf("recording: %v", err)
			}
			return nil
		})
		stand(h, h.Env.Store, false)
	}
}

func TestACodeOfAGuardianWhoLeftOpensNothing(t *testing.T) {
	t.Parallel()
	h := town.New(t).NewHome("Léa")
	household := h.Household()
	paul, _ := household.Member(h.Guardians[1])
	fields, err := family.ProposeRemoval(household.File, paul, h.Guardians[0])
	check(t, err)
	c := family.Change{ID: h.MadeFamily.Store.ChangeID("gone"), Kind: family.Removes, Target: paul.ID, Of: family.Guardian, Section: family.Membership, Fields: fields, CreatedAt: town.Now}
	check(t, h.MadeFamily.Store.ApplyChange(t.Context(), household, c.Accept(), "agent"))
	if _, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, h.Codes[1], h.Citizen().ID, town.Now); refusal.Code(err) != store.ErrCodeUnknown.Code {
		t.Errorf("got %v", err)
	}
}

func TestANoteIsWrittenOfAFamilyThatIsThereAndRemovedOnce(t *testing.T) {
	t.Parallel()
	h := town.New(t).NewHome("Léa")
	agent := reach(t, h.Town, h)
	if err := agent.Family("nobody").WriteNote(t.Context(), family.Note{ID: "n1", At: town.Now}); refusal.Code(err) != family.ErrUnknown.Code {
		t.Errorf("a note of nobody: %v", err)
	}
	check(t, h.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "n1", By: "agent", Author: "Odile", At: town.Now, Text: "Bonjour."}))
	check(t, h.MadeFamily.Store.RemoveNote(t.Context(), "n1", "agent", town.Now))
	if err := h.MadeFamily.Store.RemoveNote(t.Context(), "n1", "agent", town.Now); refusal.Code(err) != family.ErrNoteUnknown.Code {
		t.Errorf("a second time: %v", err)
	}
	for _, want := range []string{"write-note note n1", "remove-note note n1"} {
		if did := h.Audited(); !slices.Contains(did, want) {
			t.Errorf("%s is not among %q", want, did)
		}
	}
}
