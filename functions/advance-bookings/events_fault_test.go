package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// through has the worker reach its table by another address.
func (m *morning) through(t *testing.T, url string) {
	t.Helper()
	variables := maps.Clone(m.table)
	variables["AWS_ENDPOINT_URL_DYNAMODB"] = url
	testkit.Within(t, variables, func() { m.app = m.wire(store.Open()) })
}

func isWrite(operation string) bool {
	return operation == "TransactWriteItems" || operation == "PutItem" || operation == "UpdateItem" || operation == "DeleteItem"
}

// busy is a town with two families in which everything happens that an event can meet: booked days, days that wait for a place
// and for an agent, an absence asked for.
func busy(t *testing.T) (m, other morning) {
	t.Helper()
	m = opened(t)
	other = m.with(m.Town.NewHome("Léa"))
	m.Narrow("cantine", 2)
	m.set(t, "periscolaire", func(a *collectivity.Activity) { a.Absences = collectivity.ByAgent })
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	other.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.Day(booking.Booking, 0, "periscolaire", "", tuesday)
	m.Day(booking.Absence, 0, "periscolaire", "", tuesday)
	m.Day(booking.Booking, 1, "mercredi", "matin", wednesday)
	return m, other
}

const left = "01 Léa cantine cancelled by e1, 01 Léa periscolaire cancelled by e1, 01 Noé cantine cancelled by e1; "

// TestAWorkerThatDiesAnywhereLeavesNothingLostOrDoneTwice: it dies at each of its writes in turn, before the table hears of it
// or after the table has served it, and another goes on.
func TestAWorkerThatDiesAnywhereLeavesNothingLostOrDoneTwice(t *testing.T) {
	t.Parallel()
	for _, revoked := range []bool{false, true} {
		for n := int32(1); n <= 12; n++ {
			t.Run(fmt.Sprintf("at write %d, revoked %v", n, revoked), func(t *testing.T) {
				t.Parallel()
				m, other := busy(t)
				whole, now, want := m.app, town.Now, left
				m.declare(t, strike(calendar.Period{From: tuesday, To: wednesday}), now)
				if revoked {
					m.carryOut(t, now)
					now = now.Add(time.Hour)
					m.revoke(t, "e1", now)
					want = "01 Léa cantine booked, 01 Léa periscolaire booked, 01 Noé cantine booked; "
				}
				var done atomic.Int32
				m.through(t, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
					if isWrite(operation) && done.Add(1) >= n {
						return "AccessDeniedException" // not tried again
					}
					return ""
				}))
				*m.at = now
				_, err := m.handle(t.Context(), nil)
				if died := done.Load() >= n; died != (err != nil) {
					t.Errorf("after %d writes %v", done.Load(), err)
				}
				m.app = whole
				for range 3 {
					now = now.Add(5 * time.Minute)
					must(t, m.run(t, now, `"queue":"events"`))
				}
				if got := m.days(t) + "; " + other.days(t); got != want {
					t.Errorf("days are %s, want %s", got, want)
				}
				for _, home := range []morning{m, other} {
					home.wantTold(t, "e1", 1, map[bool]int{true: 1}[revoked])
				}
				if e := m.events(t)[0]; !e.Applied || e.Settled != 2 || e.Touched != 2 {
					t.Errorf("it stands at %+v", e)
				}
				m.Sound()
			})
		}
	}
}

// TestALostAnswerDoesNothingTwice: the SDK sends the write again.
func TestALostAnswerDoesNothingTwice(t *testing.T) {
	t.Parallel()
	m, other := busy(t)
	m.declare(t, strike(calendar.Period{From: tuesday, To: wednesday}), town.Now)
	whole, seen, lost := m.app, map[string]bool{}, 0
	var one atomic.Bool // at a time
	m.through(t, testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) bool {
		for !one.CompareAndSwap(false, true) {
			time.Sleep(time.Millisecond)
		}
		defer one.Store(false)
		first := isWrite(operation) && !seen[string(body)]
		if seen[string(body)] = true; first {
			lost++
		}
		return first
	}))
	m.carryOut(t, town.Now)
	m.app = whole
	if got := m.days(t) + "; " + other.days(t); got != left || lost < 6 {
		t.Errorf("after %d lost answers days are %s", lost, got)
	}
	m.wantTold(t, "e1", 1, 0)
	other.wantTold(t, "e1", 1, 0)
	m.Sound()
}

