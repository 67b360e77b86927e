package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/enrolment"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/store"
)

// applying makes a plan so, some of its lines at a time. Each line is of one family, and written as a whole.
type applying struct {
	*task
	act   store.Acted
	rules importing.Rules
	set   store.Configuration
	right store.AgentRight
	own   map[string]bool // families of who has it made so, who need not be who had it checked
}

var errPlanGone = refusal.New(refusal.Gone, "import_expired", "Le fichier de cet import n’est plus conservé. Envoyez-le à nouveau.")

// plannedAtOnce is how many lines of a plan a step makes so: few enough for the time that a tick keeps for its last.
const plannedAtOnce = 25

// runApplyImport makes the plan of an import so, from the line of its checkpoint on.
func runApplyImport(ctx context.Context, t *task) error {
	i, err := t.theImport(ctx)
	if err != nil {
		return err
	}
	if i.State == store.ImportApplied { // a run before came to the end, but for saying so
		return nil
	}
	a := applying{task: t, act: store.Acted{Import: i, By: t.By, Now: t.now()}, right: t.agent()}
	if a.set, err = t.town.Configuration(ctx); err != nil {
		return err
	}
	if a.own, err = a.right.Own(ctx); err != nil {
		return err
	}
	a.rules = t.rulesOf(a.set)
	a.rules.Of, a.rules.Mapping = i.Of, i.Mapping
	done, _ := strconv.Atoi(t.Checkpoint)
	if err := a.from(ctx, done); err != nil {
		return err
	}
	return a.end(ctx)
}

// from makes the lines of the plan behind the first done so.
func (a applying) from(ctx context.Context, done int) error {
	plan, err := a.readPlan(ctx, a.act.Report)
	if err != nil {
		return err
	}
	a.Total = a.act.Counts.Planned
	for n := 0; ; {
		some, err := next(plan)
		if err != nil || len(some) == 0 {
			return err
		}
		if n += len(some); n <= done {
			continue
		}
		if err := a.some(ctx, some); err != nil {
			return err
		}
		a.Done = n
		if err := a.step(ctx, strconv.Itoa(n)); err != nil {
			return err
		}
	}
}

// next reads the lines of a step.
func next(plan *json.Decoder) (some []planned, err error) {
	for len(some) < plannedAtOnce {
		var p planned
		err := plan.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the plan: %w", err)
		}
		some = append(some, p)
	}
	return some, nil
}

// some makes lines so: many families at once, but a family that takes a child from another only when those are there, and schools one
// after the other, since each moves the settings.
func (a applying) some(ctx context.Context, some []planned) error {
	var apart, after []planned
	for _, p := range some {
		if p.School != nil || p.Family != nil && p.Family.Takes() {
			after = append(after, p)
		} else {
			apart = append(apart, p)
		}
	}
	err := store.Each(len(apart), func(n int) error { return a.one(ctx, apart[n]) })
	for _, p := range after {
		if err == nil {
			err = a.one(ctx, p)
		}
	}
	return err
}

// one makes a line so. Where it is refused, that is recorded, and the others go on.
func (a applying) one(ctx context.Context, p planned) error {
	made := store.Imported{Outcome: p.Outcome}
	for _, r := range p.Rows {
		made.Lines = append(made.Lines, r.Line)
	}
	var err error
	switch {
	case p.Family != nil:
		made.Thing, made.Label = store.FamilyThing(p.Family.Family), p.Family.Want.Label
		err = a.family(ctx, *p.Family, made)
	case p.School != nil:
		made.Thing, made.Label = "S#"+p.School.School.ID, p.School.School.Name
		err = a.school(ctx, *p.School, made)
	case p.Enrolments != nil:
		made.Thing, made.Label = "E#"+p.Enrolments.Family, p.Rows[0].Who
		err = a.enrolments(ctx, *p.Enrolments, made)
	}
	var no *refusal.Refusal
	if !errors.As(err, &no) || no.Kind == refusal.Busy {
		return err
	}
	if was, there, err := a.town.Made(ctx, a.act.Import, made.Thing); err != nil {
		return err
	} else if there {
		made = was
	}
	made.Refused = no.Detail
	if len(no.Fields) > 0 {
		made.Refused = no.Fields[0].Detail
	}
	if errors.Is(err, store.ErrMoved) {
		made.Refused = "Le dossier était modifié au même moment, ou a été fusionné avec un autre : vérifiez-le, puis importez ces lignes à nouveau."
	}
	return a.town.RecordImported(ctx, a.act.Import, made)
}

var errFamilyGone = refusal.New(refusal.Conflict, "family_gone", "Ce dossier a été effacé ou fusionné depuis la vérification.")

