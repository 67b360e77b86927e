package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler(t *testing.T) httpapi.Handler {
	t.Helper()
	return httpapi.SignedIn(app{store.Open(), identity.Open(), keys.Must(t.Context()), town.Clock}.handle, httpapi.NoContent)
}

func event(t *testing.T, a account.Account, password string) httpapi.Request {
	t.Helper()
	return town.As(town.Event(t, "close-account", map[string]string{"password": password}), a)
}

func closed(t *testing.T, a account.Account) {
	t.Helper()
	town.Read[api.Nothing](t, newHandler(t), event(t, a, town.Password), 204)
}

func TestAClosedAccountOpensNothingAnyMore(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	caller := account.CallerOf(h.Account.User, false)
	right, err := h.Env.Store.FamilyOf(t.Context(), caller, h.ID)
	must(t, err)
	link, err := right.OpenCalendar(t.Context(), town.Now)
	must(t, err)
	must(t, right.SetReminders(t.Context(), 2, town.Now))
	_, err = h.Env.Store.AskExport(t.Context(), h.Account.ID, store.Export{}, town.Now)
	must(t, err)

	reply := town.Send(t, newHandler(t), event(t, h.Account, town.Password))
	if reply.StatusCode != 204 || len(reply.Cookies) != 1 || !strings.Contains(reply.Cookies[0], "Max-Age=0") {
		t.Fatalf("answered %d, cookies %v", reply.StatusCode, reply.Cookies)
	}
	if _, err := h.Env.Store.Me(t.Context(), caller); refusal.Code(err) != "session_ended" {
		t.Errorf("its session: %v", err)
	}
	if h.HasUser(h.Account.User) {
		t.Error("the pool still has its user")
	}
	if subs, err := h.Env.Store.AllSubscriptions(t.Context(), h.Account.ID); err != nil || len(subs) > 0 {
		t.Errorf("its subscriptions: %v, %v", subs, err)
	}
	if g := h.Guardian(0); g.Account != "" {
		t.Errorf("the guardian is still %s's", g.Account)
	}
	if _, err := h.Env.Store.FeedOf(t.Context(), h.Account.ID, h.ID, link.Issue); refusal.Code(err) != "calendar_not_found" {
		t.Errorf("its calendar link: %v", err)
	}
	if e, err := h.Env.Store.Export(t.Context(), h.Account.ID); err != nil || e.ID != "" {
		t.Errorf("its export: %v, %v", e, err)
	}
	if about, ok := town.Outbox(t, store.MailAccountClosed, h.Account.ID); !ok || len(about) != 1 || about["account"] != h.Account.ID {
		t.Errorf("the letter is about %v", about)
	}
	a := h.Town.Account(h.Account.ID)
	if !a.Closed || !a.ClosedAt.Equal(town.Now) || a.Email != h.Account.Email {
		t.Errorf("kept until the letter has left: %+v", a)
	}
}

func TestItsAddressAndItsGuardianAreFreeForAnother(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	closed(t, h.Account)
	again, err := h.AddAccount(t.Context(), h.Slug, h.Account.Email, town.Password, account.Person{FirstName: "Anne", LastName: "Martin"})
	must(t, err)
	typed, err := h.IssueCode(t.Context(), h.MadeFamily.Store, h.Guardians[0])
	must(t, err)
	c, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, typed, again.ID, town.Now)
	must(t, err)
	_, err = h.Env.Store.Subscribe(t.Context(), again, c, town.Now)
	must(t, err)
	if _, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(again.User, false), h.ID); err != nil {
		t.Errorf("the new account: %v", err)
	}
	if _, err := h.Env.Store.Subscribe(t.Context(), h.Account, c, town.Now); refusal.Code(err) == "" {
		t.Errorf("a closed account subscribes: %v", err)
	}
}

func TestWhatItAskedOfTheFamilyStaysWithTheFamily(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	change := h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	request := h.Day(booking.Booking, 0, "mercredi", "matin", "2026-12-02")
	closed(t, h.Account)
	if c, _, err := h.MadeFamily.Store.Change(t.Context(), change.ID); err != nil || c.State() != family.Pending {
		t.Errorf("the change is %v, %v", c.State(), err)
	}
	if r, err := h.MadeFamily.Store.Request(t.Context(), request.ID); err != nil || r.Lines[0].State != booking.Requested {
		t.Errorf("the request is %v, %v", r.Lines, err)
	}
}

func TestWhatIsRefusedClosesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	town.Refused(t, town.Send(t, newHandler(t), event(t, a, "pas le bon du tout")), 400, "invalid_input", "password wrong_password")
	town.Refused(t, town.Send(t, newHandler(t), event(t, a, "")), 400, "invalid_input", "password required")
	locked := httpapi.SignedIn(app{store.Open(), town.RefusingPool(t, town.Locked), w.Secret, town.Clock}.handle, httpapi.NoContent)
	town.Refused(t, town.Send(t, locked, event(t, a, town.Password)), 429, "too_many_attempts", "password too_many_attempts")
	if after := w.Account(a.ID); after.Closed || !w.Opens(a.User, town.Password) {
		t.Errorf("got %+v", after)
	}
}

func TestOfTenClosingsAtOnceOneClosesAndTheOthersSessionsHaveEnded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	handler := newHandler(t)
	answers := map[int]int{}
	for _, reply := range town.InParallel(10, func(int) town.Reply { return town.Send(t, handler, event(t, h.Account, town.Password)) }) {
		answers[reply.StatusCode]++
	}
	// 400: the first had erased the user whose password the others showed.
	if answers[204] != 1 || answers[204]+answers[401]+answers[400] != 10 {
		t.Errorf("answered %v", answers)
	}
	town.Refused(t, town.Send(t, handler, event(t, h.Account, town.Password)), 401, "session_ended")
}

func TestAManagerClosesOnlyWhereAnotherStays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	only, reader := w.Agent(collectivity.Manager), w.Agent(collectivity.Reader)
	town.Refused(t, town.Send(t, newHandler(t), event(t, only, town.Password)), 409, "last_manager")
	closed(t, reader)
	town.Refused(t, town.Send(t, newHandler(t), event(t, only, town.Password)), 409, "last_manager")
	second := w.Agent(collectivity.Manager)
	closed(t, only)
	for _, gone := range []account.Account{only, reader} {
		if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(gone.User, true), w.Slug, collectivity.Reader); refusal.Code(err) != "session_ended" {
			t.Errorf("its role: %v", err)
		}
	}
	if did := w.Audited(); !slices.Contains(did, "close-account agent "+only.ID) {
		t.Errorf("audited: %q", did)
	}
	town.Refused(t, town.Send(t, newHandler(t), event(t, second, town.Password)), 409, "last_manager")
}

func TestOfTwoManagersWhoCloseAtOnceOneStays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	managers := []account.Account{w.Agent(collectivity.Manager), w.Agent(collectivity.Manager)}
	handler := newHandler(t)
	answers := map[string]int{}
	for _, reply := range town.InParallel(2, func(n int) town.Reply { return town.Send(t, handler, event(t, managers[n], town.Password)) }) {
		answers[reply.Code()]++
	}
	if answers[""] != 1 || answers["last_manager"] != 1 {
		t.Errorf("answered %v", answers)
	}
}

func TestAGuardianWhoIsAnothersByNowKeepsNobodyFromClosing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	other := h.Town.NewHome("Tom")
	moved(t, h, other.Account.ID)
	closed(t, h.Account)
	if g := h.Guardian(0); g.Account != other.Account.ID {
		t.Errorf("the guardian is %q's", g.Account)
	}
}

func TestManySubscriptionsEndWithTheirAccount(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	var families []town.Home
	for range 3 {
		f := w.Family("Léa")
		c, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, f.Codes[0], a.ID, town.Now)
		must(t, err)
		_, err = w.Env.Store.Subscribe(t.Context(), a, c, town.Now)
		must(t, err)
		families = append(families, town.Home{Town: w, MadeFamily: f, Account: a})
	}
	closed(t, a)
	for _, f := range families {
		if g := f.Guardian(0); g.Account != "" {
			t.Errorf("a guardian is still %s's", g.Account)
		}
	}
}

func TestASubscriptionThatComesWhileTheAccountClosesIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, f := w.Citizen(), w.Family("Léa")
	c, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, f.Codes[0], a.ID, town.Now)
	must(t, err)
	closed(t, a)
	if _, err := w.Env.Store.Subscribe(t.Context(), a, c, town.Now.Add(time.Second)); refusal.Code(err) != "session_ended" {
		t.Errorf("got %v", err)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Manager)
	h.Agent(collectivity.Manager)
	town.Rights(t, "close-account")
	handler := handler(t.Context())
	town.Read[api.Nothing](t, handler, event(t, h.Account, town.Password), 204)
	town.Read[api.Nothing](t, handler, event(t, agent, town.Password), 204)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
