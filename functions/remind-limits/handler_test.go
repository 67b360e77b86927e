package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// evening is the use case at work on a table of its own, for a town with one family whose bookings of the canteen close the
// day before at 10:00.
type evening struct {
	app
	town.Home
	log *bytes.Buffer
	at  *time.Time
}

func opened(t *testing.T) evening {
	t.Helper()
	e := evening{}
	testkit.Within(t, testkit.OwnTable(t), func() { e = made(town.NewHome(t, "Léa", "Noé")) })
	return e
}

func made(h town.Home) evening {
	h.T.Helper()
	now := town.Now
	e := evening{Home: h, log: &bytes.Buffer{}, at: &now}
	for _, a := range e.Activities {
		a.Rules = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`
		if a.ID != "cantine" {
			a.Archived = true
		}
		must(h.T, e.Town.Store.SaveActivity(h.T.Context(), a))
	}
	e.app = app{e.Env.Store, slog.New(slog.NewJSONHandler(e.log, nil)), func() time.Time { return *e.at }}
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants has the subscriber reminded from the morning on, as set-reminders does.
func (e evening) wants(t *testing.T, days int) {
	t.Helper()
	must(t, e.right(t).SetReminders(t.Context(), days, booking.NextReminder(town.Now, e.Made().Clock())))
}

func (e evening) right(t *testing.T) store.FamilyRight {
	t.Helper()
	right, err := e.Env.Store.FamilyOf(t.Context(), account.CallerOf(e.Account.User, false), e.ID)
	must(t, err)
	return right
}

// tick runs the use case at a local instant of November 2026: "23 18:20".
func (e evening) tick(t *testing.T, clock string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-"+clock, e.Made().Clock())
	must(t, err)
	*e.at = at.UTC()
	event, err := os.ReadFile("../../events/remind-limits.json")
	must(t, err)
	e.log.Reset()
	must(t, e.handle(t.Context(), json.RawMessage(event)))
}

// reminders counts those in the outbox.
func (e evening) reminders(t *testing.T) (n int) {
	t.Helper()
	ids, err := e.Env.Store.DueMails(t.Context(), town.Now.AddDate(1, 0, 0))
	must(t, err)
	for _, id := range ids {
		if strings.HasPrefix(id, store.MailLimitsClosing+"-"+e.Account.ID+"-"+e.ID+"-") {
			n++
		}
	}
	return n
}

func (e evening) book(from, to calendar.Date, children ...int) {
	e.T.Helper()
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: from, To: to}}
	for _, n := range children {
		asking.Items = append(asking.Items, booking.Item{Child: e.Children[n], Activity: "cantine"})
	}
	e.Ask(asking)
}

func TestASubscriberIsRemindedEachEveningOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		happens func(t *testing.T, e evening)
		want    int
	}{
		{"a limit closes the next day", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.tick(t, "24 18:00")
		}, 1},
		{"it was asked for in the evening already told", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.tick(t, "24 18:00")
			e.tick(t, "24 19:00")
			e.wants(t, 2)
			e.tick(t, "24 20:00")
		}, 1},
		{"evening after evening", func(t *testing.T, e evening) {
			e.wants(t, 1)
			for _, clock := range []string{"24 18:20", "24 19:20", "25 17:59", "25 18:20", "25 23:59"} { // for Thursday, then for Friday
				e.tick(t, clock)
			}
		}, 2},
		{"not while the town is suspended, and once when it is none", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.Settings(func(s *collectivity.Settings) { s.Suspended = true })
			e.tick(t, "24 18:00")
			if n := e.reminders(t); n != 0 {
				t.Errorf("%d reminders while it is", n)
			}
			e.Settings(func(s *collectivity.Settings) { s.Suspended = false })
			e.tick(t, "24 19:00")
		}, 1},
		{"not before the hour", func(t *testing.T, e evening) {
			e.wants(t, 7)
			e.tick(t, "23 17:59")
		}, 0},
		{"a tick that comes late tells of that evening, and the next one of its own", func(t *testing.T, e evening) {
			e.wants(t, 2)
			e.tick(t, "24 09:00") // of Monday evening
			e.tick(t, "24 18:00")
		}, 2},
		{"evenings on which nobody came are told as one", func(t *testing.T, e evening) {
			e.wants(t, 7)
			e.tick(t, "26 19:00")
			e.tick(t, "26 20:00")
		}, 1},
		{"nobody asked for it", func(t *testing.T, e evening) { e.tick(t, "24 18:00") }, 0},
		{"it was asked for and is no longer wanted", func(t *testing.T, e evening) {
			e.wants(t, 3)
			e.wants(t, 0)
			e.tick(t, "24 18:00")
		}, 0},
		{"the subscription has ended", func(t *testing.T, e evening) {
			e.wants(t, 3)
			must(t, e.right(t).Unsubscribe(t.Context(), town.Now))
			e.tick(t, "24 18:00")
		}, 0},
		{"nothing closes within the days asked for", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.tick(t, "27 18:00") // Friday: Monday's limit is on Sunday
		}, 0},
		{"nothing closes one evening, and something the next", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.tick(t, "27 18:00")
			e.tick(t, "28 18:00")
		}, 1},
		{"within more days", func(t *testing.T, e evening) {
			e.wants(t, 2)
			e.tick(t, "27 18:00")
		}, 1},
		{"all that closes is booked", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.book("2026-11-26", "2026-11-26", 0, 1)
			e.tick(t, "24 18:00")
		}, 0},
		{"one of two children has nothing", func(t *testing.T, e evening) {
			e.wants(t, 1)
			e.book("2026-11-26", "2026-11-26", 0)
			e.tick(t, "24 18:00")
		}, 1},
		{"ten ticks at once", func(t *testing.T, e evening) {
			e.wants(t, 1)
			*e.at = time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
			quiet := e.app
			quiet.log = slog.New(slog.DiscardHandler)
			for _, err := range town.InParallel(10, func(int) error { return quiet.handle(t.Context(), nil) }) {
				must(t, err)
			}
		}, 1},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			e := opened(t)
			c.happens(t, e)
			if n := e.reminders(t); n != c.want {
				t.Errorf("reminded %d times, want %d; %s", n, c.want, e.log)
			}
		})
	}
}

// TestEachSubscriberIsRemindedForThemselves: of two guardians, and two families, who ask differently.
func TestEachSubscriberIsRemindedForThemselves(t *testing.T) {
	t.Parallel()
	e := opened(t)
	other := e
	other.Account = e.Subscriber(e.MadeFamily, 1)
	third := e
	third.Home = e.NewHome("Zoé")
	for _, of := range []struct {
		evening
		days int
	}{{e, 1}, {other, 2}, {third, 0}} {
		of.wants(t, of.days)
	}
	e.tick(t, "27 18:00") // Friday: Monday's limit is in two days
	for says, c := range map[string]struct {
		evening
		want int
	}{"one day ahead": {e, 0}, "two days ahead": {other, 1}, "another family, not at all": {third, 0}} {
		if n := c.reminders(t); n != c.want {
			t.Errorf("%s: reminded %d times, want %d", says, n, c.want)
		}
	}
	if !strings.Contains(e.log.String(), `"done":1,"kept":1,"failed":0`) {
		t.Errorf("told %s", e.log)
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) { // not parallel: it changes whose key this process uses
	testkit.Stack(t)
	e := made(town.NewHome(t, "Léa"))
	e.wants(t, 7)
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("remind-limits"))
	e.tick(t, "24 18:00")
	must(t, os.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey))
	fact := e.Account.ID + "-" + e.ID + "-" + town.Stamp(time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)) // Monday evening's
	about, told := town.Outbox(t, store.MailLimitsClosing, fact)
	if !told || about["slug"] != e.Slug || about["until"] != town.Stamp(time.Date(2026, 12, 1, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("told %v: %v; %s", told, about, e.log)
	}
}

// TestNobodyIsRemindedOfADayThatTheOtherHouseholdOfAChildHasBooked while another of the same evening is told.
func TestNobodyIsRemindedOfADayThatTheOtherHouseholdOfAChildHasBooked(t *testing.T) {
	t.Parallel()
	e := opened(t)
	second := e.Home.Share(e.Home.NewHome(), "cantine")
	alone := evening{e.app, second, e.log, e.at}
	alone.wants(t, 1)
	e.book("2026-11-26", "2026-11-26", 0)
	alone.tick(t, "24 18:20") // of Wednesday, on which the canteen is closed, and of Thursday
	if n := alone.reminders(t); n != 0 {
		t.Errorf("%d reminders of a day that is booked", n)
	}
	alone.tick(t, "25 18:20") // of Friday
	if n := alone.reminders(t); n != 1 {
		t.Errorf("%d reminders, want that of Friday", n)
	}
}
