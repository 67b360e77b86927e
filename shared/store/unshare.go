package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
)

// UnshareChild takes a child out of a family's file that only points at it; what there is of the child stays with its other
// household. Both families have to be of the agent's scope, and neither their own. What lies with this file and is about this child
// alone leaves with it. It answers the other family, and the version that both files have then. ErrMoved: one of them moved
// meanwhile.
func (r AgentRight) UnshareChild(ctx context.Context, familyID, child string, now time.Time) (other string, version int, err error) {
	h, c, err := r.Family(familyID).File(ctx)
	if err == nil && !r.Reaches(h, c, now) {
		err = family.ErrUnknown
	}
	if err != nil {
		return "", 0, err
	}
	f := r.Family(familyID)
	m, with, err := family.Unshare(h.File, child, func(change string) bool { return FamilyIn(change) == familyID })
	if err != nil {
		return "", 0, err
	}
	home, err := r.otherHome(ctx, m.Other, c, now)
	if err != nil {
		return "", 0, err
	}
	today := calendar.DateOf(now, c.Zone())
	if err := f.done(ctx, h, child, today); err != nil {
		return "", 0, err
	}
	version = max(h.Version, home.Version) + 1
	return home.ID, version, f.transact(ctx, f.unshareWrites(h, home, m, with, version, today, r.Account.ID, now)...)
}

// otherHome reads the family in whose file a child lies: of the agent's scope, and not their own.
func (r AgentRight) otherHome(ctx context.Context, id string, c Configuration, now time.Time) (Household, error) {
	if err := r.NotOwn(ctx, id); err != nil {
		return Household{}, err
	}
	home, err := r.Family(id).Household(ctx)
	if err == nil && !r.Reaches(home, c, now) {
		err = family.ErrUnknown
	}
	return home, err
}

// done refuses a child for whom the household still has something to come.
func (f FamilyStore) done(ctx context.Context, h Household, child string, today calendar.Date) error {
	for _, e := range h.Enrolments {
		if e.Child == child && e.Period.To >= today {
			return family.ErrChildEnrolled
		}
	}
	days, err := f.Days(ctx, calendar.Period{From: today, To: "9999-12-31"})
	for _, d := range days {
		if d.Child == child && d.Claims() {
			return family.ErrBooked
		}
	}
	return err
}

func (f FamilyStore) unshareWrites(h, home Household, m family.Member, with []family.Member, version int, today calendar.Date, by string, now time.Time) []write {
	there := f.family(home.ID)
	pointer, child, head := newExpression(), newExpression(), newExpression()
	pointer.was(pointer.path("Other"), home.ID)
	gone := pointer.write(f.childKey(m.ID), ErrMoved)
	gone.update, gone.delete = "", true
	child.was(child.path("Other"), f.id)
	child.was(child.path("Pending"), m.Pending) // this household proposed nothing meanwhile
	child.remove(child.path("Other"))
	head.was(head.path("Version"), h.Version)
	head.set(head.path("Version"), version)
	head.set(head.path("Children"), len(h.Children)-1)
	h.sameEnrolments(head)
	queueErasure(head, today)
	writes := []write{
		gone, child.write(there.childKey(m.ID), ErrMoved),
		head.write(f.fileKey(), ErrMoved), there.headAt(version, home.Version, len(home.Children)),
		f.audited(Audit{At: now, By: by, Action: "unshare-child", About: "child " + m.ID, What: "of family " + home.ID, Family: f.id, Member: m.ID}),
	}
	for _, g := range h.Guardians {
		if relation := g.Value("relations", m.ID); relation != nil {
			e := newExpression()
			e.was(e.path("Values", "relations", m.ID), relation)
			e.remove(e.path("Values", "relations", m.ID))
			e.set(e.path("Versions", "relations"), version)
			writes = append(writes, e.write(f.guardianKey(g.ID), ErrMoved))
		}
	}
	for _, of := range with {
		e := newExpression()
		e.was(e.path("Left"), nil)
		e.set(e.path("Left"), today)
		writes = append(writes, e.write(f.memberKey(of), ErrMoved))
	}
	after := h.File
	after.Children = slices.DeleteFunc(slices.Clone(h.Children), func(c family.Member) bool { return c.ID == m.ID })
	return append(writes, f.relist(h.File, after)...)
}
