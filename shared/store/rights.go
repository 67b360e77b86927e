package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
)

// Me re-reads the caller's account. A closed account, or credentials that it no longer uses, end the session at once.
func (s *Store) Me(ctx context.Context, c account.Caller) (account.Account, error) {
	a, ok, err := s.Account(ctx, c.Account)
	if err != nil {
		return a, err
	}
	return a, current(a, ok, c)
}

func current(a account.Account, found bool, c account.Caller) error {
	if !found || a.Closed || a.User != c.User {
		return account.ErrSessionEnded
	}
	return nil
}

// FamilyRight is what a subscription gives: one guardian's way into one family file.
type FamilyRight struct {
	Account  account.Account
	Guardian string
	Slug     string
	Store    FamilyStore
	gate     collectivity.Gate // of the town
	since    time.Time         // that the account is subscribed
}

// FamilyOf is the caller's right to a family: account, subscription and the town's gate, in one consistent trip once this process
// knows the family's town. A family without a subscription is not found, whether it exists or not; one whose town's terms wait
// for the caller's consent for too long is refused until they have it.
func (s *Store) FamilyOf(ctx context.Context, c account.Caller, familyID string) (FamilyRight, error) {
	right, err := s.LeaveOf(ctx, c, familyID)
	if err == nil {
		err = right.checkTerms()
	}
	return right, err
}

// LeaveOf is FamilyOf for a caller who wants to leave the family: for that nobody has to accept anything.
func (s *Store) LeaveOf(ctx context.Context, c account.Caller, familyID string) (FamilyRight, error) {
	subscribed := subscriptionKey(c.Account, familyID)
	found, err := s.batch(ctx, append(s.gateOfFamily(familyID), accountKey(c.Account), subscribed)...)
	if err != nil {
		return FamilyRight{}, err
	}
	a, err := currentIn(found, c)
	if err != nil {
		return FamilyRight{}, err
	}
	if found[subscribed] == nil {
		return FamilyRight{}, family.ErrUnknown
	}
	return s.familyRight(ctx, a, found[subscribed], found)
}

// familyRight is what an account's subscription gives it: nothing while a court bars its guardian, or the town is suspended.
func (s *Store) familyRight(ctx context.Context, a account.Account, subscription attributes, found map[key]attributes) (FamilyRight, error) {
	sub, err := decode[Subscription](subscription)
	if err != nil {
		return FamilyRight{}, err
	}
	if family.Barred(sub.Barred, s.clock()) {
		return FamilyRight{}, family.ErrUnknown
	}
	gate, err := s.gate(ctx, sub.Slug, found)
	if err != nil {
		return FamilyRight{}, err
	}
	s.homes.Store(sub.Family, sub.Slug)
	right := FamilyRight{a, sub.Guardian, sub.Slug, s.collectivity(sub.Slug).family(sub.Family), gate, sub.Since}
	return right, gate.Admits(s.module)
}

// AgentRight is what a role gives: a way into one collectivity.
type AgentRight struct {
	Account account.Account
	Agent   collectivity.Agent
	Store   Collectivity
}

// AgentOf is the caller's right to act for a collectivity. Without a role there it is not found; while the town is suspended, with
// too small a role, or without the agents' sign-in (TOTP), it is refused.
func (s *Store) AgentOf(ctx context.Context, c account.Caller, slug string, role collectivity.Role) (AgentRight, error) {
	town := s.collectivity(slug)
	found, err := s.batch(ctx, accountKey(c.Account), town.agentKey(c.Account), town.versionKey())
	if err != nil {
		return AgentRight{}, err
	}
	a, err := currentIn(found, c)
	if err != nil {
		return AgentRight{}, err
	}
	if found[town.agentKey(c.Account)] == nil {
		return AgentRight{}, collectivity.ErrUnknown
	}
	agent, failed := decode[collectivity.Agent](found[town.agentKey(c.Account)])
	gate, also := s.gate(ctx, slug, found)
	if err := errors.Join(failed, also); err != nil {
		return AgentRight{}, err
	}
	switch err := gate.Admits(s.module); {
	case err != nil:
		return AgentRight{}, err
	case !c.Agent:
		return AgentRight{}, account.ErrTOTPRequired
	case a.Enrolling():
		return AgentRight{}, account.ErrTOTPReset
	case !agent.Role.Covers(role):
		return AgentRight{}, collectivity.ErrRoleMissing
	}
	return AgentRight{a, agent, town}, nil
}

// ManagerOf is the caller's right to what is the whole town's: that of a manager who is not confined to some activities or schools.
func (s *Store) ManagerOf(ctx context.Context, c account.Caller, slug string) (AgentRight, error) {
	right, err := s.AgentOf(ctx, c, slug, collectivity.Manager)
	if err == nil && right.Agent.Scoped() {
		err = collectivity.ErrScoped
	}
	return right, err
}

// AskedID is the id of what the agent asks for now: the same one whenever they ask with the same Idempotency-Key, which may be none.
func (r AgentRight) AskedID(key string, now time.Time) string {
	if key == "" {
		return id.New(now)
	}
	return id.Derived(r.Account.ID, key)
}

// currentIn is the caller's account among items that were read.
func currentIn(found map[key]attributes, c account.Caller) (account.Account, error) {
	raw, ok := found[accountKey(c.Account)]
	a, err := decode[account.Account](raw)
	if err != nil {
		return a, err
	}
	return a, current(a, ok, c)
}

// OwnFamilies tells which of the families are the agent's own: those that their own account subscribes to, a court may bar it or
// not, and those that share a child with one of these. Agents never open those, nor decide for them.
func (r AgentRight) OwnFamilies(ctx context.Context, families []string) (map[string]bool, error) {
	all, err := r.Own(ctx)
	own := map[string]bool{}
	for _, f := range families {
		if all[f] {
			own[f] = true
		}
	}
	return own, err
}

// Own are all families that are the agent's own.
func (r AgentRight) Own(ctx context.Context) (map[string]bool, error) {
	subs, err := r.Store.AllSubscriptions(ctx, r.Account.ID)
	if err != nil {
		return nil, err
	}
	near := make([][]string, len(subs))
	err = Each(len(subs), func(i int) error {
		h, err := r.Family(subs[i].Family).own(ctx)
		near[i] = append(h.others(), subs[i].Family)
		if errors.Is(err, family.ErrUnknown) {
			err = nil // of another town
		}
		return err
	})
	own := map[string]bool{}
	for _, f := range slices.Concat(near...) {
		own[f] = true
	}
	return own, err
}

// NotOwn refuses a family that is the agent's own.
func (r AgentRight) NotOwn(ctx context.Context, familyID string) error {
	own, err := r.OwnFamilies(ctx, []string{familyID})
	if err == nil && own[familyID] {
		err = collectivity.ErrOwnFamily
	}
	return err
}

// Family reaches a family of the agent's collectivity; one of another collectivity simply is not there.
func (r AgentRight) Family(id string) FamilyStore { return r.Store.family(id) }

// Labels are the names of the families of queued requests, by family.
func (r AgentRight) Labels(ctx context.Context, queue []QueuedRequest) (map[string]string, error) {
	var subs []Subscription
	for _, q := range queue {
		subs = append(subs, Subscription{Family: q.Family, Slug: r.Store.slug})
	}
	glimpses, err := r.Store.Glimpses(ctx, subs)
	labels := map[string]string{}
	for family, g := range glimpses {
		labels[family] = g.Label
	}
	return labels, err
}
