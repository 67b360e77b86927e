// Package account holds the rules of citizen accounts: who a person is, how an address becomes theirs, and when a link,
// a session or a password is good.
package account

import (
	"fmt"
	"math"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/shared/refusal"
	"preau/shared/throttle"
)

// How long links live and how often they are mailed (design: accounts).
const (
	ActivationLife = 24 * time.Hour
	ResetLife      = time.Hour
	EnrolLife      = 24 * time.Hour // of a link to enrol another authenticator
	NewEmailLife   = 24 * time.Hour
	AttemptLife    = 30 * 24 * time.Hour // an attempt never activated is erased after it
	RetiredGrace   = time.Hour           // replaced credentials are erased at once, and again after it if that failed
)

// MaxWaiting is how many waiting sign-ups of one address are looked at, the newest: as many as a day allows, so that each
// whose link is still good is among them, however many others a stranger makes.
const MaxWaiting = 10

// Limits on what strangers can make us do.
//
// Those of sign-ups have a price: a stranger who uses them up delays a new sign-up of an address that has no account yet,
// by an hour or at worst a day. They never touch a sign-up that was made, an account or a forgotten password.
var (
	MailLimits     = []throttle.Limit{{Tries: 3, Per: time.Hour}}                                           // links mailed again to one address, or asked for by one account
	NoticeLimits   = []throttle.Limit{{Tries: 1, Per: time.Hour}}                                           // of them those without a link, so that no stranger uses up what a forgotten password needs
	SignUpLimits   = []throttle.Limit{{Tries: 5, Per: time.Hour}, {Tries: MaxWaiting, Per: 24 * time.Hour}} // sign-ups with one address, so that nobody floods a mailbox
	SignInLimits   = []throttle.Limit{{Tries: 5, Per: 15 * time.Minute}}                                    // failures before the captcha is asked too
	TOTPLimits     = []throttle.Limit{{Tries: 10, Per: time.Hour}}                                          // authenticator codes given after the right password
	PasswordLimits = []throttle.Limit{{Tries: 10, Per: time.Hour}}                                          // wrong passwords given by who holds a session or a sign-up's link
	CodeLimits     = []throttle.Limit{{Tries: 5, Per: time.Hour}, {Tries: 20, Per: 24 * time.Hour}}         // wrong codes of one account
)

// LockLife is the longest that Cognito locks a user after too many wrong passwords. It does not say how long this time.
const LockLife = 15 * time.Minute

// TooManyAttempts refuses to look at the password in a field after too many wrong ones, for a while.
func TooManyAttempts(field string, wait time.Duration) error {
	minutes := int(math.Ceil(wait.Minutes()))
	detail := fmt.Sprintf("Trop de mots de passe ont été essayés. Réessayez dans %d min.", minutes)
	return refusal.New(refusal.TooMany, codeTooManyAttempts, detail).At(field).After(wait)
}

const codeTooManyAttempts = "too_many_attempts"

// IsTooManyAttempts says whether an error is that refusal.
func IsTooManyAttempts(err error) bool { return refusal.Code(err) == codeTooManyAttempts }

// Caller is who sent a request, as a verified access token says. It is no right by itself: the store re-reads the
// account at each request.
type Caller struct {
	Account string // account id
	User    string // the Cognito user that signed in; the account must still use it
	Agent   bool   // signed in through the agents' client: TOTP given, 12-hour session
}

// Person is how someone is called.
type Person struct {
	Civility  string // "mme", "m" or ""
	FirstName string
	LastName  string
}

// Account is a citizen's account, valid at every collectivity.
type Account struct {
	ID           string
	User         string // its current Cognito user; all others are retired
	Person       Person
	Email        string
	Collectivity string // where it was made: mails come in its name
	Agent        bool   // holds a role somewhere: signs in with TOTP
	Closed       bool
	ClosedAt     time.Time
	TermsVersion string // accepted at sign-up, of its collectivity
	TermsAt      time.Time
	Accepted     []Acceptance `dynamodbav:",omitempty"` // of terms since then, oldest first
	CreatedAt    time.Time
	Reset        Link   // the latest link for a new password
	NewEmail     string // waits for its confirmation
	NewEmailLink Link
	FormerEmails []FormerEmail // the latest few, oldest first: each is told that it was replaced
	CodeRefused  string        // why the code given at sign-up opened nothing: a refusal's code, or ""
	TOTPStep     int64         // the last time step accepted, so that a code works once
	TOTPIssue    int           // of the authenticator's secret; another one after each loss
	TOTPLink     Link          // the latest link to enrol another authenticator; while it is open, none is good
	AgentRev     int           // grows with each role that comes or goes
}

