package api

// SignUp is POST /v1/accounts.
type SignUp struct {
	Collectivity   string `json:"collectivity" required:"true" max:"63"`
	Civility       string `json:"civility,omitempty" enum:"mme,m"`
	LastName       string `json:"lastName" required:"true" max:"100"`
	FirstName      string `json:"firstName" required:"true" max:"100"`
	Email          string `json:"email" required:"true" max:"254"`
	Password       string `json:"password" required:"true" max:"512" secret:"true"`
	SubscriberCode string `json:"subscriberCode,omitempty" max:"40" secret:"true"`
	AcceptTerms    bool   `json:"acceptTerms" required:"true"`
	TermsVersion   string `json:"termsVersion" required:"true" max:"40"`
	Captcha        string `json:"captcha" required:"true" max:"4000"` // ALTCHA payload, base64 JSON
}

// Accepted is the answer to what goes on by mail. It is the same whether or not the address has an account.
type Accepted struct {
	Message string `json:"message"` // French
}

// Activation is POST /v1/accounts/activation.
type Activation struct {
	UserAgent string `header:"user-agent" json:"-"` // what device a session is told by
	Token     string `json:"token" required:"true" max:"200" secret:"true"`
	Password  string `json:"password" required:"true" max:"512" secret:"true"` // the one chosen at sign-up
}

// MailAgain asks for a mailed link: POST /v1/accounts/activation/mail and POST /v1/password-resets.
type MailAgain struct {
	Collectivity string `json:"collectivity,omitempty" max:"63"`
	Email        string `json:"email" required:"true" max:"254"`
	Captcha      string `json:"captcha" required:"true" max:"4000"`
}

// NewPassword is PUT /v1/password-resets.
type NewPassword struct {
	UserAgent string `header:"user-agent" json:"-"` // what device a session is told by
	Token     string `json:"token" required:"true" max:"200" secret:"true"`
	Password  string `json:"password" required:"true" max:"512" secret:"true"`
}

// SignIn is POST /v1/sessions.
type SignIn struct {
	UserAgent string `header:"user-agent" json:"-"` // what device a session is told by
	Email     string `json:"email" required:"true" max:"254"`
	Password  string `json:"password" required:"true" max:"512" secret:"true"`
	TOTP      string `json:"totp,omitempty" max:"10" secret:"true"` // agents: six digits
	Captcha   string `json:"captcha,omitempty" max:"4000"`          // asked for after five failures
}

// Session is an open session. Its refresh token travels in an HttpOnly cookie only.
type Session struct {
	AccessToken string `json:"accessToken"`
	ExpiresIn   int    `json:"expiresIn"` // seconds
}

// SessionCookie is what refreshing and signing out read.
type SessionCookie struct {
	Cookie string `cookie:"preau_session" json:"-"`
}

// Me is the caller's account.
type Me struct {
	ID           string `json:"id"`
	Civility     string `json:"civility,omitempty"`
	LastName     string `json:"lastName"`
	FirstName    string `json:"firstName"`
	Email        string `json:"email"`
	NewEmail     string `json:"newEmail,omitempty"` // waits for its confirmation
	CreatedAt    string `json:"createdAt"`
	TermsVersion string `json:"termsVersion"`
	Agent        bool   `json:"agent,omitempty"`

	TermsDue []TermsOf `json:"termsDue,omitempty"` // terms that wait for the caller's consent
}

// TermsOf are a collectivity's terms that wait for the caller's consent.
type TermsOf struct {
	Collectivity CollectivityName `json:"collectivity"`
	TermsDue
}

// MePatch is PATCH /v1/me: only what is given changes.
type MePatch struct {
	Civility  *string `json:"civility,omitempty" enum:"mme,m,"`
	LastName  *string `json:"lastName,omitempty" max:"100"`
	FirstName *string `json:"firstName,omitempty" max:"100"`

	AcceptTerms *TermsAccepted `json:"acceptTerms,omitempty"`
}

// TermsAccepted is the caller's consent to the terms in force at a collectivity.
type TermsAccepted struct {
	Collectivity string `json:"collectivity" required:"true" max:"63"`
	Version      string `json:"version" required:"true" max:"40"` // that the caller read; 409 terms_moved if it is not in force
}

// PasswordChange is PUT /v1/me/password.
type PasswordChange struct {
	UserAgent string `header:"user-agent" json:"-"` // what device a session is told by
	Current   string `json:"current" required:"true" max:"512" secret:"true"`
	Password  string `json:"password" required:"true" max:"512" secret:"true"`
}

// EmailChange is POST /v1/me/email.
type EmailChange struct {
	Email    string `json:"email" required:"true" max:"254"`
	Password string `json:"password" required:"true" max:"512" secret:"true"` // the current one
}

// EmailConfirmation is PUT /v1/me/email.
type EmailConfirmation struct {
	Token string `json:"token" required:"true" max:"200" secret:"true"`
}

// Captcha is an ALTCHA challenge, as its widget reads it.
type Captcha struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	MaxNumber int64  `json:"maxnumber"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
}
