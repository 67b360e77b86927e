package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func at(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle, httpapi.Created)
}

type home struct{ town.Home }

func newHome(t *testing.T, children ...string) home { return home{town.NewHome(t, children...)} }

// ask is the sample event as this family sends it, with fields of its body replaced.
func (h home) ask(t *testing.T, change map[string]any) httpapi.Request {
	t.Helper()
	event := h.Event("request-booking", nil)
	var body map[string]any
	if err := json.Unmarshal([]byte(event.Body), &body); err != nil {
		t.Fatal(err)
	}
	for name, v := range change {
		body[name] = v
	}
	return town.With(t, event, body)
}

func (h home) item(n int, activity, option string) map[string]any {
	i := map[string]any{"child": h.Children[n], "activity": activity}
	if option != "" {
		i["option"] = option
	}
	return i
}

func outcomes(r api.Request) string {
	var all []string
	for _, d := range r.Days {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s %s %s", d.Date[5:], d.State, d.Code), " "))
	}
	return strings.Join(all, ", ")
}

func TestEachDayOfARequestHasItsOwnOutcome(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa", "Noé")
	cases := []struct {
		says string
		body map[string]any
		want string
	}{
		{"one day at the canteen is booked at once", nil, "11-24 booked"},
		{
			"a period books the weekdays that the activity opens on",
			map[string]any{"from": "2026-12-01", "to": "2026-12-07"},
			"12-01 booked, 12-03 booked, 12-04 booked, 12-07 booked",
		},
		{
			"chosen weekdays are kept to",
			map[string]any{"from": "2026-12-08", "to": "2026-12-18", "weekdays": []string{"tue", "fri"}},
			"12-08 booked, 12-11 booked, 12-15 booked, 12-18 booked",
		},
		{
			"even weeks leave the odd ones out", // 4 January 2027 is in week 1, 11 January in week 2
			map[string]any{"from": "2027-01-04", "to": "2027-01-17", "weekdays": []string{"mon"}, "weeks": "even"},
			"01-11 booked",
		},
		{
			"odd weeks leave the even ones out",
			map[string]any{"from": "2027-01-04", "to": "2027-01-17", "weekdays": []string{"mon"}, "weeks": "odd"},
			"01-04 booked",
		},
		{
			"siblings and activities are asked for at once, each decided as its activity says",
			map[string]any{"from": "2027-02-03", "to": "2027-02-04", "items": []any{h.item(0, "cantine", ""), h.item(1, "cantine", ""), h.item(1, "mercredi", "matin")}},
			"02-03 requested, 02-04 booked, 02-04 booked",
		},
		{
			"an option that is missing or unknown is that item's own refusal",
			map[string]any{"from": "2027-02-10", "to": "2027-02-10", "items": []any{h.item(0, "mercredi", ""), h.item(1, "mercredi", "nuit"), h.item(1, "mercredi", "matin")}},
			"02-10 enrolled option_required, 02-10 enrolled option_unknown, 02-10 requested",
		},
		{
			"the same day twice is taken once",
			map[string]any{"from": "2027-03-01", "to": "2027-03-01", "items": []any{h.item(0, "cantine", ""), h.item(0, "cantine", "")}},
			"03-01 booked, 03-01 enrolled day_twice",
		},
		{
			"days already past or booked say so, the rest goes through",
			map[string]any{"from": "2026-11-20", "to": "2026-11-26"},
			"11-20 enrolled past, 11-23 booked, 11-24 booked already_booked, 11-26 booked",
		},
	}
	for _, c := range cases { // in this order: later ones build on earlier ones
		t.Run(c.says, func(t *testing.T) {
			r := town.Read[api.Request](t, at(town.Now), h.ask(t, c.body), 201)
			if got := outcomes(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if !r.Progress.Done || r.Progress.Settled != r.Progress.Total {
				t.Errorf("progress %+v of a request that was answered", r.Progress)
			}
		})
	}
}

func TestWhatMakesNoSenseIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa")
	other := h.Family("Zoé")
	body := func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	cases := []struct {
		says        string
		body        map[string]any
		status      int
		code, field string
	}{
		{"a kind that does not exist", body("kind", "holiday"), 400, "unknown_value", "kind"},
		{"no items", body("items", []any{}), 400, "required", "items"},
		{"an item without a child", body("items", []any{map[string]any{"activity": "cantine"}}), 400, "required", "items[0].child"},
		{"a child of another family", body("items", []any{map[string]any{"child": other.Children[0], "activity": "cantine"}}), 400, "child_unknown", "items[0].child"},
		{"an activity that does not exist", body("items", []any{h.item(0, "poney", "")}), 400, "activity_unknown", "items[0].activity"},
		{"a date that does not exist", body("from", "2027-02-30"), 400, "date_invalid", "from"},
		{"a date that is no date", body("to", "demain"), 400, "date_invalid", "to"},
		{"a period turned round", body("from", "2026-12-02", "to", "2026-12-01"), 400, "period_reversed", "to"},
		{"a period over a year", body("from", "2026-12-01", "to", "2028-01-01"), 400, "period_too_long", "to"},
		{"a period of a year and a day", body("from", "2026-11-26", "to", "2027-11-27"), 400, "period_too_long", "to"},
		{"a weekday that never falls in the period", body("from", "2026-12-01", "to", "2026-12-02", "weekdays", []string{"sun"}), 400, "no_such_day", "weekdays"},
		{"a weekday that does not exist", body("weekdays", []string{"lundi"}), 400, "unknown_value", "weekdays"},
		{"weeks that do not exist", body("weeks", "third"), 400, "unknown_value", "weeks"},
		{"a comment of a novel's length", body("comment", strings.Repeat("a", 1001)), 400, "too_long", "comment"},
		{"an unknown field", body("price", 3), 400, "unknown_field", "price"},
		{"a wrong type", body("from", 20261124), 400, "wrong_type", "from"},
		{"a period without a day of enrolment", body("from", "2027-08-01", "to", "2027-08-20"), 400, "not_enrolled", "from"},
		{"a past day", body("from", "2026-11-20", "to", "2026-11-20"), 409, "past", "days[0]"},
		{"a closed day", body("from", "2026-11-28", "to", "2026-11-28"), 409, "closed", "days[0]"},
		{"an absence where nothing is booked", body("kind", "absence"), 409, "not_booked", "days[0]"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := town.Send(t, at(town.Now), h.ask(t, c.body))
			if reply.StatusCode != c.status || !strings.Contains(reply.Response.Body, fmt.Sprintf(`"code":%q`, c.code)) || !strings.Contains(reply.Response.Body, fmt.Sprintf(`"field":%q`, c.field)) {
				t.Errorf("got %d %s, want %d with code %s at %s", reply.StatusCode, reply.Response.Body, c.status, c.code, c.field)
			}
			if reply.Headers["content-type"] != "application/problem+json" {
				t.Errorf("content type %q", reply.Headers["content-type"])
			}
		})
	}
	requests, _, err := h.MadeFamily.Store.Requests(t.Context(), "", 10)
	if err != nil || len(requests) != 0 {
		t.Errorf("%d requests were written, error %v", len(requests), err)
	}
}

