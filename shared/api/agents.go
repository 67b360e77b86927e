package api

// AgentRight is what an agent may do at a collectivity, and where.
type AgentRight struct {
	Role       string   `json:"role" required:"true" enum:"reader,reviewer,manager"`
	Activities []string `json:"activities,omitempty" max:"200"` // none: all
	Schools    []string `json:"schools,omitempty" max:"100"`    // whose children they see; none: all
	Health     bool     `json:"health,omitempty"`               // sees and decides on health data
}

// Agent is somebody who works for the collectivity, or is invited to.
type Agent struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	State string `json:"state"` // active, enrolling (their authenticator was reset), invited, expired (an invitation)
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"` // of an invitation
	AgentRight
}

// NewInvitation is POST /v1/collectivities/{slug}/agents. For an address that is invited already it replaces the invitation.
type NewInvitation struct {
	Slug      string `path:"slug" json:"-" max:"63"`
	Email     string `json:"email" required:"true" max:"254"`
	FirstName string `json:"firstName" required:"true" max:"100"`
	LastName  string `json:"lastName" required:"true" max:"100"`
	AgentRight
}

// AgentPath names an agent, or an invitation, in the path.
type AgentPath struct {
	Slug  string `path:"slug" json:"-" max:"63"`
	Agent string `path:"agent" json:"-" max:"40"`
}

// AgentUpdate is PUT /v1/collectivities/{slug}/agents/{agent}: the whole right, as it shall be.
type AgentUpdate struct {
	Slug  string `path:"slug" json:"-" max:"63"`
	Agent string `path:"agent" json:"-" max:"40"`
	Name  string `json:"name" required:"true" max:"200"`
	AgentRight
}

// InvitationToken is POST /v1/invitations/preview.
type InvitationToken struct {
	Token string `json:"token" required:"true" max:"200" secret:"true"`
}

// InvitationPreview says what an invitation gives.
type InvitationPreview struct {
	Collectivity CollectivityName `json:"collectivity"`
	Email        string           `json:"email"`
	FirstName    string           `json:"firstName"`
	LastName     string           `json:"lastName"`
	Role         string           `json:"role"`
	Until        string           `json:"until"`
	HasAccount   bool             `json:"hasAccount"` // its password is asked for; otherwise one is to be chosen
}

// InvitationAccepted is POST /v1/invitations.
type InvitationAccepted struct {
	Token     string `json:"token" required:"true" max:"200" secret:"true"`
	Password  string `json:"password" required:"true" max:"512" secret:"true"` // of the address's account; a new one where there is none
	FirstName string `json:"firstName,omitempty" max:"100"`                    // of a new account; as in the invitation unless said
	LastName  string `json:"lastName,omitempty" max:"100"`
}

// AgentAccess is the way in for an agent: sign in with the address, the password and the authenticator's code.
type AgentAccess struct {
	Collectivity  *CollectivityName `json:"collectivity,omitempty"`
	Email         string            `json:"email"`
	Role          string            `json:"role,omitempty"`
	Authenticator *Authenticator    `json:"authenticator,omitempty"` // to be enrolled now: it is shown once; who has one already keeps it
}

// Authenticator is what an authenticator app is given, once.
type Authenticator struct {
	Secret string `json:"secret"` // as people type it
	URI    string `json:"uri"`    // otpauth://…, as a QR code shows it
}

// AuthenticatorEnrolment is POST /v1/authenticators.
type AuthenticatorEnrolment struct {
	Token    string `json:"token" required:"true" max:"200" secret:"true"`
	Password string `json:"password" required:"true" max:"512" secret:"true"`
}

// OpenSession is one of the caller's sessions.
type OpenSession struct {
	ID      string `json:"id"`
	At      string `json:"at"` // when it was opened
	Until   string `json:"until"`
	Device  string `json:"device,omitempty"`  // Firefox Windows
	Current bool   `json:"current,omitempty"` // the one of the cookie that came along
}

// SessionPath names one of the caller's sessions in the path.
type SessionPath struct {
	ID string `path:"id" json:"-" max:"64"`
}
