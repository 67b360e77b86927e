package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/rollover"
	"preau/shared/store"
)

// runRollover moves a town to a school year, family by family: children to their next class, enrolments that go on, who leaves marked with
// their last day. Who has been moved is not moved again. Departures are recorded by a job of their own, once the year before is over.
func runRollover(ctx context.Context, t *task) error {
	r, err := newRolling(ctx, t)
	if err != nil {
		return err
	}
	phase, last, _ := strings.Cut(t.Checkpoint, " ")
	r.leaving.Store(phase == someLeave)
	if err := t.familyByFamily(ctx, r.named(), last, r.family, r.checkpoint); err != nil {
		return err
	}
	if !r.leaving.Load() {
		return nil
	}
	return r.leavers(ctx)
}

// Checkpoints name the last family that was moved, and whether somebody leaves so far.
const (
	someLeave = "leaving"
	allStay   = "moved"
)

// rolling is a move to a school year.
type rolling struct {
	*task
	right    store.AgentRight
	set      store.Configuration
	planning rollover.Planning
	leaving  *atomic.Bool
}

func newRolling(ctx context.Context, t *task) (r rolling, err error) {
	var choices rollover.Choices
	if err := json.Unmarshal([]byte(t.About["choices"]), &choices); err != nil {
		return r, fmt.Errorf("read the choices: %w", err)
	}
	r = rolling{task: t, right: t.acting(), leaving: &atomic.Bool{}}
	if r.set, err = t.town.Configuration(ctx); err != nil {
		return r, err
	}
	own, err := r.right.Own(ctx)
	r.planning = rollover.New(r.set, choices, own)
	return r, err
}

// acting is the right under which a job decides as the agent would who asked for it.
func (t *task) acting() store.AgentRight {
	right := t.Right(t.town)
	right.Account = account.Account{ID: t.By}
	return right
}

