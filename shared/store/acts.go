package store

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// acted begins the keys of what a subscriber did.
const acted = "ACTED#"

func (f FamilyStore) actKey(account, at string) key {
	return key{f.pk(), acted + account + "#" + at}
}

// acted is the audited act of a subscriber, to lie with the family as well: the person is told of it without the town's audit being
// read through. It expires with the audit.
func (f FamilyStore) acted(account string, audited write) write {
	put := maps.Clone(audited.put)
	maps.Copy(put, f.actKey(account, keyOf(audited.put).SK).attributes())
	return write{put: put, condition: isNew}
}

// Acts lists what a subscriber did at the family, and at those that were merged into it, where nobody had to decide: newest first.
func (f FamilyStore) Acts(ctx context.Context, merged []string, account string) (all []Audit, err error) {
	for _, id := range append([]string{f.id}, merged...) {
		of := f.family(id)
		items, err := f.query(ctx, of.pk(), of.actKey(account, "").SK, of.actKey(account, end).SK)
		if err != nil {
			return nil, err
		}
		did, err := decodeAll[Audit](items)
		if err != nil {
			return nil, err
		}
		all = append(all, did...)
	}
	slices.SortStableFunc(all, func(a, b Audit) int { return strings.Compare(stamp(b.At), stamp(a.At)) })
	return all, nil
}