// TestSeveralWorkersAtOnceDoWhatOneDoes, by the schedule and by the table's stream, which also tells the same again later.
func TestSeveralWorkersAtOnceDoWhatOneDoes(t *testing.T) {
	t.Parallel()
	m, other := busy(t)
	m.declare(t, strike(calendar.Period{From: tuesday, To: wednesday}), town.Now)
	record := fmt.Sprintf(`{"Records": [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "Keys": {"PK": {"S": "C#%s"}, "SK": {"S": "SET#EVENT#e1"}}}}]}`, m.Slug)
	m.app.log = slog.New(slog.DiscardHandler)
	come := func(n int) error {
		out, err := m.handle(t.Context(), json.RawMessage([]string{record, ""}[n%2]))
		if len(out.BatchItemFailures) > 0 {
			t.Error("the stream is asked again")
		}
		return err
	}
	for _, err := range town.InParallel(6, come) {
		must(t, err)
	}
	*m.at = town.Now.Add(grace)
	for _, err := range town.InParallel(6, come) {
		must(t, err)
	}
	*m.at = town.Now.Add(time.Hour)
	must(t, come(0))
	if got := m.days(t) + "; " + other.days(t); got != left {
		t.Errorf("days are %s", got)
	}
	m.wantTold(t, "e1", 1, 0)
	other.wantTold(t, "e1", 1, 0)
	m.Sound()
}

// TestTheStreamHasAnEventCarriedOut without waiting for the schedule.
func TestTheStreamHasAnEventCarriedOut(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.declare(t, strike(on(tuesday)), town.Now)
	record := fmt.Sprintf(`{"Records": [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "Keys": {"PK": {"S": "C#%s"}, "SK": {"S": "SET#EVENT#e1"}}}}]}`, m.Slug)
	if out, err := m.handle(t.Context(), json.RawMessage(record)); err != nil || len(out.BatchItemFailures) > 0 {
		t.Fatal(out, err)
	}
	if got := m.days(t); got != "01 Léa cantine cancelled by e1" {
		t.Errorf("days are %s", got)
	}
}

// TestManyDaysOfAFamilyAreOneMail, although they do not fit into one write; not even where the worker dies between two.
func TestManyDaysOfAFamilyAreOneMail(t *testing.T) {
	t.Parallel()
	m := opened(t)
	months := calendar.Period{From: "2026-12-01", To: "2027-02-28"}
	booked := 0
	for _, activity := range []string{"cantine", "periscolaire"} {
		asking := m.asking(booking.Booking, months, 0, 1)
		for i := range asking.Items {
			asking.Items[i].Activity = activity
		}
		booked += len(m.Ask(asking).Lines)
	}
	if booked < 200 {
		t.Fatalf("only %d days are booked", booked)
	}
	m.declare(t, strike(months), town.Now)
	whole, transactions := m.app, 0
	m.through(t, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation != "TransactWriteItems" {
			return ""
		}
		if transactions++; transactions == 2 {
			return "AccessDeniedException"
		}
		return ""
	}))
	if err := m.run(t, town.Now, `"queue":"events"`); err == nil || m.told(t, store.MailEventDeclared, "e1", m.Account.ID) > 0 {
		t.Fatalf("it lived: %v", err)
	}
	m.app = whole
	must(t, m.run(t, town.Now.Add(5*time.Minute), `"queue":"events","done":1`))
	if got := m.days(t); strings.Count(got, "cancelled by e1") != booked {
		t.Errorf("of %d days %d are cancelled", booked, strings.Count(got, "cancelled by e1"))
	}
	m.wantTold(t, "e1", 1, 0)
	m.Sound()
	m.revoke(t, "e1", town.Now.Add(time.Hour))
	m.carryOut(t, town.Now.Add(time.Hour))
	if n := m.Booked(months); n != booked {
		t.Errorf("of %d days %d are booked again", booked, n)
	}
	m.wantTold(t, "e1", 1, 1)
}

