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
			change, err = a.decide(ctx, right.Family(families[i]), d)
		}
		outcome, err := outcome(d.Change, change, err)
		if err != nil {
			return out, err
		}
		out.Outcomes = append(out.Outcomes, outcome)
	}
	return out, nil
}

// decide takes one decision and answers the change as it is then: decided, or as it was where err says why not. What may
// move under it: other fields of the member, another agent, the parent.
func (a app) decide(ctx context.Context, f store.FamilyStore, d api.ChangeDecision) (change family.Change, err error) {
	err = store.Again(ctx, func() error {
		change, err = a.try(ctx, f, d)
		return err
	})
	return change, err
}

func (a app) try(ctx context.Context, f store.FamilyStore, d api.ChangeDecision) (family.Change, error) {
	household, err := f.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return family.Change{}, family.ErrChangeUnknown
	}
	if err != nil {
		return family.Change{}, err
	}
	// Read last: what somebody has just accepted is a decided change, not a field that moved.
	change, by, err := f.Change(ctx, d.Change)
	if err != nil {
		return family.Change{}, err
	}
	member, ok := household.Member(change.Target)
	if !ok {
		return change, family.ErrMemberGone
	}
	verdict := family.Verdict{Accept: d.Decision == "accept", Fields: d.Fields, Reason: d.Reason}
	after, decided, err := change.Decide(member, verdict, a.now())
	if err != nil {
		return change, err
	}
	if err := f.DecideChange(ctx, after, decided, by, member, household.Version, a.now()); err != nil {
		return change, err
	}
	return after, nil
}

// outcome shows where a change stands, and why the decision did not happen: a refusal is an outcome, a fault ends the
// whole.
func outcome(id string, c family.Change, err error) (api.Outcome, error) {
	out := api.Outcome{ID: id}
	if c.ID != "" {
		out.State = string(c.State())
	}
	if moved := (*family.FieldMoved)(nil); errors.As(err, &moved) {
		out.Field, out.Current, out.Proposed = moved.Field, moved.Current, moved.Proposed
	}
	if no := (*refusal.Refusal)(nil); errors.As(err, &no) {
		out.Code, out.Detail = no.Code, no.Detail
		return out, nil
	}
	return out, err
}
