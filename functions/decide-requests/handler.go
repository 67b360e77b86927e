package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle decides requested days, each for itself: POST /v1/collectivities/{slug}/requests/decisions. Accepting takes a
// place or answers slot_full; what was decided or withdrawn meanwhile says so; the others go through. Whatever is decided of
// one request is told in one mail.
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
	outcomes := make([][]api.Outcome, len(in.Decisions))
	for _, s := range sittings(in.Decisions, outcomes, own) {
		if err := a.decide(ctx, right, town, s); err != nil {
			return api.Decided{}, err
		}
	}
	return api.Decided{Outcomes: append([]api.Outcome{}, slices.Concat(outcomes...)...)}, nil
}

// sittings gathers the decisions of a call by request. Those that can not be taken have their outcome at once.
func sittings(all []api.RequestDecision, outcomes [][]api.Outcome, own map[string]bool) (sat []*sitting) {
	for i, d := range all {
		if code := refuses(d, own[store.FamilyIn(d.Request)]); code != "" {
			outcomes[i] = []api.Outcome{refused(d, code)}
			continue
		}
		at := slices.IndexFunc(sat, func(s *sitting) bool { return s.request == d.Request })
		if at < 0 {
			at = len(sat)
			sat = append(sat, &sitting{request: d.Request})
		}
		sat[at].decisions = append(sat[at].decisions, &decision{RequestDecision: d, tried: map[int]bool{}, outcomes: &outcomes[i]})
	}
	return sat
}

func refuses(d api.RequestDecision, own bool) string {
	switch {
	case d.Decision == "refuse" && strings.TrimSpace(d.Reason) == "":
		return "reason_required"
	case own:
		return "own_family"
	}
	return ""
}

func refused(d api.RequestDecision, code string) api.Outcome {
	return api.Outcome{ID: d.Request, Date: d.Date, Child: d.Child, Activity: d.Activity, Code: code, Detail: booking.Detail(code)}
}
