package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// wednesdays asks for many of them, for the nth child.
func wednesdays(h town.Home, to calendar.Date, children ...int) booking.Request {
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: wednesday, To: to}}
	for _, n := range children {
		asking.Items = append(asking.Items, booking.Item{Child: h.Children[n], Activity: "mercredi", Option: "matin"})
	}
	return h.Ask(asking)
}

// oneByOne decides each day of a request for itself.
func oneByOne(r booking.Request, decide func(n int) map[string]any) (all []map[string]any) {
	for n, l := range r.Lines {
		d := decide(n)
		d["request"], d["date"], d["child"] = r.ID, string(l.Date), l.Child
		all = append(all, d)
	}
	return all
}

// mails lists the mails that tell of decisions on a request, by the revisions that they tell of.
func mails(h town.Home, request string) (revisions []int) {
	h.T.Helper()
	for rev := range 60 {
		if _, there := town.Outbox(h.T, store.MailRequestDecided, fmt.Sprintf("%s-%d", request, rev)); there {
			revisions = append(revisions, rev)
		}
	}
	return revisions
}

func TestAllThatACallDecidesOfARequestIsToldInOneMail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		decide func(r booking.Request) []map[string]any
		want   map[string]int // outcomes
	}{
		{
			"fifty days one by one",
			func(r booking.Request) []map[string]any {
				return oneByOne(r, func(int) map[string]any { return map[string]any{"decision": "accept"} })
			},
			map[string]int{"booked": 50},
		},
		{
			"some accepted and others refused, each with its reason",
			func(r booking.Request) []map[string]any {
				return oneByOne(r, func(n int) map[string]any {
					if n%2 == 0 {
						return map[string]any{"decision": "accept"}
					}
					return map[string]any{"decision": "refuse", "reason": fmt.Sprint("Motif ", n)}
				})
			},
			map[string]int{"booked": 25, "refused": 25},
		},
		{
			"all of them by one decision",
			func(r booking.Request) []map[string]any { return []map[string]any{accept(r.ID)} },
			map[string]int{"booked": 50},
		},
		{
			"some that overbook beside some that do not",
			func(r booking.Request) []map[string]any {
				return oneByOne(r, func(n int) map[string]any {
					return map[string]any{"decision": "accept", "overbook": n%2 == 0}
				})
			},
			map[string]int{"booked": 50},
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa", "Noé")
			r := wednesdays(h, "2027-05-19", 0, 1)
			if len(r.Lines) != 50 {
				t.Fatalf("%d lines", len(r.Lines))
			}
			d := town.Read[api.Decided](t, handle(), decide(h, h.Agent(collectivity.Reviewer), c.decide(r)...), 200)
			got := map[string]int{}
			for _, o := range d.Outcomes {
				got[strings.TrimSpace(o.State+" "+o.Code)]++
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if told := mails(h, r.ID); len(told) != 1 {
				t.Errorf("told of the revisions %v", told)
			}
			stored, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			for n, l := range stored.Lines {
				if want := fmt.Sprint("Motif ", n); l.State == booking.Refused && l.Reason != want {
					t.Errorf("day %d is refused for %q", n, l.Reason)
				}
			}
			h.Sound()
		})
	}
}

func TestTheOutcomesOfACallFollowItsDecisions(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	one, other := wednesdays(h, "2026-12-09", 0), wednesdays(h, "2026-12-09", 1)
	on := func(d map[string]any, date string) map[string]any {
		d["date"] = date
		return d
	}
	d := town.Read[api.Decided](t, handle(), decide(
		h, h.Agent(collectivity.Reviewer),
		on(accept(one.ID), "2026-12-09"), accept(other.ID), on(refuse(one.ID, ""), "2026-12-02"), accept("unknown-1"), on(refuse(one.ID, "Fermé."), "2026-12-02"), accept(one.ID),
	), 200)
	var got []string
	for _, o := range d.Outcomes {
		got = append(got, strings.TrimSpace(strings.Join([]string{strings.TrimPrefix(o.Date, "2026-12-"), o.State, o.Code}, " ")))
	}
	if want := "09 booked, 02 booked, 09 booked, 02  reason_required, request_not_found, 02 refused, nothing_pending"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	if a, b := mails(h, one.ID), mails(h, other.ID); len(a) != 1 || len(b) != 1 {
		t.Errorf("told %v and %v", a, b)
	}
}

