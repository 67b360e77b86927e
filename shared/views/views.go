// Package views turns what the domain knows into what the API shows, where several use cases show the same.
package views

import (
	"time"

	"preau/shared/account"
	"preau/shared/api"
)

// Instant writes an instant as the API does.
func Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Me shows an account to its owner.
func Me(a account.Account) api.Me {
	return api.Me{
		ID: a.ID, Civility: a.Person.Civility, LastName: a.Person.LastName, FirstName: a.Person.FirstName,
		Email: a.Email, NewEmail: a.NewEmail, CreatedAt: Instant(a.CreatedAt), TermsVersion: a.TermsVersion, Agent: a.Agent,
	}
}
