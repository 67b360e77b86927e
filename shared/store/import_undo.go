package store

import (
	"context"
	"errors"
	"slices"

	"preau/shared/booking"
	"preau/shared/family"
)

// An import is undone as a whole, while nobody has touched anything that it made. What was made of a family is untouched as long as its
// file is at the version that the import left it at, and nobody whom the import added has a code, an account, an enrolment or
// something that waits.

// Touched says, in French, why what an import made can not be taken back; "": it can.
func (c Collectivity) Touched(ctx context.Context, m Imported) (string, error) {
	kind, id := m.Thing[:1], m.Thing[2:]
	switch {
	case m.nothing():
		return "", nil
	case kind == "S":
		return c.touchedSchool(ctx, m, id)
	case kind == "E":
		return c.family(id).touchedEnrolments(ctx, m)
	}
	return c.family(id).touched(ctx, m)
}

func (f FamilyStore) touched(ctx context.Context, m Imported) (string, error) {
	h, err := f.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return "Le dossier a été effacé ou fusionné depuis.", nil
	}
	if err != nil {
		return "", err
	}
	if h.Version != m.Version {
		return "Le dossier a été modifié depuis.", nil
	}
	codes, err := f.Codes(ctx, h)
	if err != nil {
		return "", err
	}
	if why := m.touchedIn(h, codes); why != "" || !m.Created {
		return why, nil
	}
	for _, kind := range []string{"DAY#", "REQUEST#"} {
		found, err := f.query(ctx, f.pk(), kind, kind+end)
		if err != nil || len(found) > 0 {
			return "Le dossier a des journées ou des demandes.", err
		}
	}
	return "", nil
}

// touchedIn says what has come to those whom the import added, or to the whole of a file that it made.
func (m Imported) touchedIn(h Household, codes []IssuedCode) string {
	added := func(id string) bool { return m.Created || slices.Contains(m.Added, id) }
	joined := func(child string) bool { _, shared := m.Shared[child]; return shared || added(child) }
	switch {
	case m.Created && (len(h.Adding) > 0 || h.office > 0 || h.Confirmed != "" || len(h.Contacts)+len(h.Documents) > 0):
		return "Le dossier a été complété depuis."
	case slices.ContainsFunc(codes, func(c IssuedCode) bool { return added(c.Guardian) }):
		return "Un code abonné a été émis."
	case slices.ContainsFunc(h.Guardians, func(g family.Member) bool { return added(g.ID) && g.Account != "" }):
		return "Un responsable s’est abonné."
	case slices.ContainsFunc(h.Enrolments, func(e booking.Enrolment) bool { return joined(e.Child) }):
		return "Un enfant a été inscrit à une activité."
	}
	for _, of := range h.Members() {
		if !added(of.ID) || of.Home != "" {
			continue
		}
		if of.Other != "" && !m.Created {
			return "Un enfant fait depuis partie du dossier d’un autre foyer."
		}
		for _, waits := range of.Pending {
			if len(waits) > 0 {
				return "Une demande de modification attend une décision."
			}
		}
	}
	return ""
}

// Undo takes back what an import made of a thing. ErrMoved: somebody has touched it meanwhile, and it stays.
func (c Collectivity) Undo(ctx context.Context, act Acted, m Imported) error {
	kind, id := m.Thing[:1], m.Thing[2:]
	switch {
	case m.nothing():
		return c.apply(ctx, c.unmade(act.Import, m))
	case kind == "S":
		return c.undoSchool(ctx, act, m, id)
	case kind == "E":
		return c.family(id).undoEnrolments(ctx, act, m)
	}
	f := c.family(id)
	m, there, err := f.Made(ctx, act.Import, m.Thing) // another family's undoing may have moved its version
	if err != nil || !there {
		return err
	}
	h, err := f.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return ErrMoved
	}
	if err != nil {
		return err
	}
	codes, err := f.Codes(ctx, h)
	if err != nil {
		return err
	}
	if h.Version != m.Version || m.touchedIn(h, codes) != "" {
		return ErrMoved
	}
	if m.Created {
		return f.undoFamily(ctx, act, h, m)
	}
	return f.undoEdit(ctx, act, h, m)
}

