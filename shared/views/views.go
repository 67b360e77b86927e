// Package views turns what the domain knows into what the API shows, where several use cases show the same.
package views

import (
	"context"
	"slices"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/store"
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

// MeWithTerms is Me, with the towns whose terms wait for the owner's consent.
func MeWithTerms(ctx context.Context, s *store.Store, a account.Account) (api.Me, error) {
	out := Me(a)
	subs, err := s.Subscriptions(ctx, a.ID)
	if err != nil || len(subs) == 0 {
		return out, err
	}
	shown, err := Subscriptions(ctx, s, a, subs)
	for _, sub := range shown {
		known := func(t api.TermsOf) bool { return t.Collectivity == sub.Collectivity }
		if sub.TermsDue != nil && !slices.ContainsFunc(out.TermsDue, known) {
			out.TermsDue = append(out.TermsDue, api.TermsOf{Collectivity: sub.Collectivity, TermsDue: *sub.TermsDue})
		}
	}
	return out, err
}

// termsDue are the terms that a subscriber has not accepted and will have to; nil: none.
func termsDue(a account.Account, sub store.Subscription, g collectivity.Gate) *api.TermsDue {
	until := g.TermsUntil(sub.Since)
	if until.IsZero() || a.Accepts(sub.Slug, g.Terms) {
		return nil
	}
	return &api.TermsDue{Version: g.Terms, Until: Instant(until)}
}
