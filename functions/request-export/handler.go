package main

import (
	"context"
	"fmt"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has the caller's data put together: POST /v1/me/export. While that goes on, asking again changes nothing; after it,
// another may be asked for a day later.
func (a app) handle(ctx context.Context, c httpapi.Caller, _ api.Nothing) (out api.Export, err error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return out, err
	}
	err = store.Again(ctx, func() error {
		out, err = a.ask(ctx, me)
		return err
	})
	return out, err
}

func (a app) ask(ctx context.Context, me account.Account) (api.Export, error) {
	before, err := a.store.Export(ctx, me.ID)
	if err != nil || before.Preparing() {
		return views.Export(before, a.now()), err
	}
	if wait := before.NextAt().Sub(a.now()); before.ID != "" && wait > 0 {
		return api.Export{}, a.tooSoon(ctx, me, before.NextAt(), wait)
	}
	e, err := a.store.AskExport(ctx, me.ID, before, a.now())
	return views.Export(e, a.now()), err
}

// tooSoon refuses a second export within a day, and says when there may be one.
func (a app) tooSoon(ctx context.Context, me account.Account, at time.Time, wait time.Duration) error {
	town, err := a.store.Public(ctx, me.Collectivity)
	if err != nil && refusal.Code(err) != collectivity.ErrUnknown.Code {
		return err
	}
	local := at.In(town.Zone())
	detail := fmt.Sprintf("Un export par jour : vous pourrez en demander un autre le %s à %d h %02d.", calendar.DateOf(at, town.Zone()).French(), local.Hour(), local.Minute())
	return refusal.New(refusal.TooMany, "export_too_soon", detail).After(wait)
}
