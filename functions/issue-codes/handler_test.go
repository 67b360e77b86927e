package main

import (
	"maps"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Accepted)
}

type object = map[string]any

func event(h town.Home, agent account.Account) httpapi.Request {
	return town.As(town.Event(h.T, "issue-codes", map[string]string{"slug": h.Slug, "family": h.ID}), agent)
}

// asked is what a job is about, without what it is not about.
func asked(t *testing.T, h town.Home, id string) map[string]string {
	t.Helper()
	j, err := h.Town.Store.Job(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if j.Kind != store.JobCodes || j.Role != collectivity.Manager {
		t.Errorf("the job is %+v", j)
	}
	maps.DeleteFunc(j.About, func(_, v string) bool { return v == "" })
	return j.About
}

func schooled(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa")
	if err := h.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "cp", Name: "CP A"}}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestWhoIsToGetACodeIsAskedOfAJob(t *testing.T) {
	t.Parallel()
	h := schooled(t)
	manager := h.Agent(collectivity.Manager)
	for _, c := range []struct {
		says  string
		body  object
		about map[string]string
		title string
	}{
		{"families, each once", object{"families": []string{"b", "a", "b"}}, map[string]string{"families": "a,b"}, "Codes abonnés : 2 familles"},
		{"one family, another code to all of it", object{"families": []string{h.ID}, "codes": "all"}, map[string]string{"families": h.ID, "codes": "all"}, "Codes abonnés : 1 famille"},
		{"one guardian", object{"families": []string{h.ID}, "guardian": h.Guardians[1]}, map[string]string{"families": h.ID, "guardian": h.Guardians[1], "codes": "all"}, "Code abonné : Paul Martin"},
		{"the whole town", object{"selection": object{}}, map[string]string{}, "Codes abonnés : toutes les familles"},
		{"whose code expired", object{"selection": object{"withoutSubscriber": true}, "codes": "expired"}, map[string]string{"without": "subscriber", "codes": "expired"}, "Codes abonnés : familles sans abonné"},
		{"a school", object{"selection": object{"school": "verne"}}, map[string]string{"school": "verne"}, "Codes abonnés : toutes les familles, École Jules-Verne"},
		{"a class", object{"selection": object{"school": "verne", "class": "cp"}}, map[string]string{"school": "verne", "class": "cp"}, "Codes abonnés : toutes les familles, École Jules-Verne, CP A"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			j := town.Read[api.Job](t, newHandler(), town.With(t, event(h, manager), c.body), 202)
			if got := asked(t, h, j.ID); !maps.Equal(got, c.about) {
				t.Errorf("it is about %v, want %v", got, c.about)
			}
			if j.Title != c.title || j.State != "waiting" || j.Author != "Odile Test" || j.Kind != "codes" || j.CreatedAt != "2026-11-23T08:30:00Z" || j.Files == nil {
				t.Errorf("got %+v, want title %s", j, c.title)
			}
		})
	}
}

func TestNobodyIsAskedForWhoCanNotHaveACode(t *testing.T) {
	t.Parallel()
	h := schooled(t)
	manager := h.Agent(collectivity.Manager)
	barred := h.NewHome("Tom")
	order := family.Order{ID: "o", Kind: family.NoAccess, Guardian: barred.Guardians[1], From: "2020-01-01", RecordedAt: town.Now}
	if err := barred.MadeFamily.Store.RecordOrder(t.Context(), barred.Household(), order, town.Now.Location()); err != nil {
		t.Fatal(err)
	}
	elsewhere := town.NewHome(t, "Zoé")
	for _, c := range []struct {
		says   string
		body   object
		status int
		code   string
		fields []string
	}{
		{"nobody", object{}, 400, "invalid_input", []string{"families whom_required"}},
		{"a guardian of no family", object{"guardian": h.Guardians[1]}, 400, "invalid_input", []string{"families whom_required"}},
		{"a guardian of two families", object{"guardian": h.Guardians[1], "families": []string{h.ID, "b"}}, 400, "invalid_input", []string{"families whom_required"}},
		{"families and a selection", object{"families": []string{h.ID}, "selection": object{}}, 400, "invalid_input", []string{"families whom_required"}},
		{"somebody else's guardian", object{"families": []string{h.ID}, "guardian": barred.Guardians[0]}, 400, "invalid_input", []string{"guardian guardian_unknown"}},
		{"a child", object{"families": []string{h.ID}, "guardian": h.Children[0]}, 400, "invalid_input", []string{"guardian guardian_unknown"}},
		{"who is subscribed", object{"families": []string{h.ID}, "guardian": h.Guardians[0]}, 409, "guardian_subscribed", []string{"guardian guardian_subscribed"}},
		{"whom a court bars", object{"families": []string{barred.ID}, "guardian": barred.Guardians[1]}, 400, "invalid_input", []string{"guardian guardian_barred"}},
		{"of another town", object{"families": []string{elsewhere.ID}, "guardian": elsewhere.Guardians[1]}, 404, "family_not_found", nil},
		{"an unknown school", object{"selection": object{"school": "curie"}}, 400, "invalid_input", []string{"selection.school school_unknown"}},
		{"a class of no school", object{"selection": object{"class": "cp"}}, 400, "invalid_input", []string{"selection.school school_unknown"}},
		{"an unknown class", object{"selection": object{"school": "verne", "class": "ce1"}}, 400, "invalid_input", []string{"selection.class class_unknown"}},
		{"a family that is a key", object{"families": []string{"a,b"}}, 400, "invalid_input", []string{"families family_invalid"}},
		{"an unknown kind of codes", object{"families": []string{h.ID}, "codes": "some"}, 400, "invalid_input", []string{"codes unknown_value"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), town.With(t, event(h, manager), c.body)), c.status, c.code, c.fields...)
		})
	}
}

func TestTheSameKeyIsTheSameJob(t *testing.T) {
	t.Parallel()
	h := schooled(t)
	manager := h.Agent(collectivity.Manager)
	keyed := func(body object) httpapi.Request {
		return town.Header(town.With(t, event(h, manager), body), "idempotency-key", "a-key-of-a-test")
	}
	body := object{"families": []string{h.ID}}
	first := town.Read[api.Job](t, newHandler(), keyed(body), 202)
	if again := town.Read[api.Job](t, newHandler(), keyed(body), 202); again.ID != first.ID {
		t.Errorf("%s, then %s", first.ID, again.ID)
	}
	town.Refused(t, town.Send(t, newHandler(), keyed(object{"selection": object{}})), 409, "key_reused", "Idempotency-Key key_reused")
	if other := town.Read[api.Job](t, newHandler(), town.With(t, event(h, manager), body), 202); other.ID == first.ID {
		t.Error("without a key it is the same job too")
	}
	if got := h.Audited(); len(got) != 2 || !strings.HasPrefix(got[0], "add-job job ") {
		t.Errorf("audited %q", got)
	}
}

func TestOnlyManagersOfTheWholeTownIssueCodes(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	town.Refused(t, town.Send(t, newHandler(), event(h, h.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(h, h.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(h, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := schooled(t)
	r := town.With(t, event(h, h.Agent(collectivity.Manager)), object{"families": []string{h.ID}, "guardian": h.Guardians[1]})
	selected := town.With(t, event(h, h.Agent(collectivity.Manager)), object{"selection": object{"school": "verne"}})
	town.Rights(t, "issue-codes")
	town.Read[api.Job](t, handler(t.Context()), r, 202)
	town.Read[api.Job](t, handler(t.Context()), selected, 202)
}
