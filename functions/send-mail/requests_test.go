package main

import (
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/store"
)

// tuesday is a day of the canteen, whose service starts at 11:45.
const tuesday = calendar.Date("2026-11-24")

// requestFacts are those of requests whose days move by themselves, or that others make.
var requestFacts = []fact{
	{
		name: "a day without a place is told to wait, and what that means",
		happens: func(_ *testing.T, o office) string {
			o.queue()
			return o.Account.Email
		},
		subject: "Demande reçue, sur liste d’attente", has: []string{"Sur liste d’attente", "Noé, Cantine – mardi 24 novembre 2026", "n’est pas réservée"}, not: []string{"Sans réponse"},
	},
	{
		name: "a place that came free is told with what the family may still do",
		happens: func(t *testing.T, o office) string {
			o.queue()
			o.promote(t, town.Now)
			return o.Account.Email
		},
		subject: "Une place s’est libérée : Noé, Cantine, mardi 24 novembre",
		has:     []string{"Noé, Cantine – mardi 24 novembre 2026", "Déclarez une absence jusqu’au mardi 24 novembre 2026 à 11 h 45"},
	},
	{
		name: "a day for which no place came free is a refusal with remedies",
		happens: func(t *testing.T, o office) string {
			o.Narrow("cantine", 1)
			o.Day(booking.Booking, -1, "cantine", "", tuesday)
			o.promote(t, town.Now.Add(26*time.Hour+15*time.Minute)) // the service starts
			o.clock.set(town.Now.Add(27 * time.Hour))
			o.send(t, tick)
			return o.Account.Email
		},
		subject: "Aucune place ne s’est libérée : Noé, Cantine, mardi 24 novembre",
		has:     []string{"Noé, Cantine – mardi 24 novembre 2026. Motif : Aucune place ne s’est libérée à temps.", "tribunal administratif", "Défenseur des droits"},
	},
	{
		name: "what an agent booked for the family is told to its subscriber as the service's doing",
		happens: func(t *testing.T, o office) string {
			f := o.MadeFamily.Store
			_, planning, err := f.Planning(t.Context(), calendar.Period{From: tuesday, To: tuesday})
			must(t, err)
			r := booking.Request{ID: f.RequestID(id.New(town.Now)), Account: o.Account.ID, Agent: o.Agent(collectivity.Reviewer).ID, CreatedAt: town.Now, Asking: booking.Asking{
				Kind: booking.Booking, Period: calendar.Period{From: tuesday, To: tuesday}, Items: []booking.Item{{Child: o.Children[0], Activity: "cantine"}},
			}}
			r.Lines, err = planning.Ask(r)
			must(t, err)
			_, err = f.AddRequest(t.Context(), r, planning.Town)
			must(t, err)
			return o.Account.Email
		},
		subject: "Demande enregistrée pour vous et acceptée",
		has:     []string{"Le service a enregistré pour vous une demande de réservation le lundi 23 novembre 2026 à 9 h 30", "Léa, Cantine – mardi 24 novembre 2026"},
	},
	{
		name: "a standing enrolment is told by its weekdays and period once all of it is booked",
		happens: func(t *testing.T, o office) string {
			f := o.MadeFamily.Store
			household, err := f.Household(t.Context())
			must(t, err)
			_, err = f.SetEnrolment(t.Context(), household, booking.Enrolment{
				ID: f.EnrolmentID("standing"), Child: o.Children[1], Activity: "periscolaire", Standing: true,
				Period: calendar.Period{From: "2026-11-24", To: "2027-07-02"}, Weekdays: []calendar.Weekday{"tue", "thu"},
			}, o.Agent(collectivity.Manager).ID, town.Now)
			must(t, err)
			requests, _, err := f.Requests(t.Context(), "", 1)
			must(t, err)
			o.WorkOff(requests[0].ID)
			return o.Account.Email
		},
		subject: "Inscription à l’année enregistrée",
		has: []string{
			"Noé, Accueil du soir, du mardi 24 novembre 2026 au vendredi 2 juillet 2027",
			"Noé, Accueil du soir – les mardis et jeudis, du mardi 24 novembre 2026 au jeudi 1er juillet 2027",
		},
		not: []string{"janvier 2027"},
	},
	{
		name: "limits that come near are told with their days, those booked left out",
		happens: func(t *testing.T, o office) string {
			o.limit(t)
			o.Day(booking.Booking, 0, "cantine", "", tuesday)
			o.remind(t, 2)
			return o.Account.Email
		},
		subject: "Délai de réservation : lundi 23 novembre",
		has: []string{
			"Jusqu’au lundi 23 novembre 2026 à 19 h 00\n\n- Noé, Cantine – mardi 24 novembre 2026\n",
			"Jusqu’au mercredi 25 novembre 2026 à 19 h 00\n\n- ",
			"- Léa, Cantine – jeudi 26 novembre 2026\n", "- Noé, Cantine – jeudi 26 novembre 2026\n", "Vous pouvez l’arrêter",
		},
		not: []string{"27 novembre", "Accueil du soir"},
	},
}

