package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), town.Clock}.handle)
}

// enrolledNowhere is a family of two guardians and two children; the first guardian is subscribed.
func enrolledNowhere(t *testing.T) town.Home {
	t.Helper()
	w := town.New(t)
	made := w.Separated("Léa", "Tom")
	return town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}
}

// records is the sample: the first child left on the day of the test.
func records(h town.Home, agent account.Account) httpapi.Request {
	return town.As(h.Event("record-departure", map[string]string{"child": h.Children[0]}), agent)
}

func TestTheSampleIsAChildWhoLeft(t *testing.T) {
	t.Parallel()
	h := enrolledNowhere(t)
	waits := h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"doctor": "Dr Petit"})
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.Departed](t, newHandler(), records(h, agent), 200)
	if got.Whole || got.On != "2026-11-23" || !slices.Equal(got.Members, []string{h.Children[0]}) {
		t.Errorf("got %+v", got)
	}
	household := h.Household()
	if m, ok := household.Gone.Member(h.Children[0]); !ok || m.Left != "2026-11-23" || len(household.Children) != 1 {
		t.Errorf("left %q, %d children stay", m.Left, len(household.Children))
	}
	if c, _, err := h.MadeFamily.Store.Change(t.Context(), waits.ID); err != nil || c.State() != family.Refused {
		t.Errorf("what waited is %q, %v", c.State(), err)
	}
	if audit := h.Audited(); !slices.Contains(audit, "record-departure family "+h.ID+" 2026-11-23, "+h.Children[0]+", Déménagement") {
		t.Errorf("audited %q", audit)
	}
	version := household.Version
	again := town.Read[api.Departed](t, newHandler(), records(h, agent), 200)
	if len(again.Members) > 0 || h.File().Version != version {
		t.Errorf("again: %+v, version %d", again, h.File().Version)
	}
}

func TestAWholeFamilyLeaves(t *testing.T) {
	t.Parallel()
	h := enrolledNowhere(t)
	h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	h.AdditionAt(town.Now, family.Contact, map[string]any{"lastName": "Durand", "firstName": "Rose", "phone": "0612345678", "children": []any{h.Children[0]}})
	agent := h.Agent(collectivity.Reviewer)
	r := town.With(t, records(h, agent), map[string]any{"on": "2026-11-20"})
	got := town.Read[api.Departed](t, newHandler(), r, 200)
	household := h.Household()
	if !got.Whole || len(got.Members) != 4 || len(household.Members()) != 0 || len(household.Gone.Members()) != 4 || len(household.Adding) > 0 {
		t.Errorf("got %+v; %d stay", got, len(household.Members()))
	}
	if _, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID); err == nil {
		t.Error("the guardian is subscribed still")
	}
	right := store.AgentRight{Agent: collectivity.Agent{Role: collectivity.Reviewer}, Store: h.Town.Store}
	found, _, err := right.FamiliesNamed(t.Context(), []string{"lea"}, "", 10, town.Now)
	if err != nil || len(found) > 0 {
		t.Errorf("the directory has %+v, %v", found, err)
	}
	if queue, _, err := h.Town.Store.QueuedChanges(t.Context(), "", 33); err != nil || len(queue) > 0 {
		t.Errorf("%d changes wait, %v", len(queue), err)
	}
	if again := town.Read[api.Departed](t, newHandler(), r, 200); !again.Whole || len(again.Members) > 0 {
		t.Errorf("again: %+v", again)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	enrolled := town.NewHome(t, "Léa")
	w := enrolled.Town
	shared, _ := w.TwoHomes("Zoé")
	made := w.Separated("Ida")
	free := town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}
	elsewhere := town.NewHome(t, "Ana")
	reviewer := w.Agent(collectivity.Reviewer)
	own := w.Subscriber(free.MadeFamily, 1)
	if err := w.Store.AppointAgent(t.Context(), collectivity.Agent{Account: own.ID, Role: collectivity.Manager}); err != nil {
		t.Fatal(err)
	}
	own.Agent = true
	body := func(members ...string) map[string]any { return map[string]any{"on": "2026-11-23", "members": members} }
	for _, c := range []struct {
		says   string
		agent  account.Account
		family string
		body   map[string]any
		status int
		code   string
		fields []string
	}{
		{"no day", reviewer, free.ID, map[string]any{}, 400, "invalid_input", []string{"on required"}},
		{"a day to come", reviewer, free.ID, map[string]any{"on": "2026-11-24"}, 400, "invalid_input", []string{"on departure_ahead"}},
		{"a child who is enrolled", reviewer, enrolled.ID, body(enrolled.Children[0]), 409, "child_enrolled", nil},
		{"a family whose child is enrolled", reviewer, enrolled.ID, body(), 409, "child_enrolled", nil},
		{"both guardians while a child stays", reviewer, free.ID, body(free.Guardians...), 409, "last_guardian", []string{"members last_guardian"}},
		{"nobody of the file", reviewer, free.ID, body("nobody"), 404, "member_not_found", nil},
		{"another town's family", reviewer, elsewhere.ID, body(), 404, "family_not_found", nil},
		{"the agent's own family", own, free.ID, body(), 403, "own_family", nil},
		{"beyond the agent's scope", w.Scoped(collectivity.Reviewer, "piscine"), free.ID, body(), 404, "family_not_found", nil},
		{"a reader's", w.Agent(collectivity.Reader), free.ID, body(), 403, "role_missing", nil},
		{"a parent's", free.Account, free.ID, body(), 404, "collectivity_not_found", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			r := town.With(t, records(free, c.agent), c.body)
			r.PathParameters["family"] = c.family
			town.Refused(t, town.Send(t, newHandler(), r), c.status, c.code, c.fields...)
		})
	}
	if len(free.File().Members()) != 3 || len(shared.File().Children) != 1 {
		t.Error("what was refused had somebody leave")
	}
}

func TestAChildOfTwoFilesStaysUntilItIsOfOne(t *testing.T) {
	t.Parallel()
	h := enrolledNowhere(t)
	h.Share(h.NewHome("Noé"))
	town.Refused(t, town.Send(t, newHandler(), records(h, h.Agent(collectivity.Reviewer))), 409, "child_shared")
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := enrolledNowhere(t)
	h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"doctor": "Dr Petit"})
	r := town.With(t, records(h, h.Agent(collectivity.Reviewer)), map[string]any{"on": "2026-11-23"})
	town.Rights(t, "record-departure")
	town.Read[api.Departed](t, newHandler(), r, 200)
}
