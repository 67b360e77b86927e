package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "show-settings", map[string]string{"slug": w.Slug}), agent)
}

func TestANewTownsSettingsSayWhatIsInForce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[api.Settings](t, newHandler(), event(w, w.Agent(collectivity.Manager)), 200)
	for says, ok := range map[string]bool{
		"its name":                     got.Name == "Ville de test",
		"a year for codes":             got.CodeDays == 365,
		"silence accepts after two":    got.Implied == api.ImpliedDecision{Decision: "accept", Months: 2},
		"who its mails come from":      got.Mail == api.MailSettings{} && got.Choices.SenderName == "Ville de test" && got.Choices.ReplyTo == "enfance@"+w.Slug+".example",
		"all modules":                  len(got.Modules) == len(collectivity.Modules) && len(got.Choices.Modules) == len(got.Modules),
		"a field that may be edited":   got.Fields["guardian.phones.mobile"] == "editable",
		"a field that is needed":       got.Fields["child.identity.firstName"] == "required",
		"a field that nobody asks for": got.Fields["guardian.work.employer"] == "hidden",
		"a field of all children":      got.Fields["guardian.relations.relation"] == "editable",
		"who decides":                  got.Sections["child.health"] == "agent",
		"no archive agreement":         got.Archive == nil,
		"its version":                  got.Version > 1,
		"terms that never changed":     got.Choices.TermsSince == "",
	} {
		if !ok {
			t.Errorf("not %s: %+v", says, got)
		}
	}
	for _, s := range got.Choices.Sections {
		if s.Label == "" || got.Sections[s.Name] == "" || len(s.Fields) == 0 {
			t.Errorf("the section %+v", s)
		}
		for _, f := range s.Fields {
			if f.Label == "" || got.Fields[f.Name] != f.Usual {
				t.Errorf("%+v is %s", f, got.Fields[f.Name])
			}
		}
	}
}

func TestOnlyManagersOfTheWholeTownSeeTheSettings(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager))
	town.Rights(t, "show-settings")
	town.Read[api.Settings](t, handler(t.Context()), r, 200)
}
