package main

import (
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), "https://portail.example", town.Clock}.handle)
}

type samples = api.List[api.SampleMail]

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "preview-mails", map[string]string{"slug": w.Slug}), agent)
}

func document(w *town.Town) api.SettingsDocument {
	w.T.Helper()
	c, err := w.Store.Configuration(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	return views.Settings(c).SettingsDocument
}

// kindsOfFamilies are the mails that the store writes of families and their accounts. Those to agents have no sample.
var kindsOfFamilies = []string{
	store.MailActivation, store.MailReset, store.MailPasswordChanged, store.MailNewEmail, store.MailEmailChanged, store.MailHasAccount,
	store.MailSubscribed, store.MailUnsubscribed, store.MailRequestReceived, store.MailRequestDecided, store.MailRequestPromoted,
	store.MailRequestNoPlace, store.MailLimitsClosing, store.MailChangeReceived, store.MailChangeDecided, store.MailEventDeclared, store.MailEventRevoked,
	store.MailAccountClosed, store.MailExportReady, store.MailDocumentEnding,
}

func TestEachKindOfMailHasASampleInTheTownsName(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[samples](t, newHandler(), event(w, w.Agent(collectivity.Manager)), 200)
	shown := map[string]bool{}
	for _, m := range got.Items {
		shown[m.Kind] = true
		if m.From != "Ville de test" || m.ReplyTo != "enfance@"+w.Slug+".example" || !strings.HasSuffix(m.Subject, "Ville de test") || !strings.Contains(m.HTML, "<html lang=\"fr\">") || m.Text == "" {
			t.Errorf("%s: from %q, to %q, %q", m.Kind, m.From, m.ReplyTo, m.Subject)
		}
	}
	for _, kind := range kindsOfFamilies {
		if !shown[kind] {
			t.Errorf("no sample of %s", kind)
		}
	}
}

func TestSettingsAreTriedBeforeTheyAreKept(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	tried := document(w)
	tried.Name, tried.Colours.Primary, tried.Mail.Signature = "Saint-Aubin", "#5c1f99", "À bientôt\nLe service"
	got := town.Read[samples](t, newHandler(), town.With(t, event(w, manager), map[string]any{"settings": tried}), 200)
	for _, m := range got.Items {
		if m.From != "Saint-Aubin" || !strings.Contains(m.HTML, "À bientôt<br>Le service") {
			t.Errorf("%s comes from %s", m.Kind, m.From)
		}
	}
	if !strings.Contains(got.Items[0].HTML, "#5c1f99") || document(w).Name != "Ville de test" {
		t.Errorf("the colour is not shown, or the settings are kept: %+v", document(w))
	}
	tried.Colours.Primary = "#ffffff"
	town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, manager), map[string]any{"settings": tried})), 400, "invalid_input", "colours.primary colour_contrast")
}

func TestOnlyManagersOfTheWholeTownSeeSamples(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager))
	town.Rights(t, "preview-mails")
	town.Read[samples](t, handler(t.Context()), r, 200)
}
