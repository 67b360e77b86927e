package store_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// writeSlot writes a slot raw: "capacity_all 10 taken_all 4 free_all 6".
func writeSlot(t testing.TB, w *town.Town, activity string, d calendar.Date, says string) {
	t.Helper()
	item := map[string]any{"PK": map[string]string{"S": "C#" + w.Slug + "#S#" + activity}, "SK": map[string]string{"S": "SLOT#" + string(d)}}
	words := strings.Fields(says)
	for i := 0; i < len(words); i += 2 {
		item[words[i]] = map[string]string{"N": words[i+1]}
	}
	in := map[string]any{"TableName": os.Getenv(catalog.EnvTable), "Item": item}
	check(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "PutItem", in, nil))
}

// readSlot reads a slot raw, its attributes by name.
func readSlot(t testing.TB, w *town.Town, activity string, d calendar.Date) string {
	t.Helper()
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	var out struct {
		Item map[string]struct{ N, S string }
	}
	check(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "GetItem", map[string]any{
		"TableName": os.Getenv(catalog.EnvTable), "ConsistentRead": true,
		"Key": map[string]any{"PK": text("C#" + w.Slug + "#S#" + activity), "SK": text("SLOT#" + string(d))},
	}, &out))
	var all []string
	for _, name := range slices.Sorted(maps.Keys(out.Item)) {
		if name != "PK" && name != "SK" {
			all = append(all, name+" "+out.Item[name].N+out.Item[name].S)
		}
	}
	return strings.Join(all, " ")
}

func TestPlacesReachTheSlotsThatExist(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	one := func(places int) collectivity.Activity { return collectivity.Activity{Capacity: places} }
	two := collectivity.Activity{Groups: []collectivity.Group{{ID: "a", Capacity: 8}, {ID: "b"}}}
	cases := []struct {
		says     string
		activity collectivity.Activity
		before   string
		after    string
	}{
		{"more places", one(12), "capacity_all 10 free_all 6 taken_all 4", "capacity_all 12 free_all 8 taken_all 4"},
		{"fewer than are taken", one(3), "capacity_all 10 free_all 6 taken_all 4", "capacity_all 3 free_all -1 taken_all 4"},
		{"as many", one(10), "capacity_all 10 free_all 6 taken_all 4", "capacity_all 10 free_all 6 taken_all 4"},
		{"no limit any more", one(0), "capacity_all 10 free_all 6 taken_all 4", "capacity_all 1000000 free_all 999996 taken_all 4"},
		{
			"each age group its own", two, "capacity_a 10 capacity_b 10 free_a 6 free_b 0 taken_a 4 taken_b 10",
			"capacity_a 8 capacity_b 1000000 free_a 4 free_b 999990 taken_a 4 taken_b 10",
		},
		{"an age group that nobody has booked yet", two, "capacity_a 10 free_a 6 taken_a 4", "capacity_a 8 free_a 4 taken_a 4"},
		{"an age group that is no more", two, "capacity_all 10 free_all 6 taken_all 4", "capacity_all 10 free_all 6 taken_all 4"},
		{"nobody waits", one(12), "capacity_all 10 free_all 0 taken_all 10 waiting_all 0", "capacity_all 12 free_all 2 taken_all 10 waiting_all 0"},
		{
			"somebody waits, and there is room", one(12), "capacity_all 10 free_all 0 taken_all 10 waiting_all 3",
			"capacity_all 12 free_all 2 taken_all 10 waiting_all 3 wake now work WAIT# workAt 2026-11-23T08:30:00.000Z",
		},
		{"somebody waits, and there is less", one(8), "capacity_all 10 free_all 0 taken_all 10 waiting_all 3", "capacity_all 8 free_all -2 taken_all 10 waiting_all 3"},
	}
	for i, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			c.activity.ID = fmt.Sprint("a", i)
			writeSlot(t, w, c.activity.ID, "2026-11-23", c.before)
			for _, time := range []string{"once", "twice"} {
				check(t, w.Store.SetPlaces(t.Context(), c.activity, "2026-11-23", town.Now))
				got := readSlot(t, w, c.activity.ID, "2026-11-23")
				if n := strings.Index(got, "WAIT#"); n >= 0 {
					got = got[:n+5] + got[n+6:] // whatever the shard
				}
				if got != c.after {
					t.Errorf("%s: got %s, want %s", time, got, c.after)
				}
			}
		})
	}
}

func TestPlacesReachNoDayBeforeTheFirstAndNoOtherActivity(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	const before = "capacity_all 10 free_all 6 taken_all 4"
	writeSlot(t, w, "near", "2026-11-22", before)
	writeSlot(t, w, "near", "2026-11-23", before)
	writeSlot(t, w, "near", "2031-01-01", before)
	writeSlot(t, w, "nearby", "2026-11-23", before)
	check(t, w.Store.SetPlaces(t.Context(), collectivity.Activity{ID: "near", Capacity: 12}, "2026-11-23", town.Now))
	for slot, want := range map[[2]string]bool{{"near", "2026-11-22"}: false, {"near", "2026-11-23"}: true, {"near", "2031-01-01"}: true, {"nearby", "2026-11-23"}: false} {
		if got := readSlot(t, w, slot[0], calendar.Date(slot[1])); strings.HasPrefix(got, "capacity_all 12") != want {
			t.Errorf("%v: %s", slot, got)
		}
	}
}

