package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/store"
)

// runCodes issues codes to guardians, family by family, and then prints their letters, some to a file. A code that was issued is
// derived again for its letter: see keys.Secret.IssuedCode.
func runCodes(ctx context.Context, t *task) error {
	c, err := t.town.Configuration(ctx)
	if err != nil {
		return err
	}
	phase, at, _ := strings.Cut(t.Checkpoint, " ")
	if phase != lettersFrom {
		if err := newIssuing(t, c).from(ctx, at); err != nil {
			return err
		}
		at = ""
	}
	volume, _ := strconv.Atoi(at) // "": the first
	return newPrinting(t, c).from(ctx, volume)
}

// The phases, as checkpoints name them: with the last family that is done, and with the volumes of letters that are.
const (
	issuedTo    = "issued"
	lettersFrom = "letters"
)

// issuing gives codes to the guardians whom the job is about.
type issuing struct {
	*task
	set   store.Configuration
	until time.Time // the codes' end
}

// newIssuing takes the codes' end from the day on which the job was asked for: a run that goes on has the same.
func newIssuing(t *task, c store.Configuration) issuing {
	last := calendar.DateOf(t.CreatedAt.Add(c.CodeLife()), c.Zone())
	until, err := last.AddDays(1).At("00:00", c.Zone())
	if err != nil {
		until = t.CreatedAt.Add(c.CodeLife())
	}
	return issuing{t, c, until}
}

// from issues codes to the families behind one of them.
func (i issuing) from(ctx context.Context, last string) error {
	chosen, err := i.chosen(ctx)
	if err != nil {
		return err
	}
	if i.Total == 0 {
		if err := i.count(ctx, chosen); err != nil {
			return err
		}
	}
	for {
		ids, err := i.next(ctx, chosen, last)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return nil
		}
		if err := store.Each(len(ids), func(n int) error { return i.family(ctx, i.due.Family(ids[n])) }); err != nil {
			return err
		}
		last = ids[len(ids)-1]
		i.Done += len(ids)
		if err := i.step(ctx, issuedTo+" "+last); err != nil {
			return err
		}
	}
}

// count says how much there is to do: to look at each family, and to print about as many letters.
func (i issuing) count(ctx context.Context, chosen []string) error {
	n := len(chosen)
	if chosen == nil {
		var err error
		if n, err = i.town.CountFamilies(ctx); err != nil {
			return err
		}
	}
	i.Total = 2 * n
	return nil
}

// chosen are the families that the job names, or those of a school or class, by id; nil: all.
func (i issuing) chosen(ctx context.Context) ([]string, error) {
	if named := i.About["families"]; named != "" {
		ids := strings.Split(named, ",")
		slices.Sort(ids)
		return slices.Compact(ids), nil
	}
	if i.About["school"] == "" {
		return nil, nil
	}
	school, known := i.set.School(i.About["school"])
	if !known {
		return []string{}, nil
	}
	if i.About["class"] == "" {
		return i.town.FamiliesOf(ctx, school, nil)
	}
	class, known := school.Class(i.About["class"])
	if !known {
		return []string{}, nil
	}
	return i.town.FamiliesOf(ctx, school, &class)
}

// family issues codes to those of a family's guardians whom the job is about.
func (i issuing) family(ctx context.Context, f store.FamilyStore) error {
	return store.Again(ctx, func() error {
		h, err := f.Household(ctx)
		if errors.Is(err, family.ErrUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		codes, err := f.Codes(ctx, h)
		if err != nil {
			return err
		}
		for _, g := range h.Guardians {
			if !i.wants(h, codes, g) {
				continue
			}
			if _, err := f.Give(ctx, h, i.code(g), i.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// wants says whether the job is about a guardian of a household.
func (i issuing) wants(h store.Household, codes []store.IssuedCode, g family.Member) bool {
	if !g.MayHaveCode() || i.About["guardian"] != "" && i.About["guardian"] != g.ID {
		return false
	}
	if i.About["without"] == "subscriber" && slices.ContainsFunc(h.Guardians, func(g family.Member) bool { return g.Account != "" }) {
		return false
	}
	open, last := false, store.CodeState("")
	for _, c := range codes {
		if c.Code.Guardian == g.ID {
			last = c.State(i.now())
			open = open || last == store.CodeOpen
		}
	}
	switch i.About["codes"] {
	case "all":
		return true
	case "expired":
		return last == store.CodeExpired
	}
	return !open
}

func (i issuing) code(g family.Member) store.NewCode {
	return store.NewCode{
		Issue: i.ID, Guardian: g, Until: i.until, By: i.By,
		Hash: func(draw byte) string { return i.secret.Code(i.secret.IssuedCode(i.ID, g.ID, draw)) },
	}
}
