package main

import (
	"fmt"
	"slices"
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
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

// at is the id of a child's enrolment at an activity.
func at(h town.Home, n int, activity string) string {
	h.T.Helper()
	household, err := h.MadeFamily.Store.Household(h.T.Context())
	if err != nil {
		h.T.Fatal(err)
	}
	i := slices.IndexFunc(household.Enrolments, func(e booking.Enrolment) bool { return e.Child == h.Children[n] && e.Activity == activity })
	return household.Enrolments[i].ID
}

func event(h town.Home, agent account.Account, enrolment string) httpapi.Request {
	return town.As(town.Event(h.T, "update-enrolment", map[string]string{"slug": h.Slug, "enrolment": enrolment}), agent)
}

func sent(h town.Home, agent account.Account, enrolment string, body object) httpapi.Request {
	return town.With(h.T, event(h, agent, enrolment), body)
}

// written is what the file says of an enrolment, which the activity's list must say too.
func written(h town.Home, id string) booking.Enrolment {
	h.T.Helper()
	household, err := h.MadeFamily.Store.Household(h.T.Context())
	if err != nil {
		h.T.Fatal(err)
	}
	e := household.Enrolments[slices.IndexFunc(household.Enrolments, func(e booking.Enrolment) bool { return e.ID == id })]
	all, err := h.Town.Store.Enrolled(h.T.Context(), e.Activity, calendar.Period{From: "2026-01-01", To: "2028-01-01"})
	if err != nil {
		h.T.Fatal(err)
	}
	i := slices.IndexFunc(all, func(o store.Enrolled) bool { return o.ID == id })
	if d := cmp.Diff(e, all[i].Enrolment); d != "" {
		h.T.Errorf("the file and the activity's list differ (-file +list)\n%s", d)
	}
	return e
}

func TestTheSampleEventSetsTheLastDayAndTheWeekdays(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id := at(h, 0, "cantine")
	got := town.Read[api.UpdatedEnrolment](t, newHandler(), event(h, h.Agent(collectivity.Manager), id), 200)
	want := api.UpdatedEnrolment{Outside: []string{}, Enrolment: api.Enrolment{
		ID: id, Family: h.ID, Label: h.Label, Child: h.Children[0], ChildName: "Léa Martin", Activity: "cantine",
		From: "2026-09-01", To: "2027-03-31", Weekdays: []string{"mon", "tue"},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if e := written(h, id); e.Period.To != "2027-03-31" || !slices.Equal(e.Weekdays, []calendar.Weekday{"mon", "tue"}) {
		t.Errorf("written %+v", e)
	}
	if d := cmp.Diff([]string{"update-enrolment enrolment " + id + " activity cantine"}, h.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestWhatIsBookedOutsideStaysSoAndIsTold(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	for _, d := range []calendar.Date{"2026-11-24", "2026-12-03", "2026-12-08", "2026-12-10"} {
		h.Day(booking.Booking, -1, "cantine", "", d)
	}
	h.Day(booking.Booking, 0, "periscolaire", "", "2026-12-10")
	body := object{"to": "2026-12-08", "weekdays": []string{"mon", "tue"}}
	got := town.Read[api.UpdatedEnrolment](t, newHandler(), sent(h, h.Agent(collectivity.Manager), at(h, 0, "cantine"), body), 200)
	if d := cmp.Diff([]string{"2026-12-03", "2026-12-10"}, got.Outside); d != "" {
		t.Errorf("outside (-want +got)\n%s", d)
	}
	if n := h.Booked(calendar.Period{From: "2026-11-01", To: "2026-12-31"}); n != 9 {
		t.Errorf("%d days are booked", n)
	}
}

func TestWithoutWeekdaysEveryOpenDayCounts(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id, manager := at(h, 0, "cantine"), h.Agent(collectivity.Manager)
	for _, days := range [][]string{{"mon"}, nil} {
		body := object{"to": "2027-03-31"}
		if days != nil {
			body["weekdays"] = days
		}
		town.Read[api.UpdatedEnrolment](t, newHandler(), sent(h, manager, id, body), 200)
		if e := written(h, id); len(e.Weekdays) != len(days) {
			t.Errorf("%v: written %+v", days, e)
		}
	}
}

func TestAnEditThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager, id := h.Agent(collectivity.Manager), at(h, 0, "cantine")
	later := booking.Enrolment{ID: h.MadeFamily.Store.EnrolmentID("later"), Child: h.Children[0], Activity: "cantine", Period: calendar.Period{From: "2027-09-01", To: "2028-07-01"}}
	if err := h.MadeFamily.Store.Enrol(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	for says, c := range map[string]struct {
		body object
		want string
	}{
		"no last day":                      {object{}, "to required"},
		"a last day before the first":      {object{"to": "2026-08-31"}, "to period_reversed"},
		"a last day in another age":        {object{"to": "9999-12-31"}, "to date_invalid"},
		"weekdays on which it is closed":   {object{"to": "2027-01-01", "weekdays": []string{"wed"}}, "weekdays no_open_day"},
		"a weekday twice":                  {object{"to": "2027-01-01", "weekdays": []string{"mon", "mon"}}, "weekdays weekday_twice"},
		"into the next year’s enrolment":   {object{"to": "2027-09-01"}, "to already_enrolled"},
		"a first day, which does not move": {object{"to": "2027-01-01", "from": "2026-10-01"}, "from unknown_field"},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), sent(h, manager, id, c.body)), 400, "invalid_input", c.want)
		})
	}
}

