package journey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// nextWednesday is a day in the coming weeks on which the Wednesday centre takes requests.
func nextWednesday(season calendar.Period) calendar.Date {
	for d := calendar.DateOf(time.Now(), time.UTC).AddDays(3); ; d = d.AddDays(1) {
		if d.Weekday() == "wed" && season.Has(d) {
			return d
		}
	}
}

// TestTheGuideFromItsFirstStepToTheListOfRequests walks a parent and an agent through the portal.
func TestTheGuideFromItsFirstStepToTheListOfRequests(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	f := w.Family("Léa", "Noé")
	email, password := testkit.Address(t), "le préau de l'école"
	parent := newBrowser(t)

	// Étape 1: création d'un compte citoyen.
	public := want[api.Collectivity](parent, 200, "GET", "/v1/collectivities/"+w.Slug, nil)
	want[api.Accepted](parent, 202, "POST", "/v1/accounts", api.SignUp{
		Collectivity: w.Slug, Civility: "mme", LastName: "Martin", FirstName: "Anne", Email: email, Password: password,
		AcceptTerms: true, TermsVersion: public.Terms.Version, Captcha: parent.captcha(),
	})
	if r := parent.send("POST", "/v1/sessions", api.SignIn{Email: email, Password: password}, nil); r.code() != "account_not_activated" {
		t.Errorf("before activation: got %d %s", r.status, r.body)
	}

	// D/ Activez votre compte: the link in the mail, the page behind it, the button.
	mail := testkit.AwaitMails(t, email, 1)[0]
	page, token := linkIn(t, mail, "activation")
	if r := parent.send("GET", page, nil, nil); r.status != 200 || !strings.Contains(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("the activation page: got %d %s", r.status, r.header.Get("Content-Type"))
	}
	if r := parent.send("POST", "/v1/accounts/activation", api.Activation{Token: token, Password: "un autre mot de passe"}, nil); r.code() != "wrong_password" {
		t.Errorf("activation with another password: got %d %s", r.status, r.body)
	}
	parent.open(want[api.Session](parent, 200, "POST", "/v1/accounts/activation", api.Activation{Token: token, Password: password}))
	if r := parent.send("POST", "/v1/accounts/activation", api.Activation{Token: token, Password: password}, nil); r.status != 410 {
		t.Errorf("the link a second time: got %d %s", r.status, r.body)
	}

	// Étape 2: abonnement à l'Espace Famille.
	if subs := want[api.Subscriptions](parent, 200, "GET", "/v1/me/subscriptions", nil); len(subs.Items) != 0 {
		t.Fatalf("subscribed already: %+v", subs)
	}
	preview := want[api.SubscriptionPreview](parent, 200, "POST", "/v1/me/subscriptions/preview", api.SubscriberCode{Code: strings.ToLower(f.Codes[0])})
	if preview.Family.Children != 2 || strings.Contains(preview.Family.Label, "Martin") || preview.Collectivity.Slug != w.Slug {
		t.Errorf("preview %+v", preview)
	}
	sub := want[api.Subscription](parent, 201, "POST", "/v1/me/subscriptions", api.SubscriberCode{Code: f.Codes[0]})
	family := "/v1/families/" + sub.Family

	// Gérer votre dossier de famille: in force at once, with the session as it is.
	file := want[api.FamilyFile](parent, 200, "GET", family, nil)
	if len(file.Children) != 2 || len(file.Guardians) != 2 {
		t.Fatalf("file %+v", file)
	}
	change := want[api.Change](parent, 202, "POST", family+"/changes", map[string]any{
		"target": sub.Guardian, "section": "phones", "version": file.Version, "values": map[string]any{"mobile": "06 12 34 56 78"},
	})
	if file = want[api.FamilyFile](parent, 200, "GET", family, nil); len(file.Pending) != 1 || file.Pending[0].ID != change.ID {
		t.Errorf("pending %+v", file.Pending)
	}

	// Gérer les activités: planning, request, list of requests.
	day := string(nextWednesday(w.Activities[2].Season))
	around := "?from=" + day + "&to=" + day
	if got := dayOf(want[api.Planning](parent, 200, "GET", family+"/planning"+around, nil), f.Children[0]); got.State != "enrolled" || !slices.Contains(got.Actions, "book") {
		t.Fatalf("the day before asking: %+v", got)
	}
	request := want[api.Request](parent, 201, "POST", family+"/requests", api.Asking{
		Kind: "booking", From: day, To: day, Items: []api.RequestItem{{Child: f.Children[0], Activity: "mercredi", Option: "journee"}},
	})
	list := want[api.List[api.Request]](parent, 200, "GET", family+"/requests", nil)
	if len(list.Items) != 1 || list.Items[0].ID != request.ID || list.Items[0].State != "pending" {
		t.Fatalf("list %+v", list)
	}

	// The town hall decides.
	agentAccount := w.Agent(collectivity.Manager)
	agent := newBrowser(t)
	agent.signInAgent(agentAccount.Email, town.Password, w.Secret.TOTP(agentAccount.Authenticator()))
	queue := want[api.List[api.PendingRequest]](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/requests", nil)
	if len(queue.Items) != 1 || queue.Items[0].ID != request.ID {
		t.Fatalf("queue %+v", queue)
	}
	want[api.Decided](agent, 200, "POST", "/v1/collectivities/"+w.Slug+"/requests/decisions", api.RequestDecisions{Decisions: []api.RequestDecision{{Request: request.ID, Decision: "accept"}}})
	changes := want[api.List[api.PendingChange]](agent, 200, "GET", "/v1/collectivities/"+w.Slug+"/changes", nil)
	if len(changes.Items) != 1 || changes.Items[0].ID != change.ID {
		t.Fatalf("changes %+v", changes)
	}
	want[api.Decided](agent, 200, "POST", "/v1/collectivities/"+w.Slug+"/changes/decisions", api.ChangeDecisions{Decisions: []api.ChangeDecision{{Change: change.ID, Decision: "accept"}}})

	// The parent sees it, in the portal and in the mailbox.
	if got := dayOf(want[api.Planning](parent, 200, "GET", family+"/planning"+around, nil), f.Children[0]); got.State != "booked" {
		t.Errorf("the day after the decision: %+v", got)
	}
	if list = want[api.List[api.Request]](parent, 200, "GET", family+"/requests?state=accepted", nil); len(list.Items) != 1 {
		t.Errorf("accepted %+v", list)
	}
	file = want[api.FamilyFile](parent, 200, "GET", family, nil)
	you := file.Guardians[slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.You })]
	if you.Phones["mobile"] != "+33612345678" || len(file.Pending) != 0 {
		t.Errorf("the file after the decision: %+v", file)
	}
	testkit.AwaitMails(t, email, 6) // activation, subscribed, change and request each received and decided

	// The session lives on by its cookie, and ends with sign-out.
	parent.token = ""
	parent.open(want[api.Session](parent, 200, "POST", "/v1/sessions/refresh", nil))
	want[api.Me](parent, 200, "GET", "/v1/me", nil)
	cookie := parent.cookie
	want[api.Nothing](parent, 204, "DELETE", "/v1/sessions", nil)
	if parent.cookie != "" {
		t.Error("sign-out left the cookie")
	}
	parent.cookie = cookie
	if r := parent.send("POST", "/v1/sessions/refresh", nil, nil); r.status != 401 {
		t.Errorf("refreshing an ended session: got %d %s", r.status, r.body)
	}
}