// Authenticator is what the secret of the account's authenticator is derived from.
func (a Account) Authenticator() string {
	if a.TOTPIssue == 0 {
		return a.ID
	}
	return a.ID + "#" + strconv.Itoa(a.TOTPIssue)
}

// Enrolling says whether the account's authenticator was lost and no other is enrolled yet.
func (a Account) Enrolling() bool { return !a.TOTPLink.At.IsZero() }

// Acceptance is a person's consent to a collectivity's terms.
type Acceptance struct {
	Collectivity, Version string
	At                    time.Time
}

// Accepts says whether the person has accepted a version of a collectivity's terms.
func (a Account) Accepts(slug, version string) bool {
	return a.Collectivity == slug && a.TermsVersion == version || slices.ContainsFunc(a.Accepted, func(c Acceptance) bool {
		return c.Collectivity == slug && c.Version == version
	})
}

// FormerEmail is an address that an account has left, and with which issue of a link to another.
type FormerEmail struct {
	Issue int
	Email string
}

// maxFormer is how many former addresses are kept: a mail to one that was left longer ago is too late.
const maxFormer = 10

// Leaving are the former addresses once the current one is replaced through the link that waits.
func (a Account) Leaving() []FormerEmail {
	all := append(slices.Clone(a.FormerEmails), FormerEmail{a.NewEmailLink.Issue, a.Email})
	return all[max(0, len(all)-maxFormer):]
}

// Former is the address that an issue of a link replaced, or "".
func (a Account) Former(issue int) string {
	for _, f := range a.FormerEmails {
		if f.Issue == issue {
			return f.Email
		}
	}
	return ""
}

// Attempt is a sign-up that waits for its activation. Its id becomes the account's.
type Attempt struct {
	ID           string
	User         string
	Person       Person
	Email        string
	Collectivity string
	TermsVersion string
	CodeHash     string // keyed hash of the subscriber code given at sign-up, or ""
	CodeWrong    bool   // a code was given that can not be one
	CreatedAt    time.Time
	Links        []time.Time // when each activation link was issued, by issue
	Activated    bool
}

// Link is one issue of a mailed link.
type Link struct {
	Issue int
	At    time.Time
}

// ActivationDue refuses an activation link that has expired or was never issued.
func (a Attempt) ActivationDue(issue int, now time.Time) error {
	if a.Activated {
		return ErrLinkUsed
	}
	if issue < 0 || issue >= len(a.Links) || !now.Before(a.Links[issue].Add(ActivationLife)) {
		return ErrLinkExpired
	}
	return nil
}

// Good refuses a link that is not the latest issue or has expired.
func (l Link) Good(issue int, life time.Duration, now time.Time) error {
	switch {
	case l.At.IsZero() || issue > l.Issue:
		return ErrLinkUsed
	case issue < l.Issue || !now.Before(l.At.Add(life)):
		return ErrLinkExpired
	}
	return nil
}

