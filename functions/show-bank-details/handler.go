package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle shows a guardian's bank details in full: GET /v1/families/{family}/guardians/{guardian}/bank. One sees one's own and those
// of adults of the same household; that they were shown is recorded before.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.GuardianPath) (api.BankDetails, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.BankDetails{}, err
	}
	household, configuration, err := right.Store.SealedFile(ctx)
	if err != nil {
		return api.BankDetails{}, err
	}
	viewer, _ := household.Member(right.Guardian)
	guardian, ok := household.Member(in.Guardian)
	section, _ := family.SectionOf(family.Guardian, "bank")
	if !ok || guardian.Target != family.Guardian || !family.Edits(viewer, guardian, section) {
		return api.BankDetails{}, family.ErrMemberUnknown
	}
	if err := right.ShowedBank(ctx, guardian.ID, a.now()); err != nil {
		return api.BankDetails{}, err
	}
	return views.BankDetails(configuration.Settings, guardian), nil
}
