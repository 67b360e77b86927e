package mail

import (
	"time"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// Samples are the letters that families get from a town, one of each kind, as they would be written at an instant. Their reader,
// child and days are invented, and their links open nothing.
func Samples(town collectivity.Settings, portal string, at time.Time) []Letter {
	e := Envelope{To: "parent@example.org", Reader: account.Person{Civility: "mme", FirstName: "Dominique", LastName: "Exemple"}, Town: town, Portal: portal}
	s := sampling{e, at, calendar.DateOf(at, town.Zone()).AddDays(14)}
	return append(s.ofAccounts(), append(s.ofFiles(), s.ofBookings()...)...)
}

type sampling struct {
	Envelope
	at  time.Time
	day calendar.Date // on which a child is to come
}

const sampleToken = "exemple"

func (s sampling) ofAccounts() []Letter {
	hello := s.Envelope
	hello.Reader = account.Person{} // has not proved yet whose the address is
	until := s.at.Add(account.ActivationLife)
	return []Letter{
		hello.Activation(sampleToken, until),
		hello.Activations([]WaitingSignUp{{sampleToken, s.at.Add(-time.Hour), until}}),
		s.HasAccount(),
		s.Reset(sampleToken, s.at.Add(account.ResetLife)),
		s.PasswordChanged(s.at),
		hello.NewEmail(sampleToken, s.at.Add(account.NewEmailLife)),
		s.EmailChanged(s.at),
		s.AccountClosed(s.at),
		s.ExportReady(s.at.AddDate(0, 0, 7)),
	}
}

func (s sampling) ofFiles() []Letter {
	change := func(states ...family.ChangeState) family.Change {
		fields := []family.FieldChange{{Field: "mobile"}, {Field: "home"}}
		for i := range fields {
			fields[i].State = states[i]
		}
		fields[1].Reason = "Ce numéro est incomplet."
		return family.Change{Target: "g", Of: family.Guardian, Section: "phones", CreatedAt: s.at, Fields: fields}
	}
	guardian := family.Member{ID: "g", Target: family.Guardian}
	return []Letter{
		s.Subscribed(s.at),
		s.Unsubscribed(s.at),
		s.ChangeReceived(change(family.Pending, family.Pending), guardian),
		s.ChangeDecided(change(family.Accepted, family.Refused), guardian),
		s.DocumentEnding("insurance", "Camille", s.day),
	}
}

func (s sampling) ofBookings() []Letter {
	return []Letter{
		s.RequestReceived(s.asked(booking.Asked, booking.Booked, booking.Waitlisted)),
		s.RequestDecided(s.asked(booking.Booked, booking.Refused)),
		s.PlaceFound(s.asked(booking.Waitlisted), booking.Day{Place: s.place(0), State: booking.Booked}, booking.Allowance{Actions: []booking.Action{booking.Miss}, Until: s.at.AddDate(0, 0, 7)}),
		s.PlaceNotFound(s.asked(booking.Waitlisted), booking.Day{Place: s.place(0), State: booking.Refused}),
		s.LimitsClosing(s.asked(), []booking.Closing{{Place: s.place(0), At: s.at.AddDate(0, 0, 2)}, {Place: s.place(1), At: s.at.AddDate(0, 0, 2)}}),
		s.EventDeclared(s.news(booking.Line{Place: s.place(0), State: booking.Cancelled})),
		s.EventRevoked(s.news(booking.Line{Place: s.place(0), State: booking.Booked})),
	}
}

func (s sampling) place(n int) booking.Place {
	return booking.Place{Date: s.day.AddDays(7 * n), Child: "c", Activity: "a"}
}

// asked is a request of which each day has become something.
func (s sampling) asked(states ...booking.State) Asked {
	a := Asked{
		Request:    booking.Request{CreatedAt: s.at, Asking: booking.Asking{Kind: booking.Booking}, Settled: true},
		Children:   []family.Member{{ID: "c", Target: family.Child, Values: map[string]map[string]any{"identity": {"firstName": "Camille"}}}},
		Activities: []collectivity.Activity{{ID: "a", Name: "Accueil de loisirs"}},
	}
	for i, state := range states {
		l := booking.Line{Place: s.place(i), State: state}
		if state == booking.Refused {
			l.Reason = "Le centre est fermé ce jour-là."
		}
		a.Lines = append(a.Lines, l)
	}
	return a
}

func (s sampling) news(l booking.Line) News {
	n := News{Asked: s.asked(), Event: collectivity.Event{
		Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Mouvement de grève", Period: calendar.Period{From: s.day, To: s.day},
	}}
	if l.State == booking.Booked {
		n.Released = []booking.Line{l}
	} else {
		n.Cancelled = []booking.Line{l}
	}
	return n
}
