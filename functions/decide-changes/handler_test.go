package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

type object = map[string]any

func decide(h town.Home, agent account.Account, decisions ...object) httpapi.Request {
	return town.With(h.T, town.As(h.Event("decide-changes", nil), agent), object{"decisions": decisions})
}

func accept(change string, fields ...string) object {
	return object{"change": change, "decision": "accept", "fields": fields}
}

func refuse(change, reason string, fields ...string) object {
	return object{"change": change, "decision": "refuse", "reason": reason, "fields": fields}
}

// told writes outcomes: state and code of each.
func told(d api.Decided) string {
	var all []string
	for _, o := range d.Outcomes {
		all = append(all, strings.TrimSpace(o.State+" "+o.Code))
	}
	return strings.Join(all, ", ")
}

// stands writes a change and the file's phones of its member.
func stands(h town.Home, id string) string {
	h.T.Helper()
	c, _, err := h.MadeFamily.Store.Change(h.T.Context(), id)
	if err != nil {
		h.T.Fatal(err)
	}
	var fields []string
	for _, f := range c.Fields {
		fields = append(fields, strings.TrimSpace(string(f.State)+" "+f.Reason))
	}
	m, _ := h.File().Member(c.Target)
	return fmt.Sprintf("%s: %s; mobile %v work %v; version %d, %d pending", c.State(), strings.Join(fields, ", "),
		m.Value("phones", "mobile"), m.Value("phones", "work"), h.File().Version, len(m.Pending["phones"]))
}

func TestTheSampleEventAcceptsAChange(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	c := h.Propose(0, "phones", object{"mobile": "0612345678"})
	event := town.As(h.Event("decide-changes", map[string]string{"change": c.ID}), h.Agent(collectivity.Reviewer))
	want := api.Decided{Outcomes: []api.Outcome{{ID: c.ID, State: "accepted"}}}
	if d := cmp.Diff(want, town.Read[api.Decided](t, newHandler(), event, 200)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	about, ok := town.Outbox(t, store.MailChangeDecided, c.ID+"-1")
	if want := fmt.Sprint(map[string]string{"account": h.Account.ID, "slug": h.Slug, "family": h.ID, "change": c.ID}); !ok || fmt.Sprint(about) != want {
		t.Errorf("the mail is about %v, want %s", about, want)
	}
	if queue, _, err := h.Town.Store.QueuedChanges(t.Context(), "", 25); err != nil || len(queue) != 0 {
		t.Errorf("agents still see %+v, %v", queue, err)
	}
}

func TestAChangeIsDecidedWholeOrPerField(t *testing.T) {
	t.Parallel()
	const before = "; mobile +33600000000 work <nil>; version 2"
	cases := []struct {
		says      string
		decisions func(id string) []object
		want      string // outcomes
		stands    string
	}{
		{
			"accepted whole", func(id string) []object { return []object{accept(id)} },
			"accepted", "accepted: accepted, accepted; mobile +33612345678 work +33299000000; version 3, 0 pending",
		},
		{
			"refused whole, with its reason", func(id string) []object { return []object{refuse(id, "Illisible.")} },
			"refused", "refused: refused Illisible., refused Illisible." + before + ", 0 pending",
		},
		{
			"a refusal needs a reason", func(id string) []object { return []object{refuse(id, "")} },
			"pending reason_required", "pending: pending, pending" + before + ", 2 pending",
		},
		{
			"spaces are no reason", func(id string) []object { return []object{refuse(id, "  \n")} },
			"pending reason_required", "pending: pending, pending" + before + ", 2 pending",
		},
		{
			"one field accepted, the other waits", func(id string) []object { return []object{accept(id, "mobile")} },
			"pending", "pending: accepted, pending; mobile +33612345678 work <nil>; version 3, 1 pending",
		},
		{
			"one field refused, the other waits", func(id string) []object { return []object{refuse(id, "Illisible.", "work")} },
			"pending", "pending: pending, refused Illisible." + before + ", 1 pending",
		},
		{
			"each field for itself, in one call", func(id string) []object { return []object{accept(id, "mobile"), refuse(id, "Illisible.", "work")} },
			"pending, partly", "partly: accepted, refused Illisible.; mobile +33612345678 work <nil>; version 3, 0 pending",
		},
		{
			"twice: the second is told where it stands", func(id string) []object { return []object{refuse(id, "Illisible."), accept(id)} },
			"refused, refused change_decided", "refused: refused Illisible., refused Illisible." + before + ", 0 pending",
		},
		{
			"a field that the change does not touch", func(id string) []object { return []object{accept(id, "home")} },
			"pending unknown_field", "pending: pending, pending" + before + ", 2 pending",
		},
		{
			"an unknown change beside a known one", func(id string) []object { return []object{accept(id + "x"), accept("unknown"), accept(id)} },
			"change_not_found, change_not_found, accepted", "accepted: accepted, accepted; mobile +33612345678 work +33299000000; version 3, 0 pending",
		},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			h.Edit(0, "phones", object{"mobile": "0600000000"})
			id := h.Propose(0, "phones", object{"mobile": "0612345678", "work": "0299000000"}).ID
			got := town.Read[api.Decided](t, newHandler(), decide(h, h.Agent(collectivity.Reviewer), c.decisions(id)...), 200)
			if told(got) != c.want {
				t.Errorf("told %s, want %s", told(got), c.want)
			}
			if is := stands(h, id); is != c.stands {
				t.Errorf("it stands as\n%s, want\n%s", is, c.stands)
			}
			for _, o := range got.Outcomes {
				if (o.Code == "") != (o.Detail == "") {
					t.Errorf("code %q and detail %q", o.Code, o.Detail)
				}
			}
		})
	}
}

