package main

import (
	"cmp"
	"context"
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/store"
	"preau/shared/views"
)

// bookings writes what was enrolled, asked and booked for the children of this household.
func (f familyExport) bookings(ctx context.Context) error {
	for _, part := range []struct {
		name string
		each func(ctx context.Context, of store.FamilyStore, add func(any) error) error
	}{
		{"inscriptions.json", f.enrolments}, {"demandes.json", f.requests}, {"journees.json", f.days},
	} {
		err := f.list(f.folder+part.name, func(add func(any) error) error {
			for _, of := range f.everywhere() {
				if err := part.each(ctx, of, add); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// enrolments are all of a family's.
func (f familyExport) enrolments(ctx context.Context, of store.FamilyStore, add func(any) error) error {
	all, err := of.Enrolments(ctx)
	for _, e := range all {
		if err := add(f.enrolment(e.Enrolment)); err != nil {
			return err
		}
	}
	return err
}

// requestPart is an entry of demandes.json.
type requestPart struct {
	ID        string    `json:"identifiant"`
	Kind      string    `json:"nature"`
	CreatedAt string    `json:"demandeeLe"`
	ByYou     bool      `json:"parVous"`
	State     string    `json:"etat"`
	From      string    `json:"du"`
	To        string    `json:"au"`
	Comment   string    `json:"commentaire,omitempty"`
	Days      []dayPart `json:"jours"`
}

// dayPart is a day of a request, or an entry of journees.json.
type dayPart struct {
	Date     string `json:"date"`
	Child    string `json:"enfant"`
	Activity string `json:"activite"`
	Option   string `json:"formule,omitempty"`
	State    string `json:"etat"`
	Presence string `json:"presence,omitempty"`
	Charge   string `json:"facturation,omitempty"`
	Reason   string `json:"motif,omitempty"`
}

var (
	requestKinds  = map[booking.Kind]string{booking.Booking: "réservation", booking.Absence: "absence"}
	requestStates = map[string]string{"pending": "en attente", "accepted": "acceptée", "refused": "refusée", "partly": "acceptée en partie", "withdrawn": "retirée"}
	presences     = map[booking.Presence]string{booking.Present: "présent", booking.Missing: "absent", booking.Unbooked: "venu sans réservation"}
	charges       = map[booking.Charge]string{booking.Normal: "normale", booking.Surtax: "majorée", booking.NoneDue: "aucune", booking.Billed: "absence facturée", booking.Waived: "non facturée"}
	weekdays      = map[calendar.Weekday]string{"mon": "lundi", "tue": "mardi", "wed": "mercredi", "thu": "jeudi", "fri": "vendredi", "sat": "samedi", "sun": "dimanche"}
)

// requests are all of a family's, newest first. The days of large ones lie apart.
func (f familyExport) requests(ctx context.Context, of store.FamilyStore, add func(any) error) error {
	return through(func(cursor string) ([]booking.Request, string, error) {
		return of.Requests(ctx, cursor, page)
	}, func(r booking.Request) error {
		if len(r.Lines) == 0 && r.Total > 0 {
			whole, err := of.Request(ctx, r.ID)
			if err != nil {
				return err
			}
			r = whole.Request
		}
		return add(f.request(r))
	})
}

func (f familyExport) request(r booking.Request) requestPart {
	state := r.State()
	out := requestPart{
		ID: r.ID, Kind: requestKinds[r.Kind], CreatedAt: instant(r.CreatedAt), ByYou: r.Account == f.me.ID && r.Agent == "", State: cmp.Or(requestStates[state], state),
		From: string(r.Period.From), To: string(r.Period.To), Comment: r.Comment, Days: []dayPart{},
	}
	for _, l := range r.Lines {
		activity, option := f.activity(l.Activity, l.Option)
		shown := views.RequestDay(r.Kind, l)
		out.Days = append(out.Days, dayPart{
			Date: string(l.Date), Child: f.called(l.Child), Activity: activity, Option: option, State: views.StateLabel(shown.State), Reason: shown.Detail,
		})
	}
	return out
}

// days are all days of which something is written, year by year.
func (f familyExport) days(ctx context.Context, of store.FamilyStore, add func(any) error) error {
	enrolments, err := of.Enrolments(ctx)
	if err != nil || len(enrolments) == 0 {
		return err
	}
	from := slices.MinFunc(enrolments, func(a, b store.Enrolled) int { return cmp.Compare(a.Period.From, b.Period.From) }).Period.From
	to := slices.MaxFunc(enrolments, func(a, b store.Enrolled) int { return cmp.Compare(a.Period.To, b.Period.To) }).Period.To
	for year := from[:4]; year <= to[:4]; year = (year + "-01-01").AddYears(1)[:4] {
		days, err := of.Days(ctx, calendar.Period{From: year + "-01-01", To: year + "-12-31"})
		if err != nil {
			return err
		}
		for _, p := range inOrder(days) {
			if err := add(f.day(days[p])); err != nil {
				return err
			}
		}
	}
	return nil
}

// inOrder are places by date, child and activity.
func inOrder(days map[booking.Place]booking.Day) (places []booking.Place) {
	for p := range days {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b booking.Place) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Child, b.Child), cmp.Compare(a.Activity, b.Activity))
	})
	return places
}

func (f familyExport) day(d booking.Day) dayPart {
	activity, option := f.activity(d.Activity, d.Option)
	return dayPart{
		Date: string(d.Date), Child: f.called(d.Child), Activity: activity, Option: option, State: views.StateLabel(string(d.State)),
		Presence: presences[d.Presence], Charge: charges[d.Charge()], Reason: d.Reason,
	}
}
