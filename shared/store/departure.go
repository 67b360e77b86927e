package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
)

// A Departure is who leaves a file of the agent's scope on a day, as it was read.
type Departure struct {
	On      calendar.Date
	Reason  string // given by the agent
	Leaving []family.Member
	Whole   bool // nobody stays

	household Household
	pending   []family.Change // that will be refused: they are about who leaves
}

// PlanDeparture reads a family of the agent's scope, which is not their own, and says who leaves it; no members: all. What forbids
// it is refused: a day that is yet to come, children who are enrolled still, or are of two files, and the last guardian of others.
func (r AgentRight) PlanDeparture(ctx context.Context, familyID string, members []string, on calendar.Date, reason string, now time.Time) (d Departure, err error) {
	if err := r.NotOwn(ctx, familyID); err != nil {
		return d, err
	}
	h, pending, c, err := r.Family(familyID).FileWithPending(ctx)
	if err == nil && !r.Reaches(h, c, now) {
		err = family.ErrUnknown
	}
	if err != nil {
		return d, err
	}
	today := calendar.DateOf(now, c.Zone())
	if on > today {
		return d, family.ErrDepartureAhead
	}
	d = Departure{On: on, Reason: reason, household: h}
	if d.Leaving, d.Whole, err = family.Depart(h.File, h.Gone, members); err != nil {
		return d, err
	}
	for _, m := range d.Leaving {
		if err := h.mayGo(m, today); m.Target == family.Child && err != nil {
			return d, err
		}
	}
	for _, change := range pending {
		if d.Whole || d.leaves(change.Target) {
			d.pending = append(d.pending, change)
		}
	}
	return d, nil
}

func (d Departure) leaves(member string) bool {
	return slices.ContainsFunc(d.Leaving, func(m family.Member) bool { return m.ID == member })
}

// departed is why changes are refused that waited for who has left.
const departed = "Le départ a été enregistré : cette personne, ou la famille, ne fait plus partie du dossier."

// RecordDeparture refuses what waits for who leaves, each change in a write of its own, and has them leave in one. ErrMoved: the
// file is another by now, and is again once changes were refused: plan anew. ErrDepartureTooLarge: so many do not leave in one. Where
// nobody leaves nothing is written.
func (r AgentRight) RecordDeparture(ctx context.Context, d Departure, now time.Time) error {
	f := r.Family(d.household.ID)
	for _, change := range d.pending {
		if err := f.refuseOf(ctx, d.household, change, r.Account.ID, now); err != nil {
			return err
		}
	}
	if len(d.pending) > 0 {
		return ErrMoved
	}
	if len(d.Leaving) == 0 {
		return nil
	}
	writes, err := f.departureWrites(ctx, d, r.Account.ID, now)
	if err != nil {
		return err
	}
	if len(writes) > mostWrites {
		return ErrDepartureTooLarge
	}
	return f.transact(ctx, writes...)
}

// ErrDepartureTooLarge means that more leave than are written together.
var ErrDepartureTooLarge = refusal.New(refusal.Conflict, "departure_too_large", "Trop de personnes partent à la fois pour être enregistrées d’un coup : enregistrez d’abord le départ de quelques enfants.")

// refuseOf refuses a change of somebody who leaves.
func (f FamilyStore) refuseOf(ctx context.Context, h Household, change family.Change, agent string, now time.Time) error {
	of := f.family(FamilyIn(change.ID))
	_, proposer, err := of.Change(ctx, change.ID)
	if err != nil {
		return err
	}
	m, _ := h.Member(change.Target)
	after, decided, err := change.Decide(m, family.Verdict{Reason: departed}, now)
	if err != nil {
		return err
	}
	return of.DecideChange(ctx, h, after, decided, proposer, agent, now)
}

// departureWrites are the one write by which they leave: each as they were read, with nothing that waits.
func (f FamilyStore) departureWrites(ctx context.Context, d Departure, by string, now time.Time) (writes []write, err error) {
	h, head, children := d.household, newExpression(), len(d.household.Children)
	ids := make([]string, 0, len(d.Leaving))
	for _, m := range d.Leaving {
		e := newExpression()
		if pending := e.path("Pending"); m.Pending == nil {
			e.was(pending, nil)
		} else {
			e.was(pending, m.Pending)
		}
		ends := f.leaves(e, m, d.On, now)
		writes = append(append(writes, e.write(f.memberKey(m), ErrMoved)), ends...)
		ids = append(ids, m.ID)
		if m.Target == family.Child {
			children--
		}
	}
	if children < len(h.Children) {
		head.set(head.path("Children"), children)
		h.sameEnrolments(head)
	}
	if d.Whole {
		adding := head.path("Adding")
		head.require("(attribute_not_exists(" + adding + ") OR size(" + adding + ") = " + head.operand(0) + ")")
	}
	queueErasure(head, calendar.DateOf(now, time.UTC))
	writes = append(writes, f.moveHeads(h, d.Leaving[0], h.next(d.Leaving...), head, d.Leaving[1:]...)...)
	what := append([]string{string(d.On)}, ids...)
	if d.Reason != "" {
		what = append(what, d.Reason)
	}
	writes = append(writes, f.audit(by, "record-departure", "family "+f.id, now, what...))
	if d.Whole {
		unlisted, err := f.unlisted(ctx)
		return append(writes, unlisted...), err
	}
	after := h.File
	left := func(m family.Member) bool { return d.leaves(m.ID) }
	after.Guardians = slices.DeleteFunc(slices.Clone(h.Guardians), left)
	after.Children = slices.DeleteFunc(slices.Clone(h.Children), left)
	return append(writes, f.relist(h.File, after)...), nil
}
