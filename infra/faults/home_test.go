package faults_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/invariants"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
)

// A village is the town of a round.
type village struct {
	*lab
	*lane
	town  *town.Town
	agent account.Account
}

// newVillage makes a town whose activities are open all year round, so that there are days to book in summer too.
func (l *lab) newVillage(t *testing.T, on *lane) village {
	t.Helper()
	v := village{lab: l, lane: on}
	testkit.Within(t, on.table, func() { v.town = town.NewNow(t) })
	for i := range v.town.Activities {
		v.town.Activities[i].Season = v.year()
		must(t, v.town.Store.SaveActivity(t.Context(), v.town.Activities[i]))
	}
	v.agent = v.town.Agent(collectivity.Manager)
	return v
}

// year is the one that begins in a week: no limit is near.
func (v village) year() calendar.Period {
	today := calendar.DateOf(v.town.Env.Now, time.UTC)
	return calendar.Period{From: today.AddDays(7), To: today.AddDays(365)}
}

// free lists the days on which a child may be booked, by activity.
func (v village) free(activities ...string) map[string][]string {
	v.town.T.Helper()
	h := v.home(scenario{})
	e := h.Event("show-planning", nil)
	e.RawQueryString = fmt.Sprintf("from=%s&to=%s", v.year().From, v.year().To)
	var planning api.Planning
	must(h.T, json.Unmarshal(v.call(h.T, "show-planning", h.raw(e)), &planning))
	free := map[string][]string{}
	for _, d := range planning.Days {
		if d.Child == h.Children[0] && slices.Contains(activities, d.Activity) && slices.Contains(d.Actions, "book") {
			free[d.Activity] = append(free[d.Activity], d.Date)
		}
	}
	return free
}

// A home is the family that a scenario is about.
type home struct {
	town.Home
	village
	request string // that the scenario's call is about
}

// home makes the family and what the scenario finds.
func (v village) home(s scenario) *home {
	v.town.T.Helper()
	h := &home{Home: v.town.NewHome("Léa", "Noé", "Inès"), village: v}
	if s.setup != nil {
		s.setup(h)
	}
	return h
}

// send makes the scenario's call, the same each time.
func (h *home) send(s scenario) {
	h.T.Helper()
	h.call(h.T, s.function, s.event(h))
}

func (h *home) raw(e httpapi.Request) []byte {
	h.T.Helper()
	raw, err := json.Marshal(e)
	must(h.T, err)
	return raw
}

// first are the first n days that can be booked at an activity.
func (h *home) first(n int, activity string) []string { return h.days[activity][:n] }

// ask is what the parent sends to ask for a period of days: items are those of item.
func (h *home) ask(kind string, days []string, items ...map[string]string) []byte {
	h.T.Helper()
	body := map[string]any{"kind": kind, "from": days[0], "to": days[len(days)-1], "items": items}
	e := town.With(h.T, h.Event("request-booking", nil), body)
	return h.raw(town.Header(e, "idempotency-key", "the-same-"+kind+"-again"))
}

// items are children at an activity, one of the options where it has some.
func (h *home) items(activity string, children ...int) (items []map[string]string) {
	for _, n := range children {
		i := map[string]string{"child": h.Children[n], "activity": activity}
		if activity == "mercredi" {
			i["option"] = "matin"
		}
		items = append(items, i)
	}
	return items
}

// asked sends a request and keeps its id.
func (h *home) asked(kind string, days []string, items ...map[string]string) {
	h.T.Helper()
	var request struct{ ID string }
	must(h.T, json.Unmarshal(h.call(h.T, "request-booking", h.ask(kind, days, items...)), &request))
	h.request = request.ID
}

// decide is what the agent sends.
func (h *home) decide(decision, reason string) []byte {
	h.T.Helper()
	body := map[string]any{"decisions": []map[string]string{{"request": h.request, "decision": decision, "reason": reason}}}
	e := town.With(h.T, h.Event("decide-requests", nil), body)
	return h.raw(town.As(e, h.agent))
}

// study opens an activity that only this family's children may use: what an event there writes does not depend on how many
// families the town has by then.
func (h *home) study() {
	h.T.Helper()
	a := h.town.Activities[slices.IndexFunc(h.town.Activities, func(a collectivity.Activity) bool { return a.ID == "periscolaire" })]
	a.ID, a.Name = "etude", "Étude"
	must(h.T, h.town.Store.SaveActivity(h.T.Context(), a))
	for i, child := range h.Children {
		must(h.T, h.MadeFamily.Store.Enrol(h.T.Context(), booking.Enrolment{
			ID: h.MadeFamily.Store.EnrolmentID(fmt.Sprint("etude", i)), Child: child, Activity: a.ID, Period: a.Season,
		}))
	}
}

// declare is what the agent sends to declare a strike at an activity on some days.
func (h *home) declare(days []string, activity string) []byte {
	h.T.Helper()
	body := map[string]any{"kind": "strike", "effect": "cancel", "name": "Grève", "from": days[0], "to": days[len(days)-1], "activities": []string{activity}}
	e := town.With(h.T, h.Event("declare-event", nil), body)
	return h.raw(town.As(town.Header(e, "idempotency-key", "the-same-strike-"+activity), h.agent))
}

// left tells what is written of the family: each day, each line of its requests, each mail.
func (h *home) left(written invariants.Tenant) string {
	h.T.Helper()
	ours := "#F#" + h.ID
	child := func(id string) string { return []string{"Léa", "Noé", "Inès"}[slices.Index(h.Children, id)] }
	var all []string
	for _, d := range written.Days {
		if strings.HasSuffix(d.PK, ours) {
			all = append(all, fmt.Sprintf("day %s %s %s: %s", d.Date, child(d.Child), d.Activity, d.State))
		}
	}
	for _, r := range written.Requests {
		if !strings.HasSuffix(r.PK, ours) {
			continue
		}
		for _, l := range r.Lines {
			all = append(all, fmt.Sprintf("%s %s %s %s: %s %s", r.Kind, l.Date, child(l.Child), l.Activity, l.State, l.Code))
		}
	}
	all = append(all, h.mails()...)
	slices.Sort(all)
	return strings.Join(all, "\n")
}
