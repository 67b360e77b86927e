package views

import (
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
)

// Agent shows an agent to managers, with what is known of their account.
func Agent(a collectivity.Agent, owner account.Account) api.Agent {
	state := "active"
	if owner.Enrolling() {
		state = "enrolling"
	}
	return api.Agent{
		ID: a.Account, Name: a.Name, Email: owner.Email, State: state, Since: Instant(a.Since),
		AgentRight: AgentRight(a),
	}
}

// AgentRight shows what an agent may do, and where.
func AgentRight(a collectivity.Agent) api.AgentRight {
	return api.AgentRight{Role: string(a.Role), Activities: a.Activities, Schools: a.Schools, Health: a.Health}
}

// Invitation shows an invitation to managers.
func Invitation(i collectivity.Invitation, now time.Time) api.Agent {
	state := "invited"
	if !now.Before(i.Until()) {
		state = "expired"
	}
	return api.Agent{
		ID: i.ID, Name: i.Name(), Email: i.Email, State: state, Since: Instant(i.At), Until: Instant(i.Until()),
		AgentRight: api.AgentRight{Role: string(i.Role), Activities: i.Activities, Schools: i.Schools, Health: i.Health},
	}
}

// Authenticator shows the secret of an account's authenticator, which is derived and kept nowhere.
func Authenticator(secret []byte, email string) *api.Authenticator {
	typed, address := account.Enrolment(secret, email)
	return &api.Authenticator{Secret: typed, URI: address}
}
