package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/family"
)

// FamilyStore reaches one family's items of one tenant.
type FamilyStore struct {
	Collectivity
	id string
}

// ID is the family's.
func (f FamilyStore) ID() string { return f.id }

func (f FamilyStore) pk() string                 { return "C#" + f.slug + "#F#" + f.id }
func (f FamilyStore) fileKey() key               { return key{f.pk(), "FILE"} }
func (f FamilyStore) guardianKey(id string) key  { return key{f.pk(), "FILE#GUARDIAN#" + id} }
func (f FamilyStore) childKey(id string) key     { return key{f.pk(), "FILE#CHILD#" + id} }
func (f FamilyStore) enrolmentKey(id string) key { return key{f.pk(), "FILE#ENROLMENT#" + id} }

func (f FamilyStore) memberKey(m family.Member) key {
	if m.Target == family.Child {
		return f.childKey(m.ID)
	}
	return f.guardianKey(m.ID)
}

// fileItem is the head of a family file.
type fileItem struct {
	ID, Label string
	Version   int
	Children  int
	Enrolled  int // writes of its enrolments
}

// Household is all that one Query of a family answers.
type Household struct {
	family.File
	Enrolments []booking.Enrolment
	enrolled   int // writes of enrolments so far
}

// Household reads the family file with its enrolments.
func (f FamilyStore) Household(ctx context.Context) (Household, error) {
	items, err := f.query(ctx, f.pk(), "FILE", "FILE#"+end)
	if err != nil {
		return Household{}, err
	}
	var h Household
	for _, a := range items {
		if err := h.add(a); err != nil {
			return h, err
		}
	}
	slices.SortFunc(h.Children, eldestFirst)
	if h.ID == "" {
		return h, family.ErrUnknown
	}
	return h, nil
}

// eldestFirst is the order in which families name their children; twins keep the order of their ids.
func eldestFirst(a, b family.Member) int {
	return cmp.Or(strings.Compare(a.Text("identity", "birthDate"), b.Text("identity", "birthDate")), strings.Compare(a.ID, b.ID))
}

// add sorts an item of the family's Query by its key.
func (h *Household) add(a attributes) error {
	switch sk := keyOf(a).SK; {
	case sk == "FILE":
		head, err := decode[fileItem](a)
		h.ID, h.Label, h.Version, h.enrolled = head.ID, head.Label, head.Version, head.Enrolled
		return err
	case strings.HasPrefix(sk, "FILE#GUARDIAN#"):
		m, err := decode[family.Member](a)
		h.Guardians = append(h.Guardians, m)
		return err
	case strings.HasPrefix(sk, "FILE#CHILD#"):
		m, err := decode[family.Member](a)
		h.Children = append(h.Children, m)
		return err
	case strings.HasPrefix(sk, "FILE#ENROLMENT#"):
		e, err := decode[booking.Enrolment](a)
		h.Enrolments = append(h.Enrolments, e)
		return err
	}
	return nil
}

// CreateFamily writes a new family file whole: imports and agents call it.
func (c Collectivity) CreateFamily(ctx context.Context, file family.File) (FamilyStore, error) {
	f := c.family(file.ID)
	writes := []write{{put: item(f.fileKey(), fileItem{ID: file.ID, Label: file.Label, Version: 1, Children: len(file.Children)}), condition: isNew}}
	for _, m := range slices.Concat(file.Guardians, file.Children) {
		writes = append(writes, write{put: item(f.memberKey(m), whole(m)), condition: isNew})
	}
	for _, child := range file.Children {
		writes = append(writes, f.pupil(child)...)
	}
	return f, f.transact(ctx, writes...)
}

// whole gives a member the maps that single fields are written into (openSection makes those of its sections).
func whole(m family.Member) family.Member {
	if m.Values == nil {
		m.Values = map[string]map[string]any{}
	}
	if m.Pending == nil {
		m.Pending = map[string]map[string]string{}
	}
	if m.Versions == nil {
		m.Versions = map[string]int{}
	}
	return m
}

// File reads the family file and the settings under which it is shown, at the same time.
func (f FamilyStore) File(ctx context.Context) (household Household, configuration Configuration, err error) {
	err = together(
		func() (err error) { household, err = f.Household(ctx); return err },
		func() (err error) { configuration, err = f.Configuration(ctx); return err },
	)
	return household, configuration, err
}

// FileWithPending reads the family file, the changes that wait on it and the settings, in two trips.
func (f FamilyStore) FileWithPending(ctx context.Context) (household Household, pending []family.Change, configuration Configuration, err error) {
	err = together(
		func() (err error) {
			if household, err = f.Household(ctx); err == nil {
				pending, err = f.pendingChanges(ctx, household.File)
			}
			return err
		},
		func() (err error) { configuration, err = f.Configuration(ctx); return err },
	)
	return household, pending, configuration, err
}
