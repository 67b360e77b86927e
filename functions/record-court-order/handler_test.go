package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Created)
}

type object = map[string]any

// send sends the sample as an agent, with fields of its body replaced; nil leaves one out.
func send(h town.Home, agent account.Account, change object) httpapi.Request {
	body := object{"kind": "no_access", "guardian": h.Guardians[0], "from": "2026-11-23", "reference": "JAF Paris, 20 novembre 2026, n° 26/01234"}
	for name, v := range change {
		body[name] = v
		if v == nil {
			delete(body, name)
		}
	}
	return town.With(h.T, town.As(h.Event("record-court-order", nil), agent), body)
}

func sees(h town.Home) bool {
	h.T.Helper()
	_, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil && refusal.Code(err) != family.ErrUnknown.Code {
		h.T.Fatal(err)
	}
	return err == nil
}

func TestTheSampleBarsAGuardianAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.CourtOrder](t, newHandler(), town.As(h.Event("record-court-order", nil), agent), 201)
	if got.ID == "" || got.Kind != "no_access" || !got.InForce || got.Label == "" || got.RecordedBy == "" || got.RecordedAt != "2026-11-23T08:30:00Z" {
		t.Errorf("got %+v", got)
	}
	if sees(h) {
		t.Error("the guardian still sees the file")
	}
	orders, _, err := h.MadeFamily.Store.Office(t.Context())
	if err != nil || len(orders) != 1 || orders[0].ID != got.ID || orders[0].RecordedBy != agent.ID || orders[0].Guardian != h.Guardians[0] {
		t.Errorf("recorded: %+v, %v", orders, err)
	}
}

func TestTheSameKeyRecordsOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	keyed := func(by account.Account, change object) httpapi.Request {
		r := send(h, by, change)
		r.Headers["idempotency-key"] = "key-of-an-order"
		return r
	}
	ids := map[string]bool{}
	for _, id := range town.InParallel(5, func(int) string { return town.Read[api.CourtOrder](t, newHandler(), keyed(agent, nil), 201).ID }) {
		ids[id] = true
	}
	if orders, _, err := h.MadeFamily.Store.Office(t.Context()); err != nil || len(ids) != 1 || len(orders) != 1 {
		t.Errorf("told %v, recorded %+v, %v", ids, orders, err)
	}
	town.Refused(t, town.Send(t, newHandler(), keyed(agent, object{"reference": "autre"})), 409, "key_reused", "Idempotency-Key key_reused")
	if other := town.Read[api.CourtOrder](t, newHandler(), keyed(h.Agent(collectivity.Reviewer), nil), 201); ids[other.ID] {
		t.Error("another agent's key is another key")
	}
}

func TestWhatAnOrderMaySay(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent, lea, paul := h.Agent(collectivity.Reviewer), h.Children[0], h.Guardians[1]
	for _, c := range []struct {
		says   string
		change object
		field  string // "": it is recorded
	}{
		{"a guardian does not learn where the other lives", object{"kind": "address_hidden"}, ""},
		{"a guardian holds no authority for a while", object{"kind": "no_authority", "until": "2027-06-30"}, ""},
		{"a guardian must not collect a child", object{"kind": "must_not_collect", "child": lea}, ""},
		{"a guardian must not collect any child", object{"kind": "must_not_collect"}, ""},
		{"a person must not collect a child", object{"kind": "must_not_collect", "guardian": nil, "person": "Jean Duval", "child": lea}, ""},
		{"it begins later", object{"from": "2027-01-01"}, ""},
		{"it ends today", object{"from": "2026-11-01", "until": "2026-11-23"}, ""},
		{"a kind that no court knows", object{"kind": "whatever"}, "kind unknown_value"},
		{"nobody", object{"guardian": nil}, "guardian required"},
		{"nobody who must not collect", object{"kind": "must_not_collect", "guardian": nil}, "person one_person"},
		{"two who must not collect", object{"kind": "must_not_collect", "person": "Jean Duval"}, "person one_person"},
		{"somebody who is no guardian", object{"guardian": lea}, "guardian guardian_unknown"},
		{"a child who is none", object{"kind": "must_not_collect", "child": paul}, "child child_unknown"},
		{"access to one child only", object{"child": lea}, "child not_of_kind"},
		{"the access of a person who has none", object{"person": "Jean Duval"}, "person not_of_kind"},
		{"it ended before", object{"from": "2026-11-01", "until": "2026-11-22"}, "until ended"},
		{"it ends before it begins", object{"from": "2026-12-24", "until": "2026-12-23"}, "until ended"},
		{"no day", object{"from": "2026-02-30"}, "from date_invalid"},
		{"no reference", object{"reference": " "}, "reference required"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), send(h, agent, c.change))
			if c.field != "" {
				town.Refused(t, reply, 400, "invalid_input", c.field)
				return
			}
			if reply.StatusCode != 201 {
				t.Errorf("got %d %s", reply.StatusCode, reply.Response.Body)
			}
		})
	}
}

func TestWhoMayRecordAnOrder(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	own := h.Agent(collectivity.Manager)
	code, err := h.IssueCode(t.Context(), h.MadeFamily.Store, h.Guardians[1])
	check(t, err)
	c, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, code, own.ID, town.Now)
	check(t, err)
	_, err = h.Env.Store.Subscribe(t.Context(), own, c, town.Now)
	check(t, err)
	for _, c := range []struct {
		says   string
		agent  account.Account
		of     town.Home
		status int
		code   string
	}{
		{"a reviewer", h.Agent(collectivity.Reviewer), h, 201, ""},
		{"a reader does not", h.Agent(collectivity.Reader), h, 403, "role_missing"},
		{"nor one of an activity where the family is not enrolled", h.Scoped(collectivity.Manager, "autre"), h, 404, "family_not_found"},
		{"one of an activity where it is", h.Scoped(collectivity.Reviewer, "cantine"), h, 201, ""},
		{"nor an agent of their own family", own, h, 403, "own_family"},
		{"nor a parent", h.Account, h, 404, "collectivity_not_found"},
		{"nor another town's agent", elsewhere.Agent(collectivity.Manager), h, 404, "collectivity_not_found"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if reply := town.Send(t, newHandler(), send(c.of, c.agent, object{"kind": "address_hidden"})); reply.StatusCode != c.status || reply.Code() != c.code {
				t.Errorf("got %d %q", reply.StatusCode, reply.Code())
			}
		})
	}
	t.Run("of another town's family nothing is found", func(t *testing.T) {
		t.Parallel()
		r := send(h, h.Agent(collectivity.Reviewer), nil)
		r.PathParameters["family"] = elsewhere.ID
		town.Refused(t, town.Send(t, newHandler(), r), 404, "family_not_found")
	})
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := town.NewHome(t, "Léa")
	r := town.As(h.Event("record-court-order", nil), h.Agent(collectivity.Reviewer))
	town.Rights(t, "record-court-order")
	town.Read[api.CourtOrder](t, newHandler(), r, 201)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
