package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/importing"
	"preau/shared/refusal"
)

// Imported is what an import made of a family, of a school or of a family's enrolments: written in the transaction that made it, so
// that a run that was cut short does nothing twice, and all of it can be undone.
type Imported struct {
	Import   string
	Thing    string // F#<family>, S#<school>, E#<family>
	Label    string
	Lines    []int // of the file
	Outcome  importing.Outcome
	Refused  string               `dynamodbav:",omitempty"` // French: why nothing was made, or not all of it
	Created  bool                 `dynamodbav:",omitempty"` // a family, or a school, that was not there
	Edit     family.Edit          // of a family that was there, less who joined it
	Added    []string             `dynamodbav:",omitempty"` // ids of who joined the family
	Adults   int                  `dynamodbav:",omitempty"` // of those
	Shared   map[string]string    `dynamodbav:",omitempty"` // children of other families that were put into this one too, by child: that family
	Version  int                  `dynamodbav:",omitempty"` // of the file, or the school, since
	Before   *collectivity.School `dynamodbav:",omitempty"` // the school as it was
	Enrolled []booking.Enrolment  `dynamodbav:",omitempty"`
}

type importedItem struct {
	Imported
	Expires int64 `dynamodbav:"expires"`
}

const importDone = "DONE#"

func (c Collectivity) importedKey(i, thing string) key { return key{c.importPK(i), importDone + thing} }

// Made reads what an import made of a thing; ok is false where it made nothing yet.
func (c Collectivity) Made(ctx context.Context, i Import, thing string) (Imported, bool, error) {
	return get[Imported](ctx, c.Store, c.importedKey(i.ID, thing))
}

// AllMade lists what an import made, behind one of them, at most so many.
func (c Collectivity) AllMade(ctx context.Context, i Import, after string, most int32) ([]Imported, error) {
	in := c.between(c.importPK(i.ID), importDone+after+" ", importDone+end)
	in.Limit = &most
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("list what import %s made: %w", i.ID, err)
	}
	return decodeAll[Imported](out.Items)
}

// RecordImported keeps that of a thing nothing was made, or what.
func (c Collectivity) RecordImported(ctx context.Context, i Import, m Imported) error {
	m.Import = i.ID
	return c.apply(ctx, write{put: item(c.importedKey(i.ID, m.Thing), importedItem{m, i.expires()})})
}

// imported is the write that keeps what an import makes. errMade: it made it already.
func (c Collectivity) imported(i Import, m Imported) write {
	m.Import = i.ID
	return write{put: item(c.importedKey(i.ID, m.Thing), importedItem{m, i.expires()}), condition: isNew, or: errMade}
}

var errMade = errors.New("the import made it already")

// Acted is an import that is made so, or undone, on behalf of an agent.
type Acted struct {
	Import
	By  string // the agent's account
	Now time.Time
}

var errFamilyTooLarge = refusal.New(refusal.TooLarge, "family_too_large", "Cette famille compte trop de personnes pour être importée d’un coup.")

func (f FamilyStore) transactWhole(ctx context.Context, writes []write) error {
	if len(writes) > mostWrites {
		return errFamilyTooLarge
	}
	return f.transact(ctx, writes...)
}

// FamilyThing is how an import calls a family among what it made.
func FamilyThing(id string) string { return "F#" + id }

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

func (m *Imported) took(added []family.Member) {
	for _, a := range added {
		m.Added = append(m.Added, a.ID)
		if a.Target == family.Guardian {
			m.Adults++
		}
	}
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

// ShareImported puts a child of another family into the file too. What is done already is done.
func (f FamilyStore) ShareImported(ctx context.Context, act Acted, from, child string, relations map[string]string, m Imported) error {
	into, home, err := f.both(ctx, from)
	if err != nil {
		return err
	}
	c, err := family.Share(into.File, home.File, child, relations)
	if errors.Is(err, family.ErrShared) {
		return nil
	}
	if err != nil {
		return err
	}
	for guardian := range relations {
		g, _ := into.Member(guardian)
		if err := f.openSection(ctx, g, "relations"); err != nil {
			return err
		}
	}
	version := max(into.Version, home.Version) + 1
	m.Thing = FamilyThing(f.id)
	records, err := f.shared(ctx, act, m, home.ID, version, func(m *Imported) {
		if m.Shared == nil {
			m.Shared = map[string]string{}
		}
		m.Shared[child] = home.ID
	})
	if err != nil {
		return err
	}
	return f.transactWhole(ctx, append(f.shareWrites(into, home, c, relations, version, act.By, act.Now), records...))
}

// both reads the household, and that of another file.
func (f FamilyStore) both(ctx context.Context, other string) (into, home Household, err error) {
	err = together(
		func() (err error) { into, err = f.Household(ctx); return err },
		func() (err error) {
			if home, err = f.family(other).Household(ctx); errors.Is(err, family.ErrUnknown) {
				return nil
			}
			return err
		},
	)
	return into, home, err
}

// shared are the writes by which the records of two files know the version that both have, and what else change makes of the first's.
func (f FamilyStore) shared(ctx context.Context, act Acted, m Imported, home string, version int, change func(*Imported)) (writes []write, err error) {
	if made, ok, err := f.Made(ctx, act.Import, m.Thing); err != nil {
		return nil, err
	} else if ok {
		m = made
	}
	m.Import, m.Version = act.ID, version
	change(&m)
	writes = append(writes, write{put: item(f.importedKey(act.ID, m.Thing), importedItem{m, act.expires()})})
	theirs, ok, err := f.Made(ctx, act.Import, FamilyThing(home))
	if theirs.Version = version; ok {
		writes = append(writes, write{put: item(f.importedKey(act.ID, theirs.Thing), importedItem{theirs, act.expires()})})
	}
	return writes, err
}

// recordsOf are the writes by which what the import made of the other files that show members knows the version that these files have with
// this one's: no hand but the import's moved them. A record that is made meanwhile has moved its file, and with it this write.
func (f FamilyStore) recordsOf(ctx context.Context, act Acted, h Household, version int, members []family.Member) (writes []write, err error) {
	for _, other := range h.showing(members...) {
		theirs, ok, err := f.Made(ctx, act.Import, FamilyThing(other.ID))
		if err != nil {
			return nil, err
		}
		if !ok || theirs.Version != other.Version { // somebody else was there since: it stays touched
			continue
		}
		seen := theirs.Version
		theirs.Version = version
		writes = append(writes, write{
			put: item(f.importedKey(act.ID, theirs.Thing), importedItem{theirs, act.expires()}), condition: "Version = :seen", values: values(":seen", seen), or: ErrMoved,
		})
	}
	return writes, nil
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
