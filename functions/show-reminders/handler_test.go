package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func TestRemindersAreShownAsTheyAreSet(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	show := func() int {
		return town.Read[api.Reminders](t, newHandler(), h.Event("show-reminders", nil), 200).Days
	}
	if got := show(); got != 0 {
		t.Errorf("before any: %d", got)
	}
	for _, days := range []int{3, 1, 0} {
		if err := right.SetReminders(t.Context(), days, town.Now); err != nil {
			t.Fatal(err)
		}
		if got := show(); got != days {
			t.Errorf("shown %d, want %d", got, days)
		}
	}
}

func TestRemindersAreShownToNobodyElse(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	event := town.As(h.Event("show-reminders", nil), other.Account)
	town.Refused(t, town.Send(t, newHandler(), event), 404, "family_not_found")
}
