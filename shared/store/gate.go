package store

import (
	"context"

	"preau/shared/collectivity"
)

// InModule has the store give rights only where the town offers a module to its families.
func (s *Store) InModule(m collectivity.Module) *Store {
	s.module = m
	return s
}

// gateOfFamily is the key of the gate that a family lies behind, once this process has learned its town. A family never moves.
func (s *Store) gateOfFamily(familyID string) []key {
	slug, known := s.homes.Load(familyID)
	if !known {
		return nil
	}
	return []key{s.collectivity(slug.(string)).versionKey()}
}

// gate is a town's gate, from what was read already if it is there. A town that is none, or no more, is not found.
func (s *Store) gate(ctx context.Context, slug string, found map[key]attributes) (collectivity.Gate, error) {
	k := s.collectivity(slug).versionKey()
	if raw, ok := found[k]; ok {
		v, err := decode[versionItem](raw)
		return v.Gate, err
	}
	v, ok, err := get[versionItem](ctx, s, k)
	if err == nil && !ok {
		err = collectivity.ErrUnknown
	}
	return v.Gate, err
}

// Asleep says whether the tenant is suspended, so that workers leave it alone.
func (c Collectivity) Asleep(ctx context.Context) (bool, error) {
	v, _, err := get[versionItem](ctx, c.Store, c.versionKey())
	return v.Gate.Suspended, err
}

// Asleep says whether the slot's tenant is suspended.
func (w WaitingSlot) Asleep(ctx context.Context) (bool, error) { return w.town.Asleep(ctx) }

// Asleep says whether the event's tenant is suspended.
func (d DueEvent) Asleep(ctx context.Context) (bool, error) { return d.town.Asleep(ctx) }

// checkTerms refuses a subscriber who has gone without the terms in force for too long. Which ones they are stands beside it.
func (r FamilyRight) checkTerms() error {
	until := r.gate.TermsUntil(r.since)
	if until.IsZero() || r.Account.Accepts(r.Slug, r.gate.Terms) || r.Store.clock().Before(until) {
		return nil
	}
	no := *collectivity.ErrTermsDue
	return no.With("collectivity", r.Slug).With("termsVersion", r.gate.Terms)
}
