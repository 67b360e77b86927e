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

// OpenFile reads a family file of the agent's scope with what waits on it, what agents wrote about it and the settings, all of it
// opened. One beyond the scope is not found.
func (r AgentRight) OpenFile(ctx context.Context, id string, now time.Time) (out OpenedFile, err error) {
	f := r.Family(id)
	err = together(
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

// OpenedFile is all that agents may read of a family.
type OpenedFile struct {
	Household     Household
	Pending       []family.Change
	Orders        []family.Order
	Notes         []family.Note
	Configuration Configuration
}

// Household reads the family file of the agent's scope, opened, and the settings. One beyond the scope is not found.
func (r AgentRight) Household(ctx context.Context, id string, now time.Time) (h Household, c Configuration, err error) {
	err = together(
		func() (err error) { c, err = r.Store.Configuration(ctx); return err },
		func() (err error) { h, err = r.Family(id).SealedHousehold(ctx); return err },
	)
	if err == nil && !r.Reaches(h.Enrolments, now) {
		err = family.ErrUnknown
	}
	return h, c, err
}
