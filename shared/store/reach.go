package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// Reaches says whether a family with these enrolments is of the agent's scope: who has some activities only finds families that
// are enrolled there, or were in the last year.
func (r AgentRight) Reaches(enrolments []booking.Enrolment, now time.Time) bool {
	since := calendar.DateOf(now, time.UTC).AddYears(-1)
	return !r.Agent.Scoped() || slices.ContainsFunc(enrolments, func(e booking.Enrolment) bool {
		return e.Period.To >= since && r.Agent.Sees(e.Activity)
	})
}

// Finds refuses a family beyond the agent's scope, like one that is not there.
func (r AgentRight) Finds(ctx context.Context, id string, now time.Time) error {
	if !r.Agent.Scoped() {
		return nil
	}
	enrolled, err := r.Family(id).Enrolments(ctx)
	if err == nil && !r.Reaches(enrolmentsOf(enrolled), now) {
		err = family.ErrUnknown
	}
	return err
}

// OpenedFile is all that agents may read of a family.
type OpenedFile struct {
	Household     Household
	Pending       []family.Change
	Orders        []family.Order
	Notes         []family.Note
	Own           bool // it is the agent's own family
	Configuration Configuration
}

// OpenFile reads a family file of the agent's scope with what waits on it, what agents wrote about it and the settings, all of it
// opened. One beyond the scope is not found, nor is one that a court bars the agent from as a guardian.
func (r AgentRight) OpenFile(ctx context.Context, id string, now time.Time) (out OpenedFile, err error) {
	f := r.Family(id)
	err = together(
		func() (err error) { out.Own, err = r.own(ctx, id); return err },
		func() (err error) { out.Orders, out.Notes, err = f.Office(ctx); return err },
		func() (err error) {
			out.Household, out.Pending, out.Configuration, err = f.FileWithPending(ctx)
			return err
		},
	)
	if err == nil && !r.Reaches(out.Household.Enrolments, now) {
		err = family.ErrUnknown
	}
	return out, err
}

// Household reads a family file as OpenFile does, with the settings alone.
func (r AgentRight) Household(ctx context.Context, id string, now time.Time) (h Household, c Configuration, err error) {
	err = together(
		func() (err error) { _, err = r.own(ctx, id); return err },
		func() (err error) { h, c, err = r.Family(id).SealedFile(ctx); return err },
	)
	if err == nil && !r.Reaches(h.Enrolments, now) {
		err = family.ErrUnknown
	}
	return h, c, err
}

// own says whether a family is the agent's own. ErrUnknown: a court bars them from it.
func (r AgentRight) own(ctx context.Context, id string) (bool, error) {
	sub, ok, err := get[Subscription](ctx, r.Store.Store, subscriptionKey(r.Account.ID, id))
	if err == nil && family.Barred(sub.Barred, r.Store.clock()) {
		err = family.ErrUnknown
	}
	return ok && sub.Slug == r.Store.slug, err
}

// SealedFile reads the family file with what is sealed of it, opened, and the settings, at the same time.
func (f FamilyStore) SealedFile(ctx context.Context) (h Household, c Configuration, err error) {
	err = together(
		func() (err error) { c, err = f.Configuration(ctx); return err },
		func() (err error) { h, err = f.SealedHousehold(ctx); return err },
	)
	return h, c, err
}