func TestAnAbsenceFreesThePlaceAndTheDayCanBeBookedAgain(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa", "Noé")
	h.Narrow("cantine", 1)
	book, miss := h.ask(t, nil), h.ask(t, map[string]any{"kind": "absence"})
	sibling := h.ask(t, map[string]any{"items": []any{h.item(1, "cantine", "")}})

	steps := []struct {
		says  string
		event httpapi.Request
		want  string
	}{
		{"the only place is booked", book, "11-24 booked"},
		{"the sibling waits for one", sibling, "11-24 waitlisted"},
		{"an absence frees it", miss, "11-24 absent"},
		{"and booked again, the child waits behind the sibling", book, "11-24 waitlisted"},
	}
	for _, s := range steps {
		r := town.Read[api.Request](t, at(town.Now), s.event, 201)
		if got := outcomes(r); got != s.want {
			t.Fatalf("%s: got %s, want %s", s.says, got, s.want)
		}
	}
	if reply := town.Send(t, at(town.Now), miss); reply.StatusCode != 409 || reply.Code() != "already_waiting" {
		t.Errorf("an absence while waiting: got %d %s", reply.StatusCode, reply.Code())
	}
}

func TestAskingClosesWhenTheServiceStarts(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa")
	start := time.Date(2026, 11, 24, 10, 45, 0, 0, time.UTC) // 11:45 in Paris
	if reply := town.Send(t, at(start), h.ask(t, nil)); reply.Code() != "past" {
		t.Errorf("at 11:45 got %d %s", reply.StatusCode, reply.Code())
	}
	town.Read[api.Request](t, at(start.Add(-time.Second)), h.ask(t, nil), 201)
}

func TestTheSameRequestSentAgainChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa")
	event := town.Header(h.ask(t, map[string]any{"from": "2026-12-01", "to": "2026-12-18"}), "idempotency-key", "0b7c-same-key")
	first := town.Read[api.Request](t, at(town.Now), event, 201)
	again := town.Read[api.Request](t, at(town.Now.Add(time.Hour)), event, 201)
	if again.ID != first.ID || outcomes(again) != outcomes(first) {
		t.Errorf("got %s %s, want %s %s", again.ID, outcomes(again), first.ID, outcomes(first))
	}
	other := town.Header(h.ask(t, nil), "idempotency-key", "0b7c-same-key")
	if reply := town.Send(t, at(town.Now), other); reply.StatusCode != 409 || reply.Code() != "key_reused" {
		t.Errorf("the same key with another body: got %d %s", reply.StatusCode, reply.Code())
	}
	short := town.Header(h.ask(t, nil), "idempotency-key", "x")
	if reply := town.Send(t, at(town.Now), short); reply.StatusCode != 400 {
		t.Errorf("a key of one character: got %d", reply.StatusCode)
	}
}

func TestTheSameRequestSentTenTimesAtOnceIsOne(t *testing.T) {
	t.Parallel()
	for says, body := range map[string]map[string]any{
		"of one day":                      nil,
		"of many days":                    {"from": "2026-12-01", "to": "2026-12-18"},
		"of days that an agent decides":   {"from": "2026-12-01", "to": "2026-12-18", "items": "mercredi"},
		"of days decided in several ways": {"from": "2026-12-01", "to": "2026-12-04", "items": "both"},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, "Léa")
			switch body["items"] {
			case "mercredi":
				body["items"] = []any{h.item(0, "mercredi", "matin")}
			case "both":
				body["items"] = []any{h.item(0, "mercredi", "matin"), h.item(0, "cantine", "")}
			}
			event := town.Header(h.ask(t, body), "idempotency-key", "ten-at-once")
			ids := town.InParallel(10, func(int) string { return town.Read[api.Request](t, at(town.Now), event, 201).ID })
			for _, id := range ids {
				if id != ids[0] {
					t.Fatalf("two requests: %s and %s", id, ids[0])
				}
			}
			final := town.Read[api.Request](t, at(town.Now), event, 201)
			if !final.Progress.Done {
				t.Errorf("progress %+v", final.Progress)
			}
			requests, _, err := h.MadeFamily.Store.Requests(t.Context(), "", 50)
			if err != nil || len(requests) != 1 {
				t.Errorf("%d requests, error %v", len(requests), err)
			}
			booked := 0
			for _, d := range final.Days {
				if d.State == "booked" {
					booked++
				}
			}
			if taken := h.Booked(calendar.Period{From: "2026-11-24", To: "2026-12-31"}); taken != booked {
				t.Errorf("%d days booked, %d in the answer", taken, booked)
			}
		})
	}
}