func TestAClearedFieldIsGoneOnceAccepted(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Edit(0, "phones", object{"mobile": "0612345678", "work": "0299000000"})
	id := h.Propose(0, "phones", object{"work": nil}).ID
	town.Read[api.Decided](t, newHandler(), decide(h, h.Agent(collectivity.Reviewer), accept(id)), 200)
	if got := stands(h, id); got != "accepted: accepted; mobile +33612345678 work <nil>; version 3, 0 pending" {
		t.Errorf("got %s", got)
	}
}

// TestAFieldThatMovedIsToldWithBothValues: while a proposal waits, an import writes the field.
func TestAFieldThatMovedIsToldWithBothValues(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id := h.Propose(0, "phones", object{"mobile": "0612345678", "work": "0299000000"}).ID
	imported(h, "+33600000000")
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.Decided](t, newHandler(), decide(h, agent, accept(id)), 200)
	want := api.Outcome{ID: id, State: "pending", Field: "mobile", Code: "field_moved", Detail: family.ErrFieldMoved.Detail, Current: "+33600000000", Proposed: "+33612345678"}
	if d := cmp.Diff(api.Decided{Outcomes: []api.Outcome{want}}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	got = town.Read[api.Decided](t, newHandler(), decide(h, agent, accept(id, "work"), refuse(id, "Un numéro plus récent est connu.")), 200)
	if told(got) != "pending, partly" {
		t.Errorf("the rest: %s", told(got))
	}
	if is := stands(h, id); is != "partly: refused Un numéro plus récent est connu., accepted; mobile +33600000000 work +33299000000; version 3, 0 pending" {
		t.Errorf("it stands as %s", is)
	}
}

// imported writes the first guardian's mobile past any change.
func imported(h town.Home, number string) {
	h.T.Helper()
	m := h.Guardian(0)
	c := family.Change{ID: h.MadeFamily.Store.ChangeID("import"), Target: m.ID, Of: family.Guardian, Section: "phones", CreatedAt: town.Now, Fields: []family.FieldChange{{Field: "mobile", New: number, State: family.Accepted}}}
	if err := h.MadeFamily.Store.ApplyChange(h.T.Context(), h.Household(), c, "import"); err != nil {
		h.T.Fatal(err)
	}
}

func TestOfTenAgentsAtOnceOneDecides(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id := h.Propose(0, "phones", object{"mobile": "0612345678"}).ID
	agents := []account.Account{h.Agent(collectivity.Reviewer), h.Agent(collectivity.Manager)}
	answers := map[string]int{}
	for _, got := range town.InParallel(10, func(n int) string {
		decision := accept(id)
		if n%2 == 1 {
			decision = refuse(id, "Non.")
		}
		return told(town.Read[api.Decided](t, newHandler(), decide(h, agents[n%2], decision), 200))
	}) {
		answers[got]++
	}
	state := strings.SplitN(stands(h, id), ":", 2)[0]
	if answers[state] != 1 || answers[state+" change_decided"] != 9 {
		t.Errorf("the change is %s; the agents were told %v", state, answers)
	}
}

