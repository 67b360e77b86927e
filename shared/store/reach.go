package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// Reaches says whether a family is of the agent's scope: who has some activities or schools only finds families of which a child
// of those schools is enrolled there, or was in the last year.
func (r AgentRight) Reaches(h Household, c Configuration, now time.Time) bool {
	since := calendar.DateOf(now, time.UTC).AddYears(-1)
	return !r.Agent.Scoped() || slices.ContainsFunc(h.Enrolments, func(e booking.Enrolment) bool {
		child, _ := h.Member(e.Child)
		return e.Period.To >= since && r.Agent.Sees(e.Activity) && c.SeesChild(r.Agent, child.Text("school", "school"))
	})
}

// ChildScope tells which of some families' children are in the agent's scope: who has some schools only sees the children of
// those. For all others it reads nothing.
func (r AgentRight) ChildScope(ctx context.Context, of []FamilyPlace) (func(familyID, child string) bool, error) {
	if len(r.Agent.Schools) == 0 {
		return func(string, string) bool { return true }, nil
	}
	var children map[FamilyPlace]family.Member
	var c Configuration
	err := together(
		func() (err error) { c, err = r.Store.Configuration(ctx); return err },
		func() (err error) { children, err = r.ChildrenOf(ctx, of); return err },
	)
	return func(familyID, child string) bool {
		m, known := children[FamilyPlace{familyID, booking.Place{Child: child}}]
		return known && c.SeesChild(r.Agent, m.Text("school", "school"))
	}, err
}

// ChildrenOf are some families' children, by family and child alone.
func (r AgentRight) ChildrenOf(ctx context.Context, of []FamilyPlace) (map[FamilyPlace]family.Member, error) {
	for i := range of {
		of[i].Place = booking.Place{Child: of[i].Child}
	}
	return r.Store.children(ctx, of)
}

// Finds refuses a family beyond the agent's scope, like one that is not there.
func (r AgentRight) Finds(ctx context.Context, id string, now time.Time) error {
	if !r.Agent.Scoped() {
		return nil
	}
	h, c, err := r.Family(id).File(ctx)
	if err == nil && !r.Reaches(h, c, now) {
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
	Configuration Configuration
}

// OpenFile reads a family file of the agent's scope with what waits on it, what agents wrote about it and the settings, all of it
// opened. One beyond the scope is not found; the agent's own (OwnFamilies) is refused: they read it as a guardian, as far as courts
// let them.
func (r AgentRight) OpenFile(ctx context.Context, id string, now time.Time) (out OpenedFile, err error) {
	f := r.Family(id)
	err = together(
		func() error { return r.NotOwn(ctx, id) },
		func() (err error) { out.Orders, out.Notes, err = f.Office(ctx); return err },
		func() (err error) {
			out.Household, out.Pending, out.Configuration, err = f.FileWithPending(ctx)
			return err
		},
	)
	if err == nil && !r.Reaches(out.Household, out.Configuration, now) {
		err = family.ErrUnknown
	}
	return out, err
}

// Household reads a family file as OpenFile does, with the settings alone.
func (r AgentRight) Household(ctx context.Context, id string, now time.Time) (h Household, c Configuration, err error) {
	err = together(
		func() error { return r.NotOwn(ctx, id) },
		func() (err error) { h, c, err = r.Family(id).SealedFile(ctx); return err },
	)
	if err == nil && !r.Reaches(h, c, now) {
		err = family.ErrUnknown
	}
	return h, c, err
}

// Opens tells which of some families the agent may open: those of their scope that are not their own.
func (r AgentRight) Opens(ctx context.Context, families []string, now time.Time) (map[string]bool, error) {
	families = slices.Compact(slices.Sorted(slices.Values(families)))
	own, err := r.OwnFamilies(ctx, families)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(families))
	err = eachOf(len(families), householdsAtOnce, func(i int) error {
		if errs[i] = r.Finds(ctx, families[i], now); errors.Is(errs[i], family.ErrUnknown) {
			return nil
		}
		return errs[i]
	})
	opens := map[string]bool{}
	for i, f := range families {
		opens[f] = !own[f] && errs[i] == nil
	}
	return opens, err
}

// SealedFile reads the family file with what is sealed of it, opened, and the settings, at the same time.
func (f FamilyStore) SealedFile(ctx context.Context) (h Household, c Configuration, err error) {
	err = together(
		func() (err error) { c, err = f.Configuration(ctx); return err },
		func() (err error) { h, err = f.SealedHousehold(ctx); return err },
	)
	return h, c, err
}
