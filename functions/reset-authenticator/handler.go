package main

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

var sent = api.Accepted{Message: "L’ancienne application d’authentification ne vaut plus. Un courriel vient d’être envoyé à l’agent pour en enregistrer une autre."}

// handle ends an agent's authenticator and sessions at once, and mails them a link to enrol another one with their password: POST
// /v1/collectivities/{slug}/agents/{agent}/authenticator.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AgentPath) (api.Accepted, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Accepted{}, err
	}
	is, err := right.Store.IsAgent(ctx, in.Agent)
	if err != nil {
		return api.Accepted{}, err
	}
	if !is {
		return api.Accepted{}, collectivity.ErrAgentUnknown
	}
	now := a.now()
	wait, err := a.store.ReserveNewEmail(ctx, in.Agent, now, account.MailLimits)
	if err != nil {
		return api.Accepted{}, err
	}
	if wait > 0 {
		return api.Accepted{}, refusal.New(refusal.TooMany, "too_many_mails", "Plusieurs liens viennent d’être envoyés à cet agent. Réessayez plus tard.").After(wait)
	}
	return sent, right.ResetAuthenticator(ctx, in.Agent, now)
}