// TestWhatAnEventTookBeforeAnotherTookTheRestIsTold: its worker dies between two writes of a family's many days, and a second
// event takes those that are left.
func TestWhatAnEventTookBeforeAnotherTookTheRestIsTold(t *testing.T) {
	t.Parallel()
	m := opened(t)
	months := calendar.Period{From: "2026-12-01", To: "2027-02-28"}
	m.Ask(m.asking(booking.Booking, months, 0, 1))
	m.declare(t, strike(months), town.Now)
	m.declare(t, strike(months), town.Now)
	whole, transactions := m.app, 0
	m.through(t, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			transactions++
		}
		return map[bool]string{true: "AccessDeniedException"}[transactions > 1]
	}))
	first, _ := m.app.store.DueEvent("C#"+m.Slug, "SET#EVENT#e1")
	if _, err := first.CarryOut(t.Context(), town.Now); err == nil {
		t.Fatal("it lived")
	}
	m.app = whole
	must(t, m.run(t, town.Now, `"queue":"events","done":1`))
	m.wantTold(t, "e1", 0, 0)
	m.wantTold(t, "e2", 1, 0)
	must(t, m.run(t, town.Now.Add(5*time.Minute), `"queue":"events","done":2`))
	m.wantTold(t, "e1", 1, 0)
	m.wantTold(t, "e2", 1, 0)
	m.Sound()
}

// held has another worker carry out the event, and holds it up before its first write of a family until it is let go; done
// answers how it ended.
func (m morning) held(t *testing.T, now time.Time) (letGo func() error) {
	t.Helper()
	arrived, free, ended := make(chan bool), make(chan bool), make(chan error)
	var once sync.Once
	m.through(t, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			once.Do(func() {
				close(arrived)
				<-free
			})
		}
		return ""
	}))
	due, _ := m.app.store.DueEvent("C#"+m.Slug, "SET#EVENT#e1")
	go func() {
		_, err := due.CarryOut(t.Context(), now)
		ended <- err
	}()
	<-arrived
	return func() error {
		close(free)
		return <-ended
	}
}

// TestAWorkerThatWasHeldUpDoesNotDoAgainWhatAnotherDid meanwhile, when its time was over.
func TestAWorkerThatWasHeldUpDoesNotDoAgainWhatAnotherDid(t *testing.T) {
	t.Parallel()
	for _, e := range []collectivity.Event{strike(on(tuesday)), reopening(on(tuesday))} {
		t.Run(string(e.Effect), func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			m.Day(booking.Booking, 0, "cantine", "", tuesday)
			m.declare(t, e, town.Now)
			letGo := m.held(t, town.Now)
			must(t, m.run(t, town.Now.Add(lease), `"queue":"events","done":1`))
			must(t, letGo())
			m.wantTold(t, "e1", 1, 0)
			must(t, m.run(t, town.Now.Add(lease+grace), `"queue":"events","done":1`))
			m.wantTold(t, "e1", 1, 0)
			m.Sound()
		})
	}
}

// TestAnEventRevokedWhileItIsCarriedOutLeavesNothing: its worker is held up before a family, and goes on before or after the
// revocation has passed there.
func TestAnEventRevokedWhileItIsCarriedOutLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, before := range []bool{true, false} {
		t.Run(fmt.Sprint("before ", before), func(t *testing.T) {
			t.Parallel()
			m := opened(t)
			m.Day(booking.Booking, 0, "cantine", "", tuesday)
			m.declare(t, strike(on(tuesday)), town.Now)
			letGo, later := m.held(t, town.Now), town.Now.Add(time.Second)
			m.revoke(t, "e1", later)
			if before {
				must(t, letGo())
			}
			must(t, m.run(t, later, `"queue":"events","done":1`))
			if !before {
				must(t, letGo())
				if got := m.days(t); got != "01 Léa cantine cancelled by e1" {
					t.Errorf("the slow worker left %s", got)
				}
			}
			must(t, m.run(t, later.Add(grace), `"queue":"events","done":1`))
			if got := m.days(t); got != "01 Léa cantine booked" {
				t.Errorf("days are %s", got)
			}
			m.wantTold(t, "e1", 1, 1)
			m.Sound()
		})
	}
}

