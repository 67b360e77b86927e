package collectivity

import (
	"strings"
	"time"

	"preau/shared/refusal"
)

// MaxAgents is how many agents and invitations a town may have: they are read whole.
const MaxAgents = 300

// InvitationLife is how long an invitation may be accepted.
const InvitationLife = 7 * 24 * time.Hour

// Invitation asks a person to be an agent. There is one for an address at a town; asked again, it is another issue.
type Invitation struct {
	ID         string // the keyed hash of the address
	Email      string
	FirstName  string
	LastName   string
	Role       Role
	Activities []string `dynamodbav:",omitempty"`
	Schools    []string `dynamodbav:",omitempty"`
	Health     bool
	Issue      int
	At         time.Time // of that issue
	By         string    // name of who invites
	Accepted   time.Time // zero: not yet
}

// Name of the invited person.
func (i Invitation) Name() string { return strings.TrimSpace(i.FirstName + " " + i.LastName) }

// Until is when the invitation expires.
func (i Invitation) Until() time.Time { return i.At.Add(InvitationLife) }

// Agent is what the invited person becomes.
func (i Invitation) Agent(account string, now time.Time) Agent {
	return Agent{Account: account, Name: i.Name(), Role: i.Role, Activities: i.Activities, Schools: i.Schools, Health: i.Health, Since: now}
}

// Good refuses a link that was used, that another one has replaced, or that has expired.
func (i Invitation) Good(issue int, now time.Time) error {
	switch {
	case !i.Accepted.IsZero() && issue == i.Issue:
		return ErrInvitationUsed
	case issue != i.Issue || !i.Accepted.IsZero() || !now.Before(i.Until()):
		return ErrInvitationExpired
	}
	return nil
}

// Manages says whether the agent may set everything of the whole town: at least one does, at any time.
func (a Agent) Manages() bool { return a.Role == Manager && !a.Scoped() }

// CheckAgent refuses a role or a scope that the town has not. The refusal names the path of each mistake as the API has it.
func (c Configuration) CheckAgent(a Agent) error {
	var m mistakes
	if strings.TrimSpace(a.Name) == "" {
		m.add("name", "required", "Ce champ est obligatoire.")
	}
	m.line("name", a.Name)
	if a.Role != Reader && a.Role != Reviewer && a.Role != Manager {
		m.add("role", "unknown_value", "Valeurs possibles : reader, reviewer, manager.")
	}
	each(&m, "activities", a.Activities, func(id string) (string, string) {
		_, known := c.Activity(id)
		return unless(known, "activity_unknown"), "Cette activité n’existe pas."
	})
	each(&m, "schools", a.Schools, func(id string) (string, string) {
		_, known := c.School(id)
		return unless(known, "school_unknown"), "Cette école n’existe pas."
	})
	return m.err()
}

// SeesChild says whether a child of a school, as its family file names it, is in the agent's scope. One whose school the town does
// not know is of no school.
func (c Configuration) SeesChild(a Agent, school string) bool {
	if len(a.Schools) == 0 {
		return true
	}
	s, known := c.SchoolOf(school)
	return known && a.HasSchool(s.ID)
}

// What is refused of agents.
var (
	ErrAgentUnknown      = refusal.New(refusal.NotFound, "agent_not_found", "Cet agent n’existe pas.")
	ErrAgentAlready      = refusal.New(refusal.Conflict, "already_agent", "Cette personne est déjà agent de la collectivité.").At("email")
	ErrTooManyAgents     = refusal.New(refusal.Conflict, "too_many_agents", "Une collectivité compte au plus 300 agents, invitations comprises.")
	ErrOwnRole           = refusal.New(refusal.Conflict, "own_role", "Vous ne pouvez pas vous retirer vous-même. Un autre gestionnaire peut le faire.")
	ErrInvitationInvalid = refusal.New(refusal.Invalid, "link_invalid", "Ce lien n’est pas valable. Ouvrez-le tel qu’il figure dans le courriel.").At("token")
	ErrInvitationUsed    = refusal.New(refusal.Gone, "invitation_used", "Cette invitation a déjà servi. Connectez-vous, ou demandez à un gestionnaire de réinitialiser votre application d’authentification.")
	ErrInvitationExpired = refusal.New(refusal.Gone, "invitation_expired", "Cette invitation n’est plus valable. Demandez-en une autre à la collectivité.")
)
