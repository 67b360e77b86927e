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
			if e := m.events(t)[0]; !e.Applied || e.Settled != 1 || e.Total != 1 || e.Touched != c.mails {
				t.Errorf("it stands at %+v", e)
			}
			queue, _, err := m.Town.Store.QueuedRequests(t.Context(), "", 50)
			if want := strings.Count(c.want, "requested"); err != nil || len(queue) != want {
				t.Errorf("%d requests wait for an agent, %v", len(queue), err)
			}
		})
	}
}

func TestAnOutingOfOneClassTouchesItsChildrenOnly(t *testing.T) {
	t.Parallel()
	m := opened(t)
	must(t, m.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CP A"}, {ID: "b", Name: "CP B"}}}))
	a, b := m.with(m.Pupils("École Jules-Verne", "cp a", "Léa")), m.with(m.Pupils("verne", "b", "Léa"))
	for _, home := range []morning{m, a, b} {
		home.Day(booking.Booking, 0, "cantine", "", tuesday)
	}
	m.declare(t, collectivity.Event{
		Kind: collectivity.Outing, Effect: collectivity.Cancels, Name: "Musée", Period: on(tuesday), Schools: []string{"verne"}, Classes: []string{"a"},
	}, town.Now)
	m.carryOut(t, town.Now)
	for _, c := range []struct {
		home morning
		want string
		told int
	}{{m, "01 Léa cantine booked", 0}, {a, "01 Léa cantine cancelled by e1", 1}, {b, "01 Léa cantine booked", 0}} {
		if got := c.home.days(t); got != c.want {
			t.Errorf("days are %s, want %s", got, c.want)
		}
		c.home.wantTold(t, "e1", c.told, 0)
	}
	m.Sound()
}

func TestEachGuardianWhoIsSubscribedIsToldOnce(t *testing.T) {
	t.Parallel()
	m := opened(t)
	other := m.Subscriber(m.MadeFamily, 1)
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.Day(booking.Booking, 0, "mercredi", "matin", wednesday)
	m.declare(t, strike(calendar.Period{From: tuesday, To: wednesday}), town.Now)
	m.carryOut(t, town.Now)
	for _, account := range []string{m.Account.ID, other.ID} {
		if n := m.told(t, store.MailEventDeclared, "e1", account); n != 1 {
			t.Errorf("told %d times", n)
		}
	}
}

func TestPlacesOfCancelledDaysGoToNobody(t *testing.T) {
	t.Parallel()
	m := opened(t)
	must(t, m.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne"}))
	pupil := m.with(m.Pupils("verne", "", "Léa"))
	m.Narrow("cantine", 1)
	pupil.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	e := strike(on(tuesday))
	e.Schools = []string{"verne"}
	m.declare(t, e, town.Now)
	m.carryOut(t, town.Now)
	if got := pupil.days(t) + "; " + m.days(t); got != "01 Léa cantine cancelled by e1; 01 Léa cantine waitlisted" {
		t.Errorf("days are %s", got)
	}
	if got := m.taken(t, tuesday); got != "1 of 1, 0 free" {
		t.Errorf("places: %s", got)
	}
	m.Sound()
}

func TestAStrikeWithMinimumServiceTakesAbsencesAfterTheLimitForNothing(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.set(t, "cantine", func(a *collectivity.Activity) {
		a.Rules = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -7}]}}]}`
	})
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.declare(t, reopening(on(tuesday)), town.Now)
	m.carryOut(t, town.Now)
	m.wantTold(t, "e1", 1, 0)
	for _, c := range []struct {
		child int
		now   time.Time
		want  booking.Charge
	}{
		{0, time.Date(2026, 12, 1, 7, 59, 0, 0, time.UTC), booking.NoneDue},
		{1, time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), booking.Billed},
	} {
		m.Env.Now = c.now
		m.Day(booking.Absence, c.child, "cantine", "", tuesday)
		days, err := m.MadeFamily.Store.Days(t.Context(), on(tuesday))
		must(t, err)
		if got := days[booking.Place{Date: tuesday, Child: m.Children[c.child], Activity: "cantine"}]; got.State != booking.Absent || got.Charge() != c.want {
			t.Errorf("at %s it is %s, charged %q", c.now, got.State, got.Charge())
		}
	}
	m.Sound()
}

func TestAnAbsenceThatWouldBeBilledIsNotOnACancelledDay(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.set(t, "cantine", func(a *collectivity.Activity) {
		a.Rules = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -7}]}}]}`
	})
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.Env.Now = town.Now.AddDate(0, 0, 2)
	m.Day(booking.Absence, 0, "cantine", "", tuesday)
	charge := func() booking.Charge {
		days, err := m.MadeFamily.Store.Days(t.Context(), on(tuesday))
		must(t, err)
		return days[booking.Place{Date: tuesday, Child: m.Children[0], Activity: "cantine"}].Charge()
	}
	if got := charge(); got != booking.Billed {
		t.Fatalf("it is %s before", got)
	}
	id := m.declare(t, strike(on(tuesday)), m.Env.Now)
	m.carryOut(t, m.Env.Now)
	if got := charge(); got != booking.Waived {
		t.Errorf("it is %s", got)
	}
	m.wantTold(t, id, 1, 0)
	m.revoke(t, id, m.Env.Now.Add(time.Hour))
	m.carryOut(t, m.Env.Now.Add(time.Hour))
	if got := charge(); got != booking.Billed {
		t.Errorf("it is %s after", got)
	}
	m.Sound()
}

