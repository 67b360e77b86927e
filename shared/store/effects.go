package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
)

// effects are the writes by which decided fields of a change reach the file: accepted ones take their new values, each only where
// it still has the value that the change replaces. Marked is a change that the file shows as waiting: no longer for these fields.
func (f FamilyStore) effects(ctx context.Context, h Household, c family.Change, decided []family.FieldChange, marked bool, now time.Time) ([]write, error) {
	accepted := slices.DeleteFunc(slices.Clone(decided), func(d family.FieldChange) bool { return d.State != family.Accepted })
	writes, err := f.onFile(ctx, h, c, decided, accepted, marked, now)
	return append(writes, f.loose(c, decided, now)...), err
}

// onFile are the writes on the file's own items.
func (f FamilyStore) onFile(ctx context.Context, h Household, c family.Change, decided, accepted []family.FieldChange, marked bool, now time.Time) ([]write, error) {
	switch c.Kind {
	case family.Adds:
		return f.adds(ctx, h, c, len(accepted) > 0, marked, now)
	case family.Removes:
		return f.removes(ctx, h, c, len(accepted) > 0, marked, now)
	}
	return f.touches(ctx, h, c, decided, accepted, marked, now)
}

// touches are the writes of an edit.
func (f FamilyStore) touches(ctx context.Context, h Household, c family.Change, decided, accepted []family.FieldChange, marked bool, now time.Time) ([]write, error) {
	m, ok := h.Member(c.Target)
	if !ok {
		return nil, nil // removed meanwhile: nothing of it waits any more
	}
	e := newExpression()
	for _, d := range decided {
		if marked {
			e.remove(e.path("Pending", c.Section, d.Field))
		}
	}
	if len(accepted) == 0 {
		return e.unlessEmpty(f.memberKey(m)), nil
	}
	e.require("attribute_not_exists(" + e.path("Left") + ")")
	after := f.following(m, c.Section, accepted)
	changed := edited(m, c.Section, after)
	next := h.next(m, changed)
	for _, d := range after {
		if err := f.acceptField(ctx, e, m, c.Section, d); err != nil {
			return nil, err
		}
	}
	e.set(e.path("Versions", c.Section), next)
	f.redue(e, m, c.Section, after)
	head := newExpression()
	if proves(c, after) {
		queueErasure(head, calendar.DateOf(now, time.UTC)) // what proved a quotient, in the history too
	}
	writes := append([]write{e.write(f.memberKey(m), ErrMoved)}, f.moveHeads(h, m, next, head, changed)...)
	listed, err := f.relisted(ctx, h, m, c.Section, changed)
	return append(writes, listed...), err
}

// following are accepted fields with what they bring along.
func (f FamilyStore) following(m family.Member, section string, accepted []family.FieldChange) []family.FieldChange {
	after := slices.Clone(accepted)
	for _, follow := range family.Follows(m, section, accepted) {
		after = slices.DeleteFunc(after, func(d family.FieldChange) bool { return d.Field == follow.Field })
		after = append(after, follow)
	}
	return after
}

// acceptField sets one field, only if the table still has what was read.
func (f FamilyStore) acceptField(ctx context.Context, e *expression, m family.Member, section string, d family.FieldChange) error {
	path := e.path("Values", section, d.Field)
	if kept := m.Kept[section][d.Field]; kept != nil {
		e.was(path, kept)
	} else {
		e.was(path, m.Value(section, d.Field))
	}
	if d.New == nil {
		e.remove(path)
		return nil
	}
	if !isSealed(m.Target, section, d.Field) {
		e.set(path, d.New)
		return nil
	}
	ring, err := f.Ring(ctx)
	if err != nil {
		return err
	}
	sealed, err := sealValue(ring, sealedAt(f.memberKey(m), section, d.Field), d.New)
	e.set(path, sealed)
	return err
}

// redue moves the reminder of a document whose end changes.
func (f FamilyStore) redue(e *expression, m family.Member, section string, after []family.FieldChange) {
	if m.Target != family.Document {
		return
	}
	due := dueOf(edited(m, section, after))
	if due.Work == "" {
		e.remove(e.path("work"))
		e.remove(e.path("workAt"))
		return
	}
	e.set(e.path("work"), due.Work)
	e.set(e.path("workAt"), due.WorkAt)
}

