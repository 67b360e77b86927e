package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"os"
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

// morning is the use case at work on a table of its own, for a town with one family.
type morning struct {
	app
	town.Home
	table map[string]string // environment that names it
	log   *bytes.Buffer
	at    *time.Time
}

func opened(t *testing.T) morning {
	t.Helper()
	now := town.Now
	m := morning{table: testkit.OwnTable(t), log: &bytes.Buffer{}, at: &now}
	testkit.Within(t, m.table, func() {
		m.Home = town.NewHome(t, "Léa", "Noé")
		m.app = m.wire(m.Env.Store)
	})
	return m
}

func (m morning) wire(s *store.Store) app {
	return app{s, slog.New(slog.NewJSONHandler(m.log, nil)), func() time.Time { return *m.at }}
}

// run ticks at an instant with events/advance-bookings.json and wants to hear what it did.
func (m morning) run(t *testing.T, at time.Time, tells string) error {
	t.Helper()
	event, err := os.ReadFile("../../events/advance-bookings.json")
	must(t, err)
	*m.at = at
	m.log.Reset()
	_, err = m.handle(t.Context(), event)
	if !strings.Contains(m.log.String(), tells) {
		t.Errorf("told %v and %s, want %s", err, m.log, tells)
	}
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var week = calendar.Period{From: "2026-11-24", To: "2026-11-27"} // Tuesday to Friday: three days of canteen

func (m morning) asking(kind booking.Kind, p calendar.Period, children ...int) booking.Asking {
	a := booking.Asking{Kind: kind, Period: p}
	for _, n := range children {
		a.Items = append(a.Items, booking.Item{Child: m.Children[n], Activity: "cantine"})
	}
	return a
}

// outcomes of a request's lines: day, child's name, state and code.
func (m morning) outcomes(t *testing.T, id string) string {
	t.Helper()
	r, err := m.MadeFamily.Store.Request(t.Context(), id)
	must(t, err)
	var all []string
	for _, l := range r.Lines {
		name := []string{"Léa", "Noé"}[slices.Index(m.Children, l.Child)]
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", l.Date[8:], name, l.State, l.Code)))
	}
	if !r.Settled {
		return "unsettled"
	}
	return strings.Join(all, ", ")
}

// taken is how many places of the canteen are taken on a day, and how many are free.
func (m morning) taken(t *testing.T, d calendar.Date) string {
	t.Helper()
	var out struct{ Item map[string]struct{ N string } }
	in := map[string]any{"TableName": m.table[catalog.EnvTable], "Key": map[string]any{
		"PK": map[string]string{"S": "C#" + m.Slug + "#S#cantine"}, "SK": map[string]string{"S": "SLOT#" + string(d)},
	}}
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "GetItem", in, &out))
	return out.Item["taken_all"].N + " of " + out.Item["capacity_all"].N + ", " + out.Item["free_all"].N + " free"
}

const lease = time.Minute

func TestARequestCutShortAnywhereIsFinishedOnce(t *testing.T) {
	t.Parallel()
	for writes := int32(1); writes <= 4; writes++ { // the header, then each of three days; the outcomes would be the fifth
		t.Run(fmt.Sprintf("after %d writes", writes), func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			r := m.CutShort(m.table, writes, "cut", m.asking(booking.Booking, week, 0, 1))
			if n := m.Booked(week); n != 2*int(writes-1) {
				t.Fatalf("%d days were written before the cut", n)
			}
			must(t, m.run(t, town.Now.Add(lease-time.Millisecond), `"done":0,"kept":0`))
			must(t, m.run(t, town.Now.Add(lease), `"done":1,"kept":0,"failed":0`))
			check := func() {
				t.Helper()
				const want = "24 Léa booked, 24 Noé booked, 26 Léa booked, 26 Noé booked, 27 Léa booked, 27 Noé booked"
				if got := m.outcomes(t, r.ID); got != want {
					t.Errorf("its lines are %s", got)
				}
				for _, d := range []calendar.Date{"2026-11-24", "2026-11-26", "2026-11-27"} {
					if got := m.taken(t, d); got != "2 of 60, 58 free" {
						t.Errorf("on %s %s", d, got)
					}
				}
				if n := m.Booked(week); n != 6 {
					t.Errorf("%d days are booked", n)
				}
			}
			check()
			must(t, m.run(t, town.Now.Add(lease), `"done":0,"kept":0,"failed":0`))
			must(t, m.run(t, town.Now.Add(time.Hour), `"done":0,"kept":0,"failed":0`))
			check()
		})
	}
}

