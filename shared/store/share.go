package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"preau/shared/family"
)

// ShareChild puts a child of the family from into another's file too, where guardians are to it what relations say; both have to be
// of the agent's scope. What there is of the child stays where it lies: the other file points there. It answers the version that
// both files have then. ErrMoved: one of them moved meanwhile.
func (r AgentRight) ShareChild(ctx context.Context, familyID, from, child string, relations map[string]string, now time.Time) (version int, err error) {
	var into, home Household
	var c Configuration
	f := r.Family(familyID)
	err = together(
		func() (err error) { c, err = r.Store.Configuration(ctx); return err },
		func() (err error) { into, err = f.Household(ctx); return err },
		func() (err error) {
			if home, err = f.family(from).Household(ctx); errors.Is(err, family.ErrUnknown) {
				return nil
			}
			return err
		},
	)
	if err == nil && !r.Reaches(into, c, now) {
		err = family.ErrUnknown
	}
	if err != nil {
		return 0, err
	}
	if !r.Reaches(home, c, now) {
		home = Household{}
	}
	m, err := family.Share(into.File, home.File, child, relations)
	if err != nil {
		return 0, err
	}
	for guardian := range relations {
		g, _ := into.Member(guardian)
		if err := f.openSection(ctx, g, "relations"); err != nil {
			return 0, err
		}
	}
	version = max(into.Version, home.Version) + 1
	return version, f.transact(ctx, f.shareWrites(into, home, m, relations, version, r.Account.ID, now)...)
}

func (f FamilyStore) shareWrites(into, home Household, m family.Member, relations map[string]string, version int, by string, now time.Time) []write {
	there := f.family(home.ID)
	link := family.Member{ID: m.ID, Target: family.Child, Other: home.ID, Elsewhere: true, Since: &now}
	child := newExpression()
	child.was(child.path("Other"), nil)
	child.was(child.path("Left"), nil)
	child.set(child.path("Other"), f.id)
	did := Audit{At: now, By: by, Action: "share-child", About: "child " + m.ID, What: "from family " + home.ID, Family: f.id, Member: m.ID}
	writes := []write{
		{put: item(f.childKey(m.ID), memberItem{Member: whole(link)}), condition: isNew, or: ErrMoved},
		child.write(there.childKey(m.ID), ErrMoved),
		f.headAt(version, into.Version, len(into.Children)+1),
		there.headAt(version, home.Version, len(home.Children)),
		f.audited(did),
	}
	for _, guardian := range slices.Sorted(maps.Keys(relations)) {
		e := newExpression()
		e.was(e.path("Left"), nil)
		e.set(e.path("Values", "relations", m.ID), relations[guardian])
		e.set(e.path("Versions", "relations"), version)
		writes = append(writes, e.write(f.guardianKey(guardian), ErrMoved))
	}
	after := into.File
	after.Children = append(slices.Clone(into.Children), m)
	return append(writes, f.relist(into.File, after)...)
}

// headAt moves the head of a file to a version that is new to both files of a child, so that the versions of what they share can be
// compared in both.
func (f FamilyStore) headAt(next, seen, children int) write {
	head := newExpression()
	head.was(head.path("Version"), seen)
	head.was(head.path("MergedInto"), nil)
	head.set(head.path("Version"), next)
	head.set(head.path("Children"), children)
	return head.write(f.fileKey(), ErrMoved)
}
