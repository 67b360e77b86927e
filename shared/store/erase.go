package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// eraser is who the audit names for what is erased because its time is over.
const eraser = "erase-expired"

// DueErasures lists the families of which something may be to be erased, of all tenants, a page at a time. next is "" after the
// last page.
func (s *Store) DueErasures(ctx context.Context, now time.Time, cursor string) (all []FamilyStore, next string, err error) {
	keys, next, err := s.duePage(ctx, eraseQueue, now, cursor)
	for _, k := range keys {
		slug, id, _ := strings.Cut(strings.TrimPrefix(k.PK, "C#"), "#F#")
		all = append(all, s.collectivity(slug).family(id))
	}
	return all, next, err
}

// queueErasure has a family looked at in the coming night, which finds the day of the next erasure by itself.
func queueErasure(head *expression, today calendar.Date) {
	head.set(head.path("work"), eraseQueue)
	head.set(head.path("workAt"), string(today))
}

// Expiring is a family file as it was read for what is to be erased of it.
type Expiring struct {
	family.Expiry
	household Household
	pasts     []Past // families that were merged into it
	due       string // when its head was queued for
	merged    bool   // it is a part of another family by now
}

// Expiring reads what may no longer be kept of the family on a day. ErrUnknown: there is no such family any more.
func (f FamilyStore) Expiring(ctx context.Context, archive int, today calendar.Date) (x Expiring, err error) {
	items, err := f.query(ctx, f.pk(), "FILE", "FILE#"+end)
	if err != nil {
		return x, err
	}
	for _, a := range items {
		if keyOf(a).SK == "FILE" {
			x.due, x.merged = textOf(a["workAt"]), textOf(a["MergedInto"]) != ""
		}
		if err := x.household.add(a); err != nil {
			return x, err
		}
	}
	if x.household.ID == "" {
		return x, family.ErrUnknown
	}
	if x.merged {
		return x, nil
	}
	if x.pasts, err = f.Pasts(ctx, x.household); err != nil {
		return x, err
	}
	changes, err := f.allChanges(ctx, x.pasts)
	if err != nil {
		return x, err
	}
	x.Expiry = family.Expired(x.household.File, x.household.Gone, changes, archive, today)
	return x, nil
}

// allChanges reads all changes of the family and of those that were merged into it, about members as they are called by now.
func (f FamilyStore) allChanges(ctx context.Context, pasts []Past) (all []family.Change, err error) {
	of := []FamilyStore{f}
	for _, p := range pasts {
		of = append(of, p.FamilyStore)
	}
	for _, f := range of {
		items, err := f.query(ctx, f.pk(), "CHANGE#", "CHANGE#"+end)
		if err != nil {
			return nil, err
		}
		read, err := decodeAll[changeItem](items)
		if err != nil {
			return nil, err
		}
		for _, c := range read {
			c.Target = Now(pasts, c.Target)
			all = append(all, c.Change)
		}
	}
	return all, nil
}

// Erase writes what expired of the family: first of its changes, then of its members, at last when to look again. Their files
// are gone before, or nobody would know their names. Cut short anywhere, the next run goes on. ErrMoved: somebody wrote
// meanwhile, read again.
func (f FamilyStore) Erase(ctx context.Context, x Expiring, now time.Time) error {
	if x.merged {
		return f.lookAgain(ctx, x)
	}
	for _, c := range x.Changes {
		if err := f.eraseChange(ctx, c); err != nil {
			return err
		}
	}
	for _, m := range x.Members {
		if err := f.eraseMember(ctx, &x, m, now); err != nil {
			return err
		}
	}
	if x.Whole {
		return f.eraseFamily(ctx, x, now)
	}
	return f.lookAgain(ctx, x)
}

// lookAgain queues the family for the next day on which something is to be erased. Whoever queued it meanwhile is right.
func (f FamilyStore) lookAgain(ctx context.Context, x Expiring) error {
	w := write{
		key: f.fileKey(), update: "REMOVE #w, workAt", condition: "#w = :queue AND workAt = :due", names: map[string]string{"#w": "work"},
		values: values(":queue", eraseQueue, ":due", x.due),
	}
	if x.Next != "" {
		w.update, w.values[":next"] = "SET workAt = :next", value(string(x.Next))
	}
	return unlessMoved(f.apply(ctx, w))
}