// limit has bookings of the canteen close the day before at 19:00; nothing else is on offer.
func (o office) limit(t *testing.T) {
	t.Helper()
	for _, a := range o.Activities {
		a.Rules, a.Archived = `{"rules": [{"closes": {"at": "19:00", "steps": [{"days": -1}]}}]}`, a.ID != "cantine"
		must(t, o.Town.Store.SaveActivity(t.Context(), a))
	}
}

// remind has the subscriber reminded some days ahead, and tells them now, as remind-limits does in the evening.
func (o office) remind(t *testing.T, days int) {
	t.Helper()
	right, err := o.app.store.FamilyOf(t.Context(), caller(o), o.ID)
	must(t, err)
	must(t, right.SetReminders(t.Context(), days, town.Now))
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		due, next, err := o.app.store.DueReminders(t.Context(), town.Now, cursor)
		must(t, err)
		for _, d := range due {
			if told, err := d.Remind(t.Context(), town.Now); err != nil || !told {
				t.Fatal(told, err)
			}
		}
		cursor = next
	}
}

// TestAReminderOfWhatIsBookedByNowIsMoot: it is not read by who has acted already.
func TestAReminderOfWhatIsBookedByNowIsMoot(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.limit(t)
	o.remind(t, 1)
	o.Day(booking.Booking, -1, "cantine", "", tuesday)
	id := store.MailLimitsClosing + "-" + o.Account.ID + "-" + o.ID + "-" + town.Stamp(town.Now)
	o.send(t, batch(t, id))
	if i := o.outbox(t, id); i.text("outcome") != "moot" {
		t.Errorf("its mail is %v; %s", i, o.log.String())
	}
}

// queue has the only place of a day given back while the second child waits for it.
func (o office) queue() {
	o.T.Helper()
	o.Narrow("cantine", 1)
	o.Day(booking.Booking, 0, "cantine", "", tuesday)
	o.Day(booking.Booking, 1, "cantine", "", tuesday)
	o.Day(booking.Absence, 0, "cantine", "", tuesday)
}

// promote serves those who wait, as advance-bookings does.
func (o office) promote(t *testing.T, at time.Time) {
	t.Helper()
	w, ok := o.app.store.WaitingSlot("C#"+o.Slug+"#S#cantine", "SLOT#"+string(tuesday))
	if !ok {
		t.Fatal("no such slot")
	}
	promoted, released, err := w.Promote(t.Context(), at)
	must(t, err)
	if promoted+released != 1 {
		t.Fatalf("promoted %d, released %d", promoted, released)
	}
}

// TestAPlaceThatWasGivenBackAtOnceIsNoNews: its letter leaves after the family has told its absence.
func TestAPlaceThatWasGivenBackAtOnceIsNoNews(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.queue()
	o.promote(t, town.Now)
	o.Day(booking.Absence, 1, "cantine", "", tuesday)
	o.clock.set(town.Now.Add(10 * time.Minute))
	o.send(t, tick)
	if _, told := o.last(t, o.Account.Email, "Une place s’est libérée : Noé, Cantine, mardi 24 novembre – Ville de test"); told || o.log.count("MailFailed") > 0 {
		t.Errorf("told: %v; %s", told, o.log.String())
	}
	if n := len(testkit.Mails(t, o.Account.Email)); n != 5 { // the subscription, and four requests
		t.Errorf("got %d mails", n)
	}
}