// TestTwoHundredBookingsForTenPlacesGiveTen sends them at once, from twenty families; forty are under way at a time, for the
// emulator's sake.
func TestTwoHundredBookingsForTenPlacesGiveTen(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Narrow("cantine", 10)
	var events []httpapi.Request
	var homes []home
	for range 20 {
		h := home{w.NewHome("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")}
		homes = append(homes, h)
		for n := range h.Children {
			events = append(events, h.ask(t, map[string]any{"items": []any{h.item(n, "cantine", "")}}))
		}
	}
	h := at(town.Now)
	answers := town.InParallelUpTo(40, len(events), func(n int) string {
		r := town.Read[api.Request](t, h, events[n], 201)
		return outcomes(r)
	})
	count := map[string]int{}
	for _, a := range answers {
		count[a]++
	}
	if count["11-24 booked"] != 10 || count["11-24 waitlisted"]+count["11-24 requested"] != 190 || count["11-24 waitlisted"] == 0 {
		t.Errorf("got %v", count)
	}
	t.Logf("of 190 without a place, %d were left to advance-bookings", count["11-24 requested"])
	booked := 0
	for _, h := range homes {
		booked += h.Booked(calendar.Period{From: "2026-11-24", To: "2026-11-24"})
	}
	if booked != 10 {
		t.Errorf("%d days are written as booked", booked)
	}
}

func TestSiblingsShareWhatIsLeft(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa", "Noé", "Inès")
	h.Narrow("cantine", 2)
	r := town.Read[api.Request](t, at(town.Now), h.ask(t, map[string]any{"items": []any{h.item(0, "cantine", ""), h.item(1, "cantine", ""), h.item(2, "cantine", "")}}), 201)
	if got := outcomes(r); got != "11-24 booked, 11-24 booked, 11-24 waitlisted" {
		t.Errorf("got %s", got)
	}
	if r.State != "pending" {
		t.Errorf("state %s", r.State)
	}
}

func TestOnlyASubscriberAsks(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa")
	stranger := h
	stranger.Account = h.Citizen()
	if reply := town.Send(t, at(town.Now), stranger.ask(t, nil)); reply.StatusCode != 404 || reply.Code() != "family_not_found" {
		t.Errorf("a stranger got %d %s", reply.StatusCode, reply.Code())
	}
	agent := h
	agent.Account = h.Agent(collectivity.Manager)
	if reply := town.Send(t, at(town.Now), agent.ask(t, nil)); reply.StatusCode != 404 {
		t.Errorf("an agent without a subscription got %d", reply.StatusCode)
	}
}

// TestTwoActivitiesThatExcludeTheSameThirdAreAskedForTogether: both count on the same day of the child.
func TestTwoActivitiesThatExcludeTheSameThirdAreAskedForTogether(t *testing.T) {
	t.Parallel()
	h := newHome(t, "Léa")
	for _, id := range []string{"judo", "cirque"} {
		a := h.Activities[0]
		a.ID, a.Name, a.Decision, a.Excludes = id, id, collectivity.ByAgent, []string{"periscolaire"}
		if err := h.Town.Store.SaveActivity(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if err := h.MadeFamily.Store.Enrol(t.Context(), booking.Enrolment{ID: h.MadeFamily.Store.EnrolmentID(id), Child: h.Children[0], Activity: id, Period: a.Season}); err != nil {
			t.Fatal(err)
		}
	}
	both := map[string]any{"items": []any{h.item(0, "judo", ""), h.item(0, "cirque", "")}}
	if got := outcomes(town.Read[api.Request](t, at(town.Now), h.ask(t, both), 201)); got != "11-24 requested, 11-24 requested" {
		t.Errorf("got %s", got)
	}
	third := map[string]any{"items": []any{h.item(0, "periscolaire", "")}}
	if reply := town.Send(t, at(town.Now), h.ask(t, third)); reply.StatusCode != 409 || reply.Code() != "excluded" {
		t.Errorf("the third: got %d %s", reply.StatusCode, reply.Code())
	}
	h.Sound()
}
