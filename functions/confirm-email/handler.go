package main

import (
	"context"
	"time"

	"preau/shared/account"
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

// handle takes the new address: PUT /v1/me/email. The link alone is not enough: were the new address mistyped, its owner
// would get the account. So the session of the account that asked is needed too.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EmailConfirmation) (api.Me, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Me{}, err
	}
	accountID, issue, ok := a.secret.ReadToken("email", in.Token)
	if !ok || accountID != me.ID {
		return api.Me{}, account.ErrLinkInvalid
	}
	now := a.now()
	if err := me.NewEmailLink.Good(issue, account.NewEmailLife, now); err != nil {
		return api.Me{}, err
	}
	if err := a.store.TakeEmail(ctx, me, a.secret.Address(me.Email), a.secret.Address(me.NewEmail), now); err != nil {
		return api.Me{}, err
	}
	me.Email, me.NewEmail = me.NewEmail, ""
	return views.Me(me), nil
}
