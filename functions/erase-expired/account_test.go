package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/refusal"
	"preau/shared/store"
)

// mailed has a mail of a closed account leave, as send-mail does.
func (h house) mailed(t *testing.T, now time.Time) {
	t.Helper()
	m, ok, err := h.Env.Store.ClaimMail(t.Context(), store.MailAccountClosed+"-"+h.Account.ID, now)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	must(t, h.Env.Store.MailSent(t.Context(), m, "sent", now))
}

func TestOfAClosedAccountItsPersonGoesOnceTheyAreTold(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	must(t, h.files.Put(t.Context(), store.ExportFolder(h.Account.ID)+"x.zip", "application/zip", strings.NewReader("all of it")))
	closed := town.Now.Add(time.Hour)
	must(t, h.Env.Store.CloseAccount(t.Context(), h.caller(), h.Secret.Address, closed))
	h.run(t, closed)
	if keys, err := h.files.List(t.Context(), store.ExportFolder(h.Account.ID)); err != nil || len(keys) > 0 {
		t.Errorf("its exports are there: %v, %v", keys, err)
	}
	if a := h.Town.Account(h.Account.ID); a.Email != h.Account.Email {
		t.Errorf("before they are told: %+v", a)
	}
	h.mailed(t, closed.Add(10*time.Minute))
	h.run(t, closed.Add(time.Hour))
	want := account.Account{ID: h.Account.ID, Closed: true, CreatedAt: h.Account.CreatedAt, ClosedAt: closed}
	a := h.Town.Account(h.Account.ID)
	if a.TermsVersion = ""; a.ID != want.ID || !a.Closed || a.Email+a.User+a.Person.LastName+a.Collectivity != "" || !a.CreatedAt.Equal(want.CreatedAt) || !a.ClosedAt.Equal(closed) {
		t.Errorf("what is kept: %+v", a)
	}
	if keys := h.partition(t, "ACCOUNT#"+h.Account.ID); len(keys) != 1 {
		t.Errorf("kept are %q", keys)
	}
	holds(t, "the table", h.dump(t), false, h.Account.Email)
	if did := h.erasures(t, "2026-11"); len(did) != 1 || did[0] != "account all" {
		t.Errorf("audited %q", did)
	}
	if _, err := h.Env.Store.Me(t.Context(), h.caller()); refusal.Code(err) != "session_ended" {
		t.Errorf("its session: %v", err)
	}
	h.run(t, closed.Add(2*time.Hour))
}

func TestAPersonWhomNoLetterReachesGoesAfterThirtyDays(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	must(t, h.Env.Store.CloseAccount(t.Context(), h.caller(), h.Secret.Address, town.Now))
	h.run(t, town.Now.Add(30*24*time.Hour-time.Minute))
	if a := h.Town.Account(h.Account.ID); a.Email == "" {
		t.Error("gone before")
	}
	h.run(t, town.Now.Add(30*24*time.Hour+time.Hour))
	if a := h.Town.Account(h.Account.ID); a.Email != "" {
		t.Errorf("kept: %+v", a)
	}
}

func TestAnOpenAccountIsNeverErased(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	if done, err := h.Env.Store.Forget(t.Context(), h.Account.ID, town.Now.AddDate(10, 0, 0)); done || err != nil {
		t.Errorf("got %v, %v", done, err)
	}
	if a := h.Town.Account(h.Account.ID); a.Email != h.Account.Email {
		t.Errorf("kept: %+v", a)
	}
}