// named are the families that the move is about; nil: all.
func (r rolling) named() (ids []string) {
	if !r.planning.Only {
		return nil
	}
	for _, e := range r.planning.Children {
		ids = append(ids, e.Family)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r rolling) checkpoint(last string) string {
	if r.leaving.Load() {
		return someLeave + " " + last
	}
	return allStay + " " + last
}

// family moves a family, and where only some children are moved the other families of these.
func (r rolling) family(ctx context.Context, familyID string) error {
	others, err := r.one(ctx, familyID)
	if err != nil || !r.planning.Only {
		return err
	}
	for _, other := range others {
		if _, err := r.one(ctx, other); err != nil {
			return err
		}
	}
	return nil
}

// one brings the year to a family, part by part where it is large, and names the other families of its children.
func (r rolling) one(ctx context.Context, familyID string) (others []string, err error) {
	f := r.due.Family(familyID)
	for rest := true; rest && err == nil; {
		err = store.Again(ctx, func() error {
			rest, others = false, nil
			h, err := f.Household(ctx)
			if errors.Is(err, family.ErrUnknown) { // erased, or merged into another, since it was listed
				return nil
			}
			if err != nil {
				return err
			}
			for _, c := range h.Children {
				if c.Other != "" {
					others = append(others, c.Other)
				}
			}
			rest, err = f.BringYear(ctx, h, r.year(f, h), r.By, r.now())
			return err
		})
	}
	return others, err
}

// year is what the year brings to a household. A child of two files is placed in the one that it lies in.
func (r rolling) year(f store.FamilyStore, h store.Household) store.Year {
	y := store.Year{Year: int(r.planning.Year)}
	for _, c := range h.Children {
		m := r.planning.Child(f.ID(), c, h.Enrolments)
		for _, one := range r.planning.Renewed(m, c, h.Enrolments) {
			if one.Code == "" {
				one.New.ID = f.EnrolmentID(one.New.ID)
				y.Renewed = append(y.Renewed, one.New)
			}
		}
		if p, moves := r.placement(m, c); moves && !c.Elsewhere {
			y.Placed = append(y.Placed, p)
		}
		if m.Becomes == rollover.Leaves || c.Leaving == r.planning.Year.Eve() { // or did in a run that was cut short
			r.leaving.Store(true)
		}
		if m.Becomes == rollover.Leaves {
			y.Ended = append(y.Ended, r.planning.Ends(c.ID, h.Enrolments)...)
		}
	}
	return y
}

// placement is where a child goes. Who leaves keeps its school and level until its last day, and no class: the next ones come into that.
func (r rolling) placement(m rollover.Move, c family.Member) (p store.Placement, moves bool) {
	switch m.Becomes {
	case rollover.Up, rollover.Stays:
		return store.Placement{Child: c, School: m.To.School.Name, Class: m.To.Class.Name, Level: string(m.To.Level)}, true
	case rollover.Leaves:
		return store.Placement{Child: c, School: c.Text("school", "school"), Level: c.Text("school", "level"), Leaving: r.planning.Year.Eve()}, true
	}
	return p, false
}

// leavers has the departures recorded on the day after the year before.
func (r rolling) leavers(ctx context.Context) error {
	first, err := r.planning.Year.First().At("00:00", r.set.Zone())
	if err != nil {
		return err
	}
	j := store.Job{
		ID: id.Derived("leavers", r.ID), Kind: store.JobLeavers, Role: collectivity.Manager, Title: "Départs du " + french(r.planning.Year.Eve()),
		CreatedAt: r.CreatedAt, About: map[string]string{"on": string(r.planning.Year.Eve())},
	}
	if now := r.now(); first.After(now) {
		j.StartsAt = first.UTC()
	}
	return r.right.AddLeavers(ctx, int(r.planning.Year), r.ID, j)
}

// runLeavers records that the children left whom a move marked, each family at its last day, with all of it if no child stays. Those who
// were put into a class again, or are enrolled, stay: an agent sees to them.
func runLeavers(ctx context.Context, t *task) error {
	on := calendar.Date(t.About["on"])
	right := t.acting()
	leave := func(ctx context.Context, familyID string) error { return t.leave(ctx, right, familyID, on) }
	return t.familyByFamily(ctx, nil, t.Checkpoint, leave, func(last string) string { return last })
}

// leaveAtOnce is how many children of a family leave together where not all can.
const leaveAtOnce = 12

// leave records the departures of a family: all of them, or where they are too many some children's and then the others'.
func (t *task) leave(ctx context.Context, right store.AgentRight, familyID string, on calendar.Date) error {
	err := t.depart(ctx, right, familyID, on, math.MaxInt)
	for errors.Is(err, store.ErrDepartureTooLarge) {
		if err = t.depart(ctx, right, familyID, on, leaveAtOnce); err != nil {
			break
		}
		err = t.depart(ctx, right, familyID, on, math.MaxInt)
	}
	for _, agents := range []error{family.ErrUnknown, family.ErrChildEnrolled, family.ErrChildShared, collectivity.ErrOwnFamily, store.ErrDepartureTooLarge} {
		if errors.Is(err, agents) {
			return nil
		}
	}
	return err
}

// depart records that children of a family leave, at most so many, and all of it with the last of them.
func (t *task) depart(ctx context.Context, right store.AgentRight, familyID string, on calendar.Date, most int) error {
	return store.Again(ctx, func() error {
		h, err := t.due.Family(familyID).Household(ctx)
		if err != nil {
			return err
		}
		going := leavers(h, on)
		if len(going) == 0 {
			return nil
		}
		going = going[:min(len(going), most)]
		if len(going) == len(h.Children) && len(h.Adding) == 0 {
			going = nil // all of it
		}
		d, err := right.PlanDeparture(ctx, familyID, going, on, "Fin de la scolarité dans la collectivité", t.now())
		if err != nil {
			return err
		}
		return right.RecordDeparture(ctx, d, t.now())
	})
}

// leavers are the children of a household who were marked to leave on a day, and have not been put into a class since.
func leavers(h store.Household, on calendar.Date) (ids []string) {
	for _, c := range h.Children {
		if c.Leaving == on && !c.Elsewhere && c.Text("school", "class") == "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// familyByFamily does something of some families, nil: all, in the order of their ids, behind the last that was done. A step is so
// many of them that it takes seconds.
func (t *task) familyByFamily(ctx context.Context, chosen []string, last string, do func(context.Context, string) error, checkpoint func(last string) string) (err error) {
	if t.Total == 0 {
		if t.Total = len(chosen); chosen == nil {
			if t.Total, err = t.town.CountFamilies(ctx); err != nil {
				return err
			}
		}
	}
	for {
		ids, err := t.next(ctx, chosen, last)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := store.Each(len(ids), func(i int) error { return do(ctx, ids[i]) }); err != nil {
			return err
		}
		last = ids[len(ids)-1]
		t.Done += len(ids)
		if err := t.step(ctx, checkpoint(last)); err != nil {
			return err
		}
	}
}
