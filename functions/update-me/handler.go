package main

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle changes how the caller is called, and takes their consent to terms: PATCH /v1/me. The family file is another matter:
// agents validate it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.MePatch) (api.Me, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Me{}, err
	}
	if err := patch(&me.Person, in); err != nil {
		return api.Me{}, err
	}
	if err := a.accept(ctx, c.Caller, &me, in.AcceptTerms); err != nil {
		return api.Me{}, err
	}
	if err := a.store.UpdatePerson(ctx, c.Caller, me.Person); err != nil {
		return api.Me{}, err
	}
	return views.MeWithTerms(ctx, a.store, me)
}

// accept records the caller's consent to the terms that are in force at a collectivity, once.
func (a app) accept(ctx context.Context, c account.Caller, me *account.Account, in *api.TermsAccepted) error {
	if in == nil || me.Accepts(in.Collectivity, in.Version) {
		return nil
	}
	town, err := a.store.Public(ctx, in.Collectivity)
	if err != nil {
		return err
	}
	if in.Version != town.Terms.Version {
		return refusal.New(refusal.Conflict, "terms_moved", "Les conditions d’utilisation ont changé. Relisez-les avant de les accepter.").At("acceptTerms.version")
	}
	accepted := account.Acceptance{Collectivity: in.Collectivity, Version: in.Version, At: a.now()}
	me.Accepted = append(me.Accepted, accepted)
	return a.store.AcceptTerms(ctx, c, accepted)
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
