package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
)

// orderItem is a court order as kept: for a year after its end.
type orderItem struct {
	family.Order
	Expires int64 `dynamodbav:"expires,omitempty"`
}

func (f FamilyStore) orderKey(id string) key { return key{f.pk(), "ORDER#" + id} }

// orderMonths is how long an order is kept that holds no more: as long as what was done under it is audited.
const orderMonths = auditMonths

func (f FamilyStore) orderPut(o family.Order) write {
	kept := orderItem{Order: o}
	switch {
	case !o.LiftedAt.IsZero():
		kept.Expires = epoch(o.LiftedAt.AddDate(0, orderMonths, 0))
	case o.Until != "":
		at, _ := o.Until.At("12:00", time.UTC) // an hour
		kept.Expires = epoch(at.AddDate(0, orderMonths, 0))
	}
	return write{put: item(f.orderKey(o.ID), kept)}
}

// Order reads a court order of the family.
func (f FamilyStore) Order(ctx context.Context, id string) (family.Order, error) {
	kept, ok, err := get[orderItem](ctx, f.Store, f.orderKey(id))
	if err == nil && !ok {
		err = family.ErrOrderUnknown
	}
	return kept.Order, err
}

// Office reads what agents have written about the family: court orders, in force or not, and notes, each in the order of
// their writing. Of a child of two files the other file has its own.
func (f FamilyStore) Office(ctx context.Context) (orders []family.Order, notes []family.Note, err error) {
	items, err := f.query(ctx, f.pk(), f.noteKey("").SK, f.orderKey(end).SK) // nothing lies between the two
	if err != nil {
		return nil, nil, err
	}
	first := slices.IndexFunc(items, func(a attributes) bool { return keyOf(a).SK >= f.orderKey("").SK })
	if first < 0 {
		first = len(items)
	}
	if notes, err = decodeAll[family.Note](items[:first]); err != nil {
		return nil, nil, err
	}
	kept, err := decodeAll[orderItem](items[first:])
	for _, o := range kept {
		orders = append(orders, o.Order)
	}
	slices.SortStableFunc(notes, func(a, b family.Note) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(orders, func(a, b family.Order) int { return a.RecordedAt.Compare(b.RecordedAt) })
	return orders, notes, err
}

// RecordOrder writes a court order that was checked against a household, and what it does: to its guardian and, where it bars
// them, to their subscription. ErrMoved: the household's orders, or its guardian's account, are others by now.
func (f FamilyStore) RecordOrder(ctx context.Context, h Household, o family.Order, zone *time.Location) error {
	put := f.orderPut(o)
	put.condition, put.or = isNew, ErrMoved
	m, _ := h.Member(o.Guardian)
	holds := m.Orders
	if o.Kind != family.MustNotCollect {
		holds = append(slices.Clone(holds), o.Holds(calendar.DateOf(o.RecordedAt, zone), zone))
	}
	did := Audit{At: o.RecordedAt, By: o.RecordedBy, Action: "record-court-order", About: "order " + o.ID, What: string(o.Kind), Family: f.id, Member: o.Guardian}
	return f.transact(ctx, append([]write{f.officeFrom(h), put, f.audited(did)}, f.hold(m, holds, o.RecordedAt)...)...)
}

// LiftOrder ends a court order of a household, and what it does unless another says the same. ErrMoved as RecordOrder's.
func (f FamilyStore) LiftOrder(ctx context.Context, h Household, o family.Order) error {
	put := f.orderPut(o)
	put.condition, put.or = exists, ErrMoved
	m, _ := h.Member(o.Guardian)
	holds := slices.DeleteFunc(slices.Clone(m.Orders), func(held family.Hold) bool { return held.Order == o.ID })
	did := Audit{At: o.LiftedAt, By: o.LiftedBy, Action: "lift-court-order", About: "order " + o.ID, What: string(o.Kind), Family: f.id, Member: o.Guardian}
	return f.transact(ctx, append([]write{f.officeFrom(h), put, f.audited(did)}, f.hold(m, holds, o.LiftedAt)...)...)
}

// hold are the writes by which a guardian, and their subscription, is under some orders; those that are over are left out.
func (f FamilyStore) hold(m family.Member, holds []family.Hold, now time.Time) []write {
	holds = slices.DeleteFunc(slices.Clone(holds), func(h family.Hold) bool { return !h.Until.IsZero() && !now.Before(h.Until) })
	if slices.Equal(holds, m.Orders) {
		return nil
	}
	guardian := newExpression()
	guardian.was(guardian.path("Account"), m.Account) // nobody subscribed meanwhile, or left
	guardian.was(guardian.path("Left"), nil)
	guardian.put("Orders", holds, len(holds) == 0)
	writes := []write{guardian.write(f.guardianKey(m.ID), ErrMoved)}
	was, is := bars(m.Orders), bars(holds)
	if m.Account == "" || slices.Equal(was, is) {
		return writes
	}
	subscription := newExpression()
	subscription.put("Barred", is, len(is) == 0)
	return append(writes, subscription.write(subscriptionKey(m.Account, f.id), ErrMoved))
}

// bars are those holds that keep a guardian from the file.
func bars(holds []family.Hold) (all []family.Hold) {
	for _, h := range holds {
		if h.Kind == family.NoAccess {
			all = append(all, h)
		}
	}
	return all
}

// seen is a list as a condition names it: one that is empty is absent.
func seen(holds []family.Hold) any {
	if len(holds) == 0 {
		return nil
	}
	return holds
}

// officeFrom moves the count of writes of a household's orders and notes: of two at once, each fine beside what it has read,
// the second reads again.
func (f FamilyStore) officeFrom(h Household) write {
	head := newExpression()
	head.set(head.path("Office"), h.office+1)
	if h.office == 0 {
		head.was(head.path("Office"), nil)
	} else {
		head.was(head.path("Office"), h.office)
	}
	head.was(head.path("MergedInto"), nil)
	return head.write(f.fileKey(), ErrMoved)
}
