package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func handle() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Created)
}

type object = map[string]any

// ask is what an agent sends for the nth child's day at an activity, with fields of its body replaced.
func ask(h town.Home, agent account.Account, n int, activity string, change object) httpapi.Request {
	body := object{"kind": "booking", "items": []object{item(h, n, activity)}, "from": "2026-11-24", "to": "2026-11-24"}
	for name, v := range change {
		body[name] = v
	}
	return town.With(h.T, town.As(h.Event("book-for-family", nil), agent), body)
}

func item(h town.Home, n int, activity string) object {
	i := object{"child": h.Children[n], "activity": activity}
	if activity == "mercredi" {
		i["option"] = "matin"
	}
	return i
}

func outcomes(r api.Request) string {
	var all []string
	for _, d := range r.Days {
		all = append(all, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", d.Date[5:], d.State, d.Code, d.Charge)), " "))
	}
	return strings.Join(all, ", ")
}

// strict closes bookings and absences of the canteen a week before.
func strict(h town.Home) {
	h.T.Helper()
	a := h.Activities[0]
	a.Rules = `{"rules": [{"closes": {"steps": [{"weeks": -1}]}}]}`
	if err := h.Town.Store.SaveActivity(h.T.Context(), a); err != nil {
		h.T.Fatal(err)
	}
}

func TestWhatAFamilyAsksAnAgentForIsDoneAtOnce(t *testing.T) {
	t.Parallel()
	wednesday := object{"from": "2026-11-25", "to": "2026-11-25"}
	for _, c := range []struct {
		says   string
		before func(h town.Home)
		ask    func(h town.Home, agent account.Account) httpapi.Request
		want   string
	}{
		{
			"a booking", nil,
			func(h town.Home, agent account.Account) httpapi.Request { return ask(h, agent, 0, "cantine", nil) },
			"11-24 booked",
		},
		{
			"a booking that an agent would have to decide on", nil,
			func(h town.Home, agent account.Account) httpapi.Request {
				return ask(h, agent, 0, "mercredi", wednesday)
			},
			"11-25 booked",
		},
		{
			"an absence that an agent would have to decide on",
			func(h town.Home) {
				agent := h.Agent(collectivity.Reviewer)
				town.Read[api.Request](h.T, handle(), ask(h, agent, 0, "mercredi", wednesday), 201)
			},
			func(h town.Home, agent account.Account) httpapi.Request {
				return ask(h, agent, 0, "mercredi", object{"kind": "absence", "from": "2026-11-25", "to": "2026-11-25"})
			},
			"11-25 absent",
		},
		{
			"a booking after the limit, which costs no more where the rule says nothing of late ones", strict,
			func(h town.Home, agent account.Account) httpapi.Request { return ask(h, agent, 0, "cantine", nil) },
			"11-24 booked",
		},
		{
			"an absence after the limit, at its price",
			func(h town.Home) {
				h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
				strict(h)
			},
			func(h town.Home, agent account.Account) httpapi.Request {
				return ask(h, agent, 0, "cantine", object{"kind": "absence"})
			},
			"11-24 absent due",
		},
		{
			"days of several children, each with its own outcome",
			func(h town.Home) { h.Day(booking.Booking, 1, "cantine", "", "2026-11-24") },
			func(h town.Home, agent account.Account) httpapi.Request {
				return ask(h, agent, 0, "cantine", object{"to": "2026-11-26", "items": []object{item(h, 0, "cantine"), item(h, 1, "cantine")}})
			},
			"11-24 booked, 11-24 booked already_booked, 11-26 booked, 11-26 booked",
		},
		{
			"a day without a place waits, unless the agent says otherwise",
			func(h town.Home) {
				h.Narrow("cantine", 1)
				h.Day(booking.Booking, 1, "cantine", "", "2026-11-24")
			},
			func(h town.Home, agent account.Account) httpapi.Request { return ask(h, agent, 0, "cantine", nil) },
			"11-24 waitlisted",
		},
		{
			"a day without a place is booked where the agent says so",
			func(h town.Home) {
				h.Narrow("cantine", 1)
				h.Day(booking.Booking, 1, "cantine", "", "2026-11-24")
			},
			func(h town.Home, agent account.Account) httpapi.Request {
				return ask(h, agent, 0, "cantine", object{"overbook": true})
			},
			"11-24 booked",
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa", "Noé")
			if c.before != nil {
				c.before(h)
			}
			r := town.Read[api.Request](t, handle(), c.ask(h, h.Agent(collectivity.Reviewer)), 201)
			if got := outcomes(r); got != c.want || !r.Progress.Done {
				t.Errorf("got %s, %+v, want %s", got, r.Progress, c.want)
			}
			if c.says != "a day without a place is booked where the agent says so" {
				h.Sound() // which it is not while a place is taken that is not there
			}
			if about, told := town.Outbox(t, store.MailRequestReceived, r.ID); !told || about["account"] != h.Account.ID {
				t.Errorf("told %v: %v", told, about)
			}
		})
	}
}

