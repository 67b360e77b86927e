package engine_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/infra/testkit/invariants"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
)

// TestMain has a few scripts played in each run, each some seconds; make soak plays hundreds.
func TestMain(m *testing.M) {
	flag.Parse()
	const checks = "rapid.checks"
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == checks })
	if !given {
		_ = flag.Set(checks, "12")
	}
	os.Exit(m.Run())
}

// TestWhateverIsDoneOneAfterAnotherThePlacesAddUp plays scripts of parents, agents and workers, in their order.
func TestWhateverIsDoneOneAfterAnotherThePlacesAddUp(t *testing.T) {
	t.Parallel()
	newStage(t).playInOrder(t)
}

// TestWhateverIsDoneAtTheSameTimeThePlacesAddUp plays scripts side by side.
func TestWhateverIsDoneAtTheSameTimeThePlacesAddUp(t *testing.T) {
	t.Parallel()
	newStage(t).playAtOnce(t)
}

// TestWhateverTwoHouseholdsOfAChildDoOneAfterAnotherItHasItsTimeOnce plays the same where each two families share a child.
func TestWhateverTwoHouseholdsOfAChildDoOneAfterAnotherItHasItsTimeOnce(t *testing.T) {
	t.Parallel()
	newStage(t).ofPairs().playInOrder(t)
}

// TestWhateverTwoHouseholdsOfAChildDoAtTheSameTimeItHasItsTimeOnce plays it side by side.
func TestWhateverTwoHouseholdsOfAChildDoAtTheSameTimeItHasItsTimeOnce(t *testing.T) {
	t.Parallel()
	newStage(t).ofPairs().playAtOnce(t)
}

func (s *stage) playInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s.open(t)
		for range rapid.IntRange(4, 14).Draw(t, "acts") {
			a := s.draw(t)
			if err := a.do(); err != nil {
				t.Fatalf("%s: %v", a.says, err)
			}
			s.arrivals(t)
		}
		s.close(t)
		s.inOrder(t)
	})
}

func (s *stage) playAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s.open(t)
		scripts := make([][]act, rapid.IntRange(2, 5).Draw(t, "actors"))
		for n := range scripts {
			for range rapid.IntRange(1, 5).Draw(t, "acts") {
				scripts[n] = append(scripts[n], s.draw(t))
			}
		}
		for _, err := range town.InParallel(len(scripts), func(n int) error {
			for _, a := range scripts[n] {
				if err := a.do(); err != nil && !errors.Is(err, store.ErrMoved) {
					return fmt.Errorf("%s: %w", a.says, err)
				}
			}
			return nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		s.close(t)
	})
}

// A stage is a town where script after script is played, each on a week of its own.
type stage struct {
	*town.Town
	homes []town.Home
	week  calendar.Date // the Monday of the script's
	over  bool          // places may be missing
	pairs bool          // each two families share a child

	mu    sync.Mutex
	asked map[string][]string          // by family: its requests
	came  map[string][]invariants.Wait // by slot: turns, in the order in which they were first seen
}

// newStage has a canteen and a centre that come together, an evening for two ages, and an agent who decides on the centre; six
// families of two children.
func newStage(t testing.TB) *stage {
	t.Helper()
	w := newTown(t)
	everyDay(w)
	w.Change("mercredi", func(a *collectivity.Activity) { a.Decision, a.Absences = collectivity.ByAgent, collectivity.AtOnce })
	w.Change("periscolaire", func(a *collectivity.Activity) {
		a.Capacity, a.Absences = 0, collectivity.ByAgent
		a.Groups = []collectivity.Group{{ID: "small", Name: "Petits", From: 3, To: 5}, {ID: "big", Name: "Grands", From: 6, To: 11}}
		a.Requires = []string{"cantine", "mercredi"}
	})
	s := &stage{Town: w, week: "2026-11-23"}
	s.homes = w.CrowdOf(6, []string{"2018-05-04", "2022-01-08"}, "cantine", "mercredi", "periscolaire")
	return s
}

// ofPairs has each two families share a child: the first of both.
func (s *stage) ofPairs() *stage {
	for n := 0; n+1 < len(s.homes); n += 2 {
		s.homes[n+1] = s.homes[n].Share(s.homes[n+1], "cantine", "mercredi", "periscolaire")
	}
	s.pairs = true
	return s
}