// family makes a family so: from what its file says now, which may be more than when it was checked.
func (a applying) family(ctx context.Context, step importing.Step, made store.Imported) error {
	if a.touchesOwn(step) {
		return collectivity.ErrOwnFamily
	}
	f := a.due.Family(step.Family)
	var edit importing.Edit
	err := store.Again(ctx, func() error {
		h, err := f.Household(ctx)
		gone := errors.Is(err, family.ErrUnknown)
		if err != nil && !gone {
			return err
		}
		if gone && !step.Creates {
			return errFamilyGone
		}
		edit = a.rules.Edit(step, h.File, namer(step.Family))
		switch {
		case gone:
			return f.CreateImported(ctx, a.act, fileOf(step, edit), made)
		case !edit.Empty():
			return f.EditImported(ctx, a.act, h, edit.Edit, made)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, child := range slices.Sorted(maps.Keys(edit.Shares)) {
		share := edit.Shares[child]
		err := store.Again(ctx, func() error { return f.ShareImported(ctx, a.act, share.From, child, share.Relations, made) })
		if err != nil {
			return err
		}
	}
	return nil
}

// touchesOwn says whether a step is about the agent's own family, or takes a child from it.
func (a applying) touchesOwn(step importing.Step) bool {
	for _, from := range step.Homes {
		if a.own[from.Family] {
			return true
		}
	}
	return a.own[step.Family]
}

// fileOf is a new file.
func fileOf(step importing.Step, edit importing.Edit) family.File {
	file := family.File{ID: step.Family, Label: step.Want.Label, External: step.Want.External}
	for _, m := range edit.Add {
		file.Add(m)
	}
	return file
}

func (a applying) school(ctx context.Context, step importing.SchoolStep, made store.Imported) error {
	return store.Again(ctx, func() error {
		seen, err := a.town.Configuration(ctx)
		if err != nil {
			return err
		}
		if err := seen.CheckSchool(step.School); err != nil {
			return err
		}
		return a.town.SetSchoolImported(ctx, a.act, seen, step.School, made)
	})
}

// enrolments makes those of a family so, and records which: an enrolment is named by what it is, so that it is known again.
func (a applying) enrolments(ctx context.Context, step enrolments, made store.Imported) error {
	var asked []enrolment.Asked
	for _, e := range step.Asked {
		asked = append(asked, enrolment.Asked{Family: step.Family, Enrolment: e})
	}
	name := func(e enrolment.Asked) string {
		return id.Derived("imported enrolment", a.act.ID, e.Family, e.Child, e.Activity, string(e.Period.From), fmt.Sprint(e.Weekdays))
	}
	done, err := enrolment.Enrolling{Right: a.right, Configuration: a.set, Now: a.now(), Name: name}.Each(ctx, asked)
	if err != nil {
		return err
	}
	f := a.due.Family(step.Family)
	h, err := f.Household(ctx)
	if err != nil && !errors.Is(err, family.ErrUnknown) {
		return err
	}
	var refused []string
	for i, o := range done {
		at := slices.IndexFunc(h.Enrolments, func(e booking.Enrolment) bool { return e.ID == f.EnrolmentID(name(asked[i])) })
		switch {
		case at >= 0:
			made.Enrolled = append(made.Enrolled, h.Enrolments[at])
		case o.Code != "" && o.Code != "already_enrolled":
			refused = append(refused, fmt.Sprintf("Ligne %d : %s", made.Lines[i], enrolment.Detail(o.Code)))
		}
	}
	made.Refused = strings.Join(refused, " ")
	return a.town.RecordImported(ctx, a.act.Import, made)
}

// madeAtOnce is how many records of what was made are read at once.
const madeAtOnce = 500

// made hands all that the import made to take.
func (t *task) made(ctx context.Context, i store.Import, take func(store.Imported) error) error {
	for last := ""; ; {
		some, err := t.town.AllMade(ctx, i, last, madeAtOnce)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, m := range some {
			if err := take(m); err != nil {
				return err
			}
		}
		last = some[len(some)-1].Thing
	}
}

// end counts what was made, and says what was not.
func (a applying) end(ctx context.Context) error {
	i := a.act.Import
	i.Counts.NewFamilies, i.Counts.NewGuardians, i.Counts.NewChildren, i.Counts.NewEnrolments = 0, 0, 0, 0
	var refused []importing.Line
	err := a.made(ctx, i, func(m store.Imported) error {
		count(&i.Counts, m)
		if m.Refused == "" {
			return nil
		}
		for _, line := range m.Lines {
			refused = append(refused, importing.Line{Line: line, Who: m.Label, Outcome: importing.Left, Notes: []importing.Note{{Level: importing.Warning, Code: "refused", Detail: m.Refused}}})
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(refused, func(x, y importing.Line) int { return x.Line - y.Line })
	i.Counts.Left += len(refused)
	f, err := a.writeReport(ctx, "Lignes laissées à l’agent", refused)
	if err != nil {
		return err
	}
	a.add(f)
	if err := a.town.Progress(ctx, &a.Job, a.now()); err != nil {
		return err
	}
	if len(refused) > 0 {
		i.Rows = worst(refused)
	}
	i.State, i.AppliedAt = store.ImportApplied, a.now()
	return a.town.SettleImport(ctx, i)
}

func count(c *importing.Counts, m store.Imported) {
	if m.Created && strings.HasPrefix(m.Thing, "F#") {
		c.NewFamilies++
	}
	c.NewGuardians += m.Adults
	c.NewChildren += len(m.Added) - m.Adults
	c.NewEnrolments += len(m.Enrolled)
	if m.Refused == "" {
		return
	}
	switch m.Outcome {
	case importing.Creates:
		c.Created = max(0, c.Created-len(m.Lines))
	case importing.Updates:
		c.Updated = max(0, c.Updated-len(m.Lines))
	}
}
