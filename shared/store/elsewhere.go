package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// others are the other families of the household's children.
func (h Household) others() (ids []string) {
	for _, c := range h.Children {
		if c.Other != "" && !slices.Contains(ids, c.Other) {
			ids = append(ids, c.Other)
		}
	}
	return ids
}

// meet reads the other households of a family's children, all at the same time, and beside them what else a caller reads. Where
// every child has one home it reads nothing else.
func (f FamilyStore) meet(ctx context.Context, h *Household, beside ...func() error) error {
	ids := h.others()
	found := make([]Household, len(ids))
	for i, id := range ids {
		beside = append(beside, func() (err error) {
			if found[i], err = f.family(id).own(ctx); errors.Is(err, family.ErrUnknown) {
				return nil
			}
			return err
		})
	}
	if err := together(beside...); err != nil {
		return err
	}
	for _, other := range found {
		if other.ID != "" {
			h.share(other)
		}
	}
	slices.SortFunc(h.Children, eldestFirst)
	return nil
}

// daysElsewhere reads what the other households of the family's children have of their days between two dates.
func (f FamilyStore) daysElsewhere(ctx context.Context, h Household, p calendar.Period) (map[booking.Place]booking.Day, error) {
	ids := h.others()
	if len(ids) == 0 {
		return nil, nil
	}
	found := make([]map[booking.Place]booking.Day, len(ids))
	var reads []func() error
	for i, id := range ids {
		reads = append(reads, func() (err error) { found[i], err = f.family(id).Days(ctx, p); return err })
	}
	if err := together(reads...); err != nil {
		return nil, err
	}
	theirs := map[booking.Place]booking.Day{}
	for i, id := range ids {
		for place, day := range found[i] {
			shared := slices.ContainsFunc(h.Children, func(c family.Member) bool { return c.ID == place.Child && c.Other == id })
			if seen, ok := day.Theirs(); ok && shared {
				theirs[place] = seen
			}
		}
	}
	return theirs, nil
}

// mostMerges is how often a file may have been merged into another one, and that into the next, for its past days to be named.
const mostMerges = 4

// atHome gives children whose data lies with another family that data: their other household's, or the one that their file was
// merged into.
func (c Collectivity) atHome(ctx context.Context, children []family.Member) error {
	at := slices.Clone(children) // the last that was found of each
	for range mostMerges {
		var keys []key
		for _, m := range at {
			if m.Elsewhere {
				keys = append(keys, c.elsewhereKey(m))
			}
		}
		if len(keys) == 0 {
			break
		}
		found, err := c.gather(ctx, keys)
		if err != nil {
			return err
		}
		for i, m := range at {
			if item, ok := found[c.elsewhereKey(m)]; ok && m.Elsewhere {
				if at[i], err = decode[family.Member](item); err != nil {
					return err
				}
				at[i].Home = m.Other
			}
		}
	}
	for i, m := range children {
		if m.Elsewhere && !at[i].Elsewhere {
			children[i] = at[i]
			children[i].ID, children[i].Other, children[i].Elsewhere = m.ID, at[i].Home, true
		}
	}
	return nil
}

// elsewhereKey is where the data of a child lies that its item points at.
func (c Collectivity) elsewhereKey(m family.Member) key {
	return c.family(m.Other).childKey(cmp.Or(m.As, m.ID))
}

// sharingTakes is for how long nobody books for a child from the file that it was just put into: whoever has read the first file
// before does not look there, and is done by then.
const sharingTakes = 2 * settleLease

// bookedFrom is the instant from which on a child may be booked from this file; zero: always.
func bookedFrom(child family.Member) time.Time {
	if child.Since == nil {
		return time.Time{}
	}
	return child.Since.Add(sharingTakes)
}

// notBefore is the instant from which on a request may be written.
func notBefore(lines []booking.Line) (from time.Time) {
	for _, l := range lines {
		if l.Code == "" && l.NotBefore.After(from) {
			from = l.NotBefore
		}
	}
	return from
}

// free requires that the other household of the line's child has nothing there. What it has, the failure tells.
func (f FamilyStore) free(l booking.Line) write {
	active, operands := among(booking.Active)
	return write{
		check: true, show: true, key: f.family(l.Other).dayKey(l.Place), condition: "attribute_not_exists(PK) OR NOT (" + active + " OR Held = :held)",
		names: stateName, values: with(operands, ":held", value(true)), code: booking.BookedElsewhere,
	}
}

// elsewhere is the code of what the other household has, where that was found by a condition.
func (w write) elsewhere(found attributes) string {
	i, err := decode[dayItem](found)
	if !w.check || !w.show || err != nil {
		return ""
	}
	theirs, _ := i.day().Theirs()
	return theirs.Elsewhere
}