// TestARevokedEventGivesBackWhatIsToCome: booked days and those whose absence was asked for; what only waited is lost.
func TestARevokedEventGivesBackWhatIsToCome(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.set(t, "periscolaire", func(a *collectivity.Activity) { a.Absences = collectivity.ByAgent })
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.Day(booking.Booking, 0, "cantine", "", "2026-12-03")
	m.Day(booking.Booking, 0, "periscolaire", "", "2026-12-03")
	m.Day(booking.Absence, 0, "periscolaire", "", "2026-12-03")
	m.Day(booking.Booking, 0, "mercredi", "matin", wednesday)
	id := m.declare(t, strike(calendar.Period{From: tuesday, To: "2026-12-04"}), town.Now)
	m.carryOut(t, town.Now)
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) // Tuesday's canteen had begun
	m.revoke(t, id, noon)
	m.carryOut(t, noon)
	if got := m.days(t); got != "01 Léa cantine cancelled by e1, 01 Noé cantine cancelled by e1, 03 Léa cantine booked, 03 Léa periscolaire booked" {
		t.Errorf("days are %s", got)
	}
	m.wantTold(t, id, 1, 1)
	m.Sound()
	news, err := m.MadeFamily.Store.EventNews(t.Context(), id)
	must(t, err)
	if len(news.Released) != 2 || len(news.Dropped) != 1 || len(news.Cancelled) != 2 || !news.Event.Revoked() {
		t.Errorf("its letter knows %+v", news)
	}
	m.Env.Now = noon
	m.Day(booking.Absence, 0, "cantine", "", "2026-12-03") // as any booked day
	m.Sound()
}

func TestARevocationIsToldToWhomTheEventWasTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says                      string
		event                     collectivity.Event
		before                    func(t *testing.T, m morning, id string)
		declared, revoked, others int
	}{
		{"after it was carried out", strike(on(tuesday)), func(t *testing.T, m morning, _ string) { m.carryOut(t, town.Now) }, 1, 1, 0},
		{"not where it was not carried out", strike(on(tuesday)), func(*testing.T, morning, string) {}, 0, 0, 0},
		{"of a strike with minimum service", reopening(on(tuesday)), func(t *testing.T, m morning, _ string) { m.carryOut(t, town.Now) }, 1, 1, 0},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			other := m.with(m.Town.NewHome("Léa"))
			m.Day(booking.Booking, 0, "cantine", "", tuesday)
			id := m.declare(t, c.event, town.Now)
			c.before(t, m, id)
			m.revoke(t, id, town.Now.Add(time.Hour))
			m.carryOut(t, town.Now.Add(time.Hour))
			m.wantTold(t, id, c.declared, c.revoked)
			other.wantTold(t, id, 0, 0)
			if got := m.days(t); got != "01 Léa cantine booked" {
				t.Errorf("days are %s", got)
			}
			m.Sound()
		})
	}
}

