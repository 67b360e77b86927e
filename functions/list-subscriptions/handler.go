package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle lists the caller's subscriptions: GET /v1/me/subscriptions. A code given at sign-up that opened nothing is told
// here, until a subscription exists.
func (a app) handle(ctx context.Context, c httpapi.Caller, _ api.Nothing) (api.Subscriptions, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Subscriptions{}, err
	}
	subs, err := a.store.Subscriptions(ctx, me.ID)
	if err != nil {
		return api.Subscriptions{}, err
	}
	out := api.Subscriptions{Items: []api.Subscription{}}
	if len(subs) == 0 {
		out.Notice = notice(me.CodeRefused)
		return out, nil
	}
	out.Items, err = views.Subscriptions(ctx, a.store, me, subs)
	return out, err
}

// notice says why the code given at sign-up opened nothing.
func notice(code string) *api.Notice {
	for _, no := range store.CodeRefusals {
		if no.Code == code {
			return &api.Notice{Code: code, Detail: "Le code donné à l’inscription n’a pas pu être utilisé. " + no.Detail}
		}
	}
	return nil
}
