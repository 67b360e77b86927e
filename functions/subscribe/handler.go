package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	now    func() time.Time
}

// handle subscribes the caller with a code: POST /v1/me/subscriptions. It takes effect at once, with the session as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SubscriberCode) (api.Subscription, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Subscription{}, err
	}
	now := a.now()
	code, err := a.store.TryCode(ctx, a.secret.Code, in.Code, me.ID, now)
	if err != nil {
		return api.Subscription{}, err
	}
	sub, err := a.store.Subscribe(ctx, me, code, now)
	if err != nil {
		return api.Subscription{}, err
	}
	shown, err := views.Subscriptions(ctx, a.store, me, []store.Subscription{sub})
	if err != nil {
		return api.Subscription{}, err
	}
	return shown[0], nil
}
