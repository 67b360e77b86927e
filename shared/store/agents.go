package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/collectivity"
)

type invitationItem struct {
	collectivity.Invitation
	Expires int64 `dynamodbav:"expires,omitempty"` // once accepted
}

// invitationKeeping is how long an invitation that was accepted is remembered, so that its link says so.
const invitationKeeping = 30 * 24 * time.Hour

func (c Collectivity) invitationKey(id string) key { return key{c.pk(), "INVITE#" + id} }

// Agents lists the tenant's agents and the invitations that nobody has accepted yet.
func (c Collectivity) Agents(ctx context.Context) (agents []collectivity.Agent, open []collectivity.Invitation, err error) {
	items, err := c.query(ctx, c.pk(), c.agentKey("").SK, c.invitationKey(end).SK)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range items {
		switch sk := keyOf(a).SK; {
		case strings.HasPrefix(sk, c.agentKey("").SK):
			agent, err := decode[collectivity.Agent](a)
			if err != nil {
				return nil, nil, err
			}
			agents = append(agents, agent)
		case strings.HasPrefix(sk, c.invitationKey("").SK):
			i, err := decode[collectivity.Invitation](a)
			if err != nil {
				return nil, nil, err
			}
			if i.Accepted.IsZero() {
				open = append(open, i)
			}
		}
	}
	return agents, open, nil
}

