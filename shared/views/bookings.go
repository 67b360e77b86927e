package views

import (
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

// childColours stay apart for colour-blind eyes (Okabe and Ito's palette, in the order that keeps neighbours apart).
var childColours = []string{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6F4E9B", "#4D4D4D"}

// ChildColour is the colour of the nth child of a family.
func ChildColour(n int) string { return childColours[max(n, 0)%len(childColours)] }

// Activity shows an activity with its options.
func Activity(a collectivity.Activity) api.PlanningActivity {
	out := api.PlanningActivity{ID: a.ID, Name: a.Name, Options: []api.Option{}}
	for _, o := range a.Options {
		out.Options = append(out.Options, api.Option{ID: o.ID, Name: o.Name})
	}
	return out
}

// Day shows a place: its state, and what a parent may do with it at an instant.
func Day(p booking.Planning, place booking.Place, rank int, now time.Time) api.PlanningDay {
	day := p.Day(place)
	may := p.Allowed(day, now)
	out := api.PlanningDay{
		Date: string(place.Date), Child: place.Child, Activity: place.Activity, Option: day.Option, State: string(day.State), Rank: rank,
		Presence: string(day.Presence), Charge: string(day.Charge()), Actions: []string{}, Until: Instant(may.Until),
		Code: may.Code, Reason: day.Reason, Rule: may.Text, Late: may.Late || may.Due, Request: day.Request,
	}
	for _, a := range may.Actions {
		out.Actions = append(out.Actions, string(a))
	}
	if out.Reason == "" {
		out.Reason = booking.Detail(may.Code)
	}
	if day.Absence != "" && day.State != booking.Booked {
		out.Request = day.Absence
	}
	return out
}

// labels are the states of days as families read them, in the order of a legend.
var labels = []api.Legend{
	{State: string(booking.Booked), Label: "Réservé"},
	{State: string(booking.Requested), Label: "Demandé, en attente de réponse"},
	{State: string(booking.Waitlisted), Label: "Sur liste d’attente"},
	{State: string(booking.AbsenceRequested), Label: "Absence demandée, en attente de réponse"},
	{State: string(booking.Absent), Label: "Absence déclarée"},
	{State: string(booking.Refused), Label: "Refusé"},
	{State: string(booking.Cancelled), Label: "Annulé par la collectivité"},
	{State: string(booking.Enrolled), Label: "Inscrit, non réservé"},
	{State: string(booking.Closed), Label: "Fermé"},
}

// Legend explains the states that days are in.
func Legend(days []api.PlanningDay) []api.Legend {
	return slices.DeleteFunc(slices.Clone(labels), func(l api.Legend) bool {
		return !slices.ContainsFunc(days, func(d api.PlanningDay) bool { return d.State == l.State })
	})
}

// Request shows a request with each day's outcome.
func Request(r booking.Request) api.Request {
	out := api.Request{
		ID: r.ID, Kind: string(r.Kind), State: r.State(), CreatedAt: Instant(r.CreatedAt), From: string(r.Period.From), To: string(r.Period.To),
		Items: []api.RequestItem{}, Comment: r.Comment, Days: []api.RequestDay{}, Progress: api.Progress{Done: r.Settled, Total: max(r.Total, len(r.Lines))},
	}
	for _, i := range r.Items {
		out.Items = append(out.Items, api.RequestItem(i))
	}
	for _, l := range r.Lines {
		if l.State != booking.Asked {
			out.Progress.Settled++
		}
		out.Days = append(out.Days, RequestDay(r.Kind, l))
	}
	if r.Settled {
		out.Progress.Settled = out.Progress.Total // also where a list leaves the days out
	}
	return out
}

// RequestDay shows one day's outcome.
func RequestDay(kind booking.Kind, l booking.Line) api.RequestDay {
	if l.State == booking.Asked {
		l.State = booking.Requested // taken, and not written yet
	}
	out := api.RequestDay{Date: string(l.Date), Child: l.Child, Activity: l.Activity, Option: l.Option, State: string(l.State), Code: l.Code, Detail: l.Why()}
	switch {
	case l.Code != "":
	case kind == booking.Booking && l.Late:
		out.Charge = string(booking.Surtax)
	case kind == booking.Absence && l.Due:
		out.Charge = string(booking.Billed)
	}
	return out
}
