package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle withdraws a change that waits for its decision: DELETE /v1/families/{family}/changes/{change}. Only who may edit
// the section may withdraw its change; withdrawing twice is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ChangePath) (api.Nothing, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Nothing{}, err
	}
	household, err := right.Store.Household(ctx)
	if err != nil {
		return api.Nothing{}, err
	}
	change, by, err := right.Store.Change(ctx, in.Change)
	if err != nil {
		return api.Nothing{}, err
	}
	viewer, _ := household.Member(right.Guardian)
	member, _ := household.Member(change.Target)
	section, _ := family.SectionOf(member.Target, change.Section)
	switch {
	case !family.Edits(viewer, member, section):
		return api.Nothing{}, family.ErrChangeUnknown
	case change.Withdrawn:
		return api.Nothing{}, nil
	case change.State() != family.Pending:
		return api.Nothing{}, family.ErrChangeDecided
	}
	change.Withdrawn, change.DecidedAt = true, a.now()
	return api.Nothing{}, right.Store.WithdrawChange(ctx, change, by, member)
}