func TestARequestFinishedLaterHasTheOutcomesItWouldHaveHad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(m morning)
		asking func(m morning) booking.Asking
		writes int32
		want   string
		taken  string // on the first day
	}{
		{
			name:   "where there is room for one of two",
			before: func(m morning) { m.Narrow("cantine", 1) },
			asking: func(m morning) booking.Asking { return m.asking(booking.Booking, week, 0, 1) },
			writes: 3, // the header, two siblings refused together, the first of them booked
			want:   "24 Léa booked, 24 Noé waitlisted, 26 Léa booked, 26 Noé waitlisted, 27 Léa booked, 27 Noé waitlisted",
			taken:  "1 of 1, 0 free",
		},
		{
			name:   "where days are absent at once and give their places back",
			before: func(m morning) { m.Ask(m.asking(booking.Booking, week, 0)) },
			asking: func(m morning) booking.Asking { return m.asking(booking.Absence, week, 0) },
			writes: 2,
			want:   "24 Léa absent, 26 Léa absent, 27 Léa absent",
			taken:  "0 of 60, 60 free",
		},
		{
			name:   "where a day was booked by another request meanwhile",
			before: func(morning) {},
			asking: func(m morning) booking.Asking { return m.asking(booking.Booking, week, 0) },
			writes: 1,
			want:   "24 Léa booked already_booked, 26 Léa booked, 27 Léa booked",
			taken:  "1 of 60, 59 free",
		},
		{
			name:   "where an agent decides on some days",
			before: func(morning) {},
			asking: func(m morning) booking.Asking {
				a := m.asking(booking.Booking, calendar.Period{From: "2026-11-24", To: "2026-11-25"}, 0)
				a.Items = append(a.Items, booking.Item{Child: m.Children[0], Activity: "mercredi", Option: "matin"})
				return a
			},
			writes: 2,
			want:   "24 Léa booked, 25 Léa requested",
			taken:  "1 of 60, 59 free",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			c.before(m)
			r := m.CutShort(m.table, c.writes, "cut", c.asking(m))
			if strings.Contains(c.want, "already_booked") {
				m.Ask(m.asking(booking.Booking, calendar.Period{From: week.From, To: week.From}, 0))
			}
			for range 2 {
				must(t, m.run(t, town.Now.Add(lease), `"failed":0`))
				if got := m.outcomes(t, r.ID); got != c.want {
					t.Errorf("its lines are %s, want %s", got, c.want)
				}
				if got := m.taken(t, week.From); got != c.taken {
					t.Errorf("places: %s, want %s", got, c.taken)
				}
			}
		})
	}
}

// TestASuspendedTownIsLeftAlone: its request stays half written, its slot unserved and its event not carried out until it is
// suspended no more.
func TestASuspendedTownIsLeftAlone(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Narrow("cantine", 1)
	m.Day(booking.Booking, -1, "cantine", "", "2026-12-01") // Léa comes, Noé waits
	m.Day(booking.Absence, 0, "cantine", "", "2026-12-01")
	r := m.CutShort(m.table, 2, "cut", m.asking(booking.Booking, week, 0))
	seen, err := m.Town.Store.Configuration(t.Context())
	must(t, err)
	strike := collectivity.Event{ID: "strike", Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", CreatedAt: town.Now, Period: calendar.Period{From: "2026-12-08", To: "2026-12-08"}}
	_, err = m.Town.Store.DeclareEvent(t.Context(), seen, strike, "")
	must(t, err)
	for _, suspended := range []bool{true, false} {
		m.Settings(func(s *collectivity.Settings) { s.Suspended = suspended })
		must(t, m.run(t, town.Now.Add(10*time.Minute), `"msg":"tick"`))
		settled := m.outcomes(t, r.ID) != "unsettled"
		promoted := m.Booked(calendar.Period{From: "2026-12-01", To: "2026-12-01"}) == 1
		e, err := m.Town.Store.Event(t.Context(), "strike")
		must(t, err)
		if settled == suspended || promoted == suspended || e.Applied == suspended {
			t.Errorf("suspended %v: settled %v, promoted %v, event %+v", suspended, settled, promoted, e)
		}
	}
}

func TestOneTickAtATimeHasARequest(t *testing.T) {
	t.Parallel()
	m := opened(t)
	r := m.CutShort(m.table, 2, "cut", m.asking(booking.Booking, week, 0))
	*m.at = town.Now.Add(lease)
	for _, err := range town.InParallel(6, func(int) error {
		a := m.app
		a.log = slog.New(slog.DiscardHandler)
		_, err := a.handle(t.Context(), nil)
		return err
	}) {
		must(t, err)
	}
	if got := m.outcomes(t, r.ID); got != "24 Léa booked, 26 Léa booked, 27 Léa booked" {
		t.Errorf("its lines are %s", got)
	}
	if got := m.taken(t, week.From); got != "1 of 60, 59 free" {
		t.Errorf("places: %s", got)
	}
}

func TestRequestsThatCanNotBeSettledDoNotBlockTheOthers(t *testing.T) {
	t.Parallel()
	m := opened(t)
	const failing = 27 // more than a page stands at the queue's head
	for i := range failing {
		m.CutShort(m.table, 1, fmt.Sprintf("bad%02d", i), m.asking(booking.Booking, week, 0))
	}
	good := m.CutShort(m.table, 1, "good", m.asking(booking.Booking, calendar.Period{From: "2026-12-01", To: "2026-12-03"}, 0))
	broken := maps.Clone(m.table)
	broken["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		if operation == "UpdateItem" && bytes.Contains(body, []byte("-bad")) {
			return "AccessDeniedException"
		}
		return ""
	})
	whole := m.app
	testkit.Within(t, broken, func() { m.app = m.wire(store.Open()) })
	if err := m.run(t, town.Now.Add(time.Hour), `"done":1,"kept":0,"failed":27`); err == nil {
		t.Error("an alarm hears of failures")
	}
	if got := m.outcomes(t, good.ID); got != "01 Léa booked, 03 Léa booked" {
		t.Errorf("the one among them is %s", got)
	}
	m.app = whole
	must(t, m.run(t, town.Now.Add(time.Hour), `"done":27,"kept":0,"failed":0`))
	if n := m.Booked(week); n != 3 {
		t.Errorf("%d days are booked by 27 requests for the same three", n)
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) { // not parallel: it changes whose key this process uses
	testkit.Stack(t)
	m := morning{Home: town.NewHome(t, "Léa", "Noé"), log: &bytes.Buffer{}, at: &time.Time{}}
	m.app = m.wire(m.Env.Store)
	r := m.CutShort(nil, 2, "cut", m.asking(booking.Booking, week, 0))
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("advance-bookings"))
	must(t, m.run(t, town.Now.Add(lease), `"failed":0`))
	must(t, os.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey))
	if got := m.outcomes(t, r.ID); got != "24 Léa booked, 26 Léa booked, 27 Léa booked" {
		t.Errorf("its lines are %s", got)
	}
}
