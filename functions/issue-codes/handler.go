package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has codes issued and their letters made: POST /v1/collectivities/{slug}/codes. It answers the job that does; the same
// Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CodeIssue) (api.Job, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Job{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Job{}, err
	}
	j, err := a.job(ctx, right, configuration, in)
	if err != nil {
		return api.Job{}, err
	}
	j, err = right.AddJob(ctx, j)
	return views.Job(j, a.now()), err
}

// job is what the agent asks for.
func (a app) job(ctx context.Context, right store.AgentRight, c collectivity.Configuration, in api.CodeIssue) (store.Job, error) {
	j := store.Job{ID: right.AskedID(in.Key, a.now()), Kind: store.JobCodes, Role: collectivity.Manager, About: map[string]string{"codes": in.Codes}, CreatedAt: a.now()}
	var err error
	switch {
	case in.Guardian != "" && len(in.Families) == 1 && in.Selection == nil:
		err = oneGuardian(ctx, right.Family(in.Families[0]), &j, in.Guardian)
	case in.Guardian == "" && len(in.Families) > 0 && in.Selection == nil:
		err = families(&j, in.Families)
	case in.Guardian == "" && len(in.Families) == 0 && in.Selection != nil:
		err = selection(&j, c, *in.Selection)
	default:
		err = refusal.OfField("families", "whom_required", "Indiquez un responsable avec sa famille (guardian, families), des familles (families), ou une sélection (selection).")
	}
	return j, err
}

// oneGuardian asks for a code to a guardian who is there and has no account: to whom does, a code would be of no use.
func oneGuardian(ctx context.Context, f store.FamilyStore, j *store.Job, guardian string) error {
	h, err := f.Household(ctx)
	if err != nil {
		return err
	}
	g, ok := h.Member(guardian)
	switch {
	case !ok || g.Target != family.Guardian:
		return refusal.OfField("guardian", "guardian_unknown", "Ce responsable ne fait pas partie du dossier.")
	case g.Account != "":
		return errSubscribed
	case !g.MayHaveCode():
		return refusal.OfField("guardian", "guardian_barred", "Une décision de justice retire à ce responsable l’accès au dossier.")
	}
	j.Title = "Code abonné : " + g.Name()
	j.About["families"], j.About["guardian"] = f.ID(), guardian
	if j.About["codes"] == "" {
		j.About["codes"] = "all"
	}
	return nil
}

var errSubscribed = refusal.New(refusal.Conflict, "guardian_subscribed", "Ce responsable est déjà abonné : il n’a plus besoin de code.").At("guardian")

// families asks for codes to the guardians of some. One that is not there has none.
func families(j *store.Job, ids []string) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if slices.ContainsFunc(ids, func(id string) bool { return id == "" || strings.ContainsAny(id, ",#") }) {
		return refusal.OfField("families", "family_invalid", "Un de ces dossiers ne peut exister.")
	}
	j.About["families"] = strings.Join(ids, ",")
	j.Title = "Codes abonnés : " + counted(len(ids), "famille")
	return nil
}

func counted(n int, what string) string {
	if n > 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// selection asks for codes to the guardians of a part of the town.
func selection(j *store.Job, c collectivity.Configuration, s api.CodeSelection) error {
	j.Title = "Codes abonnés : toutes les familles"
	if s.WithoutSubscriber {
		j.About["without"] = "subscriber"
		j.Title = "Codes abonnés : familles sans abonné"
	}
	if s.School == "" && s.Class == "" {
		return nil
	}
	school, known := c.School(s.School)
	if !known {
		return refusal.OfField("selection.school", "school_unknown", "Cette école n’existe pas.")
	}
	j.About["school"] = school.ID
	j.Title += ", " + school.Name
	if s.Class == "" {
		return nil
	}
	class, known := school.Class(s.Class)
	if !known {
		return refusal.OfField("selection.class", "class_unknown", "Cette classe n’existe pas.")
	}
	j.About["class"] = class.ID
	j.Title += ", " + class.Name
	return nil
}
