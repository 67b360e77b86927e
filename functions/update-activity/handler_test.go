package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

const tuesday = calendar.Date("2026-12-01")

// put is an event that gives an activity what it has, changed.
func put(w *town.Town, agent account.Account, id string, version int, change func(*api.ActivitySettings)) httpapi.Request {
	w.T.Helper()
	c, err := w.Store.Configuration(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	a, _ := c.Activity(id)
	body := api.ActivityUpdate{Version: version, ActivitySettings: views.AgentActivity(a).ActivitySettings}
	body.Kind = "other"
	change(&body.ActivitySettings)
	event := town.As(town.Event(w.T, "update-activity", map[string]string{"slug": w.Slug, "activity": id}), agent)
	return town.With(w.T, event, body)
}

func capacity(n int) func(*api.ActivitySettings) {
	return func(a *api.ActivitySettings) { a.Capacity = n }
}

// places of the canteen on the Tuesday: capacity, taken, free.
func places(w *town.Town) string {
	for _, s := range w.Written().Slots {
		if strings.HasSuffix(s.PK, "#cantine") && s.SK == "SLOT#"+string(tuesday) {
			p := s.Groups["all"]
			return fmt.Sprint(p.Capacity, " ", p.Taken, " ", p.Free)
		}
	}
	return "none"
}

func TestTheSampleEventChangesAnActivity(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	event := town.As(town.Event(t, "update-activity", map[string]string{"slug": w.Slug, "activity": "periscolaire"}), w.Agent(collectivity.Manager))
	got := town.Read[api.Activity](t, newHandler(), event, 200)
	c, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, _ := c.Activity("periscolaire")
	if got.Name != "Étude" || got.Version != 2 || kept.Name != "Étude" || kept.Version != 2 || kept.Capacity != 30 {
		t.Errorf("told %+v, kept %+v", got, kept)
	}
	if d := cmp.Diff([]string{"update-activity activity periscolaire version 2"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestOptionsKeepTheirIds(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	event := put(w, w.Agent(collectivity.Manager), "mercredi", 1, func(a *api.ActivitySettings) {
		a.Options = []api.ActivityOption{{Name: "Matin sans repas"}, {ID: "journee", Name: "Journée entière"}, {Name: "Nocturne"}}
	})
	got := town.Read[api.Activity](t, newHandler(), event, 200).Options
	if len(got) != 3 || got[0].ID != "matin" || got[1].ID != "journee" || got[2].ID == "" {
		t.Errorf("got %+v", got)
	}
}

func TestAnArchivedActivityIsNoLongerOfferedAndComesBack(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for i, archived := range []bool{true, false} {
		event := put(w, manager, "cantine", i+1, func(a *api.ActivitySettings) { a.Archived = archived })
		if got := town.Read[api.Activity](t, newHandler(), event, 200); got.Archived != archived || got.Version != i+2 {
			t.Errorf("got %+v", got)
		}
	}
}

func TestThePlacesReachDaysThatAreBooked(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says string
		to   int
		want string // capacity, taken, free
	}{
		{"more", 80, "80 2 78"},
		{"fewer", 10, "10 2 8"},
		{"fewer than are taken: nobody loses a place", 1, "1 2 -1"},
		{"as many", 60, "60 2 58"},
		{"room for all", 0, "1000000 2 999998"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa", "Noé")
			h.Day(booking.Booking, -1, "cantine", "", tuesday)
			town.Read[api.Activity](t, newHandler(), put(h.Town, h.Agent(collectivity.Manager), "cantine", 1, capacity(c.to)), 200)
			if got := places(h.Town); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if n := h.Booked(calendar.Period{From: tuesday, To: tuesday}); n != 2 {
				t.Errorf("%d children are booked", n)
			}
		})
	}
}

func TestWhoSavesWhatSomebodyElseHasSavedIsToldWhatItIs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	town.Read[api.Activity](t, newHandler(), put(w, manager, "cantine", 1, capacity(70)), 200)
	reply := town.Send(t, newHandler(), put(w, manager, "cantine", 1, capacity(80)))
	town.Refused(t, reply, 409, "activity_moved")
	current, _ := reply.Body["current"].(map[string]any)
	if current["version"] != 2.0 || current["capacity"] != 70.0 || current["id"] != "cantine" {
		t.Errorf("told %v", current)
	}
}

func TestOfTenManagersWhoSaveTheSameVersionOneWins(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	told := map[int]int{}
	for _, status := range town.InParallel(10, func(n int) int {
		return town.Send(t, newHandler(), put(w, manager, "cantine", 1, capacity(100+n))).StatusCode
	}) {
		told[status]++
	}
	if told[200] != 1 || told[409] != 9 {
		t.Errorf("answers %v", told)
	}
	if did := w.Audited(); len(did) != 1 {
		t.Errorf("audited %v", did)
	}
}

// TestTwoEditsThatMakeACircleTogetherAreNotBothTaken: each is fine beside what the other has read.
func TestTwoEditsThatMakeACircleTogetherAreNotBothTaken(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	pair := []string{"cantine", "periscolaire"}
	told := map[int]int{}
	for _, reply := range town.InParallel(2, func(n int) town.Reply {
		return town.Send(t, newHandler(), put(w, manager, pair[n], 1, func(a *api.ActivitySettings) { a.Requires = []string{pair[1-n]} }))
	}) {
		told[reply.StatusCode]++
		if reply.StatusCode == 400 {
			town.Refused(t, reply, 400, "invalid_input", "requires[0] cycle")
		}
	}
	if told[200] != 1 || told[400] != 1 {
		t.Errorf("answers %v", told)
	}
}

// TestPlacesThatMoveWhileFamiliesBookStaySound: each place is taken or free whatever the order of writes.
func TestPlacesThatMoveWhileFamiliesBookStaySound(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	const families = 12
	var homes []town.Home
	for n := range families {
		homes = append(homes, w.NewHome(fmt.Sprint("Enfant", n)))
	}
	homes[0].Day(booking.Booking, 0, "cantine", "", tuesday)
	town.InParallel(families+1, func(n int) bool {
		if n < families {
			if n > 0 {
				homes[n].Day(booking.Booking, 0, "cantine", "", tuesday)
			}
			return true
		}
		for i, places := range []int{40, 15, 30, 200, 12} {
			town.Read[api.Activity](t, newHandler(), put(w, manager, "cantine", i+1, capacity(places)), 200)
		}
		return true
	})
	if got := places(w); got != "12 12 0" {
		t.Errorf("capacity, taken, free: %s", got)
	}
	w.Sound()
}

func TestWhoMayChangeAnActivity(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	manager := w.Agent(collectivity.Manager)
	cases := []struct {
		says   string
		who    account.Account
		id     string
		status int
		code   string
	}{
		{"a reviewer", w.Agent(collectivity.Reviewer), "cantine", 403, "role_missing"},
		{"a manager of another activity", w.Scoped(collectivity.Manager, "mercredi"), "cantine", 404, "activity_not_found"},
		{"a manager, of what is not there", manager, "poney", 404, "activity_not_found"},
		{"another town's manager", elsewhere.Agent(collectivity.Manager), "cantine", 404, "collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			event := put(w, c.who, c.id, 1, func(a *api.ActivitySettings) {
				a.Name, a.Season, a.Starts, a.Decision = "X", api.Period{From: "2026-09-01", To: "2026-09-02"}, "08:00", "auto"
			})
			town.Refused(t, town.Send(t, newHandler(), event), c.status, c.code)
		})
	}
	t.Run("a manager of the activity", func(t *testing.T) {
		t.Parallel()
		town.Read[api.Activity](t, newHandler(), put(w, w.Scoped(collectivity.Manager, "mercredi"), "mercredi", 1, func(*api.ActivitySettings) {}), 200)
	})
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	event := put(h.Town, h.Agent(collectivity.Manager), "cantine", 1, capacity(70))
	town.Rights(t, "update-activity")
	town.Read[api.Activity](t, newHandler(), event, 200)
}

func TestAgeGroupsThatAreBookedStay(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	split := func(a *api.ActivitySettings) {
		a.Capacity, a.Groups = 0, []api.AgeGroup{{Name: "3-5 ans", From: 3, To: 5, Capacity: 1}, {Name: "6-11 ans", From: 6, To: 11, Capacity: 2}}
	}
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	town.Refused(t, town.Send(t, newHandler(), put(h.Town, manager, "cantine", 1, split)), 409, "groups_in_use", "groups groups_in_use")
	town.Read[api.Activity](t, newHandler(), put(h.Town, manager, "periscolaire", 1, split), 200) // nobody has booked it
	h.Day(booking.Absence, 0, "cantine", "", tuesday)
	town.Read[api.Activity](t, newHandler(), put(h.Town, manager, "cantine", 1, split), 200)
}
