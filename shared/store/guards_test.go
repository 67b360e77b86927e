package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
)

// change sets one of the town's activities anew.
func change(w *town.Town, activity string, change func(*collectivity.Activity)) {
	w.T.Helper()
	i := slices.IndexFunc(w.Activities, func(a collectivity.Activity) bool { return a.ID == activity })
	change(&w.Activities[i])
	check(w.T, w.Store.SaveActivity(w.T.Context(), w.Activities[i]))
}

// everyDay has all activities open from Monday to Friday, the centre's whole day with a meal of the canteen, and both decide
// as said.
func everyDay(w *town.Town, decision collectivity.Decision) {
	w.T.Helper()
	for _, a := range w.Activities {
		change(w, a.ID, func(a *collectivity.Activity) {
			a.Weekdays, a.Decision = []calendar.Weekday{"mon", "tue", "wed", "thu", "fri"}, decision
			if a.ID == "mercredi" {
				a.Options = []collectivity.Option{{ID: "journee", Name: "Journée", Needs: []string{"cantine"}}, {ID: "matin", Name: "Matin"}}
			}
		})
	}
}

// judged is a request of the first child for one day, judged and not written: it has not seen what is written meanwhile.
// Items are activities, with an option: "mercredi journee".
func judged(h town.Home, kind booking.Kind, d calendar.Date, items ...string) (booking.Request, *booking.Town) {
	h.T.Helper()
	asking := booking.Asking{Kind: kind, Period: calendar.Period{From: d, To: d}}
	for _, item := range items {
		activity, option, _ := strings.Cut(item, " ")
		asking.Items = append(asking.Items, booking.Item{Child: h.Children[0], Activity: activity, Option: option})
	}
	_, planning, err := h.MadeFamily.Store.Planning(h.T.Context(), booking.WeeksOf(asking.Period))
	check(h.T, err)
	r := booking.Request{ID: h.MadeFamily.Store.RequestID(id.New(h.Env.Now)), Account: h.Account.ID, CreatedAt: h.Env.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	check(h.T, err)
	return r, planning.Town
}

// add writes a judged request and tells its lines: "cantine booked, mercredi enrolled excluded".
func add(h town.Home, r booking.Request, made *booking.Town) string {
	h.T.Helper()
	written, err := h.MadeFamily.Store.AddRequest(h.T.Context(), r, made)
	check(h.T, err)
	if !written.Settled {
		h.T.Errorf("%s is not settled", r.ID)
	}
	var all []string
	for _, l := range written.Lines {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", l.Activity, l.State, l.Code)))
	}
	return strings.Join(all, ", ")
}

const tuesday = calendar.Date("2026-11-24")

// TestOfTwoRequestsThatDoNotGoTogetherTheSecondGivesWay: each is fine beside what it has seen.
func TestOfTwoRequestsThatDoNotGoTogetherTheSecondGivesWay(t *testing.T) {
	t.Parallel()
	requires := func(activity string, others ...string) func(*town.Town) {
		return func(w *town.Town) {
			change(w, activity, func(a *collectivity.Activity) { a.Requires = others })
		}
	}
	excludes := func(w *town.Town) {
		change(w, "cantine", func(a *collectivity.Activity) { a.Excludes = []string{"periscolaire"} })
	}
	lunchToo := func(w *town.Town) {
		change(w, "periscolaire", func(a *collectivity.Activity) {
			a.Options = []collectivity.Option{{ID: "lunch", Name: "Avec repas", Needs: []string{"cantine"}}, {ID: "alone", Name: "Sans repas"}}
		})
	}
	for _, c := range []struct {
		says    string
		set     func(*town.Town)
		booked  []string // before both
		first   string   // a leading "-" is an absence
		second  string
		outcome string // of the second
	}{
		{"one excludes the other", excludes, nil, "cantine", "periscolaire", "periscolaire enrolled excluded"},
		{"the other way round", excludes, nil, "periscolaire", "cantine", "cantine enrolled excluded"},
		{"a meal and a day with its meal", nil, nil, "cantine", "mercredi journee", "mercredi enrolled excluded"},
		{"a day with its meal and a meal", nil, nil, "mercredi journee", "cantine", "cantine enrolled excluded"},
		{"a day without a meal and a meal", nil, nil, "mercredi matin", "cantine", "cantine booked"},
		{"two that come with a meal", lunchToo, nil, "mercredi journee", "periscolaire lunch", "periscolaire enrolled excluded"},
		{"two of which one comes with a meal", lunchToo, nil, "mercredi journee", "periscolaire alone", "periscolaire booked"},
		{"what another requires is left first", requires("periscolaire", "cantine"), []string{"cantine"}, "-cantine", "periscolaire", "periscolaire enrolled requires_other"},
		{"what requires another is booked first", requires("periscolaire", "cantine"), []string{"cantine"}, "periscolaire", "-cantine", "cantine booked required_by_other"},
		{"of two that would do, each is left beside the other", requires("periscolaire", "cantine", "mercredi"), []string{"cantine", "mercredi matin", "periscolaire"}, "-cantine", "-mercredi", "mercredi booked required_by_other"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			everyDay(h.Town, collectivity.AtOnce)
			if c.set != nil {
				c.set(h.Town)
			}
			for _, item := range c.booked {
				r, made := judged(h, booking.Booking, tuesday, item)
				add(h, r, made)
			}
			ask := func(item string) (booking.Request, *booking.Town) {
				if activity, absence := strings.CutPrefix(item, "-"); absence {
					return judged(h, booking.Absence, tuesday, activity)
				}
				return judged(h, booking.Booking, tuesday, item)
			}
			first, made := ask(c.first)
			second, _ := ask(c.second)
			add(h, first, made)
			if got := add(h, second, made); got != c.outcome {
				t.Errorf("the second is %s, want %s", got, c.outcome)
			}
			h.Sound()
		})
	}
}

