package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preau/shared/family"
	"preau/shared/refusal"
)

var errFamilyTooLarge = refusal.New(refusal.TooLarge, "family_too_large", "Cette famille compte trop de personnes pour être importée d’un coup.")

func (f FamilyStore) transactWhole(ctx context.Context, writes []write) error {
	if len(writes) > mostWrites {
		return errFamilyTooLarge
	}
	return f.transact(ctx, writes...)
}

// CreateImported writes a new family file whole. ErrMoved: there is one. What the import made already is made.
func (f FamilyStore) CreateImported(ctx context.Context, act Acted, file family.File, m Imported) error {
	head := fileItem{ID: file.ID, Label: file.Label, External: file.External, Version: 1, Children: len(file.Children), Adding: map[string]family.Target{}}
	m.Thing, m.Created, m.Version = FamilyThing(f.id), true, 1
	m.took(file.Members())
	writes := []write{
		f.imported(act.Import, m),
		{put: item(f.fileKey(), head), condition: isNew, or: ErrMoved},
		f.audit(act.By, "apply-import", "family "+f.id, act.Now, "import "+act.ID, "created"),
	}
	added, err := f.join(ctx, file.Members())
	if err != nil {
		return err
	}
	writes = append(append(writes, added...), f.relist(family.File{}, file)...)
	err = f.transactWhole(ctx, writes)
	if errors.Is(err, errMade) {
		return nil
	}
	return err
}

// join are the writes of members who are new to the file.
func (f FamilyStore) join(ctx context.Context, added []family.Member) (writes []write, err error) {
	for _, m := range added {
		put, err := f.memberItem(ctx, m)
		if err != nil {
			return nil, err
		}
		writes = append(writes, write{put: put, condition: isNew, or: ErrMoved})
		if m.Target == family.Child {
			writes = append(writes, f.pupil(m)...)
		}
	}
	return writes, nil
}

// EditImported makes an edit of a file so. ErrMoved: the file is another by now.
func (f FamilyStore) EditImported(ctx context.Context, act Acted, h Household, e family.Edit, m Imported) error {
	if err := f.openSections(ctx, h, e); err != nil {
		return err
	}
	m.Thing, m.Edit = FamilyThing(f.id), e
	m.took(e.Add)
	before, after := f.edits(h, e.Set)
	next := h.next(after...)
	for i := range e.Add {
		e.Add[i].Versions = map[string]int{}
		for section := range e.Add[i].Values {
			e.Add[i].Versions[section] = next
		}
	}
	m.Version = next
	added, err := f.join(ctx, e.Add)
	if err != nil {
		return err
	}
	file := h.File
	for _, c := range after {
		file = replaced(file, c)
	}
	children := len(h.Children)
	for _, a := range e.Add {
		file = joined(file, a)
		if a.Target == family.Child {
			children++
		}
	}
	head := newExpression()
	head.was(head.path(mergedInto), nil)
	head.set(head.path("Children"), children)
	if e.External != "" {
		head.was(head.path("External"), nil)
		head.set(head.path("External"), e.External)
		file.External = e.External
	}
	writes := append([]write{f.imported(act.Import, m)}, added...)
	writes = append(writes, f.setFields(h, e, next)...)
	writes = append(writes, f.moveHeads(h, family.Member{}, next, head, after...)...)
	known, err := f.recordsOf(ctx, act, h, next, after)
	if err != nil {
		return err
	}
	writes = append(writes, known...)
	writes = append(writes, f.audit(act.By, "apply-import", "family "+f.id, act.Now, "import "+act.ID, fmt.Sprintf("%d fields", len(e.Set)), fmt.Sprintf("%d members", len(e.Add))))
	listed, err := f.relistEdited(ctx, h, file, before, after)
	if err != nil {
		return err
	}
	err = f.transactWhole(ctx, append(writes, listed...))
	if errors.Is(err, errMade) {
		return nil
	}
	return err
}

// joined is a file with one more member.
func joined(file family.File, m family.Member) family.File {
	file.Guardians, file.Children = slices.Clone(file.Guardians), slices.Clone(file.Children)
	file.Add(m)
	return file
}

// openSections makes the maps of the sections that fields are set in.
func (f FamilyStore) openSections(ctx context.Context, h Household, e family.Edit) error {
	opened := map[string]bool{}
	for _, s := range e.Set {
		m, _ := h.Member(s.Member)
		if at := s.Member + "." + s.Section; !opened[at] {
			opened[at] = true
			if err := f.openSection(ctx, m, s.Section); err != nil {
				return err
			}
		}
	}
	return nil
}

// edits are the members whom fields are set of, as they were and as they become.
func (f FamilyStore) edits(h Household, set []family.SetField) (before, after []family.Member) {
	at := map[string]int{}
	for _, s := range set {
		i, known := at[s.Member]
		if !known {
			m, _ := h.Member(s.Member)
			i = len(after)
			at[s.Member], before, after = i, append(before, m), append(after, m)
		}
		after[i] = edited(after[i], s.Section, []family.FieldChange{{Field: s.Field, New: s.New}})
	}
	return before, after
}

// setFields are the writes of single fields, each only where it says what was read and nothing waits on it, and of numbers.
func (f FamilyStore) setFields(h Household, e family.Edit, next int) (writes []write) {
	of := map[string]*expression{}
	var order []string
	member := func(id string) *expression {
		if of[id] == nil {
			x := newExpression()
			x.was(x.path("Left"), nil)
			of[id], order = x, append(order, id)
		}
		return of[id]
	}
	touched := map[string]bool{}
	for _, s := range e.Set {
		x := member(s.Member)
		path := x.path("Values", s.Section, s.Field)
		x.was(path, s.Old)
		x.was(x.path("Pending", s.Section, s.Field), nil)
		if s.New == nil {
			x.remove(path)
		} else {
			x.set(path, s.New)
		}
		if at := s.Member + "." + s.Section; !touched[at] {
			touched[at] = true
			x.set(x.path("Versions", s.Section), next)
		}
	}
	for _, id := range sortedKeys(e.Numbers) {
		x := member(id)
		x.was(x.path("External"), nil)
		x.set(x.path("External"), e.Numbers[id])
	}
	for _, id := range order {
		m, _ := h.Member(id)
		writes = append(writes, of[id].write(f.memberKey(m), ErrMoved))
	}
	return writes
}

// relistEdited are the writes that keep the directory and the lists of classes true to a file that was edited.
func (f FamilyStore) relistEdited(ctx context.Context, h Household, file family.File, before, after []family.Member) ([]write, error) {
	writes := f.relist(h.File, file)
	for i, m := range after {
		if m.Target == family.Child {
			writes = append(writes, f.moved(before[i], m)...)
		}
	}
	for _, other := range h.Others { // which is found by the names of a child of both as well
		named, err := f.named(ctx, other)
		if err != nil {
			return nil, err
		}
		then, shares := named, false
		for i, m := range after {
			if m.Other == other.ID {
				named, then, shares = replaced(named, before[i]), replaced(then, m), true
			}
		}
		if shares {
			writes = append(writes, f.relist(named, then)...)
		}
	}
	return writes, nil
}
