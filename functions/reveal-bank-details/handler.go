package main

import (
	"context"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle shows a manager a guardian's bank details in full: POST /v1/collectivities/{slug}/families/{family}/bank. Who asks says why;
// both are recorded before they are shown.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.BankReveal) (api.BankDetails, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.BankDetails{}, err
	}
	household, configuration, err := right.Household(ctx, in.Family, a.now())
	if err != nil {
		return api.BankDetails{}, err
	}
	guardian, ok := household.Member(in.Guardian)
	if !ok || guardian.Target != family.Guardian {
		return api.BankDetails{}, family.ErrMemberUnknown
	}
	reason := strings.Join(strings.Fields(in.Reason), " ")
	if err := right.RevealedBank(ctx, in.Family, guardian.ID, reason, a.now()); err != nil {
		return api.BankDetails{}, err
	}
	return views.BankDetails(configuration.Settings, guardian), nil
}