// unlessMoved takes a condition that failed for what it means where somebody else did the same, or what comes after it.
func unlessMoved(err error) error {
	if errors.Is(err, errCondition) {
		return nil
	}
	return err
}

// eraseChange takes values out of a change, or all of it.
func (f FamilyStore) eraseChange(ctx context.Context, c family.ExpiredChange) error {
	k := f.family(FamilyIn(c.Change.ID)).changeKey(c.Change.ID)
	if c.Whole {
		return unlessMoved(f.apply(ctx, write{key: k, delete: true, condition: "Rev = :rev", values: values(":rev", c.Change.Rev), or: errCondition}))
	}
	e := newExpression()
	fields := e.path("Fields")
	for _, i := range c.Fields {
		for _, side := range []string{"Old", "New"} {
			e.set(fmt.Sprintf("%s[%d].%s", fields, i, e.path(side)), nil)
		}
	}
	e.was(e.path("Rev"), c.Change.Rev) // the places are those that were read
	return f.apply(ctx, e.write(k, ErrMoved))
}

// eraseMember takes fields of a member away, or all of it, and says so in the audit.
func (f FamilyStore) eraseMember(ctx context.Context, x *Expiring, gone family.ExpiredMember, now time.Time) error {
	m, h := gone.Member, &x.household
	writes := []write{
		f.memberWithout(*h, gone),
		f.audited(Audit{At: now, By: eraser, Action: eraser, About: string(m.Target) + " " + m.ID, What: fieldsOf(gone), Family: f.id, Member: m.ID}),
	}
	if gone.Orphan { // the file that families see moves
		writes = append(writes, f.moveHeads(*h, m, h.next(m), newExpression())...)
	}
	if err := f.transact(ctx, writes...); err != nil {
		return err
	}
	if gone.Orphan {
		h.Version = h.next(m)
	}
	if !gone.Whole {
		return nil
	}
	return errors.Join(f.eraseOrders(ctx, m.ID), f.eraseCodes(ctx, x.pasts, m.ID), f.erasePointers(ctx, x.pasts, m.ID))
}

