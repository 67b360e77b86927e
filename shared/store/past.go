package store

import (
	"context"
	"slices"

	"preau/shared/family"
)

// Past is a family that was merged into another, where its history lies, and who its members are there.
type Past struct {
	FamilyStore
	as       map[string]string // of members whom both files had: how they are called in the other
	children []string          // whose items point at those of the other file
}

// Pasts are the families that were merged into a household's, in their order.
func (f FamilyStore) Pasts(ctx context.Context, h Household) (all []Past, err error) {
	for _, id := range h.Merged {
		p := Past{FamilyStore: f.family(id), as: map[string]string{}}
		if err := p.read(ctx); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func (p *Past) read(ctx context.Context) error {
	items, err := p.query(ctx, p.pk(), "FILE", p.childKey(end).SK)
	if err != nil {
		return err
	}
	for _, a := range items {
		if keyOf(a) == p.fileKey() {
			head, err := decode[mergedItem](a)
			if err != nil {
				return err
			}
			for was, is := range head.As {
				p.as[was] = is
			}
			continue
		}
		m, err := decode[family.Member](a)
		if err != nil {
			return err
		}
		p.children = append(p.children, m.ID)
		if m.As != "" {
			p.as[m.ID] = m.As
		}
	}
	return nil
}

// Now is how a member of one of some families that were merged, one into another, is called by now.
func Now(pasts []Past, member string) string {
	for range pasts {
		i := slices.IndexFunc(pasts, func(p Past) bool { return p.as[member] != "" })
		if i < 0 {
			break
		}
		member = pasts[i].as[member]
	}
	return member
}