// TestNothingIsTakenFromAFamilyThatWasToldOfTheRevocation, by a worker that was held up.
func TestNothingIsTakenFromAFamilyThatWasToldOfTheRevocation(t *testing.T) {
	t.Parallel()
	m := opened(t)
	before := m.Made()
	m.Day(booking.Booking, 0, "cantine", "", wednesday.AddDays(1))
	m.declare(t, strike(calendar.Period{From: wednesday, To: wednesday.AddDays(1)}), town.Now)
	must(t, m.run(t, town.Now, `"queue":"events","done":1`))
	m.late(t, before, wednesday, "mercredi", "matin")
	letGo, later := m.held(t, town.Now.Add(grace)), town.Now.Add(grace+time.Second)
	m.revoke(t, "e1", later)
	must(t, m.run(t, later, `"queue":"events","done":1`))
	m.wantTold(t, "e1", 1, 1)
	must(t, letGo())
	must(t, m.run(t, later.Add(grace), `"queue":"events","done":1`))
	if got := m.days(t); got != "02 Noé mercredi requested, 03 Léa cantine booked" {
		t.Errorf("days are %s", got)
	}
	m.wantTold(t, "e1", 1, 1)
	m.Sound()
}

// TestAFamilyThatFailsKeepsNoOtherWaiting: the others are told, and the one is tried again.
func TestAFamilyThatFailsKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	m := opened(t)
	var homes []morning
	for range 10 { // more than go at the same time
		home := m.with(m.Town.NewHome("Léa"))
		home.Day(booking.Booking, 0, "cantine", "", tuesday)
		homes = append(homes, home)
	}
	bad := homes[3]
	whole := m.app
	m.through(t, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		if isWrite(operation) && bytes.Contains(body, []byte("#F#"+bad.ID)) {
			return "AccessDeniedException"
		}
		return ""
	}))
	m.declare(t, strike(on(tuesday)), town.Now)
	if err := m.run(t, town.Now, `"queue":"events","done":0,"kept":0,"failed":1`); err == nil {
		t.Error("an alarm hears of it")
	}
	for _, home := range homes {
		home.wantTold(t, "e1", map[bool]int{false: 1}[home.ID == bad.ID], 0)
	}
	if e := m.events(t)[0]; e.Applied || e.Total != 11 {
		t.Errorf("it stands at %+v", e)
	}
	m.app = whole
	must(t, m.run(t, town.Now.Add(5*time.Minute), `"queue":"events","done":1`))
	if e := m.events(t)[0]; !e.Applied {
		t.Errorf("it stands at %+v", e)
	}
	for _, home := range homes {
		home.wantTold(t, "e1", 1, 0)
	}
	m.Sound()
}

// TestAWorkerThatRunsOutOfTimeLeavesTheRestToTheNext from the place reached, at once.
func TestAWorkerThatRunsOutOfTimeLeavesTheRestToTheNext(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.declare(t, strike(on(tuesday)), town.Now)
	due, _ := m.app.store.DueEvent("C#"+m.Slug, "SET#EVENT#e1")
	hurry, cancel := context.WithTimeout(t.Context(), 14*time.Second)
	defer cancel()
	_, err := due.CarryOut(hurry, town.Now)
	must(t, err)
	if got := m.days(t); got != "01 Léa cantine booked" {
		t.Errorf("in a hurry days are %s", got)
	}
	must(t, m.run(t, town.Now, `"queue":"events","done":1`))
	if got := m.days(t); got != "01 Léa cantine cancelled by e1" {
		t.Errorf("days are %s", got)
	}
}

