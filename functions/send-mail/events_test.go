package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// declare writes a strike of two days as declare-event does.
func (o office) declare(t *testing.T, effect collectivity.Effect) {
	t.Helper()
	e := collectivity.Event{
		ID: "e1", Kind: collectivity.Strike, Effect: effect, Name: "Grève nationale", CreatedAt: town.Now, Author: "agent",
		Period: calendar.Period{From: "2026-11-24", To: "2026-11-25"},
	}
	if effect == collectivity.Reopens {
		e.Until = "09:00"
	}
	seen, err := o.Town.Store.Configuration(t.Context())
	must(t, err)
	_, err = o.Town.Store.DeclareEvent(t.Context(), seen, e, "")
	must(t, err)
}

func (o office) revoke(t *testing.T) {
	t.Helper()
	seen, err := o.Town.Store.Configuration(t.Context())
	must(t, err)
	e, err := o.Town.Store.Event(t.Context(), "e1")
	must(t, err)
	_, err = o.Town.Store.RevokeEvent(t.Context(), seen, e, "agent", town.Now.Add(time.Minute))
	must(t, err)
}

// carryOut has the event's families written and told, as advance-bookings does.
func (o office) carryOut(t *testing.T, now time.Time) {
	t.Helper()
	due, _ := o.app.store.DueEvent("C#"+o.Slug, "SET#EVENT#e1")
	done, err := due.CarryOut(t.Context(), now)
	if err != nil || !done {
		t.Fatal(done, err)
	}
}

// booked has Léa booked on Tuesday, and Noé waiting for an agent on Wednesday.
func (o office) booked() {
	o.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	o.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
}

const (
	declaredMail = "event-declared-%f-e1-1-%a"
	revokedMail  = "event-revoked-%f-e1-2-%a"
)

func (o office) mailOf(id string) string {
	return strings.NewReplacer("%f", o.ID, "%a", o.Account.ID).Replace(id)
}

func TestAnEventIsToldToTheFamiliesThatItTouches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		happens func(t *testing.T, o office)
		subject string
		has     []string
		not     []string
	}{
		{
			"which days are cancelled, and what only waited",
			func(t *testing.T, o office) {
				o.declare(t, collectivity.Cancels)
				o.carryOut(t, town.Now)
			},
			"Journées annulées : Grève nationale",
			[]string{"Léa, Cantine – mardi 24 novembre 2026", "Noé, Centre de loisirs du mercredi – mercredi 25 novembre 2026", "Demandes annulées", "Service enfance"},
			nil,
		},
		{
			"until when absences are taken",
			func(t *testing.T, o office) {
				o.declare(t, collectivity.Reopens)
				o.carryOut(t, town.Now)
			},
			"Absences acceptées plus tard : Grève nationale",
			[]string{"Léa, Cantine – mardi 24 novembre 2026", "jusqu’à 9 h 00"},
			[]string{"Noé"},
		},
		{
			"what a revocation gives back",
			func(t *testing.T, o office) {
				o.declare(t, collectivity.Cancels)
				o.carryOut(t, town.Now)
				o.revoke(t)
				o.carryOut(t, town.Now.Add(time.Minute))
			},
			"Annonce retirée : Grève nationale",
			[]string{"Journées de nouveau réservées", "Léa, Cantine – mardi 24 novembre 2026", "Demandes à refaire", "Noé"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := opened(t)
			o.booked()
			c.happens(t, o)
			o.clock.set(town.Now.Add(10 * time.Minute))
			o.send(t, tick)
			m, ok := o.last(t, o.Account.Email, c.subject+" – Ville de test")
			if !ok {
				t.Fatalf("not told; %s", o.log.String())
			}
			for _, s := range c.has {
				if !strings.Contains(m.Text, s) {
					t.Errorf("it lacks %q:\n%s", s, m.Text)
				}
			}
			for _, s := range c.not {
				if strings.Contains(m.Text+m.HTML, s) {
					t.Errorf("it must not say %q:\n%s", s, m.Text)
				}
			}
		})
	}
}

func TestALetterOfAnEventThatHasLostItsObjectIsMoot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		effect  collectivity.Effect
		happens func(t *testing.T, o office)
	}{
		{"the event was revoked meanwhile", collectivity.Cancels, func(t *testing.T, o office) { o.revoke(t) }},
		{"the absence that it was about is declared already", collectivity.Reopens, func(_ *testing.T, o office) { o.Day(booking.Absence, 0, "cantine", "", "2026-11-24") }},
		{"the account has unsubscribed", collectivity.Cancels, func(t *testing.T, o office) {
			right, err := o.app.store.FamilyOf(t.Context(), account.CallerOf(o.Account.User, false), o.ID)
			must(t, err)
			must(t, right.Unsubscribe(t.Context(), town.Now))
		}},
		{"the event was put away long ago", collectivity.Cancels, func(t *testing.T, o office) {
			for day := range 2 {
				o.carryOut(t, town.Now.AddDate(1, 0, day))
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := opened(t)
			o.booked()
			o.declare(t, c.effect)
			o.carryOut(t, town.Now)
			c.happens(t, o)
			id := o.mailOf(declaredMail)
			o.send(t, batch(t, id))
			if i := o.outbox(t, id); i.text("outcome") != "moot" || i.text("work") != "" {
				t.Errorf("its mail is %v; %s", i, o.log.String())
			}
		})
	}
}

// TestARevocationFollowsALetterThatIsLate: the family is told of the revocation all the same.
func TestARevocationFollowsALetterThatIsLate(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.booked()
	o.declare(t, collectivity.Cancels)
	o.carryOut(t, town.Now)
	o.revoke(t)
	o.carryOut(t, town.Now.Add(time.Minute))
	o.send(t, batch(t, o.mailOf(declaredMail), o.mailOf(revokedMail)))
	if got := testkit.Mails(t, o.Account.Email); len(got) != 1 || !strings.HasPrefix(got[0].Subject, "Annonce retirée") {
		t.Errorf("got %+v", got)
	}
	if i := o.outbox(t, o.mailOf(declaredMail)); i.text("outcome") != "moot" {
		t.Errorf("the first is %v", i)
	}
}
