package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
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

// handle says what an invitation gives, to whoever holds its link: POST /v1/invitations/preview. Whether the address has an
// account is told, for the link came to that address.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.InvitationToken) (api.InvitationPreview, error) {
	slug, address, issue, ok := a.secret.ReadInvitation(in.Token)
	if !ok {
		return api.InvitationPreview{}, collectivity.ErrInvitationInvalid
	}
	invited, err := a.store.Invited(ctx, slug, address)
	if err != nil {
		return api.InvitationPreview{}, err
	}
	if err := invited.Open(ctx, issue, a.now()); err != nil {
		return api.InvitationPreview{}, err
	}
	owner, err := a.store.Claimed(ctx, address)
	return api.InvitationPreview{
		Collectivity: api.CollectivityName{Slug: invited.Slug, Name: invited.Town}, Email: invited.Email, FirstName: invited.FirstName, LastName: invited.LastName,
		Role: string(invited.Role), Until: views.Instant(invited.Until()), HasAccount: owner != "",
	}, err
}
