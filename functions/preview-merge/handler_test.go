package main

import (
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), town.Clock}.handle)
}

func preview(h town.Home, agent account.Account, from, into string) httpapi.Request {
	return town.As(h.Event("preview-merge", map[string]string{"from": from, "into": into}), agent)
}

// twice is a child with a file each, of which both say something.
func twice(t *testing.T) (into, from town.Home) {
	t.Helper()
	w := town.New(t)
	into, from = w.NewHome("Léa"), w.NewHome("Léa", "Noé")
	into.Give(into.Children[0], "health", map[string]any{"doctor": "Dr Petit"})
	from.Give(from.Children[0], "health", map[string]any{"doctor": "Dr Grand", "medication": "Ventoline"})
	from.Join("contact", map[string]any{"lastName": "Roux", "firstName": "Zoé", "phone": "0612345678", "children": []any{from.Children[0]}})
	for _, e := range from.Household().Enrolments {
		if e.Child != from.Children[0] || e.Activity == "cantine" {
			continue
		}
		e.Period.To = "2026-11-20"
		if _, err := from.MadeFamily.Store.SetEnrolment(t.Context(), from.Household(), e, "agent", town.Now); err != nil {
			t.Fatal(err)
		}
	}
	return into, from
}

func TestTheSampleSaysWhatBecomesOfEach(t *testing.T) {
	t.Parallel()
	into, from := twice(t)
	got := town.Read[api.Merge](t, newHandler(), preview(into, into.Agent(collectivity.Manager), from.ID, into.ID), 200)
	if got.From.Family != from.ID || got.Into.Label != into.Label || got.From.Version != from.File().Version || got.Into.Version != into.File().Version {
		t.Errorf("the files: %+v, %+v", got.From, got.Into)
	}
	if len(got.Guardians) != 2 || got.Guardians[0].Outcome != "moved" || len(got.Contacts) != 1 || got.Contacts[0].Name != "Zoé Roux" || got.Contacts[0].Outcome != "moved" {
		t.Errorf("guardians %+v, contacts %+v", got.Guardians, got.Contacts)
	}
	i := slices.IndexFunc(got.Children, func(c api.MergedMember) bool { return c.ID == from.Children[0] })
	if i < 0 || got.Children[i].Outcome != "same" || got.Children[i].Same != into.Children[0] {
		t.Fatalf("children %+v", got.Children)
	}
	if lea := got.Children[i]; !slices.Equal(lea.Takes, []string{"Données sanitaires"}) || !slices.Equal(lea.Differs, []string{"Données sanitaires"}) {
		t.Errorf("of her health an agent without the right to it is told %q and %q", lea.Takes, lea.Differs)
	}
	outcomes := map[string]int{}
	for _, e := range got.Enrolments {
		outcomes[e.Child+" "+e.Outcome]++
	}
	if outcomes["Léa left"] != 2 || outcomes["Léa moved"] != 1 || outcomes["Noé moved"] != 3 {
		t.Errorf("enrolments %v", outcomes)
	}
	if len(got.Obstacles) != 1 || got.Obstacles[0].Code != "merge_enrolments_overlap" || got.Obstacles[0].Detail == "" {
		t.Errorf("obstacles %+v", got.Obstacles)
	}
	if h, err := from.MadeFamily.Store.Household(t.Context()); err != nil || len(h.Children) != 2 {
		t.Errorf("the preview wrote: %+v, %v", h, err)
	}
}

func TestWhoMaySeeHealthIsToldItsFields(t *testing.T) {
	t.Parallel()
	into, from := twice(t)
	r := preview(into, into.Carer(collectivity.Manager), from.ID, into.ID)
	response, err := newHandler()(t.Context(), r)
	if err != nil || !strings.Contains(response.Body, "Données sanitaires : Traitement") || !strings.Contains(response.Body, "Données sanitaires : Médecin traitant") {
		t.Errorf("got %s, %v", response.Body, err)
	}
	for _, value := range []string{"Ventoline", "Dr Grand", "Dr Petit"} {
		if strings.Contains(response.Body, value) {
			t.Errorf("it shows %s", value)
		}
	}
}

func TestWhatIsInTheWayIsTold(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	into, from := w.NewHome("Léa"), w.NewHome("Noé")
	from.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	from.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	got := town.Read[api.Merge](t, newHandler(), preview(into, into.Agent(collectivity.Manager), from.ID, into.ID), 200)
	var codes []string
	for _, o := range got.Obstacles {
		codes = append(codes, o.Code)
	}
	slices.Sort(codes)
	if !slices.Equal(codes, []string{"merge_days_ahead", "merge_pending_changes"}) {
		t.Errorf("got %q", codes)
	}
}

func TestWhoPreviewsAMerge(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	into, from, elsewhere := w.NewHome("Léa"), w.NewHome("Noé"), town.NewHome(t, "Tom")
	for _, c := range []struct {
		says   string
		agent  account.Account
		from   string
		status int
		code   string
		fields []string
	}{
		{"a reviewer does not", w.Agent(collectivity.Reviewer), from.ID, 403, "role_missing", nil},
		{"nor a manager beyond whose scope one is", w.Scoped(collectivity.Manager, "autre"), from.ID, 404, "family_not_found", nil},
		{"nor a parent", into.Account, from.ID, 404, "collectivity_not_found", nil},
		{"nor another town's manager", elsewhere.Agent(collectivity.Manager), from.ID, 404, "collectivity_not_found", nil},
		{"of another town's family", w.Agent(collectivity.Manager), elsewhere.ID, 404, "family_not_found", nil},
		{"of a family with itself", w.Agent(collectivity.Manager), into.ID, 400, "invalid_input", []string{"from same_family"}},
		{"of nobody", w.Agent(collectivity.Manager), "", 400, "invalid_input", []string{"from required"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), preview(into, c.agent, c.from, into.ID)), c.status, c.code, c.fields...)
		})
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	into, from := twice(t)
	r := preview(into, into.Agent(collectivity.Manager), from.ID, into.ID)
	town.Rights(t, "preview-merge")
	town.Read[api.Merge](t, newHandler(), r, 200)
}
