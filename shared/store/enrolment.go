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

// Enrolled is an enrolment with the family whose it is. Its item lies with the activity, so that who may come is one Query.
type Enrolled struct {
	Family string
	booking.Enrolment
}

func (c Collectivity) enrolledKey(e Enrolled) key {
	return key{c.slotKey(e.Activity, "").PK, "ENROLLED#" + e.Family + "#" + e.ID}
}

// EnrolmentID names an enrolment so that its family can be found from it.
func (f FamilyStore) EnrolmentID(local string) string { return f.id + "-" + local }

// Enrol lets a child use an activity whatever else is there, as onboarding does.
func (f FamilyStore) Enrol(ctx context.Context, e booking.Enrolment) error {
	return Again(ctx, func() error {
		seen, err := f.Household(ctx)
		if err == nil {
			_, err = f.SetEnrolment(ctx, seen, e, "", f.clock())
		}
		return err
	})
}

// SetEnrolment writes a new or edited enrolment that was checked against the household's others, and answers the household
// with it. by is the agent's account. ErrMoved: the household's enrolments are others by now.
func (f FamilyStore) SetEnrolment(ctx context.Context, seen Household, e booking.Enrolment, by string, now time.Time) (Household, error) {
	at := slices.IndexFunc(seen.Enrolments, func(o booking.Enrolment) bool { return o.ID == e.ID })
	action, condition := "update-enrolment", exists
	if at < 0 {
		action, condition = "create-enrolments", isNew
	}
	enrolled := Enrolled{f.id, e}
	writes := []write{
		f.enrolmentsFrom(seen),
		{put: item(f.enrolmentKey(e.ID), e), condition: condition, or: ErrMoved},
		{put: item(f.enrolledKey(enrolled), enrolled)},
	}
	if by != "" {
		writes = append(writes, f.audit(by, action, "enrolment "+e.ID, now, "activity "+e.Activity))
	}
	if e.Standing {
		writes = append(writes, f.bookStanding(seen, e, by, now)...)
	}
	if err := f.transact(ctx, writes...); err != nil {
		return seen, err
	}
	seen.enrolled++
	if at < 0 {
		seen.Enrolments = append(slices.Clone(seen.Enrolments), e)
	} else {
		seen.Enrolments = slices.Clone(seen.Enrolments)
		seen.Enrolments[at] = e
	}
	return seen, nil
}

// enrolmentsFrom moves the count of writes of a household's enrolments: of two that would overlap, each fine beside what it
// has read, one is refused.
func (f FamilyStore) enrolmentsFrom(seen Household) write {
	w := write{
		key: f.fileKey(), update: "SET Enrolled = :next", condition: "Enrolled = :seen",
		values: values(":next", seen.enrolled+1, ":seen", seen.enrolled), or: ErrMoved,
	}
	if seen.enrolled == 0 {
		w.condition = "attribute_exists(PK) AND (attribute_not_exists(Enrolled) OR Enrolled = :seen)"
	}
	return w
}

// Enrolled lists who may come to an activity on some day of a period.
func (c Collectivity) Enrolled(ctx context.Context, activity string, p calendar.Period) ([]Enrolled, error) {
	items, err := c.query(ctx, c.slotKey(activity, "").PK, "ENROLLED#", "ENROLLED#"+end)
	if err != nil {
		return nil, err
	}
	all, err := decodeAll[Enrolled](items)
	return slices.DeleteFunc(all, func(e Enrolled) bool { return e.Period.To < p.From || p.To < e.Period.From }), err
}

// EnrolledPage lists the enrolments at an activity, a page at a time. next is "" after the last page.
func (c Collectivity) EnrolledPage(ctx context.Context, activity, cursor string, limit int32) (all []Enrolled, next string, err error) {
	in := c.between(c.slotKey(activity, "").PK, "ENROLLED#", "ENROLLED#"+end)
	in.Limit = &limit
	return pageOf[Enrolled](ctx, c.Store, in, cursor)
}

// EnrolledChild is an enrolment with whom it is about.
type EnrolledChild struct {
	Enrolled
	Label string // of the family
	Child family.Member
}

// Named finds the children of enrolments, at most 50, in one trip; in another those whose data lies with their other family. Those
// whose files are gone are left out.
func (c Collectivity) Named(ctx context.Context, all []Enrolled) ([]EnrolledChild, error) {
	if len(all) == 0 {
		return nil, nil
	}
	var keys []key
	for _, e := range all {
		f := c.family(e.Family)
		keys = append(keys, f.fileKey(), f.childKey(e.Child))
	}
	found, err := c.batch(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var named []EnrolledChild
	var children []family.Member
	for i, e := range all {
		if found[keys[2*i]] == nil || found[keys[2*i+1]] == nil {
			continue
		}
		head, failed := decode[fileItem](found[keys[2*i]])
		child, also := decode[family.Member](found[keys[2*i+1]])
		if err := errors.Join(failed, also); err != nil {
			return nil, err
		}
		named, children = append(named, EnrolledChild{Enrolled: e, Label: head.Label}), append(children, child)
	}
	err = c.atHome(ctx, children)
	for i, child := range children {
		named[i].Child = child
	}
	return named, err
}

// Enrolments lists a family's enrolments. A family that is not there has none.
func (f FamilyStore) Enrolments(ctx context.Context) (all []Enrolled, err error) {
	items, err := f.query(ctx, f.pk(), f.enrolmentKey("").SK, f.enrolmentKey(end).SK)
	if err != nil {
		return nil, err
	}
	mine, err := decodeAll[booking.Enrolment](items)
	for _, e := range mine {
		all = append(all, Enrolled{f.id, e})
	}
	return all, err
}
