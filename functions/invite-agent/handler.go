package main

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	now    func() time.Time
}

// handle invites a person to be an agent, by a link that is mailed to them: POST /v1/collectivities/{slug}/agents. Asked again,
// the link of before opens nothing any more. At most three such mails an hour go to an address.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewInvitation) (api.Agent, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Agent{}, err
	}
	invitation, err := a.read(ctx, right, in)
	if err != nil {
		return api.Agent{}, err
	}
	if err := a.checkNew(ctx, right.Store, invitation.ID); err != nil {
		return api.Agent{}, err
	}
	now := a.now()
	wait, err := a.store.ReserveInvitation(ctx, invitation.ID, now, account.MailLimits)
	if err != nil {
		return api.Agent{}, err
	}
	if wait > 0 {
		return api.Agent{}, refusal.New(refusal.TooMany, "too_many_mails", "Plusieurs invitations viennent d’être envoyées à cette adresse. Réessayez plus tard.").At("email").After(wait)
	}
	sent, err := right.Invite(ctx, invitation, now)
	return views.Invitation(sent, now), err
}

// read makes an invitation of what was typed, or says all that is wrong with it.
func (a app) read(ctx context.Context, right store.AgentRight, in api.NewInvitation) (collectivity.Invitation, error) {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return collectivity.Invitation{}, err
	}
	email, errEmail := account.ReadEmail("email", in.Email)
	first, errFirst := account.ReadName("firstName", in.FirstName)
	last, errLast := account.ReadName("lastName", in.LastName)
	i := collectivity.Invitation{
		Email: email, FirstName: first, LastName: last, By: right.Agent.Name, Role: collectivity.Role(in.Role),
		Activities: in.Activities, Schools: in.Schools, Health: in.Health,
	}
	whom := i.Agent("", time.Time{})
	whom.Name = "invited" // its parts are checked above
	if err := refusal.Join(errEmail, errFirst, errLast, configuration.CheckAgent(whom)); err != nil {
		return i, err
	}
	i.ID = a.secret.Address(email)
	return i, nil
}

// checkNew refuses to invite who is an agent already.
func (a app) checkNew(ctx context.Context, town store.Collectivity, address string) error {
	owner, err := a.store.Claimed(ctx, address)
	if err != nil || owner == "" {
		return err
	}
	is, err := town.IsAgent(ctx, owner)
	if err == nil && is {
		err = collectivity.ErrAgentAlready
	}
	return err
}
