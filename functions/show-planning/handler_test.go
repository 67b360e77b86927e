package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

// line writes a day as a person would check it.
func line(d api.PlanningDay) string {
	return strings.TrimSuffix(fmt.Sprintf("%s %s %s %s", d.Date[5:], d.Activity, d.State, strings.Join(d.Actions, "+")), " ")
}

func of(p api.Planning, date, activity string) api.PlanningDay {
	i := slices.IndexFunc(p.Days, func(d api.PlanningDay) bool { return d.Date == date && d.Activity == activity })
	if i < 0 {
		return api.PlanningDay{State: "absent from the planning"}
	}
	return p.Days[i]
}

func TestAMonthShowsEachDayWithWhatMayBeDone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	h.Day(booking.Booking, 0, "periscolaire", "", "2026-11-24")
	h.Day(booking.Absence, 0, "periscolaire", "", "2026-11-24")
	h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")

	p := town.Read[api.Planning](t, newHandler(), h.Event("show-planning", nil), 200)
	cases := []struct{ says, date, activity, want string }{
		{"a past day is over", "2026-11-20", "cantine", "11-20 cantine enrolled"},
		{"today before the service may still be booked", "2026-11-23", "cantine", "11-23 cantine enrolled book"},
		{"a booked day may become an absence", "2026-11-24", "cantine", "11-24 cantine booked absent"},
		{"an absence may be booked again", "2026-11-24", "periscolaire", "11-24 periscolaire absent book"},
		{"a pending day may be withdrawn", "2026-11-25", "mercredi", "11-25 mercredi requested cancel"},
		{"a closed day offers nothing", "2026-11-28", "cantine", "11-28 cantine closed"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := line(of(p, c.date, c.activity)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if until := of(p, "2026-11-24", "cantine").Until; until != "2026-11-24T10:45:00Z" {
		t.Errorf("until %s, want the service's start in UTC", until)
	}
	if reason := of(p, "2026-11-20", "cantine").Reason; reason == "" {
		t.Error("a past day does not say why nothing can be done")
	}
	if option := of(p, "2026-11-25", "mercredi").Option; option != "matin" {
		t.Errorf("option %q", option)
	}
	if len(p.Children) != 1 || p.Children[0].FirstName != "Léa" || p.Children[0].Colour == "" || len(p.Activities) != 3 {
		t.Errorf("children %+v, activities %+v", p.Children, p.Activities)
	}
	if of(p, "2026-11-25", "mercredi").Request == "" {
		t.Error("a pending day does not name the request that a cancel withdraws")
	}
	var legend []string
	for _, l := range p.Legend {
		legend = append(legend, l.State+": "+l.Label)
	}
	want := []string{
		"booked: Réservé", "requested: Demandé, en attente de réponse", "absent: Absence déclarée", "enrolled: Inscrit, non réservé", "closed: Fermé",
	}
	if !slices.Equal(legend, want) {
		t.Errorf("the legend explains %q", legend)
	}
}

func TestAWaitingDayTellsItsRank(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé", "Inès")
	h.Narrow("cantine", 1)
	h.Day(booking.Booking, -1, "cantine", "", "2026-11-24")
	p := town.Read[api.Planning](t, newHandler(), h.Event("show-planning", nil), 200)
	ranks := map[string]int{}
	for _, d := range p.Days {
		if d.Date == "2026-11-24" && d.Activity == "cantine" {
			ranks[d.Child] = d.Rank
		}
	}
	if ranks[h.Children[0]] != 0 || ranks[h.Children[1]] != 1 || ranks[h.Children[2]] != 2 {
		t.Errorf("ranks %v of %v", ranks, h.Children)
	}
}

func TestThePlanningIsFilteredByChildAndActivity(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	event := h.Event("show-planning", nil)
	cases := []struct {
		says, query          string
		children, activities int
	}{
		{"everything", "", 2, 3},
		{"one child", "&child=" + h.Children[1], 1, 3},
		{"one child named twice", "&child=" + h.Children[1] + "&child=" + h.Children[1], 1, 3},
		{"both children by name", "&child=" + h.Children[0] + "&child=" + h.Children[1], 2, 3},
		{"one activity", "&activity=cantine", 2, 1},
		{"one child and one activity", "&child=" + h.Children[0] + "&activity=mercredi", 1, 1},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			asked := event
			asked.RawQueryString += c.query
			p := town.Read[api.Planning](t, newHandler(), asked, 200)
			if len(p.Children) != c.children || len(p.Activities) != c.activities {
				t.Errorf("%d children, %d activities", len(p.Children), len(p.Activities))
			}
			if want := c.children * c.activities * 30; len(p.Days) != want {
				t.Errorf("%d days, want %d", len(p.Days), want)
			}
		})
	}
}

