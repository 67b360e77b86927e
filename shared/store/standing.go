package store

import (
	"slices"
	"strconv"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/id"
)

// bookStanding is what a new or edited standing enrolment adds to its own transaction: a request for its days from today on,
// which advance-bookings works off within capacity. Days that an earlier edition booked stay as they are.
func (f FamilyStore) bookStanding(h Household, e booking.Enrolment, by string, now time.Time) []write {
	period := e.Period
	period.From = max(period.From, calendar.DateOf(now, time.UTC))
	if period.To < period.From {
		return nil
	}
	r := booking.Request{
		ID: f.RequestID(id.Derived("standing", e.ID, strconv.Itoa(h.enrolled))), Account: h.Subscriber(), Agent: by, Standing: e.ID, CreatedAt: now,
		Asking: booking.Asking{Kind: booking.Booking, Items: []booking.Item{{Child: e.Child, Activity: e.Activity, Option: e.Option}}, Period: period, Weekdays: e.Weekdays},
	}
	if by == "" {
		r.Agent = "onboarding"
	}
	return f.headerWrites(r, now, true, true)
}

// Subscriber is the account that is told of what an agent does for the family: of the first guardian who has one, or "".
func (h Household) Subscriber() string {
	i := slices.IndexFunc(h.Guardians, func(g family.Member) bool { return g.Account != "" })
	if i < 0 {
		return ""
	}
	return h.Guardians[i].Account
}
