package store

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/family"
)

// Pupil is a child of a class: found by the school and the class as its file names them, by id or by name.
type Pupil struct{ Family, Child, School, Class string }

// Place is where a pupil stands in the list of a class.
func (p Pupil) Place() string { return p.Family + "." + p.Child }

func (c Collectivity) pupilsPK() string { return c.pk() + "#PUPILS" }

// pupilPrefix begins the keys of a class's pupils. Names are told apart as the town's settings do it, whatever their case,
// and written so that none holds a separator.
func pupilPrefix(school, class string) string { return folded(school) + "#" + folded(class) + "#" }

func folded(name string) string { return url.PathEscape(strings.ToLower(strings.TrimSpace(name))) }

// pupil is the write that has a child found by its class; none for a child without a school.
func (f FamilyStore) pupil(child family.Member) []write {
	p := Pupil{f.id, child.ID, child.Text("school", "school"), child.Text("school", "class")}
	if p.School == "" {
		return nil
	}
	k := key{f.pupilsPK(), pupilPrefix(p.School, p.Class) + p.Family + "#" + p.Child}
	return []write{{put: item(k, p)}}
}

// notPupil are the writes that have a child found in its class no more.
func (f FamilyStore) notPupil(child family.Member) (writes []write) {
	for _, w := range f.pupil(child) {
		writes = append(writes, write{key: keyOf(w.put), delete: true})
	}
	return writes
}

// moved are the writes that have a child found by its new class instead of its old one.
func (f FamilyStore) moved(before, after family.Member) []write {
	was, is := f.pupil(before), f.pupil(after)
	if len(was) > 0 && len(is) > 0 && keyOf(was[0].put) == keyOf(is[0].put) {
		return is
	}
	return append(f.notPupil(before), is...)
}

// EnrolmentsOf lists the enrolments of a pupil.
func (c Collectivity) EnrolmentsOf(ctx context.Context, p Pupil) ([]Enrolled, error) {
	all, err := c.family(p.Family).Enrolments(ctx)
	return slices.DeleteFunc(all, func(e Enrolled) bool { return e.Child != p.Child }), err
}

// Pupils lists the children of a class.
func (c Collectivity) Pupils(ctx context.Context, school collectivity.School, class collectivity.Class) ([]Pupil, error) {
	prefixes := map[string]bool{}
	for _, s := range school.Names() {
		for _, k := range class.Names() {
			prefixes[pupilPrefix(s, k)] = true
		}
	}
	var all []Pupil
	for prefix := range prefixes {
		some, err := c.pupilsUnder(ctx, prefix)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Pupil) int { return strings.Compare(a.Place(), b.Place()) })
	return all, nil
}

func (c Collectivity) pupilsUnder(ctx context.Context, prefix string) ([]Pupil, error) {
	items, err := c.query(ctx, c.pupilsPK(), prefix, prefix+end)
	if err != nil {
		return nil, err
	}
	return decodeAll[Pupil](items)
}
