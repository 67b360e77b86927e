package main

import (
	"path/filepath"
	"strconv"
	"time"

	"preau/shared/api"
	"preau/shared/captcha"
)

// A useCase is counted twice on one process: the first call, which knows nothing yet, and a later one.
type useCase struct {
	says  string // empty: as the function
	event func(t *town) event
	most  promise
}

// A promise is a figure of design §5. Zero: there is none.
type promise struct {
	trips  int
	writes float64
}

// verdict is what was promised, and whether both calls kept it.
func (p promise) verdict(first, later toll) (promised, kept string) {
	if p.trips == 0 {
		return "", ""
	}
	promised = "≤ " + strconv.Itoa(p.trips) + " trips"
	if p.writes > 0 {
		promised += ", ≤ " + units(p.writes) + " writes"
	}
	return promised, verdict(max(first.trips, later.trips) <= p.trips && (p.writes == 0 || max(first.writes, later.writes) <= p.writes))
}

// What §5 promises.
var (
	ofReading = promise{trips: 3}
	ofBooking = promise{trips: 3, writes: 12}
)

// useCases counts what each use case costs at the table.
func (l *lab) useCases() table {
	out := table{
		title:  "Round trips to the table and capacity units",
		header: []string{"use case", "trips: first call", "later", "calls, later", "reads: first", "later", "writes", "figure", ""},
		notes: []string{
			"Trips are calls that had to wait for one another. The first call of a process also reads the collectivity's settings.",
			"Units are computed from item sizes by AWS's rules: reads of 4 KB, writes of 1 KB, both with indexes and twice in a transaction.",
		},
	}
	scans := 0
	say("Counting round trips…")
	for _, u := range useCases {
		name, first, later := l.count(u)
		scans += first.scans + later.scans
		out.add(u.row(name, first, later)...)
	}
	out.add("all", "", "", "", "", "", "", "no Scan", verdict(scans == 0))
	return out
}

// count runs a use case twice on a process of its own.
func (l *lab) count(u useCase) (name string, first, later toll) {
	events := []event{u.event(l.town), u.event(l.town)}
	first, later, _ = l.costs(events)
	if name = events[0].function; u.says != "" {
		name += ": " + u.says
	}
	return name, first, later
}

// costs sends events to a process of their function: the first and the second are counted, the others timed.
func (l *lab) costs(events []event) (first, later toll, times sample) {
	function := events[0].function
	w := l.runtime.start(l.program(function, filepath.Join(l.functions(), function), l.wire.plain))
	defer w.end()
	select {
	case <-w.ready: // what it reads to start is not the use case's
	case <-w.exited:
	}
	first = tollOf(l.wire.record(hold, func() { w.ask(events[0]) }))
	later = tollOf(l.wire.record(hold, func() { w.ask(events[1]) }))
	for _, e := range events[2:] {
		raw, began := e.raw(), time.Now()
		a := w.call(raw)
		w.read(a)
		times = append(times, a.at.Sub(began))
	}
	return first, later, times
}

func (u useCase) row(name string, first, later toll) []string {
	promised, kept := u.most.verdict(first, later)
	writes := max(first.writes, later.writes)
	return []string{name, strconv.Itoa(first.trips), strconv.Itoa(later.trips), later.calls, units(first.reads), units(later.reads), units(writes), promised, kept}
}

