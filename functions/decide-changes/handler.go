package main

import (
	"context"
	"slices"
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
	for _, d := range in.Decisions {
		outcome, err := a.outcome(ctx, right, d, own)
		if err != nil {
			return out, err
		}
		out.Outcomes = append(out.Outcomes, outcome)
	}
	return out, nil
}

// outcome decides one change; a refusal is its outcome, a fault ends the whole.
func (a app) outcome(ctx context.Context, right store.AgentRight, d api.ChangeDecision, own map[string]bool) (api.Outcome, error) {
	out := api.Outcome{ID: d.Change}
	err := refuses(d, own)
	if err == nil {
		err = a.decide(ctx, right, d, &out)
	}
	code := refusal.Code(err)
	if code == "" {
		return out, err
	}
	out.Code, out.Detail = code, detail(err)
	return out, nil
}

func refuses(d api.ChangeDecision, own map[string]bool) error {
	switch {
	case d.Decision == "refuse" && d.Reason == "":
		return family.ErrReasonRequired
	case own[store.FamilyIn(d.Change)]:
		return collectivity.ErrOwnFamily
	}
	return nil
}

// attempts is how often a decision is taken anew when something moved under it: other fields, another agent.
const attempts = 5

func (a app) decide(ctx context.Context, right store.AgentRight, d api.ChangeDecision, out *api.Outcome) error {
	f := right.Family(store.FamilyIn(d.Change))
	for n := 0; ; n++ {
		household, err := f.Household(ctx)
		if refusal.Code(err) == family.ErrUnknown.Code {
			return family.ErrChangeUnknown
		}
		if err != nil {
			return err
		}
		change, account, err := f.Change(ctx, d.Change)
		if err != nil {
			return err
		}
		member, ok := household.Member(change.Target)
		if !ok {
			return family.ErrMemberGone
		}
		decided, err := decisions(change, member, d)
		if err != nil {
			return a.tell(out, change, err)
		}
		merge(&change, decided, a.now())
		err = f.DecideChange(ctx, change, decided, account, member, household.Version, a.now())
		if refusal.Code(err) == store.ErrMoved.Code && n < attempts {
			continue
		}
		out.State = string(change.State())
		return err
	}
}

// tell shows where the change stands when it could not be decided, with both values of a field that moved.
func (a app) tell(out *api.Outcome, change family.Change, err error) error {
	out.State = string(change.State())
	if moved, ok := err.(*family.FieldMoved); ok {
		out.Field, out.Current, out.Proposed = moved.Field, moved.Current, moved.Proposed
		return moved.Refusal()
	}
	return err
}

// decisions are the fields that the decision is about, with their new states. A field whose value is no longer the one
// that the change replaces can not be accepted: the agent sees both and refuses, or the parent proposes again.
func decisions(change family.Change, member family.Member, d api.ChangeDecision) ([]family.FieldChange, error) {
	var decided []family.FieldChange
	for _, f := range change.Fields {
		if f.State != family.Pending || len(d.Fields) > 0 && !slices.Contains(d.Fields, f.Field) {
			continue
		}
		f.State, f.Reason = family.Refused, d.Reason
		if d.Decision == "accept" {
			f.State, f.Reason = family.Accepted, ""
			if current := member.Value(change.Section, f.Field); current != f.Old {
				return nil, &family.FieldMoved{Field: f.Field, Current: current, Proposed: f.New}
			}
		}
		decided = append(decided, f)
	}
	if change.Withdrawn || len(decided) == 0 {
		return nil, family.ErrChangeDecided
	}
	return decided, nil
}

func merge(change *family.Change, decided []family.FieldChange, now time.Time) {
	change.Fields = slices.Clone(change.Fields)
	for _, d := range decided {
		i := slices.IndexFunc(change.Fields, func(f family.FieldChange) bool { return f.Field == d.Field })
		change.Fields[i] = d
	}
	if change.State() != family.Pending {
		change.DecidedAt = now
	}
}

func detail(err error) string {
	if no, ok := err.(*refusal.Refusal); ok {
		return no.Detail
	}
	return ""
}
