package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

const tuesday = calendar.Date("2026-12-01")

// morning is the use case at work on a table of its own, for a town with one family.
type morning struct {
	town.Home
	log *bytes.Buffer
}

func opened(t *testing.T) (m morning) {
	t.Helper()
	m.log = &bytes.Buffer{}
	testkit.Within(t, testkit.OwnTable(t), func() { m.Home = town.NewHome(t, "Léa", "Noé") })
	return m
}

// run ticks at an instant with events/adjust-places.json, and answers what it told.
func (m morning) run(t *testing.T, at time.Time) string {
	t.Helper()
	event, err := os.ReadFile("../../events/adjust-places.json")
	must(t, err)
	m.log.Reset()
	a := app{m.Env.Store, slog.New(slog.NewTextHandler(m.log, nil)), func() time.Time { return at }}
	must(t, a.handle(t.Context(), event))
	_, told, _ := strings.Cut(strings.TrimSpace(m.log.String()), "msg=tick ")
	return told
}

// save writes the canteen with other places as update-activity does, and dies before they reach any day.
func (m morning) save(t *testing.T, places int) {
	t.Helper()
	c, err := m.Town.Store.Configuration(t.Context())
	must(t, err)
	a, _ := c.Activity("cantine")
	a.Capacity = places
	_, err = m.Town.Store.SetActivity(t.Context(), c, a, "agent", town.Now)
	must(t, err)
}

func (m morning) places() string {
	for _, s := range m.Written().Slots {
		if s.SK == "SLOT#"+string(tuesday) {
			p := s.Groups["all"]
			return fmt.Sprint(p.Capacity, " ", p.Taken, " ", p.Free)
		}
	}
	return "none"
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlacesThatReachedNoDayAreBroughtThereLater(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.save(t, 12)
	for _, tick := range []struct {
		says   string
		at     time.Duration
		tells  string
		places string
	}{
		{"while others may still book by the places of before", time.Minute, "done=0 kept=0 failed=0 cut=false", "60 2 58"},
		{"once nobody does", 4 * time.Minute, "done=1 kept=0 failed=0 cut=false", "12 2 10"},
		{"and then nothing is left", 9 * time.Minute, "done=0 kept=0 failed=0 cut=false", "12 2 10"},
	} {
		if got := m.run(t, town.Now.Add(tick.at)); got != tick.tells || m.places() != tick.places {
			t.Errorf("%s: told %s, places %s; want %s, %s", tick.says, got, m.places(), tick.tells, tick.places)
		}
	}
	m.Sound()
}

func TestPlacesOfASuspendedTownWait(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.save(t, 12)
	m.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	if got := m.run(t, town.Now.Add(4*time.Minute)); got != "done=0 kept=1 failed=0 cut=false" || m.places() != "60 2 58" {
		t.Errorf("told %s, places %s", got, m.places())
	}
	m.Settings(func(s *collectivity.Settings) { s.Suspended = false })
	if m.run(t, town.Now.Add(time.Hour)); m.places() != "12 2 10" {
		t.Errorf("once it is none: places %s", m.places())
	}
}

func TestADayMadeByTheOldPlacesIsMended(t *testing.T) {
	t.Parallel()
	m := opened(t)
	before, err := m.Town.Store.Town(t.Context())
	must(t, err)
	m.save(t, 12)
	book(t, m, before) // by a process that read the configuration before
	if got := m.places(); got != "60 1 59" {
		t.Fatalf("the day was made with %s", got)
	}
	if got := m.run(t, town.Now.Add(5*time.Minute)); !strings.HasPrefix(got, "done=1") || m.places() != "12 1 11" {
		t.Errorf("told %s, places %s", got, m.places())
	}
}

// book asks for the Tuesday as request-booking does, by a configuration that it has read.
func book(t *testing.T, m morning, read *booking.Town) {
	t.Helper()
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: tuesday, To: tuesday}, Items: []booking.Item{{Child: m.Children[0], Activity: "cantine"}}}
	_, planning, err := m.MadeFamily.Store.Planning(t.Context(), asking.Period)
	must(t, err)
	r := booking.Request{ID: m.MadeFamily.Store.RequestID("late"), Account: m.Account.ID, CreatedAt: town.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	must(t, err)
	_, err = m.MadeFamily.Store.AddRequest(t.Context(), r, read)
	must(t, err)
}

func TestAnActivityWrittenAgainMeanwhileIsDueForThat(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.save(t, 12)
	c, err := m.Town.Store.Configuration(t.Context())
	must(t, err)
	before, _ := c.Activity("cantine")
	m.save(t, 24)
	if err := m.Town.Store.PlacesReached(t.Context(), before); err == nil {
		t.Error("the places of before took it out of the queue")
	}
	if got := m.run(t, town.Now.Add(5*time.Minute)); !strings.HasPrefix(got, "done=1") {
		t.Errorf("told %s", got)
	}
}

func TestDaysThatArePastKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.save(t, 12)
	m.run(t, time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC))
	if got := m.places(); got != "60 1 59" {
		t.Errorf("got %s", got)
	}
}

func TestAnArchivedActivityIsNoneOfItsBusiness(t *testing.T) {
	t.Parallel()
	m := opened(t)
	c, err := m.Town.Store.Configuration(t.Context())
	must(t, err)
	a, _ := c.Activity("cantine")
	a.Archived = true
	_, err = m.Town.Store.SetActivity(t.Context(), c, a, "agent", town.Now)
	must(t, err)
	if got := m.run(t, town.Now.Add(5*time.Minute)); !strings.HasPrefix(got, "done=1") {
		t.Errorf("told %s", got)
	}
	if c, err = m.Town.Store.Configuration(t.Context()); err != nil || len(c.Activities) != 3 {
		t.Errorf("the town has %d activities (%v)", len(c.Activities), err)
	}
	var kept collectivity.Activity
	if kept, _ = c.Activity("cantine"); !kept.Archived {
		t.Error("it is offered again")
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	m := morning{town.NewHome(t, "Léa"), &bytes.Buffer{}} // in the table that the rights are about
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.save(t, 12)
	town.Rights(t, "adjust-places")
	m.run(t, town.Now.Add(5*time.Minute))
	if got := m.places(); got != "12 1 11" {
		t.Errorf("places %s", got)
	}
}