// TestManyChangesOfOneFileDecidedAtOnceAllCount: they share the file's version and a member.
func TestManyChangesOfOneFileDecidedAtOnceAllCount(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	var ids []string
	for _, p := range []struct {
		n       int
		section string
		value   object
	}{
		{0, "phones", object{"mobile": "0612345678"}},
		{0, "phones", object{"work": "0299000000"}},
		{0, "address", object{"city": "Dinan"}},
		{0, "identity", object{"birthName": "Durand"}},
		{1, "phones", object{"mobile": "0698765432"}},
		{1, "address", object{"city": "Rennes"}},
	} {
		ids = append(ids, h.Propose(p.n, p.section, p.value).ID)
	}
	agent := h.Agent(collectivity.Manager)
	for n, got := range town.InParallel(len(ids), func(n int) string {
		return told(town.Read[api.Decided](t, newHandler(), decide(h, agent, accept(ids[n])), 200))
	}) {
		if got != "accepted" {
			t.Errorf("change %d: %s", n, got)
		}
	}
	first, second := h.Guardian(0), h.Guardian(1)
	got := []any{
		first.Value("phones", "mobile"), first.Value("phones", "work"), first.Value("address", "city"), first.Value("identity", "birthName"),
		second.Value("phones", "mobile"), second.Value("address", "city"), h.File().Version,
	}
	if d := cmp.Diff([]any{"+33612345678", "+33299000000", "Dinan", "Durand", "+33698765432", "Rennes", 7}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestWhoMayDecide(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	withoutTOTP := w.Agent(collectivity.Manager)
	withoutTOTP.Agent = false
	parentToo, ownFamily := w.Agent(collectivity.Manager), town.Home{Town: w, MadeFamily: w.Family("Zoé")}
	subscribe(ownFamily, parentToo, ownFamily.Codes[1])
	ownFamily.Account = w.Subscriber(ownFamily.MadeFamily, 0)
	cases := []struct {
		says string
		who  account.Account
		of   town.Home // whose change; a family of the town unless said
		want string
	}{
		{"a reviewer", w.Agent(collectivity.Reviewer), town.Home{}, "200 accepted"},
		{"a manager", w.Agent(collectivity.Manager), town.Home{}, "200 accepted"},
		{"a manager of an activity of the family", w.Scoped(collectivity.Manager, "cantine"), town.Home{}, "200 accepted"},
		{"a manager of another activity", w.Scoped(collectivity.Manager, "vacances"), town.Home{}, "200 change_not_found"},
		{"a reader", w.Agent(collectivity.Reader), town.Home{}, "403 role_missing"},
		{"a parent", w.Citizen(), town.Home{}, "404 collectivity_not_found"},
		{"an agent of another collectivity", elsewhere.Agent(collectivity.Manager), town.Home{}, "404 collectivity_not_found"},
		{"an agent who signed in without TOTP", withoutTOTP, town.Home{}, "401 totp_required"},
		{"an agent who names another collectivity's change under their own", w.Agent(collectivity.Manager), elsewhere.NewHome("Tom"), "200 change_not_found"},
		{"an agent for their own family, whoever proposed", parentToo, ownFamily, "200 own_family"},
		{"an agent who is a parent, for another family", parentToo, town.Home{}, "200 accepted"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := c.of
			if h.Town == nil {
				h = w.NewHome("Léa")
			}
			id := h.Propose(0, "phones", object{"mobile": "0612345678"}).ID
			event := town.With(t, town.As(town.Event(t, "decide-changes", map[string]string{"slug": w.Slug}), c.who), object{"decisions": []object{accept(id)}})
			reply := town.Send(t, newHandler(), event)
			got := strings.TrimSpace(fmt.Sprint(reply.StatusCode, " ", reply.Code()))
			if outcomes, ok := reply.Body["outcomes"].([]any); ok {
				o := outcomes[0].(object)
				got += fmt.Sprint(" ", either(o["code"], o["state"]))
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if decided := strings.HasPrefix(stands(h, id), "accepted"); decided != strings.HasSuffix(c.want, "accepted") {
				t.Errorf("it stands as %s", stands(h, id))
			}
		})
	}
}

// either is the first of two that is there.
func either(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

func subscribe(h town.Home, a account.Account, typed string) {
	h.T.Helper()
	c, err := h.Env.Store.TryCode(h.T.Context(), h.Secret.Code, typed, a.ID, town.Now)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(h.T.Context(), a, c, town.Now); err != nil {
		h.T.Fatal(err)
	}
}

func TestADecisionIsReadStrictly(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	many := make([]object, 51)
	for i := range many {
		many[i] = accept("c")
	}
	cases := []struct {
		says      string
		decisions []object
		want      string // the first field and its code
	}{
		{"no decision", nil, "decisions required"},
		{"more than fifty", many, "decisions too_long"},
		{"a decision that does not exist", []object{{"change": "c", "decision": "maybe"}}, "decisions[0].decision unknown_value"},
		{"no change", []object{accept("c"), {"decision": "accept"}}, "decisions[1].change required"},
		{"a reason that is too long", []object{refuse("c", strings.Repeat("é", 1001))}, "decisions[0].reason too_long"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), decide(h, agent, c.decisions...))
			fields, _ := reply.Body["errors"].([]any)
			if len(fields) == 0 || reply.StatusCode != 400 {
				t.Fatalf("got %d %v", reply.StatusCode, reply.Body)
			}
			first := fields[0].(object)
			if got := fmt.Sprint(first["field"], " ", first["code"]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