func units(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

var useCases = []useCase{
	{event: func(t *town) event { return t.home(1).event("show-collectivity") }},
	{event: func(t *town) event { return t.home(1).event("issue-captcha") }},
	{event: signUp},
	{event: activation},
	{event: func(t *town) event { return t.solved(pending(t), "resend-activation") }},
	{event: func(t *town) event { return t.home(1).event("sign-in") }},
	{event: func(t *town) event { return session(t.home(1), "refresh-session") }},
	{event: func(t *town) event { return session(t.home(1), "sign-out") }},
	{event: func(t *town) event { return t.solved(t.home(1), "request-password-reset") }},
	{event: reset},

	{event: func(t *town) event { return t.home(1).event("show-me") }},
	{event: func(t *town) event { return t.home(1).event("update-me") }},
	{event: func(t *town) event {
		return t.home(1).event("change-password", "current", password, "password", password+" 2")
	}},
	{event: func(t *town) event { return t.home(1).event("change-email", "email", address()) }},
	{event: newAddress},
	{event: func(t *town) event { h := t.home(1); return h.event("preview-subscription", "code", h.Codes[0]) }},
	{event: func(t *town) event { h := t.home(1); return h.event("subscribe", "code", h.Codes[0]) }},
	{event: func(t *town) event { return t.subscribed(1).event("list-subscriptions") }},
	{event: func(t *town) event { return t.subscribed(1).event("unsubscribe") }},

	{says: "3 siblings", most: ofReading, event: func(t *town) event { return t.subscribed(3).event("show-family-file") }},
	{says: "3 siblings, all sections, sealed", most: ofReading, event: func(t *town) event { return whole(t).event("show-family-file") }},
	{event: func(t *town) event { return change(t.subscribed(3)) }},
	{says: "1 pending", event: func(t *town) event { h := t.subscribed(3); h.do(change(h)); return h.event("list-changes") }},
	{event: func(t *town) event {
		h := t.subscribed(3)
		return h.event("withdraw-change", "change", h.do(change(h)).id())
	}},

	{says: "a month, 3 siblings × 3 activities", most: ofReading, event: func(t *town) event { return booked(t.subscribed(3)) }},
	{says: "one day, at once", most: ofBooking, event: func(t *town) event { return oneDay(t.subscribed(1), "cantine") }},
	{says: "one day, an agent decides", most: ofBooking, event: func(t *town) event { return oneDay(t.subscribed(1), "mercredi") }},
	{says: "20 days, at once", event: func(t *town) event { return days(t.subscribed(1), 20) }},
	{says: "10 requests", event: listed},
	{event: func(t *town) event {
		h := t.subscribed(1)
		return h.event("cancel-request", "request", h.do(oneDay(h, "mercredi")).id())
	}},

	{says: "all of this run", event: func(t *town) event { return t.agent("list-pending-changes") }},
	{says: "one change", event: func(t *town) event {
		h := t.subscribed(3)
		return t.agent("decide-changes", "change", h.do(change(h)).id())
	}},
	{says: "all of it told, 3 siblings, 1 pending", event: opened},
	{says: "by a name of all of this run", event: func(t *town) event { return searched(t, "q=morel") }},
	{says: "60 children of 40 families", event: careSheet},
	{says: "all of this run", event: func(t *town) event { return t.agent("list-pending-requests") }},
	{says: "one day", event: func(t *town) event {
		h := t.subscribed(1)
		return t.agent("decide-requests", "request", h.do(oneDay(h, "mercredi")).id())
	}},
}

// solved is an event with a captcha's solution in it.
func (t *town) solved(h home, function string, more ...string) event {
	challenge := read[api.Captcha](t.do(h.event("issue-captcha")))
	return h.event(function, append(more, "captcha", must(captcha.Solve(captcha.Challenge(challenge))))...)
}

func signUp(t *town) event {
	h := t.home(1)
	return t.solved(h, "sign-up", "email", address(), "code", h.Codes[0])
}

// pending is a home whose address is one that signed up and was not activated.
func pending(t *town) home {
	h := t.home(1)
	h.email = address()
	t.do(t.solved(h, "sign-up", "code", h.Codes[0]))
	return h
}

func activation(t *town) event {
	h := pending(t)
	hash := t.Secret.Address(h.email)
	open := must(t.Store.OpenAttempts(t.ctx, hash))
	return h.event("activate-account", "token", t.Secret.Token("activation", hash+"-"+open[0].ID, 0))
}

func session(h home, function string) event {
	return h.event(function, "session", h.do(h.event("sign-in")).cookie())
}

func reset(t *town) event {
	h := t.home(1)
	t.do(t.solved(h, "request-password-reset"))
	return h.event("reset-password", "token", t.Secret.Token("reset", h.parent.ID, 1), "password", password+" 2")
}

func newAddress(t *town) event {
	h := t.home(1)
	t.do(h.event("change-email", "email", address()))
	return h.event("confirm-email", "token", t.Secret.Token("email", h.parent.ID, 1))
}

// change proposes another telephone number.
func change(h home) event {
	return h.event("update-family-file").with(map[string]any{
		"target": h.Guardians[0], "section": "phones", "version": 1, "values": map[string]string{"mobile": "06 12 34 56 78"},
	})
}

func oneDay(h home, activity string) event {
	day := h.free(activity)[0]
	return h.book(activity, day, day)
}

func days(h home, n int) event {
	free := h.free("cantine")
	return h.book("cantine", free[0], free[n-1])
}

// booked is a month in which the first child comes for some days.
func booked(h home) event {
	h.do(days(h, 8))
	h.do(oneDay(h, "mercredi"))
	return h.month(h.activities[0].Season.From.AddDays(1), 30)
}

func listed(t *town) event {
	h := t.subscribed(1)
	for _, day := range h.free("cantine")[:10] {
		h.do(h.book("cantine", day, day))
	}
	return h.event("list-requests")
}