// edited is a member as accepted fields make it.
func edited(m family.Member, section string, after []family.FieldChange) family.Member {
	values := map[string]map[string]any{}
	for s, fields := range m.Values {
		values[s] = fields
	}
	values[section] = map[string]any{}
	for field, v := range m.Values[section] {
		values[section][field] = v
	}
	for _, d := range after {
		values[section][d.Field] = d.New
		if d.New == nil {
			delete(values[section], d.Field)
		}
	}
	m.Values = values
	return m
}

// relisted are the writes that keep the directory, and the list of a class, true to a member's names.
func (f FamilyStore) relisted(ctx context.Context, h Household, m family.Member, section string, changed family.Member) (writes []write, err error) {
	if section != "identity" && section != "school" {
		return nil, nil
	}
	if section == "identity" {
		writes = f.relist(h.File, replaced(h.File, changed))
		// The other household is found by the child's new name as well.
		for _, other := range h.Others {
			if m.Other != other.ID {
				continue
			}
			if other, err = f.named(ctx, other); err != nil {
				return nil, err
			}
			writes = append(writes, f.relist(replaced(other, m), replaced(other, changed))...)
		}
	}
	if m.Target == family.Child {
		at := f
		if m.Home != "" {
			at = f.family(m.Home)
		}
		writes = append(writes, at.moved(m, changed)...)
	}
	return writes, nil
}

// named is another household's file with the names of all its children. Of some it may only know that they lie in a third one's.
func (f FamilyStore) named(ctx context.Context, other family.File) (family.File, error) {
	if !slices.ContainsFunc(other.Children, func(c family.Member) bool { return c.Elsewhere && c.Name() == "" }) {
		return other, nil
	}
	h, err := f.family(other.ID).Household(ctx)
	return h.File, err
}

// replaced is a file with a member as it is now.
func replaced(file family.File, m family.Member) family.File {
	for _, of := range []*[]family.Member{&file.Guardians, &file.Children} {
		*of = slices.Clone(*of)
		for i := range *of {
			if (*of)[i].ID == m.ID {
				(*of)[i] = m
			}
		}
	}
	return file
}

// adds are the writes of a member who is proposed: in the file, or no longer proposed.
func (f FamilyStore) adds(ctx context.Context, h Household, c family.Change, accepted, marked bool, now time.Time) ([]write, error) {
	head := newExpression()
	if marked {
		head.remove(head.path("Adding", c.ID))
	}
	if !accepted {
		queueErasure(head, calendar.DateOf(now, time.UTC)) // of what never came into the file
		return head.unlessEmpty(f.fileKey()), nil
	}
	next := h.next(c.Added(0))
	m := c.Added(next)
	put, err := f.memberItem(ctx, m)
	if err != nil {
		return nil, err
	}
	writes := []write{{put: put, condition: isNew, or: ErrMoved}}
	after := h.File
	if m.Target == family.Child {
		head.set(head.path("Children"), len(h.Children)+1)
		after.Children = append(slices.Clone(h.Children), m)
		writes = append(writes, f.pupil(m)...)
	}
	if m.Target == family.Guardian {
		after.Guardians = append(slices.Clone(h.Guardians), m)
	}
	writes = append(writes, f.moveHeads(h, m, next, head)...)
	if m.Target == family.Child || m.Target == family.Guardian {
		writes = append(writes, f.relist(h.File, after)...)
	}
	return writes, nil
}

// eraseQueue is where families wait for the day on which something of those who left, or of what was only for a while, is to be
// erased.
const eraseQueue = "ERASE"

// removes are the writes of a member to be removed: gone from the file on this day, or to stay after all. A guardian's
// subscription ends with it. What is kept of them is erased when its time is over.
func (f FamilyStore) removes(ctx context.Context, h Household, c family.Change, accepted, marked bool, now time.Time) ([]write, error) {
	m, ok := h.Member(c.Target)
	if !ok {
		return nil, nil
	}
	e := newExpression()
	if marked {
		e.remove(e.path("Pending", family.Membership, family.Removed))
	}
	if !accepted {
		return e.unlessEmpty(f.memberKey(m)), nil
	}
	left, err := f.dayOf(ctx, now)
	if err == nil {
		err = h.mayGo(m, left)
	}
	if err != nil {
		return nil, err
	}
	m.Left = left
	next := h.next(m)
	ends := f.leaves(e, m, left, now)
	head := newExpression()
	queueErasure(head, left)
	after := h.File
	if m.Target == family.Child {
		head.set(head.path("Children"), len(h.Children)-1)
		h.sameEnrolments(head)
		after.Children = slices.DeleteFunc(slices.Clone(h.Children), func(c family.Member) bool { return c.ID == m.ID })
	}
	if m.Target == family.Guardian {
		after.Guardians = slices.DeleteFunc(slices.Clone(h.Guardians), func(g family.Member) bool { return g.ID == m.ID })
	}
	writes := append([]write{e.write(f.memberKey(m), ErrMoved)}, ends...)
	writes = append(writes, f.moveHeads(h, m, next, head)...)
	if m.Target == family.Child || m.Target == family.Guardian {
		writes = append(writes, f.relist(h.File, after)...)
	}
	return writes, nil
}

