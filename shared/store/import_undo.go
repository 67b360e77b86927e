package store

import (
	"context"
	"errors"
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
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

// nothing says whether the record only tells why nothing was made.
func (m Imported) nothing() bool {
	return !m.Created && m.Edit.Empty() && len(m.Added)+len(m.Shared)+len(m.Enrolled) == 0 && m.Before == nil
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
	switch {
	case m.Created && (len(h.Adding) > 0 || h.office > 0 || h.Confirmed != "" || len(h.Contacts)+len(h.Documents) > 0):
		return "Le dossier a été complété depuis."
	case slices.ContainsFunc(codes, func(c IssuedCode) bool { return added(c.Guardian) }):
		return "Un code abonné a été émis."
	case slices.ContainsFunc(h.Guardians, func(g family.Member) bool { return added(g.ID) && g.Account != "" }):
		return "Un responsable s’est abonné."
	case slices.ContainsFunc(h.Enrolments, func(e booking.Enrolment) bool { return added(e.Child) }):
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

// UndoShares takes children out of a file who were put into it by the import. ErrMoved: somebody is at one of the files.
func (f FamilyStore) UndoShares(ctx context.Context, act Acted, m Imported) error {
	for _, child := range sortedKeys(m.Shared) {
		h, home, err := f.both(ctx, m.Shared[child])
		if err != nil {
			return err
		}
		c, _, err := family.Unshare(h.File, child, func(string) bool { return false })
		if err != nil {
			return ErrMoved
		}
		version := max(h.Version, home.Version) + 1
		records, err := f.shared(ctx, act, m, home.ID, version, func(m *Imported) { delete(m.Shared, child) })
		if err != nil {
			return err
		}
		configuration, err := f.Configuration(ctx)
		if err != nil {
			return err
		}
		today := calendar.DateOf(act.Now, configuration.Zone())
		writes := f.unshareWrites(h, home, c, nil, version, today, act.By, act.Now)
		if err := f.transactWhole(ctx, append(writes, records...)); err != nil {
			return err
		}
	}
	return nil
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

// unmade is the write that forgets what was made.
func (c Collectivity) unmade(i Import, m Imported) write {
	return write{key: c.importedKey(i.ID, m.Thing), delete: true, condition: exists, or: ErrMoved}
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

// SetSchoolImported writes a school as an import has it. ErrMoved: the configuration is another by now.
func (c Collectivity) SetSchoolImported(ctx context.Context, act Acted, seen Configuration, s collectivity.School, m Imported) error {
	action, condition := written("school", s.Version)
	if before, known := seen.School(s.ID); known {
		m.Before = &before
	} else {
		m.Created = true
	}
	s.Version++
	m.Thing, m.Version = "S#"+s.ID, s.Version
	err := c.transact(
		ctx,
		c.imported(act.Import, m),
		write{put: item(c.schoolKey(s.ID), s), condition: condition, or: ErrMoved},
		c.moveVersionFrom(seen),
		c.audit(act.By, action, "school "+s.ID, act.Now, "import "+act.ID),
	)
	if errors.Is(err, errMade) {
		return nil
	}
	return err
}

func (c Collectivity) touchedSchool(ctx context.Context, m Imported, id string) (string, error) {
	set, err := c.Configuration(ctx)
	if err != nil {
		return "", err
	}
	s, known := set.School(id)
	if !known || s.Version != m.Version {
		return "L’école a été modifiée depuis.", nil
	}
	if m.Created && slices.ContainsFunc(set.Activities, func(a collectivity.Activity) bool { return slices.Contains(a.Schools, id) }) {
		return "Une activité est réservée à cette école.", nil
	}
	for _, class := range s.Classes {
		if m.Before != nil && slices.ContainsFunc(m.Before.Classes, func(b collectivity.Class) bool { return b.ID == class.ID }) {
			continue
		}
		pupils, err := c.Pupils(ctx, s, class)
		if err != nil || len(pupils) > 0 {
			return "La classe « " + class.Name + " » a des enfants.", err
		}
	}
	if !m.Created {
		return "", nil
	}
	pupils, err := c.pupilsOf(ctx, s, nil)
	if len(pupils) > 0 {
		return "L’école a des enfants.", err
	}
	return "", err
}

func (c Collectivity) undoSchool(ctx context.Context, act Acted, m Imported, id string) error {
	if why, err := c.touchedSchool(ctx, m, id); err != nil || why != "" {
		return errors.Join(err, ErrMoved)
	}
	seen, err := c.Configuration(ctx)
	if err != nil {
		return err
	}
	school := write{key: c.schoolKey(id), delete: true, condition: "Version = :seen", values: values(":seen", m.Version), or: ErrMoved}
	if m.Before != nil {
		before := *m.Before
		before.Version = m.Version + 1
		school.put, school.delete = item(c.schoolKey(id), before), false
	}
	return c.transact(ctx, school, c.unmade(act.Import, m), c.moveVersionFrom(seen), c.audit(act.By, "undo-import", "school "+id, act.Now, "import "+act.ID))
}

// touchedEnrolments says what has come of enrolments that an import made.
func (f FamilyStore) touchedEnrolments(ctx context.Context, m Imported) (string, error) {
	h, err := f.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return "Le dossier a été effacé ou fusionné depuis.", nil
	}
	if err != nil {
		return "", err
	}
	for _, e := range m.Enrolled {
		if !slices.ContainsFunc(h.Enrolments, func(o booking.Enrolment) bool { return asMade(o, e) }) {
			return "Une inscription a été modifiée depuis.", nil
		}
		days, err := f.Days(ctx, e.Period)
		if err != nil {
			return "", err
		}
		for at := range days {
			if at.Child == e.Child && at.Activity == e.Activity {
				return "Des journées ont été réservées ou demandées.", nil
			}
		}
	}
	return "", nil
}

func asMade(a, b booking.Enrolment) bool {
	return a.ID == b.ID && a.Period == b.Period && a.Standing == b.Standing && a.Option == b.Option && slices.Equal(a.Weekdays, b.Weekdays)
}

func (f FamilyStore) undoEnrolments(ctx context.Context, act Acted, m Imported) error {
	h, err := f.Household(ctx)
	if err != nil {
		return err
	}
	if why, err := f.touchedEnrolments(ctx, m); err != nil || why != "" {
		return errors.Join(err, ErrMoved)
	}
	writes := []write{f.enrolmentsFrom(h), f.unmade(act.Import, m), f.audit(act.By, "undo-import", "family "+f.id, act.Now, "import "+act.ID, "enrolments")}
	for _, e := range m.Enrolled {
		writes = append(
			writes,
			write{key: f.enrolmentKey(e.ID), delete: true, condition: exists, or: ErrMoved},
			write{key: f.enrolledKey(Enrolled{f.id, e}), delete: true},
		)
	}
	return f.transactWhole(ctx, writes)
}