// TestAnEventThatIsLongOverLeavesTheConfiguration, and is listed all the same.
func TestAnEventThatIsLongOverLeavesTheConfiguration(t *testing.T) {
	t.Parallel()
	m := opened(t)
	m.Day(booking.Booking, 0, "cantine", "", tuesday)
	m.declare(t, strike(on(tuesday)), town.Now)
	m.declare(t, strike(on("2027-06-01")), town.Now)
	must(t, m.run(t, town.Now, `"queue":"events","done":2`))
	must(t, m.run(t, town.Now.Add(grace), `"queue":"events","done":2`))
	for put, hour := range []int{11, 13} { // 60 days after
		now := time.Date(2027, 1, 30, hour, 0, 0, 0, time.UTC)
		must(t, m.run(t, now, fmt.Sprintf(`"queue":"events","done":%d`, put)))
		c, err := m.Town.Store.Configuration(t.Context())
		must(t, err)
		if len(c.Events) != 2-put {
			t.Errorf("at %s the town has %+v", now, c.Events)
		}
	}
	if all := m.events(t); len(all) != 2 || all[0].ID != "e2" || all[1].ID != "e1" || !all[1].Applied {
		t.Errorf("listed %+v", all)
	}
	if got := m.days(t); got != "01 Léa cantine cancelled by e1" {
		t.Errorf("days are %s", got)
	}
	m.Sound()
}

// TestEventsOfLongAgoAreListedByPages, behind those that are not.
func TestEventsOfLongAgoAreListedByPages(t *testing.T) {
	t.Parallel()
	m := opened(t)
	for _, day := range []calendar.Date{tuesday, "2026-12-03", "2026-12-04", "2028-01-04"} {
		m.declare(t, strike(on(day)), town.Now)
	}
	for _, now := range []time.Time{town.Now, town.Now.Add(grace)} {
		must(t, m.run(t, now, `"queue":"events","done":4`))
	}
	must(t, m.run(t, town.Now.AddDate(1, 0, 0), `"queue":"events","done":3`))
	var pages []string
	for cursor, more := "", true; more; more = cursor != "" {
		all, next, err := m.Town.Store.Events(t.Context(), cursor, 2)
		must(t, err)
		var ids []string
		for _, e := range all {
			ids = append(ids, e.ID)
		}
		pages, cursor = append(pages, strings.Join(ids, " ")), next
	}
	if got := strings.Join(pages, " | "); got != "e4 e3 e2 | e1" && got != "e4 e3 e2 | e1 | " {
		t.Errorf("listed %s", got)
	}
}

func TestTheFunctionHasTheRightsThatEventsNeed(t *testing.T) { // not parallel: it changes whose key this process uses
	testkit.Stack(t)
	m := morning{Home: town.NewHome(t, "Léa", "Noé"), log: &bytes.Buffer{}, at: &time.Time{}, table: map[string]string{"PREAU_TABLE": testkit.Stack(t).Table}}
	m.app = m.wire(m.Env.Store)
	m.Narrow("cantine", 1)
	m.Day(booking.Booking, -1, "cantine", "", tuesday)
	m.Day(booking.Booking, 1, "mercredi", "matin", wednesday)
	id := m.declare(t, strike(calendar.Period{From: tuesday, To: wednesday}), town.Now)
	due, _ := m.app.store.DueEvent("C#"+m.Slug, "SET#EVENT#"+id)
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("advance-bookings"))
	for day := range 3 { // after whatever a platform's worker does meanwhile
		_, err := due.CarryOut(t.Context(), town.Now.AddDate(50, 0, day))
		must(t, err)
	}
	must(t, os.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey))
	if c, err := m.Town.Store.Configuration(t.Context()); err != nil || len(c.Events) > 0 {
		t.Errorf("the town has %+v, %v", c.Events, err)
	}
	if got := m.days(t); !strings.HasPrefix(got, "01 Léa cantine cancelled by e1") || strings.Contains(got, "wait") || strings.Contains(got, "requested") {
		t.Errorf("days are %s", got)
	}
}
