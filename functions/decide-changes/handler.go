package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle decides changes, each for itself: POST /v1/collectivities/{slug}/changes/decisions. What was decided or withdrawn
// meanwhile says so; the others go through.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ChangeDecisions) (api.Decided, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Decided{}, err
	}
	var families []string
	for _, d := range in.Decisions {
		families = append(families, store.FamilyIn(d.Change))
	}
	own, err := right.OwnFamilies(ctx, families)
	if err != nil {
		return api.Decided{}, err
	}
	out := api.Decided{Outcomes: []api.Outcome{}}
	for i, d := range in.Decisions {
		change, err := family.Change{}, error(collectivity.ErrOwnFamily)
		if !own[families[i]] {
			change, err = a.decide(ctx, right, right.Family(families[i]), d)
		}
		outcome, err := outcome(d.Change, change, err)
		if err == nil && outcome.Field != "" {
			err = a.consulted(ctx, right, families[i], change, outcome.Field)
		}
		if err != nil {
			return out, err
		}
		out.Outcomes = append(out.Outcomes, outcome)
	}
	return out, nil
}

// decide takes one decision and answers the change as it is then: decided, or as it was where err says why not. What may
// move under it: other fields of the member, another agent, the parent.
func (a app) decide(ctx context.Context, right store.AgentRight, f store.FamilyStore, d api.ChangeDecision) (change family.Change, err error) {
	err = store.Again(ctx, func() error {
		change, err = a.try(ctx, right, f, d)
		return err
	})
	return change, err
}

func (a app) try(ctx context.Context, right store.AgentRight, f store.FamilyStore, d api.ChangeDecision) (family.Change, error) {
	household, configuration, err := f.SealedFile(ctx)
	if errors.Is(err, family.ErrUnknown) || err == nil && !right.Reaches(household, configuration, a.now()) {
		err = family.ErrChangeUnknown
	}
	if err != nil {
		return family.Change{}, err
	}
	// Read last: what somebody has just accepted is a decided change, not a field that moved.
	change, by, err := f.Change(ctx, d.Change)
	if err != nil {
		return family.Change{}, err
	}
	opened := []family.Change{change}
	if err := f.OpenChanges(ctx, opened); err != nil {
		return family.Change{}, err
	}
	change = opened[0]
	verdict := family.Verdict{Accept: d.Decision == "accept", Fields: d.Fields, Reason: d.Reason}
	member, err := subject(household, right.Agent, change, verdict)
	if err != nil {
		return change, err
	}
	after, decided, err := change.Decide(member, verdict, a.now())
	if err != nil {
		return change, err
	}
	if err := f.DecideChange(ctx, household, after, decided, by, right.Account.ID, a.now()); err != nil {
		return change, err
	}
	return after, nil
}

// subject is whom a change is about. Of somebody who left meanwhile nothing can be accepted; refusing it tidies up.
func subject(household store.Household, agent collectivity.Agent, change family.Change, v family.Verdict) (family.Member, error) {
	member, ok := household.Member(change.Target)
	if !ok {
		member, _ = household.Gone.Member(change.Target)
	}
	switch {
	case change.Kind == family.Adds:
		member = change.Added(0)
	case !ok && v.Accept && change.State() == family.Pending:
		return member, family.ErrMemberGone
	case member.ID == "":
		member = family.Member{ID: change.Target, Target: change.Of}
	}
	if section, _ := change.About(); !family.AgentDecides(agent, member, section) {
		return member, collectivity.ErrRoleMissing
	}
	return member, nil
}

// consulted records that both values of a field that moved are shown, if they are sealed.
func (a app) consulted(ctx context.Context, right store.AgentRight, familyID string, c family.Change, field string) error {
	section, _ := c.About()
	if f, _ := section.Field(field); !f.Sealed {
		return nil
	}
	return right.Consulted(ctx, "decide-changes", map[string]store.Read{familyID: {section.Key(): {c.Target}}}, a.now())
}

// outcome shows where a change stands, and why the decision did not happen: a refusal is an outcome, a fault ends the
// whole.
func outcome(id string, c family.Change, err error) (api.Outcome, error) {
	out := api.Outcome{ID: id}
	if c.ID != "" {
		out.State = string(c.State())
	}
	if moved := (*family.FieldMoved)(nil); errors.As(err, &moved) {
		section, _ := c.About()
		field, _ := section.Field(moved.Field)
		out.Field, out.Current, out.Proposed = moved.Field, field.Masked(moved.Current), field.Masked(moved.Proposed)
	}
	if no := (*refusal.Refusal)(nil); errors.As(err, &no) {
		out.Code, out.Detail = no.Code, no.Detail
		return out, nil
	}
	return out, err
}
