package main

import (
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle)
}

func set(h town.Home, body map[string]any) httpapi.Request {
	return town.With(h.T, h.Event("set-reminders", nil), body)
}

// kept is what the subscription says.
func kept(h town.Home, a account.Account) int {
	h.T.Helper()
	right, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(a.User, false), h.ID)
	if err != nil {
		h.T.Fatal(err)
	}
	days, err := right.Reminders(h.T.Context())
	if err != nil {
		h.T.Fatal(err)
	}
	return days
}

func TestRemindersAreSetChangedAndEnded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	other := h.Subscriber(h.MadeFamily, 1)
	for _, days := range []int{1, 7, 3, 0, 0, 2} {
		got := town.Read[api.Reminders](t, newHandler(), set(h, map[string]any{"days": days}), 200)
		if got.Days != days || kept(h, h.Account) != days {
			t.Errorf("set to %d: answered %d, kept %d", days, got.Days, kept(h, h.Account))
		}
		if kept(h, other) != 0 {
			t.Error("the other guardian is reminded too")
		}
	}
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil || right.Guardian != h.Guardians[0] || right.Slug != h.Slug {
		t.Errorf("the subscription is another: %+v, %v", right, err)
	}
}

func TestWhatMakesNoSenseIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	town.Read[api.Reminders](t, newHandler(), set(h, map[string]any{"days": 2}), 200)
	for says, c := range map[string]struct {
		body  map[string]any
		field string
	}{
		"no number":       {map[string]any{}, "days required"},
		"nothing":         {map[string]any{"days": nil}, "days required"},
		"a week and more": {map[string]any{"days": 8}, "days out_of_range"},
		"days gone by":    {map[string]any{"days": -1}, "days out_of_range"},
		"a text":          {map[string]any{"days": "2"}, "days wrong_type"},
		"another field":   {map[string]any{"days": 2, "hour": "18:00"}, "hour unknown_field"},
	} {
		t.Run(says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), set(h, c.body)), 400, "invalid_input", c.field)
			if kept(h, h.Account) != 2 {
				t.Errorf("kept %d", kept(h, h.Account))
			}
		})
	}
}

func TestRemindersAreTheSubscribersOwn(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	event := town.As(set(h, map[string]any{"days": 2}), other.Account)
	town.Refused(t, town.Send(t, newHandler(), event), 404, "family_not_found")
	right, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := right.Unsubscribe(t.Context(), town.Now); err != nil {
		t.Fatal(err)
	}
	town.Refused(t, town.Send(t, newHandler(), set(h, map[string]any{"days": 2})), 404, "family_not_found")
	if err := right.SetReminders(t.Context(), 2, town.Now.Add(time.Hour)); err == nil {
		t.Error("reminders outlive the subscription")
	}
}