func TestEachChildKeepsItsColourWhateverIsShown(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	all := town.Read[api.Planning](t, newHandler(), h.Event("show-planning", nil), 200)
	event := h.Event("show-planning", nil)
	event.RawQueryString += "&child=" + all.Children[1].ID
	alone := town.Read[api.Planning](t, newHandler(), event, 200)
	if alone.Children[0].Colour != all.Children[1].Colour || all.Children[0].Colour == all.Children[1].Colour {
		t.Errorf("alone %s, among all %+v", alone.Children[0].Colour, all.Children)
	}
}

func TestDaysAcrossTheClockChangeStartAtTheirLocalHour(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	event := h.Event("show-planning", nil)
	event.RawQueryString = "from=2027-03-26&to=2027-03-29" // the clocks change on Sunday 28
	p := town.Read[api.Planning](t, newHandler(), event, 200)
	if before, after := of(p, "2027-03-26", "cantine").Until, of(p, "2027-03-29", "cantine").Until; before != "2027-03-26T10:45:00Z" || after != "2027-03-29T09:45:00Z" {
		t.Errorf("until %s, then %s", before, after)
	}
}

func TestPlanningsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	other := town.NewHome(t, "Tom")
	stranger := h
	stranger.Account = other.Account
	closed := h
	closed.Account.User = h.Account.ID + ".anotheruser"
	cases := []struct {
		says, query string
		who         town.Home
		status      int
		code, field string
	}{
		{"no dates", "", h, 400, "required", "from"},
		{"a date that does not exist", "from=2026-02-30&to=2026-03-01", h, 400, "date_invalid", "from"},
		{"a period turned round", "from=2026-12-01&to=2026-11-01", h, 400, "period_reversed", "to"},
		{"more than a year", "from=2026-01-01&to=2027-06-01", h, 400, "period_too_long", "to"},
		{"an unknown parameter", "from=2026-12-01&to=2026-12-02&day=mon", h, 400, "unknown_parameter", "day"},
		{"a date given twice", "from=2026-12-01&from=2026-12-02&to=2026-12-02", h, 400, "given_twice", "from"},
		{"a child of another family", "from=2026-12-01&to=2026-12-02&child=" + other.Children[0], h, 400, "child_unknown", "child"},
		{"somebody of another family", "from=2026-12-01&to=2026-12-02", stranger, 404, "family_not_found", ""},
		{"credentials that were replaced", "from=2026-12-01&to=2026-12-02", closed, 401, "session_ended", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			event := c.who.Event("show-planning", nil)
			event.RawQueryString = c.query
			reply := town.Send(t, newHandler(), event)
			if reply.StatusCode != c.status || !strings.Contains(reply.Response.Body, `"code":"`+c.code+`"`) || !strings.Contains(reply.Response.Body, c.field) {
				t.Errorf("got %d %s", reply.StatusCode, reply.Response.Body)
			}
		})
	}
}

func TestANewOpeningIsSeenByAProcessThatKeepsSettings(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	handle := newHandler()
	before := town.Read[api.Planning](t, handle, h.Event("show-planning", nil), 200)
	for _, a := range h.Activities {
		if a.ID == "cantine" {
			a.Starts, a.Name = "12:00", "Restaurant scolaire"
			if err := h.Town.Store.SaveActivity(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
	}
	after := town.Read[api.Planning](t, handle, h.Event("show-planning", nil), 200)
	if was, is := of(before, "2026-11-24", "cantine").Until, of(after, "2026-11-24", "cantine").Until; was == is || is != "2026-11-24T11:00:00Z" {
		t.Errorf("until %s, then %s", was, is)
	}
}