// Accounts reads the accounts of the tenant's agents, by id.
func (c Collectivity) Accounts(ctx context.Context, agents []collectivity.Agent) (map[string]account.Account, error) {
	out := map[string]account.Account{}
	for some := range slices.Chunk(agents, 100) {
		var keys []key
		for _, a := range some {
			keys = append(keys, accountKey(a.Account))
		}
		found, err := c.batch(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for _, raw := range found {
			a, err := decode[account.Account](raw)
			if err != nil {
				return nil, err
			}
			out[a.ID] = a
		}
	}
	return out, nil
}

// IsAgent says whether an account has a role at the tenant.
func (c Collectivity) IsAgent(ctx context.Context, accountID string) (bool, error) {
	a, _, err := get[collectivity.Agent](ctx, c.Store, c.agentKey(accountID))
	return a.Account != "", err
}

// Invite asks a person to be an agent, by mail. Asked again, the link of before is replaced.
func (r AgentRight) Invite(ctx context.Context, i collectivity.Invitation, now time.Time) (collectivity.Invitation, error) {
	agents, open, err := r.Store.Agents(ctx)
	if err != nil {
		return i, err
	}
	again := slices.ContainsFunc(open, func(o collectivity.Invitation) bool { return o.ID == i.ID })
	if !again && len(agents)+len(open) >= collectivity.MaxAgents {
		return i, collectivity.ErrTooManyAgents
	}
	return r.Store.invite(ctx, i, r.Account.ID, now)
}

func (c Collectivity) invite(ctx context.Context, i collectivity.Invitation, by string, now time.Time) (collectivity.Invitation, error) {
	err := Again(ctx, func() error {
		before, _, err := get[collectivity.Invitation](ctx, c.Store, c.invitationKey(i.ID))
		if err != nil {
			return err
		}
		i.Issue, i.At, i.Accepted = before.Issue+1, now, time.Time{}
		return c.transact(ctx, c.inviting(i, by)...)
	})
	return i, err
}

// inviting are the writes of an issue of an invitation.
func (c Collectivity) inviting(i collectivity.Invitation, by string) []write {
	n := strconv.Itoa(i.Issue)
	put := write{put: item(c.invitationKey(i.ID), invitationItem{Invitation: i}), condition: isNew, or: ErrMoved}
	if i.Issue > 1 { // two at once issue one each
		put.condition, put.values = "Issue = :before", values(":before", i.Issue-1)
	}
	return []write{
		put,
		c.audit(by, "invite-agent", "invitation "+i.ID, i.At, "issue "+n, string(i.Role)),
		newMail(MailInvitation, c.slug+"-"+i.ID+"-"+n, i.At, "slug", c.slug, "invitation", i.ID, "issue", n),
	}
}

// Invited is what the link of an invitation gives: the way to become an agent of one collectivity.
type Invited struct {
	collectivity.Invitation
	Slug, Town string // slug and name of the collectivity
	store      Collectivity
}

// Invited finds an invitation by what its link names; whether it is still good is another question.
func (s *Store) Invited(ctx context.Context, slug, id string) (Invited, error) {
	c := s.collectivity(slug)
	found, err := s.batch(ctx, c.invitationKey(id), c.versionKey())
	if err != nil {
		return Invited{}, err
	}
	if found[c.invitationKey(id)] == nil {
		return Invited{}, collectivity.ErrInvitationExpired
	}
	i, err := decode[collectivity.Invitation](found[c.invitationKey(id)])
	if err != nil {
		return Invited{}, err
	}
	gate, err := s.gate(ctx, slug, found)
	return Invited{i, slug, gate.Name, c}, err
}

// Open refuses an issue of the invitation that is not good, or whose town is suspended.
func (i Invited) Open(ctx context.Context, issue int, now time.Time) error {
	asleep, err := i.store.Asleep(ctx)
	switch {
	case err != nil:
		return err
	case asleep:
		return collectivity.ErrSuspended
	}
	return i.Good(issue, now)
}

// JoinNew makes the invited person an agent with an account of their own, which has the invitation's address. Of many at once one
// does.
func (i Invited) JoinNew(ctx context.Context, a account.Account, now time.Time) error {
	return i.store.transact(
		ctx, append(
			i.joining(a.ID, now),
			write{put: item(claimKey(i.ID), claim{a.ID}), condition: isNew, or: account.ErrEmailTaken},
			write{put: item(accountKey(a.ID), a), condition: isNew},
			write{key: userKey(a.User), delete: true},
		)...,
	)
}

// Join makes an account that is there an agent. One that was none before gets a secret for its authenticator.
func (i Invited) Join(ctx context.Context, a account.Account, now time.Time) (account.Account, error) {
	seen := a
	if !a.Agent {
		a.Agent, a.TOTPIssue = true, max(a.TOTPIssue, a.TOTPLink.Issue)+1
	}
	a.AgentRev++
	w := write{
		// A role that comes or goes meanwhile decides anew whether there is an authenticator.
		key: accountKey(a.ID), update: "SET #agent = :yes, TOTPIssue = :issue, AgentRev = :rev", condition: isCurrent + " AND AgentRev = :seen",
		names:  map[string]string{"#u": "User", "#agent": "Agent"},
		values: values(":yes", true, ":issue", a.TOTPIssue, ":rev", a.AgentRev, ":seen", seen.AgentRev, ":user", a.User, ":no", false), or: ErrMoved,
	}
	return a, i.store.transact(ctx, append(i.joining(a.ID, now), w)...)
}

// joining are the writes by which an account takes the role of the invitation, once.
func (i Invited) joining(accountID string, now time.Time) []write {
	c := i.store
	return []write{
		{
			key: c.invitationKey(i.ID), update: "SET Accepted = :now, expires = :expires", condition: "Issue = :issue AND Accepted = :never",
			values: values(":now", now, ":expires", epoch(now.Add(invitationKeeping)), ":issue", i.Issue, ":never", time.Time{}), or: collectivity.ErrInvitationUsed,
		},
		{put: item(c.agentKey(accountID), i.Agent(accountID, now))},
		{put: item(agencyKey(accountID, c.slug), agency{c.slug})},
		c.audit(accountID, "accept-invitation", "agent "+accountID, now, string(i.Role)),
	}
}

// AppointAgent gives an account a role at the tenant, as onboarding does; from its next sign-in on, it needs TOTP.
func (c Collectivity) AppointAgent(ctx context.Context, a collectivity.Agent) error {
	return c.transact(
		ctx,
		write{put: item(c.agentKey(a.Account), a)},
		write{put: item(agencyKey(a.Account, c.slug), agency{c.slug})},
		write{
			key: accountKey(a.Account), update: "SET #agent = :yes ADD AgentRev :one", condition: exists, names: map[string]string{"#agent": "Agent"},
			values: values(":yes", true, ":one", 1), or: fmt.Errorf("appoint %s: no such account", a.Account),
		},
	)
}

// SetAgent changes an agent's name, role and scope. ErrLastManager: nobody would manage the whole town any more.
func (r AgentRight) SetAgent(ctx context.Context, after collectivity.Agent, now time.Time) (collectivity.Agent, error) {
	c := r.Store
	err := Again(ctx, func() error {
		agents, _, err := c.Agents(ctx)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(agents, func(a collectivity.Agent) bool { return a.Account == after.Account })
		if n < 0 {
			return collectivity.ErrAgentUnknown
		}
		before := agents[n]
		after.Since = before.Since
		put := write{put: item(c.agentKey(after.Account), after), or: ErrMoved}
		put.condition, put.names, put.values = asSeen(before)
		writes := []write{put, c.audit(r.Account.ID, "update-agent", "agent "+after.Account, now, scopeOf(after)...)}
		if before.Manages() && !after.Manages() {
			other, err := c.otherManager(agents, after.Account)
			if err != nil {
				return err
			}
			writes = append(writes, other)
		}
		return c.transact(ctx, writes...)
	})
	return after, err
}

// scopeOf tells an agent's right in ids.
func scopeOf(a collectivity.Agent) []string {
	what := append([]string{string(a.Role)}, a.Activities...)
	what = append(what, a.Schools...)
	if a.Health {
		what = append(what, "health")
	}
	return what
}

// asSeen is the condition that an agent's role and scope are still what was read.
func asSeen(a collectivity.Agent) (condition string, names map[string]string, operands attributes) {
	x := newExpression()
	x.was(x.path("Role"), a.Role)
	x.was(x.path("Activities"), a.Activities)
	if len(a.Schools) > 0 {
		x.was(x.path("Schools"), a.Schools)
	} else {
		x.was(x.path("Schools"), nil)
	}
	w := x.write(key{}, nil)
	return w.condition, w.names, w.values
}

// otherManager requires that an agent other than one manages the whole town at the moment of the write: of two managers who
// remove each other at once, one finds the other gone.
func (c Collectivity) otherManager(agents []collectivity.Agent, than string) (write, error) {
	n := slices.IndexFunc(agents, func(a collectivity.Agent) bool { return a.Account != than && a.Manages() })
	if n < 0 {
		return write{}, collectivity.ErrLastManager
	}
	w := write{check: true, key: c.agentKey(agents[n].Account), or: ErrMoved}
	w.condition, w.names, w.values = asSeen(agents[n])
	return w, nil
}

// RemoveAgent ends an agent's right, or an invitation, at once.
func (r AgentRight) RemoveAgent(ctx context.Context, id string, now time.Time) error {
	if id == r.Account.ID {
		return collectivity.ErrOwnRole
	}
	return Again(ctx, func() error {
		agents, open, err := r.Store.Agents(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(open, func(i collectivity.Invitation) bool { return i.ID == id }) {
			return r.Store.transact(
				ctx,
				write{key: r.Store.invitationKey(id), delete: true, condition: "Accepted = :never", values: values(":never", time.Time{}), or: ErrMoved},
				r.Store.audit(r.Account.ID, "remove-agent", "invitation "+id, now),
			)
		}
		if !slices.ContainsFunc(agents, func(a collectivity.Agent) bool { return a.Account == id }) {
			return collectivity.ErrAgentUnknown
		}
		writes, err := r.Store.leave(id, agents, r.Account.ID, "remove-agent", now)
		if err != nil {
			return err
		}
		flag, err := r.Store.lastRole(ctx, id)
		if err != nil {
			return err
		}
		return r.Store.transact(ctx, append(writes, flag...)...)
	})
}

// leave are the writes that end an agent's role at the tenant.
func (c Collectivity) leave(accountID string, agents []collectivity.Agent, by, action string, now time.Time) ([]write, error) {
	writes := []write{
		{key: agencyKey(accountID, c.slug), delete: true},
		{key: c.agentKey(accountID), delete: true},
		c.audit(by, action, "agent "+accountID, now),
	}
	if !slices.ContainsFunc(agents, func(a collectivity.Agent) bool { return a.Account == accountID && a.Manages() }) {
		return writes, nil
	}
	other, err := c.otherManager(agents, accountID)
	return append(writes, other), err
}

// lastRole are the writes that make an account a citizen's again whose only role is at the tenant: it needs no authenticator any
// more.
func (c Collectivity) lastRole(ctx context.Context, accountID string) ([]write, error) {
	a, ok, err := c.Account(ctx, accountID)
	if err != nil || !ok {
		return nil, err
	}
	items, err := c.query(ctx, "ACCOUNT#"+accountID, "AGENT#", "AGENT#"+end)
	if err != nil {
		return nil, err
	}
	w := write{
		// A role that comes meanwhile, here or elsewhere, keeps it an agent's.
		key: accountKey(accountID), update: "SET #agent = :agent, AgentRev = :rev", condition: "AgentRev = :seen", names: map[string]string{"#agent": "Agent"},
		values: values(":agent", len(items) > 1, ":rev", a.AgentRev+1, ":seen", a.AgentRev), or: ErrMoved,
	}
	return []write{w}, nil
}
