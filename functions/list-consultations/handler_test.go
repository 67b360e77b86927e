package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

// agentOf is a carer's right at the town.
func agentOf(h town.Home) store.AgentRight {
	h.T.Helper()
	right, err := h.Env.Store.AgentOf(h.T.Context(), account.CallerOf(h.Agent(collectivity.Manager).User, true), h.Slug, collectivity.Reader)
	check(h.T, err)
	right.Agent.Name = "Odile Test"
	return right
}

func list(h town.Home, who account.Account, cursor string) api.List[api.Consultation] {
	h.T.Helper()
	return town.Read[api.List[api.Consultation]](h.T, newHandler(), town.Query(town.As(h.Event("list-consultations", nil), who), "cursor="+cursor), 200)
}

func told(page api.List[api.Consultation]) (all []string) {
	for _, c := range page.Items {
		slices.Sort(c.Of) // twins stand in the order of their ids
		all = append(all, fmt.Sprintf("%s %s: %s (%s) of %s", c.At, c.Agent, c.Label, strings.Join(c.What, ", "), strings.Join(c.Of, ", ")))
	}
	return all
}

func TestAFamilySeesWhoReadTheHealthOfItsChildren(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	made := w.Separated("Léa", "Noé")
	anne := town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}
	paul := w.Subscriber(made, 1)
	agent := agentOf(anne)
	read := func(action string, minutes int, read store.Read) {
		check(t, agent.Consulted(t.Context(), action, map[string]store.Read{anne.ID: read}, town.Now.Add(time.Duration(minutes)*time.Minute)))
	}
	read("open-family-file", 0, store.Read{"child.health": anne.Children[:1], "document.pai": anne.Children[1:], "guardian.bank": anne.Guardians[:1]})
	read("open-family-file", 1, store.Read{"guardian.bank": anne.Guardians[:1]})  // masked: nothing of health
	read("open-document", 2, store.Read{"document.insurance": anne.Children[:1]}) // nor this
	read("show-care-sheet", 3, store.Read{"child.health": anne.Children[1:]})     // Noé's alone
	check(t, agent.RevealedBank(t.Context(), anne.ID, anne.Guardians[0], "Impayé", town.Now.Add(4*time.Minute)))
	health := []string{
		"2026-11-23T08:33:00Z Odile Test: Lecture de la fiche sanitaire (Données sanitaires) of Noé",
		"2026-11-23T08:30:00Z Odile Test: Lecture du dossier (Données sanitaires, Document du PAI) of Léa, Noé",
	}
	bank := "2026-11-23T08:34:00Z Odile Test: Coordonnées bancaires affichées en clair (Coordonnées bancaires) of Anne"
	if got, want := told(list(anne, anne.Account, "")), append([]string{bank}, health...); !slices.Equal(got, want) {
		t.Errorf("Anne is told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := told(list(anne, paul, "")); !slices.Equal(got, health) {
		t.Errorf("Paul is told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(health, "\n"))
	}
}

// TestAFamilyIsToldOfItsOwnChildrenAlone: of the brothers and sisters that a child has in its other file, a parent learns nothing.
func TestAFamilyIsToldOfItsOwnChildrenAlone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	second := h.Share(h.NewHome("Zoé"))
	for n, read := range []store.Read{{"child.health": h.Children[:1], "document.pai": h.Children[1:]}, {"document.pai": h.Children[1:]}} {
		check(t, agentOf(h).Consulted(t.Context(), "open-family-file", map[string]store.Read{h.ID: read}, town.Now.Add(time.Duration(n)*time.Minute)))
	}
	want := []string{"2026-11-23T08:30:00Z Odile Test: Lecture du dossier (Données sanitaires) of Léa"}
	if got := told(list(second, second.Account, "")); !slices.Equal(got, want) {
		t.Errorf("the other household is told %q, want %q", got, want)
	}
}

func TestALongListComesByPages(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := agentOf(h)
	for n := range 2*limit + 1 {
		check(t, agent.Consulted(t.Context(), "show-care-sheet", map[string]store.Read{h.ID: {"child.health": h.Children[:1]}}, town.Now.Add(time.Duration(n)*time.Minute)))
	}
	seen, pages := map[string]bool{}, 0
	for cursor := ""; ; {
		page := list(h, h.Account, cursor)
		for _, c := range page.Items {
			seen[c.At] = true
		}
		pages++
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if pages != 3 || len(seen) != 2*limit+1 {
		t.Errorf("%d consultations on %d pages", len(seen), pages)
	}
}

func TestNobodyElseReadsTheList(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	for name, r := range map[string]httpapi.Request{
		"another parent": town.As(h.Event("list-consultations", nil), other.Account),
		"an agent":       town.As(h.Event("list-consultations", nil), h.Agent(collectivity.Manager)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), r), 404, "family_not_found")
		})
	}
	for _, cursor := range []string{"%21", "RklMRQ"} { // no cursor, and the place of another item
		town.Refused(t, town.Send(t, newHandler(), town.Query(town.As(h.Event("list-consultations", nil), h.Account), "cursor="+cursor)), 400, "invalid_input", "cursor cursor_invalid")
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := town.NewHome(t, "Léa")
	check(t, agentOf(h).Consulted(t.Context(), "show-care-sheet", map[string]store.Read{h.ID: {"child.health": h.Children[:1]}}, town.Now))
	r := town.As(h.Event("list-consultations", nil), h.Account)
	town.Rights(t, "list-consultations")
	if page := town.Read[api.List[api.Consultation]](t, newHandler(), r, 200); len(page.Items) != 1 {
		t.Errorf("got %+v", page)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
