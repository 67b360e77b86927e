package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle decides requested days, each for itself: POST /v1/collectivities/{slug}/requests/decisions. Accepting takes a
// place or answers slot_full; what was decided or withdrawn meanwhile says so; the others go through.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestDecisions) (api.Decided, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Decided{}, err
	}
	town, err := right.Store.Town(ctx)
	if err != nil {
		return api.Decided{}, err
	}
	var families []string
	for _, d := range in.Decisions {
		families = append(families, store.FamilyIn(d.Request))
	}
	own, err := right.OwnFamilies(ctx, families)
	if err != nil {
		return api.Decided{}, err
	}
	out := api.Decided{Outcomes: []api.Outcome{}}
	for _, d := range in.Decisions {
		outcomes, err := a.decide(ctx, right, town, d, own)
		if err != nil {
			return out, err
		}
		out.Outcomes = append(out.Outcomes, outcomes...)
	}
	return out, nil
}

// decide takes one decision and answers the outcome of each day that it is about.
func (a app) decide(ctx context.Context, right store.AgentRight, town *booking.Town, d api.RequestDecision, own map[string]bool) ([]api.Outcome, error) {
	familyID := store.FamilyIn(d.Request)
	if code := refuses(d, own[familyID]); code != "" {
		return []api.Outcome{refused(d, code)}, nil
	}
	var done []api.Outcome
	tried := map[int]bool{}
	for {
		some, err := a.decideSome(ctx, right, town, d, tried)
		switch code := refusal.Code(err); {
		case err == nil:
			done = append(done, some...)
		case code == nothingLeft && len(done) > 0:
			return done, nil
		case code != "" && code != store.ErrMoved.Code:
			return append(done, refused(d, code)), nil // what is decided stays told
		default:
			return nil, err
		}
	}
}

// decideSome decides as many days as one write holds, anew when the parent or another agent writes at the same time. The
// refusal says why there is none: a code of a day.
func (a app) decideSome(ctx context.Context, right store.AgentRight, town *booking.Town, d api.RequestDecision, tried map[int]bool) (some []api.Outcome, err error) {
	f := right.Family(store.FamilyIn(d.Request))
	verdict := store.Verdict{Accept: d.Decision == "accept", Overbook: d.Overbook, Reason: d.Reason, Agent: right.Account.ID}
	err = store.Again(ctx, func() error {
		stored, err := f.Request(ctx, d.Request)
		if err != nil {
			return err
		}
		lines, foreign := inScope(stored, right.Agent, d, tried)
		if len(lines) == 0 {
			return refusal.New(refusal.Conflict, unless(foreign && len(tried) == 0, "activity_not_yours", nothingLeft), "")
		}
		decided, codes, err := f.DecideRequest(ctx, stored, lines, verdict, town, a.now())
		if err != nil {
			return err
		}
		for _, i := range lines {
			tried[i] = true
		}
		some = outcomes(decided, lines, codes)
		return nil
	})
	return some, err
}

// nothingLeft is the code of a decision that finds nothing, or nothing more, to decide.
const nothingLeft = "nothing_pending"

func refuses(d api.RequestDecision, own bool) string {
	switch {
	case d.Decision == "refuse" && strings.TrimSpace(d.Reason) == "":
		return "reason_required"
	case own:
		return "own_family"
	}
	return ""
}

// inScope are the pending lines that a decision is about and that the agent may decide; foreign says whether there were
// others. They come as many at a time as one write holds, without those already tried.
func inScope(r store.StoredRequest, agent collectivity.Agent, d api.RequestDecision, tried map[int]bool) (lines []int, foreign bool) {
	all := r.PendingLines(calendar.Date(d.Date), d.Child, d.Activity)
	lines = slices.DeleteFunc(all, func(i int) bool {
		hidden := !agent.Sees(r.Lines[i].Activity)
		foreign = foreign || hidden
		return hidden || tried[i]
	})
	return store.Fitting(r.Request, lines), foreign
}

func outcomes(r booking.Request, lines []int, codes map[int]string) []api.Outcome {
	var out []api.Outcome
	for _, i := range lines {
		l := r.Lines[i]
		out = append(out, api.Outcome{ID: r.ID, Date: string(l.Date), Child: l.Child, Activity: l.Activity, State: string(l.State), Code: codes[i], Detail: booking.Detail(codes[i])})
	}
	return out
}

func refused(d api.RequestDecision, code string) api.Outcome {
	return api.Outcome{ID: d.Request, Date: d.Date, Child: d.Child, Activity: d.Activity, Code: code, Detail: booking.Detail(code)}
}

func unless(foreign bool, yes, no string) string {
	if foreign {
		return yes
	}
	return no
}
