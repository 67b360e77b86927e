package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// house is a family at a table of its own, where nobody builds exports.
type house struct {
	town.Home
	at *time.Time
}

func opened(t *testing.T) (h house, handler httpapi.Handler) {
	t.Helper()
	h.at = new(time.Now().UTC().Truncate(time.Second)) // links are good by the bucket's clock
	testkit.Within(t, testkit.OwnTable(t), func() {
		h.Home = town.NewHome(t, "Léa")
		handler = httpapi.SignedIn(app{store.Open(), files.Open(), func() time.Time { return *h.at }}.handle)
	})
	return h, handler
}

func event(t *testing.T, a account.Account) httpapi.Request {
	t.Helper()
	return town.As(town.Event(t, "export-me", nil), a)
}

// built puts an export together, as build-exports does.
func (h house) built(t *testing.T) store.Export {
	t.Helper()
	s := h.Env.Store
	_, err := s.AskExport(t.Context(), h.Account.ID, store.Export{}, *h.at)
	must(t, err)
	e, ok, err := s.ClaimExport(t.Context(), h.Account.ID, *h.at)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	must(t, bucket.Open().Put(t.Context(), e.File(h.Account.ID), "application/zip", strings.NewReader("all of it")))
	subs, err := s.Subscriptions(t.Context(), h.Account.ID)
	must(t, err)
	must(t, s.ExportReady(t.Context(), h.Account.ID, e, subs, *h.at))
	return e
}

func TestAnExportIsFollowedFromNothingToItsEnd(t *testing.T) {
	t.Parallel()
	h, handler := opened(t)
	show := func() api.Export { return town.Read[api.Export](t, handler, event(t, h.Account), 200) }
	if got := show(); got != (api.Export{State: "none"}) {
		t.Errorf("never asked for: %+v", got)
	}
	asked := h.at.Format(time.RFC3339)
	other, err := h.Env.Store.AskExport(t.Context(), h.Citizen().ID, store.Export{}, *h.at)
	must(t, err)
	h.built(t)
	got := show()
	if got.State != "ready" || got.RequestedAt != asked || got.ReadyAt != asked || got.Until != h.at.Add(7*24*time.Hour).Format(time.RFC3339) {
		t.Errorf("ready: %+v", got)
	}
	if status, content := town.Follow(t, got.URL); status != 200 || content != "all of it" || strings.Contains(got.URL, other.ID) {
		t.Errorf("the link gives %d %q", status, content)
	}
	*h.at = h.at.Add(7 * 24 * time.Hour)
	if got := show(); got.State != "expired" || got.URL != "" {
		t.Errorf("a week later: %+v", got)
	}
}

func TestALinkEndsAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	h, handler := opened(t)
	h.built(t)
	now := *h.at
	for age, want := range map[time.Duration]int{4 * time.Minute: 200, 6 * time.Minute: 403} {
		*h.at = now.Add(-age)
		got := town.Read[api.Export](t, handler, event(t, h.Account), 200)
		if status, _ := town.Follow(t, got.URL); status != want {
			t.Errorf("after %v: %d", age, status)
		}
	}
}

func TestOnceARightHasEndedThereIsNoLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says string
		ends func(t *testing.T, h house)
	}{
		{"the subscription", func(t *testing.T, h house) {
			right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
			must(t, err)
			must(t, right.Unsubscribe(t.Context(), *h.at))
		}},
		{"the guardian, by a court", func(t *testing.T, h house) {
			order := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: "2020-01-01", RecordedAt: *h.at, RecordedBy: "agent"}
			must(t, h.MadeFamily.Store.RecordOrder(t.Context(), h.Household(), order, time.UTC))
		}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h, handler := opened(t)
			h.built(t)
			c.ends(t, h)
			if got := town.Read[api.Export](t, handler, event(t, h.Account), 200); got.State != "expired" || got.URL != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("the account", func(t *testing.T) {
		t.Parallel()
		h, handler := opened(t)
		h.built(t)
		must(t, h.Env.Store.CloseAccount(t.Context(), account.CallerOf(h.Account.User, false), h.Secret.Address, *h.at))
		town.Refused(t, town.Send(t, handler, event(t, h.Account)), 401, "session_ended")
	})
}

// TestItsOwnRightsAreEnough is not parallel: it changes whose key this process uses. The link is signed with it, too.
func TestItsOwnRightsAreEnough(t *testing.T) {
	testkit.Stack(t)
	h := house{town.NewHome(t, "Léa"), new(time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC))}
	h.built(t)
	*h.at = time.Now()
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("export-me"))
	opened := httpapi.SignedIn(app{store.Open(), files.Open(), func() time.Time { return time.Date(2020, 1, 2, 8, 0, 0, 0, time.UTC) }}.handle)
	if got := town.Read[api.Export](t, opened, event(t, h.Account), 200); got.State != "ready" || !strings.Contains(got.URL, emulators.AccessKey("export-me")) {
		t.Errorf("got %+v", got)
	}
	town.Read[api.Export](t, handler(t.Context()), event(t, h.Account), 200)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