func TestWhatTwoEventsCancelIsBookedAgainWhenBothAreRevoked(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	now := town.Now
	for _, c := range []struct{ does, want string }{
		{"declare", "01 Léa cantine cancelled by e1"},
		{"declare", "01 Léa cantine cancelled by e1"},
		{"e1", "01 Léa cantine cancelled by e2"},
		{"e2", "01 Léa cantine booked"},
	} {
		if now = now.Add(time.Hour); c.does == "declare" {
			m.declare(t, strike(on(tuesday)), now)
		} else {
			m.revoke(t, c.does, now)
		}
		m.carryOut(t, now)
		if got := m.days(t); got != c.want {
			t.Errorf("after %s days are %s, want %s", c.does, got, c.want)
		}
		m.Sound()
	}
}

// late asks for a day of Noé's by what the town had set before.
func (m morning) late(t *testing.T, before *booking.Town, d calendar.Date, activity, option string) {
	t.Helper()
	household, err := m.MadeFamily.Store.Household(t.Context())
	must(t, err)
	planning := household.Planning(before, nil)
	r := booking.Request{ID: m.MadeFamily.Store.RequestID("late-" + activity), Account: m.Account.ID, CreatedAt: town.Now, Asking: booking.Asking{
		Kind: booking.Booking, Period: on(d), Items: []booking.Item{{Child: m.Children[1], Activity: activity, Option: option}},
	}}
	r.Lines, err = planning.Ask(r)
	must(t, err)
	_, err = m.MadeFamily.Store.AddRequest(t.Context(), r, before)
	must(t, err)
}

// TestADayBookedByTheConfigurationOfBeforeIsFoundOnTheSecondLook: who read what the town has set before the event, and writes
// after its worker came by, books a day; the worker comes by again when no such process is left.
func TestADayBookedByTheConfigurationOfBeforeIsFoundOnTheSecondLook(t *testing.T) {
	t.Parallel()
	m := opened(t)
	before := m.Made()
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.declare(t, strike(on(tuesday)), town.Now)
	must(t, m.run(t, town.Now, `"queue":"events","done":1`))
	m.wantTold(t, "e1", 1, 0)
	m.late(t, before, tuesday, "cantine", "")
	m.late(t, before, tuesday, "periscolaire", "")
	if got := m.days(t); got != "01 Léa cantine cancelled by e1, 01 Noé cantine booked, 01 Noé periscolaire booked" {
		t.Fatalf("in between days are %s", got)
	}
	must(t, m.run(t, town.Now.Add(grace-time.Millisecond), `"queue":"events","done":0`))
	must(t, m.run(t, town.Now.Add(grace), `"queue":"events","done":1`))
	must(t, m.run(t, town.Now.Add(time.Hour), `"queue":"events","done":0`))
	if got := m.days(t); got != "01 Léa cantine cancelled by e1, 01 Noé cantine cancelled by e1, 01 Noé periscolaire cancelled by e1" {
		t.Errorf("then days are %s", got)
	}
	m.wantTold(t, "e1", 2, 0) // once for each time that there was something to tell
	m.Sound()
}

// TestWhatARequestStillBeingWrittenWaitsForIsTakenToo: the request is cut short between its days, and goes on after the event.
func TestWhatARequestStillBeingWrittenWaitsForIsTakenToo(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Narrow("cantine", 1)
	r := m.CutShort(m.table, 3, "cut", m.asking(booking.Booking, calendar.Period{From: tuesday, To: "2026-12-04"}, 0, 1)) // header, rank, day
	if got := m.days(t); got != "01 Léa cantine booked, 01 Noé cantine waitlisted" {
		t.Fatalf("cut short at %s", got)
	}
	m.declare(t, strike(on(tuesday)), town.Now)
	must(t, m.run(t, town.Now, `"queue":"events","done":1`))
	if got := m.days(t); got != "01 Léa cantine cancelled by e1" {
		t.Errorf("days are %s", got)
	}
	must(t, m.run(t, town.Now.Add(2*lease), `"queue":"requests","done":1`))
	if got, want := m.outcomes(t, r.ID), "01 Léa booked, 01 Noé cancelled cancelled, 03 Léa booked, 03 Noé waitlisted, 04 Léa booked, 04 Noé waitlisted"; got != want {
		t.Errorf("its lines are %s, want %s", got, want)
	}
	m.wantTold(t, "e1", 1, 0)
	m.Sound()
}
