package store

import (
	"context"
	"strconv"
	"time"

	"preau/shared/account"
	"preau/shared/collectivity"
)

// ResetAuthenticator ends an agent's authenticator, and their sessions, and mails them a link to enrol another one. Until they
// do, they open no session and have no right as an agent.
func (r AgentRight) ResetAuthenticator(ctx context.Context, agent string, now time.Time) error {
	is, err := r.Store.IsAgent(ctx, agent)
	if err != nil {
		return err
	}
	if !is {
		return collectivity.ErrAgentUnknown
	}
	return r.Store.resetAuthenticator(ctx, agent, r.Account.ID, now)
}

func (c Collectivity) resetAuthenticator(ctx context.Context, agent, by string, now time.Time) error {
	err := Again(ctx, func() error {
		a, ok, err := c.Account(ctx, agent)
		if err != nil {
			return err
		}
		if !ok || a.Closed {
			return collectivity.ErrAgentUnknown
		}
		link := account.Link{Issue: max(a.TOTPIssue, a.TOTPLink.Issue) + 1, At: now}
		n := strconv.Itoa(link.Issue)
		return c.transact(
			ctx,
			write{
				// Two at once issue one each: the second sees that the first moved.
				key: accountKey(agent), update: "SET TOTPLink = :link", condition: "TOTPLink = :before AND TOTPIssue = :issue AND Closed = :no",
				values: values(":link", link, ":before", a.TOTPLink, ":issue", a.TOTPIssue, ":no", false), or: ErrMoved,
			},
			c.audit(by, "reset-authenticator", "agent "+agent, now),
			newMail(MailAuthenticator, agent+"-"+n, now, "account", agent, "slug", c.slug, "issue", n),
		)
	})
	if err != nil {
		return err
	}
	return c.CloseSessions(ctx, agent)
}

// EnrolAuthenticator gives an account another secret for its authenticator, by the link that is open. Sessions that were opened
// with the one before end first. It answers the account as it is then.
func (s *Store) EnrolAuthenticator(ctx context.Context, a account.Account) (account.Account, error) {
	if err := s.CloseSessions(ctx, a.ID); err != nil {
		return a, err
	}
	used := account.Link{Issue: a.TOTPLink.Issue}
	err := s.apply(ctx, write{
		// Of many posts of one link at once one enrols.
		key: accountKey(a.ID), update: "SET TOTPIssue = :issue, TOTPLink = :used, TOTPStep = :none", condition: isCurrent + " AND TOTPLink = :link", names: userName,
		values: values(":issue", used.Issue, ":used", used, ":none", 0, ":link", a.TOTPLink, ":user", a.User, ":no", false), or: account.ErrLinkUsed,
	}.once())
	a.TOTPIssue, a.TOTPLink, a.TOTPStep = used.Issue, used, 0
	return a, err
}
