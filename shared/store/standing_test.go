package store_test

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
)

// TestAnEditedStandingEnrolmentLeavesDeclaredAbsencesAlone: prolonging it books the new days, and no day that the family has
// said something of.
func TestAnEditedStandingEnrolmentLeavesDeclaredAbsencesAlone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	f := h.MadeFamily.Store
	e := booking.Enrolment{
		ID: f.EnrolmentID("standing"), Child: h.Children[0], Activity: "cantine", Standing: true, Weekdays: []calendar.Weekday{"tue"},
		Period: calendar.Period{From: "2026-11-24", To: "2026-12-08"},
	}
	set := func() {
		t.Helper()
		household, err := f.Household(t.Context())
		check(t, err)
		_, err = f.SetEnrolment(t.Context(), household, e, "agent", town.Now)
		check(t, err)
		requests, _, err := f.Requests(t.Context(), "", 10)
		check(t, err)
		for _, r := range requests {
			if !r.Settled {
				h.WorkOff(r.ID)
			}
		}
	}
	set()
	h.Day(booking.Absence, 0, "cantine", "", "2026-12-01")
	e.Period.To = "2026-12-15"
	set()
	days, err := f.Days(t.Context(), calendar.Period{From: "2026-11-24", To: "2026-12-31"})
	check(t, err)
	want := map[calendar.Date]booking.State{"2026-11-24": booking.Booked, "2026-12-01": booking.Absent, "2026-12-08": booking.Booked, "2026-12-15": booking.Booked}
	for place, d := range days {
		if d.State != want[place.Date] {
			t.Errorf("%s is %s, want %s", place.Date, d.State, want[place.Date])
		}
	}
	if len(days) != len(want) {
		t.Errorf("%d days, want %d", len(days), len(want))
	}
	h.Sound()
}
