package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// limit is how many consultations a page holds.
const limit = 50

// handle lists who of the town read the health of a family's children, newest first: GET /v1/families/{family}/consultations. Of
// a child of two files, whichever of them the agent read is told to both; what was read of a file that was merged into this one is
// told here; bank details, to their guardian's household only.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ConsultationsQuery) (api.List[api.Consultation], error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.List[api.Consultation]{}, err
	}
	household, err := right.Store.Household(ctx)
	if err != nil {
		return api.List[api.Consultation]{}, err
	}
	others := slices.Clone(household.Merged)
	for _, other := range household.Others {
		others = append(others, other.ID)
	}
	all, next, err := right.Store.Consultations(ctx, others, in.Cursor, limit)
	if err != nil {
		return api.List[api.Consultation]{}, err
	}
	guardian, _ := household.Member(right.Guardian)
	return api.List[api.Consultation]{Items: views.Consultations(household, guardian, all), Cursor: next}, nil
}
