package store

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/seal"
)

// Care is what carers have to know on a day of an activity.
type Care struct {
	Town     *booking.Town
	Children []Cared
}

// Cared is a child whom carers expect, or who is there.
type Cared struct {
	Household // the family whose day it is
	Child     family.Member
	Day       booking.Day
	Changes   []family.Change // that wait, of the child's health and consents and of its contacts
	Orders    []family.Order  // of courts, in force on the day, about the child
}

// Care reads who comes to an activity on a day, and what carers have to know of them (CareOf).
func (c Collectivity) Care(ctx context.Context, activity string, d calendar.Date, health bool) (out Care, err error) {
	var enrolled []Enrolled
	err = together(
		func() (err error) { out.Town, err = c.Town(ctx); return err },
		func() (err error) {
			enrolled, err = c.Enrolled(ctx, activity, wide(calendar.Period{From: d, To: d}))
			return err
		},
	)
	if err != nil {
		return out, err
	}
	var places []FamilyPlace
	for _, a := range byChild(enrolled) {
		places = append(places, FamilyPlace{a.Family, booking.Place{Date: d, Child: a.Child.ID, Activity: activity}})
	}
	days, err := c.DaysOfFamilies(ctx, places)
	if err == nil {
		out.Children, err = c.CareOf(ctx, out.Town, days, health)
	}
	return out, err
}

// householdsAtOnce is how many families' files are read at the same time.
const householdsAtOnce = 16

// CareOf reads what carers have to know of the children who come on some days of an activity, that were read: each child once a
// day; of their health only for who may see it. Each family's file is one Query, as are its court orders, some families at the
// same time; then what waits, 100 changes a trip.
func (c Collectivity) CareOf(ctx context.Context, town *booking.Town, days map[FamilyPlace]booking.Day, health bool) ([]Cared, error) {
	families := coming(days)
	cared := make([][]Cared, len(families))
	ring := seal.Ring{}
	err := together(
		func() (err error) {
			if health && len(families) > 0 {
				ring, err = c.Ring(ctx)
			}
			return err
		},
		func() error {
			return eachOf(len(families), householdsAtOnce, func(i int) (err error) {
				cared[i], err = c.family(families[i].id).cared(ctx, town, families[i].days)
				return err
			})
		},
	)
	if err != nil {
		return nil, err
	}
	children := onceEach(slices.Concat(cared...))
	if health {
		if err := openHealth(c, ring, children); err != nil {
			return nil, err
		}
	}
	return children, c.fillChanges(ctx, children, health)
}

// familyDays are those of a family's days that carers have to do with.
type familyDays struct {
	id   string
	days []booking.Day
}

// coming are the days on which children come, family by family.
func coming(days map[FamilyPlace]booking.Day) (all []familyDays) {
	for _, p := range slices.SortedFunc(maps.Keys(days), inFamilyOrder) {
		if !comes(days[p]) {
			continue
		}
		if len(all) == 0 || all[len(all)-1].id != p.Family {
			all = append(all, familyDays{id: p.Family})
		}
		last := &all[len(all)-1]
		last.days = append(last.days, days[p])
	}
	return all
}

func inFamilyOrder(a, b FamilyPlace) int {
	return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Child, b.Child))
}

// comes says whether carers have to do with a child on a day: it is expected, or there without a booking. An absence that nobody
// has decided on is none yet.
func comes(d booking.Day) bool {
	return d.State == booking.Booked || d.State == booking.AbsenceRequested || d.Presence == booking.Present || d.Presence == booking.Unbooked
}

// cared reads the family's children of some days. Whose day the town has cancelled does not come, unless they are there.
func (f FamilyStore) cared(ctx context.Context, town *booking.Town, days []booking.Day) (all []Cared, err error) {
	var h Household
	var orders []family.Order
	err = together(
		func() (err error) { orders, err = f.orders(ctx); return err },
		func() (err error) { h, err = f.Household(ctx); return err },
	)
	if errors.Is(err, family.ErrUnknown) {
		return nil, nil // gone since
	}
	theirs := map[string][]family.Order{} // of the other households
	for _, other := range h.Others {
		found, failed := f.family(other.ID).orders(ctx)
		theirs[other.ID], err = found, errors.Join(err, failed)
	}
	if err != nil {
		return nil, err
	}
	for _, day := range days {
		child, ok := h.Member(day.Child)
		if !ok {
			continue
		}
		p := booking.Planning{Town: town, Children: []booking.Child{ChildOf(child, town.Configuration)}, Days: map[booking.Place]booking.Day{day.Place: day}}
		if day = p.Day(day.Place); comes(day) {
			known := slices.Concat(orders, theirs[child.Other])
			all = append(all, Cared{Household: h, Child: child, Day: day, Orders: about(known, child.ID, day.Date)})
		}
	}
	return all, nil
}

