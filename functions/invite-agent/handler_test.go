package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), w.Secret, func() time.Time { return now }}.handle, httpapi.Created)
}

type object = map[string]any

func event(w *town.Town, agent account.Account, email string) httpapi.Request {
	return town.As(town.Event(w.T, "invite-agent", map[string]string{"slug": w.Slug, "email": email}), agent)
}

func sent(w *town.Town, agent account.Account, changes object) httpapi.Request {
	body := object{"email": testkit.Address(w.T), "firstName": "Claire", "lastName": "Petit", "role": "reader"}
	for name, v := range changes {
		body[name] = v
	}
	return town.With(w.T, event(w, agent, ""), body)
}

func TestAPersonIsInvitedByMail(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	manager := w.Agent(collectivity.Manager)
	got := town.Read[api.Agent](t, newHandler(w, town.Now), event(w, manager, " "+strings.ToUpper(email)), 201)
	if got.Email != email || got.State != "invited" || got.Until != "2026-11-30T08:30:00Z" || got.Role != "reviewer" || !slices.Equal(got.Activities, []string{"cantine"}) {
		t.Errorf("got %+v", got)
	}
	if team := w.Team(); !slices.Equal(team, []string{"Claire Petit invited as reviewer", "Odile Test manager"}) {
		t.Errorf("the team is %q", team)
	}
	about, ok := town.Outbox(t, store.MailInvitation, w.Slug+"-"+got.ID+"-1")
	if !ok || about["invitation"] != w.Secret.Address(email) || about["slug"] != w.Slug || len(about) != 3 {
		t.Errorf("the outbox holds %v", about)
	}
	if audited := w.Audited(); !slices.Equal(audited, []string{"invite-agent invitation " + got.ID + " issue 1, reviewer"}) {
		t.Errorf("audited %q", audited)
	}
}

func TestInvitedAgainThereIsOneInvitationAndItsLatestLink(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	manager := w.Agent(collectivity.Manager)
	roles := []string{"reader", "reviewer", "manager"}
	ids := town.InParallel(3, func(n int) string {
		return town.Read[api.Agent](t, newHandler(w, town.Now), sent(w, manager, object{"email": email, "role": roles[n]}), 201).ID
	})
	agents, invited, err := w.Store.Agents(t.Context())
	if err != nil || len(agents) != 1 || len(invited) != 1 || invited[0].Issue != 3 || ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("got %v: %+v, %v", ids, invited, err)
	}
	reply := town.Send(t, newHandler(w, town.Now), sent(w, manager, object{"email": email}))
	town.Refused(t, reply, 429, "too_many_mails", "email too_many_mails")
	town.Read[api.Agent](t, newHandler(w, town.Now.Add(time.Hour)), sent(w, manager, object{"email": email}), 201)
}

func TestWhoIsAnAgentIsNotInvited(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reader)
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, manager, agent.Email)), 409, "already_agent", "email already_agent")
	town.Read[api.Agent](t, newHandler(w, town.Now), event(w, manager, town.New(t).Agent(collectivity.Reader).Email), 201) // elsewhere
	town.Read[api.Agent](t, newHandler(w, town.Now), event(w, manager, w.Citizen().Email), 201)
}

func TestAnInvitationThatMakesNoSense(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for says, c := range map[string]struct {
		changes object
		want    []string
	}{
		"no address":                      {object{"email": "claire"}, []string{"email email_invalid"}},
		"no name":                         {object{"firstName": "1", "lastName": "<b>"}, []string{"firstName name_invalid", "lastName name_invalid"}},
		"a role that does not exist":      {object{"role": "mayor"}, []string{"role unknown_value"}},
		"an activity that does not":       {object{"activities": []string{"cantine", "piscine"}}, []string{"activities[1] activity_unknown"}},
		"a school that does not":          {object{"schools": []string{"verne"}}, []string{"schools[0] school_unknown"}},
		"everything wrong, told at once":  {object{"email": "claire", "activities": []string{"piscine"}}, []string{"email email_invalid", "activities[0] activity_unknown"}},
		"a field that is none of its own": {object{"account": "x"}, []string{"account unknown_field"}},
	} {
		town.Refused(t, town.Send(t, newHandler(w, town.Now), sent(w, manager, c.changes)), 400, "invalid_input", c.want...)
		if t.Failed() {
			t.Fatal(says)
		}
	}
}

func TestOnlyManagersOfTheWholeTownInvite(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Now)
	town.Refused(t, town.Send(t, h, event(w, w.Agent(collectivity.Reviewer), "a@b.fr")), 403, "role_missing")
	town.Refused(t, town.Send(t, h, event(w, w.Scoped(collectivity.Manager, "cantine"), "a@b.fr")), 403, "scope_missing")
	town.Refused(t, town.Send(t, h, event(w, town.New(t).Agent(collectivity.Manager), "a@b.fr")), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager), testkit.Address(t))
	town.Rights(t, "invite-agent")
	town.Read[api.Agent](t, handler(t.Context()), r, 201)
}