// What the rules refuse.
var (
	ErrLinkUsed      = refusal.New(refusal.Gone, "link_used", "Ce lien a déjà servi. Connectez-vous, ou demandez un nouveau lien.")
	ErrLinkExpired   = refusal.New(refusal.Gone, "link_expired", "Ce lien a expiré. Demandez-en un nouveau.")
	ErrLinkInvalid   = refusal.New(refusal.Invalid, "link_invalid", "Ce lien n’est pas valable. Ouvrez-le tel qu’il figure dans le courriel.").At("token")
	ErrWrongPassword = refusal.New(refusal.Unauthorized, "wrong_credentials", "Adresse e-mail ou mot de passe incorrect.")
	ErrNotActivated  = refusal.New(refusal.Forbidden, "account_not_activated", "Votre compte n’est pas encore activé. Cliquez sur le lien reçu par courriel, ou demandez-le à nouveau.")
	ErrEmailTaken    = refusal.New(refusal.Conflict, "email_taken", "Un compte existe déjà pour cette adresse. Connectez-vous, ou demandez un nouveau mot de passe.")
	ErrSessionEnded  = refusal.New(refusal.Unauthorized, "session_ended", "Votre session est terminée. Reconnectez-vous.")
	ErrTOTPRequired  = refusal.New(refusal.Unauthorized, "totp_required", "Saisissez le code à six chiffres de votre application d’authentification.").At("totp")
	ErrTOTPReset     = refusal.New(refusal.Unauthorized, "authenticator_reset", "Votre application d’authentification est à enregistrer de nouveau : ouvrez le lien reçu par courriel.").At("totp")
	ErrTOTPWrong     = refusal.New(refusal.Unauthorized, "totp_wrong", "Ce code n’est pas le bon, ou il a déjà servi.").At("totp")
)

// ReadEmail brings an address to the form that is unique: trimmed, lower case. It accepts what can be mailed to.
func ReadEmail(field, typed string) (string, error) {
	s := strings.ToLower(strings.TrimSpace(typed))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || !mailable(s) {
		return "", refusal.OfField(field, "email_invalid", "Cette adresse e-mail n’est pas valable.")
	}
	return s, nil
}

// mailable says whether an address is within the limits of RFC 5321 and of SES: at most 254 bytes, 64 before the at
// sign, ASCII alone, and a dotted domain.
func mailable(address string) bool {
	at := strings.LastIndexByte(address, '@')
	ascii := strings.IndexFunc(address, func(r rune) bool { return r > unicode.MaxASCII }) < 0
	return len(address) <= 254 && at <= 64 && ascii && dotted(address[at+1:])
}

// dotted says whether a domain is made of at least two labels of letters, digits and hyphens.
func dotted(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return false
		}
	}
	return len(labels) > 1
}

// Password lengths in characters. Length is what protects a password that a throttle stands in front of.
const (
	MinPassword = 12
	MaxPassword = 128
)

// CheckPassword refuses a password that is too short or that says what anybody knows of its owner.
func CheckPassword(field, password, email string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < MinPassword:
		return refusal.OfField(field, "password_short", "Choisissez un mot de passe d’au moins 12 caractères.")
	case n > MaxPassword:
		return refusal.OfField(field, "password_long", "Ce mot de passe dépasse 128 caractères.")
	case strings.ContainsFunc(password, unseen):
		return refusal.OfField(field, "control_character", "Ce mot de passe contient un caractère invisible.")
	case strings.Trim(password, string([]rune(password)[:1])) == "":
		return refusal.OfField(field, "password_weak", "Ce mot de passe répète un seul caractère.")
	case email != "" && strings.Contains(strings.ToLower(password), email):
		return refusal.OfField(field, "password_weak", "Ce mot de passe contient votre adresse e-mail.")
	case password != strings.TrimSpace(password):
		return refusal.OfField(field, "password_spaces", "Un mot de passe ne commence ni ne finit par une espace.")
	}
	return nil
}

// unseen is what Cognito takes in no password: control characters and separators of lines.
func unseen(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }

// ReadName trims a name and folds its spaces; it refuses control characters and what is no name at all.
func ReadName(field, typed string) (string, error) {
	s := strings.Join(strings.Fields(typed), " ")
	letters := strings.IndexFunc(s, unicode.IsLetter) >= 0
	if !letters || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("<>{}@:/\\", r) }) {
		return "", refusal.OfField(field, "name_invalid", "Indiquez un nom.")
	}
	return s, nil
}

// CallerOf is the caller that a Cognito user name, <account>.<random>, stands for.
func CallerOf(user string, agent bool) Caller {
	id, _, _ := strings.Cut(user, ".")
	return Caller{Account: id, User: user, Agent: agent}
}
