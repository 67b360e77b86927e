package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

const (
	tuesday   = calendar.Date("2026-12-01")
	wednesday = calendar.Date("2026-12-02")
)

func on(d calendar.Date) calendar.Period { return calendar.Period{From: d, To: d} }

// strike is a strike without minimum service, reopening one with it.
func strike(p calendar.Period, activities ...string) collectivity.Event {
	return collectivity.Event{Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", Period: p, Activities: activities}
}

func reopening(p calendar.Period) collectivity.Event {
	return collectivity.Event{Kind: collectivity.Strike, Effect: collectivity.Reopens, Until: "09:00", Name: "Grève", Period: p}
}

// declare writes an event at an instant as declare-event does: e1, e2 …
func (m morning) declare(t *testing.T, e collectivity.Event, now time.Time) (id string) {
	t.Helper()
	e.ID, e.Author, e.CreatedAt = fmt.Sprint("e", len(m.events(t))+1), "agent", now
	must(t, store.Again(t.Context(), func() error {
		c, err := m.Town.Store.Configuration(t.Context())
		if err != nil {
			return err
		}
		if err := c.CheckEvent(e); err != nil {
			return err
		}
		_, err = m.Town.Store.DeclareEvent(t.Context(), c, e, "body")
		return err
	}))
	return e.ID
}

// revoke takes an event back at an instant as revoke-event does.
func (m morning) revoke(t *testing.T, id string, now time.Time) {
	t.Helper()
	must(t, store.Again(t.Context(), func() error {
		c, err := m.Town.Store.Configuration(t.Context())
		if err != nil {
			return err
		}
		e, err := m.Town.Store.Event(t.Context(), id)
		if err != nil {
			return err
		}
		_, err = m.Town.Store.RevokeEvent(t.Context(), c, e, "agent", now)
		return err
	}))
}

func (m morning) events(t *testing.T) []store.DeclaredEvent {
	t.Helper()
	all, _, err := m.Town.Store.Events(t.Context(), "", 50)
	must(t, err)
	return all
}

const grace = time.Minute

// carryOut has the worker come at an instant, and once more when it looks again.
func (m morning) carryOut(t *testing.T, now time.Time) {
	t.Helper()
	must(t, m.run(t, now, `"queue":"events","done":1`))
	must(t, m.run(t, now.Add(grace), `"queue":"events","done":1`))
}

// with is another family of the town.
func (m morning) with(other town.Home) morning {
	m.Home = other
	return m
}

// days writes what is written of the family's days: "01 Léa cantine booked". What holds its places although it should not,
// or the other way round, says so.
func (m morning) days(t *testing.T) string {
	t.Helper()
	days, err := m.MadeFamily.Store.Days(t.Context(), calendar.Period{From: "2026-11-01", To: "2027-07-31"})
	must(t, err)
	var all []string
	for _, d := range days {
		s := fmt.Sprintf("%s %s %s %s", d.Date[8:], []string{"Léa", "Noé"}[slices.Index(m.Children, d.Child)], d.Activity, d.State)
		if d.Event != "" {
			s += " by " + d.Event
		}
		if d.Held != slices.Contains([]booking.State{booking.Booked, booking.AbsenceRequested, booking.Cancelled}, d.State) {
			s += fmt.Sprint(" held ", d.Held)
		}
		all = append(all, s)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// told counts the mails about an event to an account of the family, whatever their numbers.
func (m morning) told(t *testing.T, kind, event, account string) (n int) {
	t.Helper()
	for i := range 5 {
		var out struct{ Item map[string]any }
		in := map[string]any{"TableName": m.table[catalog.EnvTable], "ConsistentRead": true, "Key": map[string]any{
			"PK": map[string]string{"S": fmt.Sprintf("MAIL#%s-%s-%s-%d-%s", kind, m.ID, event, i+1, account)}, "SK": map[string]string{"S": "MAIL"},
		}}
		must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "GetItem", in, &out))
		if out.Item != nil {
			n++
		}
	}
	return n
}

// wantTold fails the test unless the family's subscriber was told so often of an event, and of its revocation.
func (m morning) wantTold(t *testing.T, event string, declared, revoked int) {
	t.Helper()
	for kind, want := range map[string]int{store.MailEventDeclared: declared, store.MailEventRevoked: revoked} {
		if got := m.told(t, kind, event, m.Account.ID); got != want {
			t.Errorf("%s was told %d × %s, want %d", m.ID, got, kind, want)
		}
	}
}

// set changes an activity of the town.
func (m morning) set(t *testing.T, id string, change func(*collectivity.Activity)) {
	t.Helper()
	a, _ := m.Made().Activity(id)
	change(&a)
	must(t, m.Town.Store.SaveActivity(t.Context(), a))
}

func TestAnEventIsCarriedOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		before func(t *testing.T, m morning)
		event  collectivity.Event
		want   string
		mails  int
	}{
		{
			"a closure cancels booked days of all children and activities, and no other day",
			func(t *testing.T, m morning) {
				m.Day(booking.Booking, -1, "cantine", "", tuesday)
				m.Day(booking.Booking, 0, "periscolaire", "", tuesday)
				m.Day(booking.Booking, 0, "cantine", "", "2026-12-03")
			},
			strike(on(tuesday)),
			"01 Léa cantine cancelled by e1, 01 Léa periscolaire cancelled by e1, 01 Noé cantine cancelled by e1, 03 Léa cantine booked", 1,
		},
		{
			"an event at one activity leaves the others alone",
			func(t *testing.T, m morning) {
				m.Day(booking.Booking, 0, "cantine", "", tuesday)
				m.Day(booking.Booking, 0, "periscolaire", "", tuesday)
			},
			strike(on(tuesday), "cantine"), "01 Léa cantine cancelled by e1, 01 Léa periscolaire booked", 1,
		},
		{
			"a day that waits for an agent goes away",
			func(t *testing.T, m morning) { m.Day(booking.Booking, 0, "mercredi", "matin", wednesday) },
			strike(on(wednesday)), "", 1,
		},
		{
			"who waits for a place leaves the list",
			func(t *testing.T, m morning) {
				m.Narrow("cantine", 1)
				m.Day(booking.Booking, -1, "cantine", "", tuesday)
			},
			strike(on(tuesday)), "01 Léa cantine cancelled by e1", 1,
		},
		{
			"an absence that was asked for is cancelled with its day",
			func(t *testing.T, m morning) {
				m.set(t, "cantine", func(a *collectivity.Activity) { a.Absences = collectivity.ByAgent })
				m.Day(booking.Booking, 0, "cantine", "", tuesday)
				m.Day(booking.Absence, 0, "cantine", "", tuesday)
			},
			strike(on(tuesday)), "01 Léa cantine cancelled by e1", 1,
		},
		{
			"an absence stays so",
			func(t *testing.T, m morning) {
				m.Day(booking.Booking, 0, "cantine", "", tuesday)
				m.Day(booking.Absence, 0, "cantine", "", tuesday)
			},
			strike(on(tuesday)), "01 Léa cantine absent", 0,
		},
		{
			"a strike with minimum service changes no day and tells who has one",
			func(t *testing.T, m morning) { m.Day(booking.Booking, 0, "cantine", "", tuesday) },
			reopening(on(tuesday)),
			"01 Léa cantine booked", 1,
		},
		{
			"a strike with minimum service is told to nobody without a booked day",
			func(t *testing.T, m morning) { m.Day(booking.Booking, 0, "mercredi", "matin", wednesday) },
			reopening(calendar.Period{From: tuesday, To: wednesday}),
			"02 Léa mercredi requested", 0,
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			c.before(t, m)
			m.declare(t, c.event, town.Now)
			m.carryOut(t, town.Now)
			if got := m.days(t); got != c.want {
				t.Errorf("days are %s, want %s", got, c.want)
			}
			m.wantTold(t, "e1", c.mails, 0)
			m.Sound()
			if e := m.events(t)[0]; !e.Applied || e.Settled != 1 || e.Total != 1 {
				t.Errorf("it stands at %+v", e)
			}
			queue, _, err := m.Town.Store.QueuedRequests(t.Context(), "", 50)
			if want := strings.Count(c.want, "requested"); err != nil || len(queue) != want {
				t.Errorf("%d requests wait for an agent, %v", len(queue), err)
			}
		})
	}
}
