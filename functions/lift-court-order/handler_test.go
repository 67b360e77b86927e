package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

// barred is a family whose first guardian has no access.
func barred(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa")
	o := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: "2026-11-23", Reference: "n° 1", RecordedAt: town.Now, RecordedBy: "agent", Recorder: "Odile"}
	check(t, h.MadeFamily.Store.RecordOrder(t.Context(), h.Household(), o, h.Env.Now.Location()))
	return h
}

func lift(h town.Home, agent account.Account, order string) httpapi.Request {
	return town.As(h.Event("lift-court-order", map[string]string{"order": order}), agent)
}

func TestAnOrderIsLiftedOnce(t *testing.T) {
	t.Parallel()
	h := barred(t)
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.CourtOrder](t, newHandler(), lift(h, agent, "o1"), 200)
	if got.InForce || got.LiftedAt != "2026-11-23T08:30:00Z" || got.RecordedBy != "Odile" {
		t.Errorf("got %+v", got)
	}
	_, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(t, err)
	town.Refused(t, town.Send(t, newHandler(), lift(h, agent, "o1")), 409, "order_lifted")
	kept, err := h.MadeFamily.Store.Order(t.Context(), "o1")
	if err != nil || kept.LiftedBy != agent.ID {
		t.Errorf("kept as %+v, %v", kept, err)
	}
}

func TestAnOrderIsLiftedByTwoAtOnce(t *testing.T) {
	t.Parallel()
	h := barred(t)
	agent := h.Agent(collectivity.Reviewer)
	lifted := 0
	for _, reply := range town.InParallel(6, func(int) town.Reply { return town.Send(t, newHandler(), lift(h, agent, "o1")) }) {
		switch {
		case reply.StatusCode == 200:
			lifted++
		case reply.Code() != "order_lifted":
			t.Errorf("got %d %s", reply.StatusCode, reply.Code())
		}
	}
	if lifted != 1 {
		t.Errorf("lifted %d times", lifted)
	}
}

func TestWhoMayLiftAnOrder(t *testing.T) {
	t.Parallel()
	h, elsewhere := barred(t), barred(t)
	for _, c := range []struct {
		says   string
		agent  account.Account
		order  string
		status int
		code   string
	}{
		{"a reader does not", h.Agent(collectivity.Reader), "o1", 403, "role_missing"},
		{"nor an agent of an activity where the family is not enrolled", h.Scoped(collectivity.Manager, "autre"), "o1", 404, "family_not_found"},
		{"nor the guardian", h.Account, "o1", 404, "collectivity_not_found"},
		{"nor another town's agent", elsewhere.Agent(collectivity.Manager), "o1", 404, "collectivity_not_found"},
		{"an order that is not there", h.Agent(collectivity.Reviewer), "o2", 404, "order_not_found"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), lift(h, c.agent, c.order)), c.status, c.code)
		})
	}
	t.Run("nor an agent whom it bars", func(t *testing.T) {
		t.Parallel()
		h := barred(t)
		agent := h.Account
		agent.Agent = true
		check(t, h.Town.Store.AppointAgent(t.Context(), collectivity.Agent{Account: agent.ID, Role: collectivity.Manager}))
		town.Refused(t, town.Send(t, newHandler(), lift(h, agent, "o1")), 403, "own_family")
	})
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := barred(t)
	r := lift(h, h.Agent(collectivity.Reviewer), "o1")
	town.Rights(t, "lift-court-order")
	town.Read[api.CourtOrder](t, newHandler(), r, 200)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
