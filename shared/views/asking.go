package views

import (
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
)

// Asking is what a request's body asks for.
func Asking(in api.Asking) booking.Asking {
	a := booking.Asking{
		Kind: booking.Kind(in.Kind), Period: calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)},
		Weeks: calendar.Weeks(in.Weeks), Comment: in.Comment,
	}
	for _, w := range in.Weekdays {
		a.Weekdays = append(a.Weekdays, calendar.Weekday(w))
	}
	for _, i := range in.Items {
		a.Items = append(a.Items, booking.Item(i))
	}
	return a
}
