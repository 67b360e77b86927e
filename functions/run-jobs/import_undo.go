package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/store"
)

var errTouched = refusal.New(refusal.Conflict, "import_touched", "Cet import ne peut plus être annulé : des dossiers qu’il a créés ou modifiés ont servi depuis. Rien n’a été annulé ; la liste en est sur l’import.")

// runUndoImport takes an import back: first it looks whether anything that it made was touched since, and then leaves all of it as it
// is; then it takes back one thing after the other. What was touched just meanwhile stays, and is listed.
func runUndoImport(ctx context.Context, t *task) error {
	i, err := t.theImport(ctx)
	if err != nil {
		return err
	}
	if i.State == store.ImportUndone {
		return nil
	}
	u := undoing{t, store.Acted{Import: i, By: t.By, Now: t.now()}}
	if t.Checkpoint != takesBack {
		if err := u.look(ctx, strings.TrimPrefix(t.Checkpoint, lookedAt)); err != nil {
			return err
		}
		if err := t.step(ctx, takesBack); err != nil {
			return err
		}
	}
	if err := u.takeBack(ctx); err != nil {
		return err
	}
	return u.end(ctx)
}

// Checkpoints name the last thing that was looked at and found untouched, and then that the undoing has begun.
const (
	lookedAt  = "looked at "
	takesBack = "takes back"
)

type undoing struct {
	*task
	act store.Acted
}

// look refuses where something was touched of what is behind the last thing that was looked at.
func (u undoing) look(ctx context.Context, last string) error {
	var touched []importing.Line
	for {
		some, err := u.town.AllMade(ctx, u.act.Import, last, plannedAtOnce)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			break
		}
		why := make([]string, len(some))
		err = store.Each(len(some), func(n int) (err error) { why[n], err = u.town.Touched(ctx, some[n]); return err })
		if err != nil {
			return err
		}
		for n, m := range some {
			if why[n] != "" {
				touched = append(touched, left(m, why[n]))
			}
		}
		u.Total += len(some)
		last = some[len(some)-1].Thing
		enough, err := u.looked(ctx, last, len(touched) > 0)
		if err != nil {
			return err
		}
		if enough {
			break
		}
	}
	if len(touched) == 0 {
		return nil
	}
	i := u.act.Import
	i.State = store.ImportApplied
	i.Rows = worst(touched)
	if err := u.town.SettleImport(ctx, i); err != nil {
		return err
	}
	return errTouched
}

// looked records how far the look is, but not past something that was touched: a run after this one must find it again. Where time is
// out and something was found, that is enough to refuse.
func (u undoing) looked(ctx context.Context, last string, found bool) (enough bool, err error) {
	at := lookedAt + last
	if found {
		at = u.Checkpoint
	}
	err = u.step(ctx, at)
	if found && errors.Is(err, errLater) {
		return true, nil
	}
	return false, err
}

// left is the row of a report about what can not be taken back.
func left(m store.Imported, why string) importing.Line {
	l := importing.Line{Who: m.Label, Outcome: importing.Left, Notes: []importing.Note{{Level: importing.Warning, Code: "touched", Detail: why}}}
	if len(m.Lines) > 0 {
		l.Line = slices.Min(m.Lines)
	}
	return l
}

// takeBack takes everything back, as far as time goes: children that two files share first.
func (u undoing) takeBack(ctx context.Context) error {
	for _, do := range []func(context.Context, store.Imported) error{u.unshare, u.undo} {
		for last := ""; ; {
			some, err := u.town.AllMade(ctx, u.act.Import, last, plannedAtOnce)
			if err != nil {
				return err
			}
			if len(some) == 0 {
				break
			}
			if err := each(ctx, some, do); err != nil {
				return err
			}
			last = some[len(some)-1].Thing
			u.Done = min(u.Total, u.Done+len(some)/2)
			if err := u.step(ctx, takesBack); err != nil {
				return err
			}
		}
	}
	return nil
}

// each undoes things: families at once, schools one after the other, since each moves the settings.
func each(ctx context.Context, some []store.Imported, do func(context.Context, store.Imported) error) error {
	var apart, after []store.Imported
	for _, m := range some {
		if m.Thing[:2] == "S#" || len(m.Shared) > 0 {
			after = append(after, m)
		} else {
			apart = append(apart, m)
		}
	}
	err := store.Each(len(apart), func(n int) error { return do(ctx, apart[n]) })
	for _, m := range after {
		if err == nil {
			err = do(ctx, m)
		}
	}
	return err
}

func (u undoing) unshare(ctx context.Context, m store.Imported) error {
	if len(m.Shared) == 0 {
		return nil
	}
	return unlessMoved(u.due.Family(m.Thing[2:]).UndoShares(ctx, u.act, m))
}

func (u undoing) undo(ctx context.Context, m store.Imported) error {
	err := store.Again(ctx, func() error { return u.town.Undo(ctx, u.act, m) })
	var no *refusal.Refusal
	if errors.As(err, &no) && no.Kind != refusal.Busy {
		return nil // it stays, and is listed at the end
	}
	return err
}

// end lists what stayed.
func (u undoing) end(ctx context.Context) error {
	stayed := []importing.Line{}
	err := u.made(ctx, u.act.Import, func(m store.Imported) error {
		stayed = append(stayed, left(m, "Modifié pendant l’annulation : reste en place."))
		return nil
	})
	if err != nil {
		return err
	}
	i := u.act.Import
	i.State, i.Rows = store.ImportUndone, worst(stayed)
	return u.town.SettleImport(ctx, i)
}
