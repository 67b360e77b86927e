package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

const page = 50

// handle lists the codes that were issued: GET /v1/collectivities/{slug}/codes. With the first page of the whole town it counts
// them, and the families without a subscriber.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CodesQuery) (out api.Codes, err error) {
	out.Items = []api.IssuedCode{}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return out, err
	}
	codes, next, err := a.codes(ctx, right, in)
	if err != nil {
		return out, err
	}
	names, err := right.Store.NamesOfCodes(ctx, codes)
	if err != nil {
		return out, err
	}
	out.Cursor = next
	for i, c := range codes {
		out.Items = append(out.Items, views.IssuedCode(c, names[i], a.now()))
	}
	if in.Family == "" && in.Cursor == "" {
		counts, err := right.Store.CountCodes(ctx, a.now())
		if err != nil {
			return out, err
		}
		out.Counts = &api.CodeCounts{
			Issued: counts.Issued, Letters: counts.Letters, Open: counts.States[store.CodeOpen], Used: counts.States[store.CodeUsed],
			Expired: counts.States[store.CodeExpired], Revoked: counts.States[store.CodeRevoked] + counts.States[store.CodeReplaced],
			Families: counts.Families, FamiliesWithoutSubscriber: counts.Without,
		}
	}
	return out, nil
}

// codes are those that are asked for: of a family all, of the town a page.
func (a app) codes(ctx context.Context, right store.AgentRight, in api.CodesQuery) (codes []store.IssuedCode, next string, err error) {
	lets := func(c store.IssuedCode) bool {
		return (in.Job == "" || in.Job == c.Issue) && (in.State == "" || in.State == string(c.State(a.now())))
	}
	if in.Family == "" {
		return right.Store.CodesPage(ctx, lets, in.Cursor, page)
	}
	f := right.Family(in.Family)
	h, err := f.Household(ctx)
	if err != nil {
		return nil, "", err
	}
	all, err := f.Codes(ctx, h)
	for _, c := range all {
		if lets(c) {
			codes = append(codes, c)
		}
	}
	return codes, "", err
}