func TestWhoMayChangeAnEnrolment(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	id := at(h, 0, "cantine")
	parentToo := h.Agent(collectivity.Manager)
	own := town.Home{Town: h.Town, MadeFamily: h.Family("Zoé")}
	c, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, own.Codes[0], parentToo.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(t.Context(), parentToo, c, town.Now); err != nil {
		t.Fatal(err)
	}
	manager := h.Agent(collectivity.Manager)
	cases := []struct {
		says   string
		who    account.Account
		id     string
		status int
		code   string
	}{
		{"a reviewer", h.Agent(collectivity.Reviewer), id, 403, "role_missing"},
		{"a manager of another activity", h.Scoped(collectivity.Manager, "mercredi"), id, 404, "enrolment_not_found"},
		{"a manager for their own family", parentToo, at(own, 0, "cantine"), 403, "own_family"},
		{"an enrolment that is not there", manager, h.ID + "-x", 404, "enrolment_not_found"},
		{"a family that is not there", manager, "x-x", 404, "enrolment_not_found"},
		{"another town's enrolment", manager, at(elsewhere, 0, "cantine"), 404, "enrolment_not_found"},
		{"another town's manager", elsewhere.Agent(collectivity.Manager), id, 404, "collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), event(h, c.who, c.id)), c.status, c.code)
		})
	}
}

// TestManyEditsAtOnceLeaveOneOfThem: the file and the activity's list say the same whatever the order.
func TestManyEditsAtOnceLeaveOneOfThem(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id, manager := at(h, 0, "cantine"), h.Agent(collectivity.Manager)
	told := map[int]int{}
	for _, status := range town.InParallel(6, func(n int) int {
		return town.Send(t, newHandler(), sent(h, manager, id, object{"to": fmt.Sprintf("2027-01-%02d", n+1)})).StatusCode
	}) {
		told[status]++
	}
	if told[200]+told[409] != 6 || told[200] == 0 {
		t.Errorf("answers %v", told)
	}
	if e := written(h, id); e.Period.To < "2027-01-01" || e.Period.To > "2027-01-06" {
		t.Errorf("written %+v", e)
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	id, manager := at(h, 0, "cantine"), h.Agent(collectivity.Manager)
	town.Rights(t, "update-enrolment")
	town.Read[api.UpdatedEnrolment](t, newHandler(), event(h, manager, id), 200)
}