// open begins a script: a week that nothing is written of, and few places.
func (s *stage) open(t *rapid.T) {
	if s.week = s.week.AddDays(7); s.week > "2027-06-14" { // the year is over
		next := newStage(s.T)
		if s.pairs {
			next.ofPairs()
		}
		s.Town, s.homes, s.week, s.over = next.Town, next.homes, next.week.AddDays(7), false
	}
	s.asked, s.came = map[string][]string{}, map[string][]invariants.Wait{}
	for _, a := range s.Activities {
		if err := s.places(a.ID, rapid.IntRange(1, 3).Draw(t, "places of "+a.ID)); err != nil {
			t.Fatal(err)
		}
	}
}

// places sets an activity's, of each age group.
func (s *stage) places(activity string, n int) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.Activities, func(a collectivity.Activity) bool { return a.ID == activity })
	a := s.Activities[i]
	a.Groups = slices.Clone(a.Groups)
	for g := range a.Groups {
		a.Groups[g].Capacity = n
	}
	if len(a.Groups) == 0 {
		a.Capacity = n
	}
	s.mu.Unlock()
	return cmp.Or(s.Store.SaveActivity(s.T.Context(), a), s.Store.SetPlaces(s.T.Context(), a, s.week, town.Now))
}

// An act is what somebody does.
type act struct {
	says string
	do   func() error
}

// draw is the next act of a script. What it is about is drawn now, and found when it is done.
func (s *stage) draw(t *rapid.T) act {
	n := rapid.IntRange(0, len(s.homes)-1).Draw(t, "family")
	h, pick := s.homes[n], rapid.IntRange(0, 9).Draw(t, "which")
	date := s.week.AddDays(rapid.IntRange(0, 2).Draw(t, "day"))
	activity := rapid.SampledFrom([]string{"cantine", "cantine", "mercredi", "periscolaire"}).Draw(t, "activity")
	what := rapid.SampledFrom([]string{
		"book", "book", "book", "book", "book both", "book all week", "again", "leave", "leave", "leave", "withdraw", "accept", "accept", "refuse", "overbook", "places", "promote", "work",
	}).Draw(t, "act")
	a := act{says: fmt.Sprintf("family %d: %s %s %s (%d)", n, what, activity, date, pick)}
	switch what {
	case "book", "book both", "book all week":
		asking := s.asking(booking.Booking, h, activity, date, what, pick)
		a.do = func() error { return s.ask(h, id.New(town.Now), asking) }
	case "leave":
		asking := s.asking(booking.Absence, h, activity, date, what, pick)
		a.do = func() error { return s.ask(h, id.New(town.Now), asking) }
	case "again":
		asking := s.asking(booking.Booking, h, activity, date, "book both", pick)
		a.do = func() error {
			return cmp.Or(s.ask(h, "key-"+string(date)+activity, asking), s.ask(h, "key-"+string(date)+activity, asking))
		}
	case "withdraw":
		a.do = func() error { return s.on(h, pick, func(r string) error { return s.withdraw(h, r) }) }
	case "accept", "refuse", "overbook":
		a.do = func() error { return s.on(h, pick, func(r string) error { return s.decide(h, r, what) }) }
	case "places":
		s.over = true
		a.do = func() error { return s.places(activity, 1+pick%4) }
	case "promote":
		a.do = func() error { _, _, err := slotOf(s.Town, activity, date).Promote(s.T.Context(), town.Now); return err }
	case "work":
		a.do = func() error { return work(s.Town, town.Now) }
	}
	s.over = s.over || what == "overbook"
	return a
}

// asking is for one child or both, on one day or all of the week.
func (s *stage) asking(kind booking.Kind, h town.Home, activity string, date calendar.Date, what string, pick int) booking.Asking {
	asking := booking.Asking{Kind: kind, Period: calendar.Period{From: date, To: date}}
	if what == "book all week" {
		asking.Period = calendar.Period{From: s.week, To: s.week.AddDays(6)}
	}
	for n, child := range h.Children {
		if what == "book both" || n == pick%2 {
			i := booking.Item{Child: child, Activity: activity}
			if activity == "mercredi" && kind == booking.Booking {
				i.Option = []string{"journee", "matin"}[pick%3%2]
			}
			asking.Items = append(asking.Items, i)
			if pick > 7 && activity != "periscolaire" {
				asking.Items = append(asking.Items, booking.Item{Child: child, Activity: "periscolaire"})
			}
		}
	}
	return asking
}

// ask does as request-booking does.
func (s *stage) ask(h town.Home, key string, asking booking.Asking) error {
	ctx, f := s.T.Context(), h.MadeFamily.Store
	_, planning, err := f.Planning(ctx, booking.WeeksOf(asking.Period))
	if err != nil {
		return err
	}
	r := booking.Request{ID: f.RequestID(key), Account: h.Account.ID, CreatedAt: town.Now, Asking: asking}
	s.mu.Lock()
	s.asked[h.ID] = append(s.asked[h.ID], r.ID)
	s.mu.Unlock()
	_, err = f.Ask(ctx, r, planning, town.Now)
	return refused(err)
}

