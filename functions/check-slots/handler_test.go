package main

import (
	"bytes"
	"log/slog"
	"os"
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
)

// night is the use case at work on a table of its own.
type night struct {
	town.Home
	table string
	log   *bytes.Buffer
}

func opened(t *testing.T) (n night) {
	t.Helper()
	own := testkit.OwnTable(t)
	n.log, n.table = &bytes.Buffer{}, own[catalog.EnvTable]
	testkit.Within(t, own, func() { n.Home = town.NewHome(t, "Léa", "Noé", "Inès") })
	return n
}

func (n night) run(t *testing.T) (told string, err error) {
	t.Helper()
	event, e := os.ReadFile("../../events/check-slots.json")
	if e != nil {
		t.Fatal(e)
	}
	n.log.Reset()
	a := app{n.Env.Store, slog.New(slog.NewTextHandler(n.log, nil)), n.hour}
	err = a.handle(t.Context(), event)
	return n.log.String(), err
}

// hour is the one at which the town is checked.
func (n night) hour() time.Time {
	return town.Now.Truncate(24 * time.Hour).Add(time.Duration(hourOf(n.Slug)) * time.Hour)
}

// corrupt writes a counter of the canteen's slot that is not so.
func (n night) corrupt(t *testing.T, d calendar.Date, counter, value string) {
	t.Helper()
	in := map[string]any{
		"TableName":        n.table,
		"Key":              map[string]any{"PK": map[string]string{"S": "C#" + n.Slug + "#S#cantine"}, "SK": map[string]string{"S": "SLOT#" + string(d)}},
		"UpdateExpression": "SET " + counter + " = :v", "ExpressionAttributeValues": map[string]any{":v": map[string]string{"N": value}},
	}
	if err := emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "UpdateItem", in, nil); err != nil {
		t.Fatal(err)
	}
}

const tuesday = calendar.Date("2026-12-01")

func TestCountersThatAreRightAreLeftAlone(t *testing.T) {
	t.Parallel()
	n := opened(t)
	n.Narrow("cantine", 2)
	n.Day(booking.Booking, -1, "cantine", "", tuesday) // two booked, one waits
	n.Day(booking.Booking, 0, "mercredi", "matin", tuesday.AddDays(1))
	told, err := n.run(t)
	if err != nil || !strings.Contains(told, "done=1") || strings.Contains(told, "repaired") {
		t.Errorf("told %s, error %v", told, err)
	}
	n.Sound()
	a := app{n.Env.Store, slog.New(slog.NewTextHandler(n.log, nil)), func() time.Time { return n.hour().Add(time.Hour) }}
	if n.log.Reset(); a.handle(t.Context(), nil) != nil || !strings.Contains(n.log.String(), "done=0 kept=1") {
		t.Errorf("an hour later told %s", n.log)
	}
}

func TestACounterThatIsWrongIsRepairedAndTold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, counter, value string }{
		{"too many taken", "taken_all", "7"},
		{"too few taken", "taken_all", "0"},
		{"a place lost", "free_all", "-1"},
		{"somebody waits who is not there", "waiting_all", "4"},
		{"nobody seems to wait", "waiting_all", "0"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			n := opened(t)
			n.Narrow("cantine", 2)
			n.Day(booking.Booking, -1, "cantine", "", tuesday)
			n.corrupt(t, tuesday, c.counter, c.value)
			told, err := n.run(t)
			if err == nil || !strings.Contains(told, "counter repaired") || !strings.Contains(told, "cantine 2026-12-01 all") {
				t.Errorf("told %s, error %v", told, err)
			}
			n.Sound()
			if told, err = n.run(t); err != nil || strings.Contains(told, "repaired") {
				t.Errorf("then told %s, error %v", told, err)
			}
		})
	}
}

func TestASuspendedTownIsNotChecked(t *testing.T) {
	t.Parallel()
	n := opened(t)
	n.Day(booking.Booking, -1, "cantine", "", tuesday)
	n.corrupt(t, tuesday, "taken_all", "7")
	n.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	if told, err := n.run(t); err != nil || strings.Contains(told, "repaired") {
		t.Errorf("told %s, error %v", told, err)
	}
}

// TestAFreePlaceThatSomebodyWaitsForIsGiven: a repair that finds one has the slot served.
func TestAFreePlaceThatSomebodyWaitsForIsGiven(t *testing.T) {
	t.Parallel()
	n := opened(t)
	n.Narrow("cantine", 2)
	n.Day(booking.Booking, -1, "cantine", "", tuesday)
	n.corrupt(t, tuesday, "capacity_all", "3") // a place more, told to nobody
	if _, err := n.run(t); err == nil {
		t.Error("nothing was found")
	}
	slots, _, err := n.Env.Store.WaitingSlots(t.Context(), n.hour(), "")
	for cursor := ""; len(slots) == 0 && err == nil; {
		if slots, cursor, err = n.Env.Store.WaitingSlots(t.Context(), n.hour(), cursor); cursor == "" {
			break
		}
	}
	if err != nil || len(slots) != 1 {
		t.Fatalf("%d slots are due, error %v", len(slots), err)
	}
	if promoted, _, err := slots[0].Promote(t.Context(), n.hour()); err != nil || promoted != 1 {
		t.Errorf("%d promoted, error %v", promoted, err)
	}
	n.Sound()
}

func TestFamiliesThatBookMeanwhileAreNoMistake(t *testing.T) {
	t.Parallel()
	n := opened(t)
	n.Narrow("cantine", 2)
	town.InParallel(8, func(i int) bool {
		if i%2 == 0 {
			n.Day(booking.Booking, i%3, "cantine", "", tuesday.AddDays(7*i))
			return true
		}
		a := app{n.Env.Store, slog.New(slog.DiscardHandler), n.hour}
		if err := a.handle(t.Context(), nil); err != nil {
			t.Error(err)
		}
		return true
	})
	n.Sound()
}

// TestAChildWhoHasTwoPlacesIsTold: one of each of its households, which nothing can choose between.
func TestAChildWhoHasTwoPlacesIsTold(t *testing.T) {
	t.Parallel()
	n := opened(t)
	second := n.Home.Share(n.Home.NewHome(), "cantine")
	n.Day(booking.Booking, 0, "cantine", "", tuesday)
	second.Day(booking.Booking, 0, "cantine", "", tuesday.AddDays(2))
	if told, err := n.run(t); err != nil || strings.Contains(told, "two places") {
		t.Errorf("told %s, error %v", told, err)
	}
	text := func(s string) map[string]any { return map[string]any{"S": s} }
	in := map[string]any{"TableName": n.table, "Item": map[string]any{
		"PK": text("C#" + n.Slug + "#F#" + second.ID), "SK": text("DAY#" + string(tuesday) + "#" + n.Children[0] + "#cantine"),
		"Date": text(string(tuesday)), "Child": text(n.Children[0]), "Activity": text("cantine"), "State": text("booked"), "Held": map[string]any{"BOOL": true},
	}}
	if err := emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "PutItem", in, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time its places are counted
		told, err := n.run(t)
		if err == nil || !strings.Contains(told, "two places for one child") || !strings.Contains(told, n.Children[0]) || !strings.Contains(told, second.ID) {
			t.Errorf("told %s, error %v", told, err)
		}
	}
}