// leaves has a member, whose update e is, be in the file no more from a day on. It answers what ends with that: a guardian's
// subscription, of which they are told, and a child's place in the list of its class.
func (f FamilyStore) leaves(e *expression, m family.Member, left calendar.Date, now time.Time) (ends []write) {
	e.require("attribute_not_exists(" + e.path("Left") + ")")
	e.set(e.path("Left"), left)
	switch {
	case m.Target == family.Child:
		return f.notPupil(m)
	case m.Target == family.Guardian && m.Account != "":
		e.was(e.path("Account"), m.Account)
		e.set(e.path("Account"), "")
		return []write{
			{key: subscriptionKey(m.Account, f.id), delete: true},
			newMail(MailUnsubscribed, m.Account+"-"+f.id+"-"+stamp(now), now, "account", m.Account, "slug", f.slug),
		}
	}
	return nil
}

// dayOf is the day of an instant at the town.
func (c Collectivity) dayOf(ctx context.Context, at time.Time) (calendar.Date, error) {
	configuration, err := c.Configuration(ctx)
	return calendar.DateOf(at, configuration.Zone()), err
}

// sameEnrolments lets nobody enrol a child who goes, meanwhile or afterwards by what they had read.
func (h Household) sameEnrolments(head *expression) {
	enrolled := head.path("Enrolled")
	same := enrolled + " = " + head.operand(h.enrolled)
	if h.enrolled == 0 {
		same = "(attribute_not_exists(" + enrolled + ") OR " + same + ")"
	}
	head.require(same)
	head.set(enrolled, h.enrolled+1)
}

// mayGo refuses the removal of a child who is enrolled somewhere still, or is of two files, and of the last guardian.
func (h Household) mayGo(m family.Member, today calendar.Date) error {
	for _, e := range h.Enrolments {
		if e.Child == m.ID && e.Period.To >= today {
			return family.ErrChildEnrolled
		}
	}
	if m.Other != "" {
		return family.ErrChildShared
	}
	if m.Target == family.Guardian && len(h.Guardians) < 2 {
		return family.ErrLastGuardian
	}
	return nil
}

// next is the version that an accepted change of a member, as it was and as it is, brings: one that is new to all files that show
// it. Else what moved in one would be ahead of the other, and never to be changed from there.
func (h Household) next(versions ...family.Member) int {
	next := h.Version
	for _, other := range h.showing(versions...) {
		next = max(next, other.Version)
	}
	return next + 1
}

// showing are the other files that show a member: a child of two files, and what is about one.
func (h Household) showing(versions ...family.Member) []family.File {
	return slices.DeleteFunc(slices.Clone(h.Others), func(other family.File) bool {
		return !slices.ContainsFunc(versions, func(m family.Member) bool {
			return m.Other == other.ID || m.Home == other.ID || slices.ContainsFunc(h.Children, func(c family.Member) bool { return c.Other == other.ID && m.About(c.ID) })
		})
	})
}

// moveHeads moves the versions of the files that show a member, each only if it is the one that was read. head is what else changes
// in this file's head; also the member as it becomes. Of who left, the file that they lie with is queued for their erasure.
func (f FamilyStore) moveHeads(h Household, m family.Member, next int, head *expression, also ...family.Member) []write {
	head.set(head.path("Version"), next)
	head.was(head.path("Version"), h.Version)
	writes := []write{head.write(f.fileKey(), ErrMoved)}
	for _, other := range h.showing(append(also, m)...) {
		e := newExpression()
		e.set(e.path("Version"), next)
		e.was(e.path("Version"), other.Version)
		if m.Left != "" && m.Home == other.ID {
			queueErasure(e, m.Left)
		}
		writes = append(writes, e.write(f.family(other.ID).fileKey(), ErrMoved))
	}
	return writes
}

// sameSection requires that the section has not been changed since it was read.
func (f FamilyStore) sameSection(e *expression, c family.Change, m family.Member) {
	path := e.path("Versions", c.Section)
	if v, ok := m.Versions[c.Section]; ok {
		e.was(path, v)
		return
	}
	e.was(path, nil)
}
