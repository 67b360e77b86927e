package main

import (
	"encoding/base32"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/refusal"
	"preau/shared/store"
)

const chosen = "le mot de passe choisi"

func newHandler(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open(), w.Secret, func() time.Time { return now }}.handle)
}

func event(w *town.Town, token, password string) httpapi.Request {
	return town.Event(w.T, "accept-invitation", map[string]string{"token": token, "password": password})
}

// opens says whether the address, the password and the authenticator that was shown are those of an agent's account.
func opens(w *town.Town, email, password string, shown *api.Authenticator) account.Account {
	w.T.Helper()
	id, err := w.Env.Store.Claimed(w.T.Context(), w.Secret.Address(email))
	if err != nil || id == "" {
		w.T.Fatalf("nobody has the address: %v", err)
	}
	a := w.Account(id)
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(shown.Secret)
	if _, good := account.CheckTOTP(w.Secret.TOTP(a.Authenticator()), account.TOTP(secret, account.TOTPStep(town.Now)), a.TOTPStep, town.Now); err != nil || !good {
		w.T.Errorf("the secret %q is not the account's: %v", shown.Secret, err)
	}
	if !strings.Contains(shown.URI, "secret="+shown.Secret) || !w.Opens(a.User, password) || !a.Agent {
		w.T.Errorf("shown %+v, an agent's: %v", shown, a.Agent)
	}
	return a
}

func TestAnInvitedPersonGetsAnAccountWithTheRole(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	_, token := w.Invite(w.Agent(collectivity.Manager), email, collectivity.Reviewer)
	r := town.With(t, event(w, token, chosen), map[string]string{"token": token, "password": chosen, "firstName": " Zoé  Marie "})
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), r, 200)
	if got.Email != email || got.Role != "reviewer" || got.Collectivity.Name != "Ville de test" || got.Authenticator == nil {
		t.Fatalf("got %+v", got)
	}
	a := opens(w, email, chosen, got.Authenticator)
	if a.Person != (account.Person{FirstName: "Zoé Marie", LastName: "Petit"}) || a.Collectivity != w.Slug {
		t.Errorf("made %+v", a)
	}
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(a.User, true), w.Slug, collectivity.Reviewer); err != nil {
		t.Errorf("the role: %v", err)
	}
	if team := w.Team(); !slices.Equal(team, []string{"Claire Petit reviewer", "Odile Test manager"}) {
		t.Errorf("the team is %q", team)
	}
	if audited := w.Audited(); !slices.Contains(audited, "accept-invitation agent "+a.ID+" reviewer") {
		t.Errorf("audited %q", audited)
	}
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, token, chosen)), 410, "invitation_used")
}

func TestAnAccountThatIsThereGetsTheRoleByItsPassword(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa")
	_, token := w.Invite(w.Agent(collectivity.Manager), h.Account.Email, collectivity.Manager)
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, token, chosen)), 401, "wrong_password", "password wrong_password")
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), event(w, token, town.Password), 200)
	a := opens(w, h.Account.Email, town.Password, got.Authenticator)
	if a.ID != h.Account.ID || a.Person != h.Account.Person {
		t.Errorf("it became %+v", a)
	}
	if _, err := w.Env.Store.FamilyOf(t.Context(), account.CallerOf(a.User, false), h.ID); err != nil {
		t.Errorf("their own family: %v", err)
	}
}

// TestWhoHasAnAuthenticatorIsNeverShownItAgain: a mailbox and a password would be enough to copy it.
func TestWhoHasAnAuthenticatorIsNeverShownItAgain(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	agent := elsewhere.Agent(collectivity.Reader)
	_, token := w.Invite(w.Agent(collectivity.Manager), agent.Email, collectivity.Reader)
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), event(w, token, town.Password), 200)
	if got.Authenticator != nil || w.Account(agent.ID).Authenticator() != agent.Authenticator() {
		t.Errorf("shown %+v", got)
	}
	for _, town := range []*town.Town{w, elsewhere} {
		if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), town.Slug, collectivity.Reader); err != nil {
			t.Errorf("the role at %s: %v", town.Slug, err)
		}
	}
}

func TestWhoComesBackAsAnAgentEnrolsAnotherAuthenticator(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reader)
	if err := w.Right(manager).RemoveAgent(t.Context(), agent.ID, town.Now); err != nil {
		t.Fatal(err)
	}
	_, token := w.Invite(manager, agent.Email, collectivity.Reader)
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), event(w, token, town.Password), 200)
	if a := opens(w, agent.Email, town.Password, got.Authenticator); a.Authenticator() == agent.Authenticator() {
		t.Error("the authenticator of before is good again")
	}
}