// refused takes what a family or an agent may be told for an answer; that too many ask is none here.
func refused(err error) error {
	if code := refusal.Code(err); code != "" && code != store.ErrBusy.Code {
		return nil
	}
	return err
}

// on does something to one of a family's requests, if there is any.
func (s *stage) on(h town.Home, pick int, do func(string) error) error {
	s.mu.Lock()
	all := slices.Clone(s.asked[h.ID])
	s.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	return refused(do(all[pick%len(all)]))
}

// withdraw does as cancel-request does.
func (s *stage) withdraw(h town.Home, request string) error {
	return store.Again(s.T.Context(), func() error {
		r, err := h.MadeFamily.Store.Request(s.T.Context(), request)
		lines := r.PendingLines("", "", "")
		switch {
		case err != nil:
			return err
		case !r.Settled:
			_, err = h.MadeFamily.Store.StopRequest(s.T.Context(), r, town.Now)
		case len(lines) > 0:
			_, err = h.MadeFamily.Store.WithdrawRequest(s.T.Context(), r, store.Fitting(r.Request, lines), s.Made(), town.Now)
		}
		return err
	})
}

// decide does as decide-requests does.
func (s *stage) decide(h town.Home, request, what string) error {
	return store.Again(s.T.Context(), func() error {
		r, err := h.MadeFamily.Store.Request(s.T.Context(), request)
		if err != nil {
			return err
		}
		d := store.Decisions{Lines: map[int]store.Verdict{}, Overbook: what == "overbook", Agent: "odile"}
		for _, i := range store.Fitting(r.Request, r.PendingLines("", "", "")) {
			d.Lines[i] = store.Verdict{Accept: what != "refuse", Reason: "Le groupe est complet."}
		}
		if len(d.Lines) > 0 {
			_, err = h.MadeFamily.Store.DecideRequest(s.T.Context(), r, d, s.Made(), town.Now)
		}
		return err
	})
}

// close has the workers come until nothing is due, and holds what is written to all promises.
func (s *stage) close(t *rapid.T) {
	for _, now := range []time.Time{town.Now, town.Now.Add(2 * time.Minute)} { // leases are over then
		if err := work(s.Town, now); err != nil {
			t.Fatal(err)
		}
	}
	written := s.Written()
	written.Over = s.over
	broken := append(written.Broken(), s.twice(written)...)
	if len(broken) > 0 {
		t.Fatal(strings.Join(broken, "\n"))
	}
	if len(written.Due()) > 0 {
		t.Fatalf("still due: %v", written.Due())
	}
}

// twice tells children who have a meal twice on a day.
func (s *stage) twice(written invariants.Tenant) (broken []string) {
	meals := map[string]int{}
	for _, d := range written.Days {
		if !slices.Contains([]string{"requested", "booked", "absence_requested", "waitlisted"}, d.State) {
			continue
		}
		if d.Activity == "cantine" || slices.ContainsFunc(d.Needs, func(u invariants.Use) bool { return u.Activity == "cantine" }) {
			if meals[d.Date+d.Child]++; meals[d.Date+d.Child] > 1 {
				broken = append(broken, fmt.Sprintf("%s: a second meal", d))
			}
		}
	}
	return broken
}

// arrivals takes note of who began to wait since the act before.
func (s *stage) arrivals(t *rapid.T) {
	for _, w := range s.Written().Waits {
		slot := w.SK[:strings.LastIndexByte(w.SK, '#')]
		if !slices.Contains(s.came[w.PK+slot], w) {
			s.came[w.PK+slot] = append(s.came[w.PK+slot], w)
		}
	}
}

// inOrder holds the ranks to the order of arrival: siblings who came by one act stand in their own.
func (s *stage) inOrder(t *rapid.T) {
	for slot, turns := range s.came {
		if !slices.IsSortedFunc(turns, func(a, b invariants.Wait) int { return cmp.Compare(a.SK, b.SK) }) {
			t.Fatalf("%s: who came later has the lower rank: %v", slot, turns)
		}
	}
	for _, h := range s.homes {
		days, err := h.MadeFamily.Store.Days(s.T.Context(), calendar.Period{From: s.week, To: s.week.AddDays(6)})
		if err == nil {
			_, err = h.MadeFamily.Store.Ranks(s.T.Context(), days)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