// erasePointers deletes what points at a child, of whom nothing is kept, from families that were merged.
func (f FamilyStore) erasePointers(ctx context.Context, pasts []Past, child string) error {
	for _, p := range pasts {
		for _, id := range p.children {
			if Now(pasts, id) != child {
				continue
			}
			if err := f.apply(ctx, write{key: p.childKey(id), delete: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// fieldsOf names what goes: "health.allergies, photo.photo", or "all".
func fieldsOf(x family.ExpiredMember) string {
	if x.Whole {
		return "all"
	}
	var names []string
	for _, section := range slices.Sorted(maps.Keys(x.Fields)) {
		for _, field := range x.Fields[section] {
			names = append(names, section+"."+field)
		}
	}
	return strings.Join(names, ", ")
}

// memberWithout is the write of a member without what goes. Who has left is edited by nobody any more; of others, each value must
// be the one that was read. A member that holds nothing at all has only to be there.
func (f FamilyStore) memberWithout(h Household, x family.ExpiredMember) write {
	m, e := x.Member, newExpression()
	if !x.Orphan {
		e.was(e.path("Left"), m.Left)
	}
	for section, fields := range x.Fields {
		for _, field := range fields {
			path := e.path("Values", section, field)
			e.remove(path)
			if x.Orphan {
				e.was(path, stored(m, section, field))
			} else {
				e.require("attribute_exists(" + path + ")") // of two runs at once, one erases
			}
		}
		if x.Orphan && !x.Whole {
			e.set(e.path("Versions", section), h.next(m))
		}
	}
	w := e.write(f.memberKey(m), ErrMoved)
	if x.Whole {
		w.update, w.delete = "", true
		w.names, w.values = used(w.condition, w.names, w.values)
	}
	return w
}

// stored is a value as the table has it.
func stored(m family.Member, section, field string) any {
	if kept := m.Kept[section][field]; kept != nil {
		return kept
	}
	return m.Value(section, field)
}

// used are the placeholders that a condition names: DynamoDB refuses others.
func used(condition string, names map[string]string, operands attributes) (map[string]string, attributes) {
	words := strings.FieldsFunc(condition, func(r rune) bool { return strings.ContainsRune(" .()=", r) })
	maps.DeleteFunc(names, func(name, _ string) bool { return !slices.Contains(words, name) })
	for name := range operands {
		if !slices.Contains(words, name) {
			delete(operands, name)
		}
	}
	if len(names) == 0 {
		names = nil
	}
	if len(operands) == 0 {
		operands = nil
	}
	return names, operands
}

// eraseOrders deletes the court orders about somebody of whom nothing is kept.
func (f FamilyStore) eraseOrders(ctx context.Context, member string) error {
	orders, _, err := f.Office(ctx)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.Guardian != member && o.Child != member {
			continue
		}
		if err := f.apply(ctx, write{key: f.orderKey(o.ID), delete: true}); err != nil {
			return err
		}
	}
	return nil
}

// deletedAtOnce is how many items one transaction deletes.
const deletedAtOnce = 100

// eraseFamily deletes all that there is of a family of whom nobody is left, and of those that were merged into it: days, requests,
// enrolments, changes, notes, consultations, and last its head.
func (f FamilyStore) eraseFamily(ctx context.Context, x Expiring, now time.Time) error {
	writes, err := f.unlisted(ctx)
	if err != nil {
		return err
	}
	for _, p := range x.pasts {
		all, err := p.everything(ctx)
		if err != nil {
			return err
		}
		writes = append(writes, all...)
	}
	all, err := f.everything(ctx)
	if err != nil {
		return err
	}
	writes = append(writes, slices.DeleteFunc(all, func(w write) bool { return w.key == f.fileKey() })...)
	for some := range slices.Chunk(writes, deletedAtOnce) {
		if err := f.transact(ctx, some...); err != nil {
			return err
		}
	}
	return f.transact(
		ctx,
		// Nobody joined it, and nobody else is at it.
		write{key: f.fileKey(), delete: true, condition: "Version = :seen AND workAt = :due", values: values(":seen", x.household.Version, ":due", x.due), or: ErrMoved},
		f.audited(Audit{At: now, By: eraser, Action: eraser, About: "family " + f.id, What: "all", Family: f.id}),
	)
}

// everything are the writes that delete all items of the family, those of its enrolments that lie with activities, and its codes.
func (f FamilyStore) everything(ctx context.Context) (writes []write, err error) {
	items, err := f.query(ctx, f.pk(), " ", end)
	if err != nil {
		return nil, err
	}
	for _, a := range items {
		if strings.HasPrefix(keyOf(a).SK, f.enrolmentKey("").SK) {
			e, err := decode[booking.Enrolment](a)
			if err != nil {
				return nil, err
			}
			writes = append(writes, write{key: f.enrolledKey(Enrolled{f.id, e}), delete: true})
		}
		writes = append(writes, write{key: keyOf(a), delete: true})
	}
	codes, err := f.unissued(ctx, func(string) bool { return true })
	return append(writes, codes...), err
}

// unlisted are the writes that take a family out of the directory.
func (f FamilyStore) unlisted(ctx context.Context) ([]write, error) {
	k := key{f.familiesPK(), f.id}
	row, ok, err := get[Listed](ctx, f.Store, k)
	if err != nil || !ok {
		return nil, err
	}
	var writes []write
	for _, w := range row.Words {
		writes = append(writes, write{key: f.wordKey(w, f.id), delete: true})
	}
	return append(writes, write{key: k, delete: true}), nil // last: it says which words there are
}

// proves says whether fields of a change are kept only until what they prove is accepted.
func proves(c family.Change, fields []family.FieldChange) bool {
	return slices.ContainsFunc(fields, func(d family.FieldChange) bool {
		return family.ClassOf(c.Of, c.Section, d.Field) == family.UntilQuotient
	})
}
