package main

import (
	"context"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle changes how the caller is called: PATCH /v1/me. The family file is another matter: agents validate it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.MePatch) (api.Me, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Me{}, err
	}
	if err := patch(&me.Person, in); err != nil {
		return api.Me{}, err
	}
	return views.Me(me), a.store.UpdatePerson(ctx, c.Caller, me.Person)
}

func patch(p *account.Person, in api.MePatch) error {
	if in.Civility != nil {
		p.Civility = *in.Civility
	}
	return refusal.Join(rename(&p.LastName, "lastName", in.LastName), rename(&p.FirstName, "firstName", in.FirstName))
}

func rename(name *string, field string, given *string) (err error) {
	if given != nil {
		*name, err = account.ReadName(field, *given)
	}
	return err
}