// onceEach leaves of a child of two files, of each day, that of the household whose day it is.
func onceEach(all []Cared) (each []Cared) {
	at := map[booking.Place]int{}
	for _, one := range all {
		i, again := at[one.Day.Place]
		switch {
		case !again:
			at[one.Day.Place] = len(each)
			each = append(each, one)
		case one.Day.Claims() && !each[i].Day.Claims():
			each[i] = one
		}
	}
	return each
}

// orders reads the family's court orders.
func (f FamilyStore) orders(ctx context.Context) ([]family.Order, error) {
	items, err := f.query(ctx, f.pk(), f.orderKey("").SK, f.orderKey(end).SK)
	if err != nil {
		return nil, err
	}
	return decodeAll[family.Order](items)
}

// about are those orders by which somebody is not given a child on a day.
func about(orders []family.Order, child string, d calendar.Date) (all []family.Order) {
	for _, o := range orders {
		if o.Kind == family.MustNotCollect && o.InForce(d) && (o.Child == "" || o.Child == child) {
			all = append(all, o)
		}
	}
	return all
}

// openHealth opens what is sealed of the children, and of nobody else.
func openHealth(c Collectivity, ring seal.Ring, all []Cared) error {
	opened := map[key]bool{}
	for i, one := range all {
		k := c.family(one.ID).memberKey(one.Child)
		if opened[k] {
			continue // on another day, and the values of both are the file's
		}
		opened[k] = true
		if err := openMember(ring, k, &all[i].Child); err != nil {
			return err
		}
	}
	return nil
}

// fillChanges reads what waits of the children and their contacts, for carers.
func (c Collectivity) fillChanges(ctx context.Context, all []Cared, health bool) error {
	var ids []string
	for _, one := range all {
		ids = append(ids, one.waiting(health)...)
	}
	slices.Sort(ids)
	changes, err := c.openedChanges(ctx, slices.Compact(ids))
	for i, one := range all {
		for _, id := range one.waiting(health) {
			if change, ok := changes[id]; ok {
				all[i].Changes = append(all[i].Changes, change)
			}
		}
	}
	return err
}

// openedChanges reads changes of any families, with what is sealed of them. Those that are gone are left out.
func (c Collectivity) openedChanges(ctx context.Context, ids []string) (map[string]family.Change, error) {
	keys := make([]key, len(ids))
	for i, id := range ids {
		keys[i] = c.changeOf(id)
	}
	found, err := c.gather(ctx, keys)
	if err != nil {
		return nil, err
	}
	changes := map[string]family.Change{}
	for i, id := range ids {
		a, ok := found[keys[i]]
		if !ok {
			continue
		}
		change, err := decode[changeItem](a)
		if err == nil {
			err = c.family(FamilyIn(id)).openChange(ctx, &change.Change)
		}
		if err != nil {
			return nil, err
		}
		changes[id] = change.Change
	}
	return changes, nil
}

// changeOf is where a change of a household lies: one of a child of two files may lie with the other.
func (c Collectivity) changeOf(change string) key {
	return c.family(FamilyIn(change)).changeKey(change)
}

// waiting names the changes that wait of what carers see, each once.
func (one Cared) waiting(health bool) (ids []string) {
	add := func(m family.Member, section string) {
		for _, id := range m.Pending[section] {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	add(one.Child, "authorisations")
	if health {
		add(one.Child, "health")
	}
	for _, contact := range one.Contacts {
		if contact.About(one.Child.ID) {
			add(contact, "contact")
			add(contact, family.Membership)
		}
	}
	slices.Sort(ids)
	return ids
}