// TestWhoeverBeginsToWaitWhileThereIsMoreRoomIsSeen: a family takes its turn between our reading and our writing.
func TestWhoeverBeginsToWaitWhileThereIsMoreRoomIsSeen(t *testing.T) { // not parallel: it changes the environment
	w := town.New(t)
	writeSlot(t, w, "busy", "2026-11-23", "capacity_all 1 free_all 0 taken_all 1 waiting_all 0")
	waits := true
	s := contended(t, func(operation, _ string) string {
		if operation == "UpdateItem" && waits {
			waits = false
			writeSlot(t, w, "busy", "2026-11-23", "capacity_all 1 free_all 0 taken_all 1 waiting_all 1")
		}
		return ""
	})
	check(t, reachedBy(t, s, w).SetPlaces(t.Context(), collectivity.Activity{ID: "busy", Capacity: 2}, "2026-11-23", town.Now))
	if got := readSlot(t, w, "busy", "2026-11-23"); !strings.HasPrefix(got, "capacity_all 2 free_all 1 taken_all 1 waiting_all 1 wake now") {
		t.Errorf("got %s", got)
	}
}

// TestALostAnswerCountsNoPlaceTwice: the SDK sends the write again.
func TestALostAnswerCountsNoPlaceTwice(t *testing.T) {
	w := town.New(t)
	writeSlot(t, w, "lost", "2026-11-23", "capacity_all 10 free_all 6 taken_all 4")
	lost := false
	var s *store.Store
	url := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		first := operation == "UpdateItem" && !lost
		lost = lost || first
		return first
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": url}, func() { s = store.Open() })
	check(t, reachedBy(t, s, w).SetPlaces(t.Context(), collectivity.Activity{ID: "lost", Capacity: 12}, "2026-11-23", town.Now))
	if got := readSlot(t, w, "lost", "2026-11-23"); !lost || got != "capacity_all 12 free_all 8 taken_all 4" {
		t.Errorf("lost %v, got %s", lost, got)
	}
}

// TestWhateverTheOrderThePlacesAddUp: managers and families write in any order, each as they may.
func TestWhateverTheOrderThePlacesAddUp(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		activity := collectivity.Activity{ID: fmt.Sprint("p", n), Capacity: rapid.IntRange(1, 20).Draw(r, "places")}
		taken := rapid.IntRange(0, activity.Capacity).Draw(r, "taken")
		writeSlot(t, w, activity.ID, "2026-11-23", fmt.Sprintf("capacity_all %d free_all %d taken_all %d", activity.Capacity, activity.Capacity-taken, taken))
		changes := rapid.SliceOfN(rapid.IntRange(1, 30), 1, 4).Draw(r, "changes")
		town.InParallel(len(changes), func(i int) bool {
			a := activity
			a.Capacity = changes[i]
			return w.Store.SetPlaces(t.Context(), a, "2026-11-23", town.Now.Add(time.Duration(i))) == nil
		})
		var capacity, free, left int
		if _, err := fmt.Sscanf(readSlot(t, w, activity.ID, "2026-11-23"), "capacity_all %d free_all %d taken_all %d", &capacity, &free, &left); err != nil {
			r.Fatal(err)
		}
		if capacity != left+free || left != taken || !slices.Contains(changes, capacity) {
			r.Fatalf("%d places after %v, %d taken, %d free", capacity, changes, left, free)
		}
	})
}

// reachedBy is the town as another connection reaches it.
func reachedBy(t *testing.T, s *store.Store, w *town.Town) store.Collectivity {
	t.Helper()
	right, err := s.AgentOf(t.Context(), account.CallerOf(w.Agent(collectivity.Manager).User, true), w.Slug, collectivity.Manager)
	check(t, err)
	return right.Store
}

// TestMorePlacesServeThoseWhoWait: who waits for a full day gets the place that a manager adds.
func TestMorePlacesServeThoseWhoWait(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Narrow("cantine", 1)
	first, second := w.NewHome("Léa"), w.NewHome("Tom")
	first.Day(booking.Booking, 0, "cantine", "", day)
	if r := second.Day(booking.Booking, 0, "cantine", "", day); r.Lines[0].State != booking.Waitlisted {
		t.Fatalf("the second is %s", r.Lines[0].State)
	}
	seen, err := w.Store.Configuration(t.Context())
	check(t, err)
	a, _ := seen.Activity("cantine")
	a.Capacity = 2
	check(t, w.Store.SetPlaces(t.Context(), a, day, town.Now))
	slot, ok := w.Env.Store.WaitingSlot("C#"+w.Slug+"#S#cantine", "SLOT#"+string(day))
	if !ok {
		t.Fatal("no slot")
	}
	_, _, err = slot.Promote(t.Context(), town.Now) // or a platform's worker, which is as quick
	check(t, err)
	if n := second.Booked(calendar.Period{From: day, To: day}); n != 1 {
		t.Errorf("%d booked", n)
	}
	w.Sound()
}
