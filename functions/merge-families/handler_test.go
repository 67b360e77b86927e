package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), town.Clock}.handle)
}

// merge asks for what a preview showed: the files as they are now.
func merge(from, into town.Home, agent account.Account) httpapi.Request {
	r := town.As(into.Event("merge-families", map[string]string{"from": from.ID, "into": into.ID}), agent)
	return town.With(into.T, r, map[string]any{"from": from.ID, "into": into.ID, "fromVersion": from.File().Version, "intoVersion": into.File().Version})
}

func two(t *testing.T) (into, from town.Home) {
	t.Helper()
	w := town.New(t)
	return w.NewHome("Noé"), w.NewHome("Léa")
}

func TestTheSampleMergesTwoFiles(t *testing.T) {
	t.Parallel()
	into, from := two(t)
	agent := into.Agent(collectivity.Manager)
	got := town.Read[api.Merge](t, newHandler(), town.As(into.Event("merge-families", map[string]string{"from": from.ID, "into": into.ID}), agent), 200)
	h := into.Household()
	if got.Into.Version != h.Version || len(got.Children) != 1 || got.Children[0].Outcome != "moved" || len(got.Obstacles) != 0 {
		t.Errorf("got %+v, and the file is at version %d", got, h.Version)
	}
	if _, ok := h.Member(from.Children[0]); !ok || len(h.Children) != 2 {
		t.Errorf("the file has %+v", h.Children)
	}
	_, err := from.Env.Store.FamilyOf(t.Context(), account.CallerOf(from.Account.User, false), from.ID)
	if refusal.Code(err) != family.ErrUnknown.Code {
		t.Errorf("the old file: %v", err)
	}
	if did := into.Audited(); !slices.Contains(did, "merge-families family "+from.ID+" into "+into.ID) {
		t.Errorf("audited %q", did)
	}
	town.Refused(t, town.Send(t, newHandler(), town.As(into.Event("merge-families", map[string]string{"from": from.ID, "into": into.ID}), agent)), 404, "family_not_found")
}

func TestSealedHealthSurvivesAMerge(t *testing.T) {
	t.Parallel()
	into, from := two(t)
	from.Give(from.Children[0], "health", map[string]any{"medication": "Ventoline"})
	town.Read[api.Merge](t, newHandler(), merge(from, into, into.Agent(collectivity.Manager)), 200)
	h := into.Household()
	if lea, _ := h.Member(from.Children[0]); lea.Text("health", "medication") != "Ventoline" {
		t.Errorf("she is %+v", lea.Values)
	}
	// It is sealed for its new place, and edited there.
	into.Give(from.Children[0], "health", map[string]any{"medication": "Ventoline, deux fois"})
	h = into.Household()
	if lea, _ := h.Member(from.Children[0]); lea.Text("health", "medication") != "Ventoline, deux fois" {
		t.Errorf("then she is %+v", lea.Values)
	}
}

func TestWhatRefusesAMerge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		happens func(into, from town.Home)
		who     func(into town.Home) account.Account
		status  int
		code    string
	}{
		{"a day ahead", func(_, from town.Home) { from.Day(booking.Booking, 0, "cantine", "", "2026-11-24") }, nil, 409, "merge_days_ahead"},
		{"a change that waits", func(_, from town.Home) { from.Propose(0, "phones", map[string]any{"mobile": "0612345678"}) }, nil, 409, "merge_pending_changes"},
		{"the first file has changed since", func(_, from town.Home) { from.Edit(0, "phones", map[string]any{"mobile": "0612345678"}) }, nil, 409, "version_moved"},
		{"the second has", func(into, _ town.Home) { into.Edit(0, "phones", map[string]any{"mobile": "0612345678"}) }, nil, 409, "version_moved"},
		{"a reviewer", nil, func(into town.Home) account.Account { return into.Agent(collectivity.Reviewer) }, 403, "role_missing"},
		{"a manager of some activities, beyond whose scope it is", nil, func(into town.Home) account.Account { return into.Scoped(collectivity.Manager, "autre") }, 404, "family_not_found"},
		{"a parent", nil, func(into town.Home) account.Account { return into.Account }, 404, "collectivity_not_found"},
		{"a manager whose family it is", nil, func(into town.Home) account.Account {
			a := into.Account
			a.Agent = true
			check(into.T, into.Town.Store.AppointAgent(into.T.Context(), collectivity.Agent{Account: a.ID, Role: collectivity.Manager}))
			return a
		}, 403, "own_family"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			into, from := two(t)
			agent := into.Agent(collectivity.Manager)
			if c.who != nil {
				agent = c.who(into)
			}
			r := merge(from, into, agent)
			if c.happens != nil {
				c.happens(into, from)
			}
			town.Refused(t, town.Send(t, newHandler(), r), c.status, c.code)
			if h, err := from.MadeFamily.Store.Household(t.Context()); err != nil || len(h.Children) != 1 || len(into.File().Children) != 1 {
				t.Errorf("half done: %+v, %v", h, err)
			}
		})
	}
}

func TestTwoManagersMergeOnce(t *testing.T) {
	t.Parallel()
	into, from := two(t)
	r := merge(from, into, into.Agent(collectivity.Manager))
	done := 0
	for _, reply := range town.InParallel(5, func(int) town.Reply { return town.Send(t, newHandler(), r) }) {
		switch {
		case reply.StatusCode == 200:
			done++
		case reply.Code() != "family_not_found" && reply.Code() != "version_moved":
			t.Errorf("got %d %s", reply.StatusCode, reply.Code())
		}
	}
	if done != 1 || len(into.File().Children) != 2 {
		t.Errorf("merged %d times, to %d children", done, len(into.File().Children))
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	into, from := two(t)
	from.Give(from.Children[0], "health", map[string]any{"medication": "Ventoline"})
	r := merge(from, into, into.Agent(collectivity.Manager))
	town.Rights(t, "merge-families")
	town.Read[api.Merge](t, newHandler(), r, 200)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
