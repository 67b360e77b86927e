package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	now    func() time.Time
}

// handle shows what a code opens before it is confirmed (the guide's « Rechercher »): POST /v1/me/subscriptions/preview.
// The family's name is masked: a code found in a bin tells no one whose it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SubscriberCode) (api.SubscriptionPreview, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.SubscriptionPreview{}, err
	}
	code, err := a.store.TryCode(ctx, a.secret.Code, in.Code, me.ID, a.now())
	if err != nil {
		return api.SubscriptionPreview{}, err
	}
	glimpse, err := a.store.Preview(ctx, code, me.ID)
	if err != nil {
		return api.SubscriptionPreview{}, err
	}
	return api.SubscriptionPreview{
		Collectivity: api.CollectivityName{Slug: code.Slug, Name: glimpse.Gate.Name},
		Family:       api.FamilyGlimpse{Label: family.MaskedLabel(glimpse.Label), Children: glimpse.Children},
	}, nil
}
