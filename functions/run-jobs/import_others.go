package main

import (
	"context"

	"preau/shared/enrolment"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/tabular"
)

func checkSchools(ctx context.Context, c *checking, first tabular.Row) error {
	book := &importing.SchoolBook{Rules: c.rules}
	err := c.rows(ctx, first, func(r tabular.Row) error {
		book.Row(r)
		return nil
	})
	if err != nil {
		return err
	}
	book.Close(id.Short)
	c.lines = book.Lines
	for _, s := range book.Schools {
		if !s.Changes {
			continue
		}
		before, _ := c.rules.Town.School(s.School.ID)
		c.Counts.NewClasses += len(s.School.Classes) - len(before.Classes)
		outcome := importing.Updates
		if s.Creates {
			c.Counts.NewSchools++
			outcome = importing.Creates
		}
		if err := c.plan.add(planned{Rows: c.rowsOf(s.Lines), Outcome: outcome, School: s}); err != nil {
			return err
		}
	}
	return nil
}

// asking gathers the enrolments that a file asks for, by the family that they are found to be of.
type asking struct {
	*checking
	asked  []enrolment.Asked
	places []int // in the report, of each
}

func checkEnrolments(ctx context.Context, c *checking, first tabular.Row) error {
	directory, err := c.directory(ctx)
	if err != nil {
		return err
	}
	a := asking{checking: c}
	err = c.rows(ctx, first, func(r tabular.Row) error {
		asked, err := c.rules.Enrolment(r)
		if err == nil {
			a.row(directory, asked)
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.judge(ctx)
}

// row finds whom a row is about.
func (a *asking) row(d *importing.Directory, asked importing.Asked) {
	a.lines = append(a.lines, asked.Line)
	if asked.Has(importing.Error) {
		asked.Outcome = importing.Wrong
		return
	}
	at, no := d.Child(asked)
	if no != nil {
		asked.Outcome = importing.Left
		if no.Level == importing.Error {
			asked.Outcome = importing.Wrong
		}
		asked.Notes = append(asked.Notes, *no)
		return
	}
	wanted, code := enrolment.Read(asked.Cell, a.rules.Town)
	if code != "" {
		asked.Outcome = importing.Wrong
		asked.Notes = append(asked.Notes, importing.Note{Level: importing.Error, Code: code, Detail: enrolment.Detail(code)})
		return
	}
	wanted.Child = at.Child
	a.asked, a.places = append(a.asked, enrolment.Asked{Family: at.Family, Enrolment: wanted}), append(a.places, len(a.lines)-1)
}

// enrolledAtOnce is how many rows are judged between two signs of life.
const enrolledAtOnce = 1000

// judge holds each enrolment against the family's others, and plans those that may be.
func (a *asking) judge(ctx context.Context) error {
	a.Total = len(a.asked)
	plans := map[string]*planned{}
	var order []string
	for from := 0; from < len(a.asked); from += enrolledAtOnce {
		to := min(from+enrolledAtOnce, len(a.asked))
		done, err := enrolment.Enrolling{Right: a.right, Configuration: a.rules.Town, Now: a.now(), Dry: true}.Each(ctx, a.asked[from:to])
		if err != nil {
			return err
		}
		for i, o := range done {
			asked, place := a.asked[from+i], a.places[from+i]
			if a.outcome(place, o); a.lines[place].Outcome != importing.Creates {
				continue
			}
			p := plans[asked.Family]
			if p == nil {
				p = &planned{Outcome: importing.Creates, Enrolments: &enrolments{Family: asked.Family}}
				plans[asked.Family] = p
				order = append(order, asked.Family)
			}
			p.Rows = append(p.Rows, a.rowsOf([]int{place})...)
			p.Enrolments.Asked = append(p.Enrolments.Asked, asked.Enrolment)
			a.Counts.NewEnrolments++
		}
		a.Done = to
		if err := a.town.Progress(ctx, &a.task.Job, a.now()); err != nil {
			return err
		}
	}
	for _, f := range order {
		if err := a.plan.add(*plans[f]); err != nil {
			return err
		}
	}
	return nil
}

// outcome says of a row what would become of it. Who is enrolled already needs nothing.
func (a *asking) outcome(place int, o enrolment.Outcome) {
	l := a.lines[place]
	note := importing.Note{Level: importing.Error, Code: o.Code, Detail: enrolment.Detail(o.Code)}
	switch o.Code {
	case "":
		l.Outcome = importing.Creates
		return
	case "already_enrolled":
		l.Outcome, note.Level = importing.Same, importing.Info
	case "own_family":
		l.Outcome, note.Level = importing.Left, importing.Warning
	default:
		l.Outcome = importing.Wrong
	}
	l.Notes = append(l.Notes, note)
}