// TestDaysOfOneRequestThatCountOnOneAnotherAreWrittenInTheirOrder: whoever is counted on comes first, and what it loses takes
// the others along.
func TestDaysOfOneRequestThatCountOnOneAnotherAreWrittenInTheirOrder(t *testing.T) {
	t.Parallel()
	chain := func(w *town.Town) {
		change(w, "periscolaire", func(a *collectivity.Activity) { a.Requires = []string{"mercredi"} })
		change(w, "mercredi", func(a *collectivity.Activity) { a.Requires = []string{"cantine"} })
	}
	taken := func(h town.Home) { // somebody books the canteen meanwhile: another request of the same family
		r, made := judged(h, booking.Booking, tuesday, "cantine")
		add(h, r, made)
	}
	full := func(h town.Home) { // nobody may wait for the canteen any more
		change(h.Town, "cantine", func(a *collectivity.Activity) { a.Capacity, a.Promote = 1, "00:00" })
		other := h.Town.NewHome("Tom")
		r, made := judged(other, booking.Booking, tuesday, "cantine")
		add(other, r, made)
	}
	for _, c := range []struct {
		says      string
		decision  collectivity.Decision
		set       func(*town.Town)
		kind      booking.Kind
		items     []string
		meanwhile func(town.Home)
		late      bool // it is judged after the meanwhile
		want      string
	}{
		{"a chain, at once", collectivity.AtOnce, chain, booking.Booking, []string{"periscolaire", "mercredi matin", "cantine"}, nil, false, "periscolaire booked, mercredi booked, cantine booked"},
		{"a chain, by an agent", collectivity.ByAgent, chain, booking.Booking, []string{"periscolaire", "mercredi matin", "cantine"}, nil, false, "periscolaire requested, mercredi requested, cantine requested"},
		{"a chain whose end is booked by another request", collectivity.AtOnce, chain, booking.Booking, []string{"periscolaire", "mercredi matin", "cantine"}, taken, false, "periscolaire booked, mercredi booked, cantine enrolled day_changed"},
		{"a chain whose end is full falls whole", collectivity.AtOnce, chain, booking.Booking, []string{"periscolaire", "mercredi matin", "cantine"}, full, true, "periscolaire enrolled requires_other, mercredi enrolled requires_other, cantine enrolled slot_full"},
		{"two that count on one, by an agent", collectivity.ByAgent, func(w *town.Town) {
			change(w, "periscolaire", func(a *collectivity.Activity) { a.Requires = []string{"cantine"} })
			change(w, "mercredi", func(a *collectivity.Activity) { a.Requires = []string{"cantine"} })
			change(w, "cantine", func(a *collectivity.Activity) { a.Decision = collectivity.AtOnce })
		}, booking.Booking, []string{"periscolaire", "mercredi matin"}, taken, true, "periscolaire requested, mercredi requested"},
		{"a day and what may come with a meal, by an agent", collectivity.ByAgent, nil, booking.Booking, []string{"mercredi matin", "cantine"}, nil, false, "mercredi requested, cantine requested"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			everyDay(h.Town, c.decision)
			if c.set != nil {
				c.set(h.Town)
			}
			if c.late {
				c.meanwhile(h)
			}
			r, made := judged(h, c.kind, tuesday, c.items...)
			if c.meanwhile != nil && !c.late {
				c.meanwhile(h)
			}
			if got := add(h, r, made); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			h.Sound()
		})
	}
}

// TestAbsencesOfOneRequestThatCountOnOneAnotherAreWrittenInTheirOrder: a chain is left from its head.
func TestAbsencesOfOneRequestThatCountOnOneAnotherAreWrittenInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, decision := range []collectivity.Decision{collectivity.AtOnce, collectivity.ByAgent} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			everyDay(h.Town, collectivity.AtOnce)
			change(h.Town, "periscolaire", func(a *collectivity.Activity) { a.Requires, a.Absences = []string{"mercredi"}, decision })
			change(h.Town, "mercredi", func(a *collectivity.Activity) { a.Requires, a.Absences = []string{"cantine"}, decision })
			change(h.Town, "cantine", func(a *collectivity.Activity) { a.Absences = decision })
			r, made := judged(h, booking.Booking, tuesday, "cantine", "mercredi matin", "periscolaire")
			add(h, r, made)
			r, made = judged(h, booking.Absence, tuesday, "cantine", "mercredi", "periscolaire")
			want := "cantine absent, mercredi absent, periscolaire absent"
			if decision == collectivity.ByAgent {
				want = strings.ReplaceAll(want, "absent", "absence_requested")
			}
			if got := add(h, r, made); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			h.Sound()
		})
	}
}