// TestOverbookingOneDayLeavesTheOthersTheirLimit although they are of the same slot and in the same call.
func TestOverbookingOneDayLeavesTheOthersTheirLimit(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé", "Inès")
	h.Narrow("mercredi", 1)
	r := h.Day(booking.Booking, -1, "mercredi", "matin", wednesday)
	decisions := oneByOne(r, func(n int) map[string]any { return map[string]any{"decision": "accept", "overbook": n == 2} })
	d := town.Read[api.Decided](t, handle(), decide(h, h.Agent(collectivity.Manager), decisions...), 200)
	if got := told(d); got != "booked, booked, requested slot_full" {
		t.Errorf("got %s", got)
	}
	said := "decide-requests request " + r.ID + " lines 1"
	if got := slices.Sorted(slices.Values(h.Audited())); !slices.Equal(got, []string{said, said + ", overbook"}) {
		t.Errorf("audited %q", got)
	}
}

// TestALaterDecisionOfACallTakesWhatAnEarlierOneCouldNot: accept what there is room for, and refuse the rest.
func TestALaterDecisionOfACallTakesWhatAnEarlierOneCouldNot(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé", "Inès")
	h.Narrow("mercredi", 2)
	r := h.Day(booking.Booking, -1, "mercredi", "matin", wednesday)
	d := town.Read[api.Decided](t, handle(), decide(h, h.Agent(collectivity.Manager), accept(r.ID), refuse(r.ID, "Complet.")), 200)
	if got := told(d); got != "booked, booked, refused, requested slot_full" {
		t.Errorf("got %s", got)
	}
}

// TestWhatWasDecidedIsToldEvenIfTheProcessDiesBeforeTheRest: by the sweep, once nobody can go on any more.
func TestWhatWasDecidedIsToldEvenIfTheProcessDiesBeforeTheRest(t *testing.T) { // not parallel: it changes what this process opens
	variables := testkit.OwnTable(t)
	var h town.Home
	testkit.Within(t, variables, func() { h = town.NewHome(t, "Léa", "Noé") })
	r := wednesdays(h, "2027-05-19", 0, 1)
	agent := h.Agent(collectivity.Reviewer)
	var writes atomic.Int32
	dying := maps.Clone(variables)
	dying["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		if operation == "TransactWriteItems" && bytes.Contains(body, []byte(r.ID)) && writes.Add(1) > 1 {
			return "AccessDeniedException"
		}
		return ""
	})
	var handler httpapi.Handler
	testkit.Within(t, dying, func() { handler = handle() })
	if reply := town.Send(t, handler, decide(h, agent, accept(r.ID))); reply.StatusCode != 500 {
		t.Fatalf("the process lived: %d %s", reply.StatusCode, reply.Response.Body)
	}
	stored, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	waiting := len(stored.PendingLines("", "", ""))
	if waiting == 0 || waiting == len(r.Lines) {
		t.Fatalf("%d of %d days wait", waiting, len(r.Lines))
	}
	due, err := h.Env.Store.DueMails(t.Context(), town.Now.Add(59*time.Second))
	if err != nil || len(due) > 0 {
		t.Errorf("due at once are %v, %v", due, err)
	}
	due, err = h.Env.Store.DueMails(t.Context(), town.Now.Add(time.Minute))
	if err != nil || len(due) != 1 {
		t.Fatalf("due after a minute are %v, %v", due, err)
	}
	id := due[0]
	if _, ok, err := h.Env.Store.ClaimMail(t.Context(), id, town.Now.Add(59*time.Second)); ok || err != nil {
		t.Errorf("a mail that the call may yet overtake leaves: %v, %v", ok, err)
	}
	if _, ok, err := h.Env.Store.ClaimMail(t.Context(), id, town.Now.Add(time.Minute)); !ok || err != nil {
		t.Errorf("what was decided is told by nobody: %v", err)
	}
	testkit.Within(t, variables, func() { handler = handle() })
	if got := told(town.Read[api.Decided](t, handler, decide(h, agent, accept(r.ID)), 200)); strings.Count(got, "booked") != waiting {
		t.Errorf("the rest is %s", got)
	}
}