func dayOf(p api.Planning, child string) api.PlanningDay {
	for _, d := range p.Days {
		if d.Child == child && d.Activity == "mercredi" {
			return d
		}
	}
	return api.PlanningDay{}
}

// TestAForgottenPasswordOpensAgainAndEndsAllSessions goes through the mailbox.
func TestAForgottenPasswordOpensAgainAndEndsAllSessions(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	a := w.Citizen()
	elsewhere := newBrowser(t)
	elsewhere.signIn(a.Email, town.Password)

	b := newBrowser(t)
	want[api.Accepted](b, 202, "POST", "/v1/password-resets", api.MailAgain{Email: a.Email, Captcha: b.captcha()})
	_, token := linkIn(t, testkit.AwaitMails(t, a.Email, 1)[0], "nouveau-mot-de-passe")
	b.open(want[api.Session](b, 200, "PUT", "/v1/password-resets", api.NewPassword{Token: token, Password: "un tout nouveau mot"}))
	want[api.Me](b, 200, "GET", "/v1/me", nil)

	if r := elsewhere.send("GET", "/v1/me", nil, nil); r.status != 401 {
		t.Errorf("the other session goes on: %d %s", r.status, r.body)
	}
	if r := elsewhere.send("POST", "/v1/sessions/refresh", nil, nil); r.status != 401 {
		t.Errorf("the other session is renewed: %d %s", r.status, r.body)
	}
	if r := b.send("POST", "/v1/sessions", api.SignIn{Email: a.Email, Password: town.Password}, nil); r.code() != "wrong_credentials" {
		t.Errorf("the old password: got %d %s", r.status, r.body)
	}
}

// TestANewAddressIsConfirmedThere goes through both mailboxes.
func TestANewAddressIsConfirmedThere(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	a, next := w.Citizen(), testkit.Address(t)
	b := newBrowser(t)
	b.signIn(a.Email, town.Password)
	want[api.Accepted](b, 202, "POST", "/v1/me/email", api.EmailChange{Email: next, Password: town.Password})
	_, token := linkIn(t, testkit.AwaitMails(t, next, 1)[0], "adresse")
	if me := want[api.Me](b, 200, "PUT", "/v1/me/email", api.EmailConfirmation{Token: token}); me.Email != next {
		t.Errorf("the address is %s", me.Email)
	}
	testkit.AwaitMails(t, a.Email, 1) // the old one is told
	newBrowser(t).signIn(next, town.Password)
	if r := newBrowser(t).send("POST", "/v1/sessions", api.SignIn{Email: a.Email, Password: town.Password}, nil); r.code() != "wrong_credentials" {
		t.Errorf("the old address: got %d %s", r.status, r.body)
	}
}