func TestWhatAnAgentDidForAFamilyIsAudited(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	send := func(change object) api.Request {
		return town.Read[api.Request](t, handle(), ask(h, agent, 0, "cantine", change), 201)
	}
	one := send(nil)
	several := send(object{"from": "2026-11-26", "to": "2026-12-04", "overbook": true})
	absence := send(object{"kind": "absence", "overbook": true})
	large := send(object{"from": "2026-12-07", "to": "2027-06-25"})
	h.WorkOff(large.ID)
	want := []string{
		"book-for-family request " + one.ID + " booking, 1 days",
		fmt.Sprintf("book-for-family request %s booking, %d days, overbook", several.ID, len(several.Days)),
		"book-for-family request " + absence.ID + " absence, 1 days",
		fmt.Sprintf("book-for-family request %s booking, %d days", large.ID, large.Progress.Total),
	}
	got := h.Audited()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("audited %q, want %q", got, want)
	}
	if large.Progress.Total <= 100 || large.Progress.Done {
		t.Errorf("a large request is worked off later: %+v", large.Progress)
	}
}

// TestAParentsRequestIsNoAgentsDeed: the audit tells of agents only.
func TestAParentsRequestIsNoAgentsDeed(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	if got := h.Audited(); len(got) > 0 {
		t.Errorf("audited %q", got)
	}
}

func TestAFamilyWithoutAnAccountIsBookedForAndToldNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.MadeFamily = h.Family("Tom")
	r := town.Read[api.Request](t, handle(), ask(h, h.Agent(collectivity.Reviewer), 0, "cantine", nil), 201)
	if _, told := town.Outbox(t, store.MailRequestReceived, r.ID); told || outcomes(r) != "11-24 booked" {
		t.Errorf("told %v, got %s", told, outcomes(r))
	}
	if n := h.Booked(calendar.Period{From: "2026-11-24", To: "2026-11-24"}); n != 1 {
		t.Errorf("%d days are booked", n)
	}
	h.Sound()
}

func TestTheSameRequestSentAgainChangesNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	keyed := func(change object) httpapi.Request {
		return town.Header(ask(h, agent, 0, "cantine", change), "idempotency-key", "on-the-phone-1")
	}
	ids := town.InParallel(10, func(int) string {
		return town.Read[api.Request](t, handle(), keyed(object{"to": "2026-11-27"}), 201).ID
	})
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("made %v", ids)
	}
	if got := h.Audited(); len(got) != 1 {
		t.Errorf("audited %q", got)
	}
	for _, other := range []object{{"to": "2026-11-26"}, {"to": "2026-11-27", "overbook": true}} {
		town.Refused(t, town.Send(t, handle(), keyed(other)), 409, "key_reused", "Idempotency-Key key_reused")
	}
}

func TestWhoMayNotAskForAFamily(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	elsewhere := town.NewHome(t, "Tom")
	parentToo := h.Agent(collectivity.Manager)
	own := h
	own.MadeFamily = h.Family("Zoé")
	code, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, own.Codes[0], parentToo.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(t.Context(), parentToo, code, town.Now); err != nil {
		t.Fatal(err)
	}
	withoutTOTP := h.Agent(collectivity.Manager)
	withoutTOTP.Agent = false
	foreign := elsewhere // under the address of the agent's town
	foreign.Town = h.Town
	for _, c := range []struct {
		says   string
		event  httpapi.Request
		status int
		code   string
		fields []string
	}{
		{"a parent", ask(h, h.Account, 0, "cantine", nil), 404, "collectivity_not_found", nil},
		{"an agent of another collectivity", ask(h, elsewhere.Agent(collectivity.Manager), 0, "cantine", nil), 404, "collectivity_not_found", nil},
		{"a reader", ask(h, h.Agent(collectivity.Reader), 0, "cantine", nil), 403, "role_missing", nil},
		{"an agent who signed in without TOTP", ask(h, withoutTOTP, 0, "cantine", nil), 401, "totp_required", []string{"totp totp_required"}},
		{"an agent for their own family", ask(own, parentToo, 0, "cantine", nil), 403, "own_family", nil},
		{"an agent for a family of another collectivity", ask(foreign, h.Agent(collectivity.Manager), 0, "cantine", nil), 404, "family_not_found", nil},
		{
			"an agent who has other activities only",
			ask(h, h.Scoped(collectivity.Manager, "mercredi"), 0, "cantine", object{"items": []object{item(h, 0, "mercredi"), item(h, 0, "cantine")}}),
			400, "invalid_input",
			[]string{"items[1].activity activity_not_yours"},
		},
		{"who asks for a day that is past", ask(h, h.Agent(collectivity.Manager), 0, "cantine", object{"from": "2026-11-20", "to": "2026-11-20"}), 409, "past", []string{"days[0] past"}},
		{"who asks for a child of another family", ask(h, h.Agent(collectivity.Manager), 0, "cantine", object{"items": []object{item(elsewhere, 0, "cantine")}}), 400, "invalid_input", []string{"items[0].child child_unknown"}},
		{"who turns a period round", ask(h, h.Agent(collectivity.Manager), 0, "cantine", object{"to": "2026-11-23"}), 400, "invalid_input", []string{"to period_reversed"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, handle(), c.event), c.status, c.code, c.fields...)
		})
	}
	for _, f := range []town.Home{h, own, elsewhere} {
		if n := f.Booked(calendar.Period{From: "2026-11-20", To: "2026-12-31"}); n != 0 {
			t.Errorf("%d days are booked", n)
		}
	}
	if got := h.Audited(); len(got) > 0 {
		t.Errorf("audited %q", got)
	}
}