// unjoin are the writes by which a member is no more, unless something of them has come to be.
func (f FamilyStore) unjoin(m family.Member) []write {
	e := newExpression()
	if m.Target == family.Guardian {
		e.was(e.path("Account"), "")
	}
	e.was(e.path("Pending"), whole(m).Pending)
	e.was(e.path("Left"), nil)
	e.was(e.path("Other"), nil)
	gone := e.write(f.memberKey(m), ErrMoved)
	gone.update, gone.delete = "", true
	writes := []write{gone}
	if m.Target == family.Child {
		writes = append(writes, f.notPupil(m)...)
	}
	return writes
}

// undoFamily deletes a file that an import made.
func (f FamilyStore) undoFamily(ctx context.Context, act Acted, h Household, m Imported) error {
	head := newExpression()
	head.was(head.path("Version"), h.Version)
	head.was(head.path(mergedInto), nil)
	h.notEnrolled(head)
	gone := head.write(f.fileKey(), ErrMoved)
	gone.update, gone.delete = "", true
	writes := []write{
		gone, f.unmade(act.Import, m),
		f.audit(act.By, "undo-import", "family "+f.id, act.Now, "import "+act.ID, "removed"),
	}
	for _, of := range slices.Concat(h.Guardians, h.Children) {
		writes = append(writes, f.unjoin(of)...)
	}
	unlisted, err := f.unlisted(ctx)
	if err != nil {
		return err
	}
	return f.transactWhole(ctx, append(writes, unlisted...))
}

// notEnrolled lets nobody enrol meanwhile by what they had read.
func (h Household) notEnrolled(head *expression) {
	enrolled := head.path("Enrolled")
	if h.enrolled == 0 {
		head.require("(attribute_not_exists(" + enrolled + ") OR " + enrolled + " = " + head.operand(0) + ")")
		return
	}
	head.was(enrolled, h.enrolled)
}

// undoEdit takes an edit back: fields say again what they said, and who joined is gone.
func (f FamilyStore) undoEdit(ctx context.Context, act Acted, h Household, m Imported) error {
	back := family.Edit{}
	for _, s := range m.Edit.Set {
		s.Old, s.New = s.New, s.Old
		back.Set = append(back.Set, s)
	}
	before, after := f.edits(h, back.Set)
	next := h.next(after...)
	file := h.File
	for _, c := range after {
		file = replaced(file, c)
	}
	head := newExpression()
	if m.Edit.External != "" {
		head.was(head.path("External"), m.Edit.External)
		head.remove(head.path("External"))
		file.External = ""
	}
	var gone []write
	for _, id := range m.Added {
		added, ok := h.Member(id)
		if !ok {
			return ErrMoved
		}
		gone = append(gone, f.unjoin(added)...)
		file.Guardians = slices.DeleteFunc(slices.Clone(file.Guardians), func(g family.Member) bool { return g.ID == id })
		file.Children = slices.DeleteFunc(slices.Clone(file.Children), func(c family.Member) bool { return c.ID == id })
	}
	head.set(head.path("Children"), len(file.Children))
	if len(m.Added) > 0 {
		h.notEnrolled(head)
	}
	writes := append([]write{f.unmade(act.Import, m)}, gone...)
	writes = append(writes, f.setFields(h, back, next)...)
	writes = append(writes, f.unnumber(h, m)...)
	writes = append(writes, f.moveHeads(h, family.Member{}, next, head, after...)...)
	known, err := f.recordsOf(ctx, act, h, next, after)
	if err != nil {
		return err
	}
	writes = append(writes, known...)
	writes = append(writes, f.audit(act.By, "undo-import", "family "+f.id, act.Now, "import "+act.ID, "restored"))
	listed, err := f.relistEdited(ctx, h, file, before, after)
	if err != nil {
		return err
	}
	return f.transactWhole(ctx, append(writes, listed...))
}

// unnumber takes numbers away that an edit gave, of members of whom it set nothing else.
func (f FamilyStore) unnumber(h Household, m Imported) (writes []write) {
	for _, id := range sortedKeys(m.Edit.Numbers) {
		if slices.ContainsFunc(m.Edit.Set, func(s family.SetField) bool { return s.Member == id }) {
			continue // their number stays: one write for each item
		}
		of, _ := h.Member(id)
		e := newExpression()
		e.was(e.path("External"), m.Edit.Numbers[id])
		e.remove(e.path("External"))
		writes = append(writes, e.write(f.memberKey(of), ErrMoved))
	}
	return writes
}
