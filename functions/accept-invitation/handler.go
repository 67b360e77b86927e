package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	pool   *identity.Pool
	secret keys.Secret
	now    func() time.Time
}

// handle makes an invited person an agent: POST /v1/invitations. The link proves the mailbox; where its address has an account
// already, that account's password proves the person. The secret of a new authenticator is shown this once; who has one, from a
// role elsewhere, keeps it: a mailbox and a password never show it again.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.InvitationAccepted) (api.AgentAccess, error) {
	slug, address, issue, ok := a.secret.ReadInvitation(in.Token)
	if !ok {
		return api.AgentAccess{}, collectivity.ErrInvitationInvalid
	}
	invited, err := a.store.Invited(ctx, slug, address)
	if err != nil {
		return api.AgentAccess{}, err
	}
	if err := invited.Open(ctx, issue, a.now()); err != nil {
		return api.AgentAccess{}, err
	}
	var access api.AgentAccess
	err = store.Again(ctx, func() (err error) {
		access, err = a.join(ctx, invited, in)
		return err
	})
	return access, err
}

// join gives the role to the account of the address, or to a new one. ErrMoved: one came or changed meanwhile.
func (a app) join(ctx context.Context, invited store.Invited, in api.InvitationAccepted) (api.AgentAccess, error) {
	owner, err := a.store.Claimed(ctx, invited.ID)
	if err != nil {
		return api.AgentAccess{}, err
	}
	if owner == "" {
		made, err := a.make(ctx, invited, in)
		return a.access(invited, made, true), err
	}
	before, err := a.prove(ctx, owner, in.Password)
	if err != nil {
		return api.AgentAccess{}, err
	}
	after, err := invited.Join(ctx, before, a.now())
	return a.access(invited, after, !before.Agent), err
}

// prove checks the password of an account that is there.
func (a app) prove(ctx context.Context, owner, password string) (account.Account, error) {
	found, ok, err := a.store.Account(ctx, owner)
	if err != nil {
		return found, err
	}
	if !ok || found.Closed {
		return found, store.ErrMoved // its address is free in a moment
	}
	client := identity.ClientOf(found.Agent)
	tokens, err := credentials.Check(ctx, a.store, a.pool, credentials.Proof{Client: client, Account: found.ID, User: found.User, Password: password, Field: "password"}, a.now())
	if errors.Is(err, identity.ErrRefused) {
		return found, refusal.New(refusal.Unauthorized, "wrong_password", "Un compte existe déjà à cette adresse : saisissez son mot de passe.").At("password")
	}
	if err == nil {
		err = a.pool.End(ctx, client, tokens.Refresh) // it was to prove the password, no more
	}
	return found, err
}

// make opens an account. Its Cognito user is recorded before it is made, so that it is erased should the account not come to be.
func (a app) make(ctx context.Context, invited store.Invited, in api.InvitationAccepted) (account.Account, error) {
	person, err := person(invited, in)
	if err = refusal.Join(err, account.CheckPassword("password", in.Password, invited.Email)); err != nil {
		return account.Account{}, err
	}
	now := a.now()
	made := account.Account{
		ID: id.New(now), Person: person, Email: invited.Email, Collectivity: invited.Slug, Agent: true, CreatedAt: now, TOTPIssue: 1, AgentRev: 1,
	}
	made.User = id.User(made.ID)
	if err := a.store.PlanUser(ctx, made.ID, made.User, now); err != nil {
		return made, err
	}
	if err := a.pool.Create(ctx, made.User, in.Password); err != nil {
		return made, err
	}
	err = invited.JoinNew(ctx, made, now)
	if err != nil {
		_ = a.pool.Delete(ctx, made.User) // erase-users tries again
	}
	if errors.Is(err, account.ErrEmailTaken) {
		err = store.ErrMoved
	}
	return made, err
}

func person(invited store.Invited, in api.InvitationAccepted) (account.Person, error) {
	p := account.Person{FirstName: invited.FirstName, LastName: invited.LastName}
	return p, refusal.Join(rename(&p.FirstName, "firstName", in.FirstName), rename(&p.LastName, "lastName", in.LastName))
}

func rename(name *string, field, given string) (err error) {
	if given != "" {
		*name, err = account.ReadName(field, given)
	}
	return err
}

func (a app) access(invited store.Invited, to account.Account, enrols bool) api.AgentAccess {
	out := api.AgentAccess{Collectivity: &api.CollectivityName{Slug: invited.Slug, Name: invited.Town}, Email: invited.Email, Role: string(invited.Role)}
	if enrols {
		out.Authenticator = views.Authenticator(a.secret.TOTP(to.Authenticator()), to.Email)
	}
	return out
}