func TestAnInvitationAcceptedTwentyTimesAtOnceMakesOneAgent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		email func(*town.Town) string
	}{
		{"with a new account", func(w *town.Town) string { return testkit.Address(w.T) }},
		{"with an account that is there", func(w *town.Town) string { return w.Citizen().Email }},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			email := c.email(w)
			_, token := w.Invite(w.Agent(collectivity.Manager), email, collectivity.Reader)
			var shown []*api.Authenticator
			for _, r := range town.InParallel(20, func(int) town.Reply {
				return town.Send(t, newHandler(w, town.Now), event(w, token, town.Password))
			}) {
				switch {
				case r.StatusCode == 200:
					got, _ := r.Body["authenticator"].(map[string]any)
					shown = append(shown, &api.Authenticator{Secret: got["secret"].(string), URI: got["uri"].(string)})
				case r.Code() != "invitation_used" && r.Code() != "too_many_attempts":
					t.Errorf("got %d %s", r.StatusCode, r.Response.Body)
				}
			}
			if len(shown) != 1 {
				t.Fatalf("%d were told that they are agents", len(shown))
			}
			opens(w, email, town.Password, shown[0])
			if team := w.Team(); !slices.Equal(team, []string{"Claire Petit reader", "Odile Test manager"}) {
				t.Errorf("the team is %q", team)
			}
		})
	}
}

func TestAnInvitationThatIsGoodNoMore(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	first, replaced := w.Invite(manager, testkit.Address(t), collectivity.Reader)
	_, latest := w.Invite(manager, first.Email, collectivity.Reader)
	gone, withdrawn := w.Invite(manager, testkit.Address(t), collectivity.Reader)
	if err := w.Right(manager).RemoveAgent(t.Context(), gone.ID, town.Now); err != nil {
		t.Fatal(err)
	}
	week := town.Now.AddDate(0, 0, 7)
	for _, c := range []struct {
		says, token string
		at          time.Time
		status      int
		code        string
		fields      []string
	}{
		{"replaced by another", replaced, town.Now, 410, "invitation_expired", nil},
		{"expired", latest, week, 410, "invitation_expired", nil},
		{"withdrawn", withdrawn, town.Now, 410, "invitation_expired", nil},
		{"of another town", w.Secret.Invitation(w.Slug+"x", first.ID, 2), town.Now, 410, "invitation_expired", nil},
		{"touched", latest[:len(latest)-1] + "x", town.Now, 400, "link_invalid", []string{"token link_invalid"}},
		{"of another kind", w.Secret.Token("activation", first.ID+"-"+w.Slug, 2), town.Now, 400, "link_invalid", []string{"token link_invalid"}},
	} {
		town.Refused(t, town.Send(t, newHandler(w, c.at), event(w, c.token, chosen)), c.status, c.code, c.fields...)
		if t.Failed() {
			t.Fatal(c.says)
		}
	}
	w.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, latest, chosen)), 403, "collectivity_suspended")
}

func TestAPasswordThatProtectsNothingIsRefusedAndNothingIsMade(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	_, token := w.Invite(w.Agent(collectivity.Manager), email, collectivity.Reader)
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, token, "court")), 400, "invalid_input", "password password_short")
	if id, err := w.Env.Store.Claimed(t.Context(), w.Secret.Address(email)); id != "" || err != nil {
		t.Errorf("%q has the address, %v", id, err)
	}
	bad := town.With(t, event(w, token, chosen), map[string]string{"token": token, "password": chosen, "lastName": "<b>"})
	town.Refused(t, town.Send(t, newHandler(w, town.Now), bad), 400, "invalid_input", "lastName name_invalid")
}

// TestASignUpThatWaitsAtTheAddressStandsInNobodysWay: whoever made it has not shown that the address is theirs.
func TestASignUpThatWaitsAtTheAddressStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	s := w.SignedUp(email, "un autre mot de passe", town.Now)
	_, token := w.Invite(w.Agent(collectivity.Manager), email, collectivity.Reader)
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), event(w, token, chosen), 200)
	a := opens(w, email, chosen, got.Authenticator)
	err := w.Env.Store.Activate(t.Context(), s.Address, s.Attempt, account.Account{ID: s.ID, User: s.User, Email: email}, nil)
	if refusal.Code(err) != "email_taken" || a.ID == s.ID {
		t.Errorf("the sign-up becomes an account too: %v", err)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.NewNow(t)
	manager, citizen := w.Agent(collectivity.Manager), w.Citizen()
	_, fresh := w.Invite(manager, testkit.Address(t), collectivity.Reader)
	_, known := w.Invite(manager, citizen.Email, collectivity.Reader)
	town.Rights(t, "accept-invitation")
	town.Read[api.AgentAccess](t, handler(t.Context()), event(w, fresh, chosen), 200)
	town.Read[api.AgentAccess](t, handler(t.Context()), event(w, known, town.Password), 200)
}
