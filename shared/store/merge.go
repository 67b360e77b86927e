package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
)

// A family that was merged into another stays as the place of its past days and requests, under a head that says where it went.
// Its children's items point at those of the other file, so that what is past still names them.

// mergedItem is such a head.
type mergedItem struct {
	ID, Label  string
	MergedInto string
	As         map[string]string `dynamodbav:",omitempty"` // its guardians whom the other file had already, as they are called there
}

const mergedInto = "MergedInto"

// movedItem lies with an account whose subscription's family was merged into another: links to its calendar name the old one.
type movedItem struct{ Into string }

func movedKey(account, family string) key { return key{"ACCOUNT#" + account, "MOVED#" + family} }

// Merge is a merge of two files as they were read.
type Merge struct {
	family.Merge
	From, Into Household
	Enrolments []MergedEnrolment
	Today      calendar.Date

	orders []family.Order
	notes  []family.Note
	subs   map[key]attributes // subscriptions to From
}

// MergedEnrolment is what becomes of one: what is left of it from today on goes over; one that is past stays.
type MergedEnrolment struct {
	booking.Enrolment
	Into booking.Enrolment // zero: it stays
}

// PlanMerge reads two families of the agent's scope, which are not their own, and says what would become of the first if it were
// merged into the second, and what forbids it.
func (r AgentRight) PlanMerge(ctx context.Context, from, into string, now time.Time) (m Merge, err error) {
	if from == into {
		return m, family.ErrMergeSelf
	}
	for _, id := range []string{from, into} {
		if err := r.NotOwn(ctx, id); err != nil {
			return m, err
		}
	}
	var c Configuration
	if m.Into, c, err = r.Household(ctx, into, now); err != nil {
		return m, err
	}
	// Read afterwards: one that went into the other meanwhile is no more.
	err = together(
		func() (err error) { m.From, _, err = r.Household(ctx, from, now); return err },
		func() (err error) { m.orders, m.notes, err = r.Family(from).Office(ctx); return err },
	)
	if err != nil {
		return m, err
	}
	if err := r.Family(from).openGone(ctx, &m.From); err != nil {
		return m, err
	}
	m.Today = calendar.DateOf(now, c.Zone())
	m.Merge = family.PlanMerge(m.From.File, m.From.Gone, m.Into.File, func(name string) string { return strings.Join(Words(name), " ") })
	m.enrol(r.Family(into))
	return m, r.checkMerge(ctx, &m)
}

// openGone opens what is sealed of those who left.
func (f FamilyStore) openGone(ctx context.Context, h *Household) error {
	gone := Household{File: h.Gone}
	err := f.Open(ctx, &gone)
	h.Gone = gone.File
	return err
}

// enrol says what becomes of the enrolments.
func (m *Merge) enrol(into FamilyStore) {
	for _, e := range m.From.Enrolments {
		out := MergedEnrolment{Enrolment: e}
		if e.Period.To >= m.Today {
			out.Into = e
			out.Into.ID = into.EnrolmentID(e.ID[strings.Index(e.ID, "-")+1:])
			out.Into.Child = m.As(e.Child)
			out.Into.Period.From = max(e.Period.From, m.Today)
		}
		m.Enrolments = append(m.Enrolments, out)
	}
}

// checkMerge finds what forbids a merge beyond the files themselves, and reads the subscriptions that it moves.
func (r AgentRight) checkMerge(ctx context.Context, m *Merge) error {
	forbid := func(no *refusal.Refusal) { m.Forbids = append(m.Forbids, no) }
	for _, e := range m.Enrolments {
		if e.Into.ID != "" && e.Standing && !slices.Contains(m.Forbids, family.ErrMergeStanding) {
			forbid(family.ErrMergeStanding)
		}
	}
	if slices.ContainsFunc(m.Enrolments, func(e MergedEnrolment) bool { return slices.ContainsFunc(m.Into.Enrolments, e.Into.Shares) }) {
		forbid(family.ErrMergeEnrolments)
	}
	from := r.Family(m.From.ID)
	var days map[booking.Place]booking.Day
	var open bool
	err := together(
		func() (err error) {
			days, err = from.Days(ctx, calendar.Period{From: m.Today, To: "9999-12-31"})
			return err
		},
		func() (err error) { open, err = from.asksStill(ctx); return err },
		func() (err error) { m.subs, err = r.Store.batch(ctx, m.subscriptions()...); return err },
	)
	for _, d := range days {
		if slices.Contains(booking.Active, d.State) || d.Held || d.Due {
			forbid(family.ErrMergeDays)
			break
		}
	}
	if open {
		forbid(family.ErrMergeRequests)
	}
	return err
}

// subscriptions are the keys of those that a merge moves.
func (m *Merge) subscriptions() (keys []key) {
	for _, g := range m.From.Guardians {
		if g.Account != "" {
			keys = append(keys, subscriptionKey(g.Account, m.From.ID))
		}
	}
	return keys
}

// asksStill says whether a request of the family is being written, or waits for an agent.
func (f FamilyStore) asksStill(ctx context.Context) (bool, error) {
	in := f.between(f.pk(), f.requestKey("").SK, f.requestKey(end).SK)
	in.FilterExpression, in.ProjectionExpression = new("attribute_exists(#w)"), new("PK, SK")
	in.ExpressionAttributeNames = map[string]string{"#w": "work"}
	items, err := f.pages(ctx, in)
	return len(items) > 0, err
}

// MergeFamilies makes one file of two in one write. ErrMoved: one of them is another by now, plan anew. ErrMergeTooLarge: it does
// not fit.
func (r AgentRight) MergeFamilies(ctx context.Context, m Merge, now time.Time) error {
	if len(m.Forbids) > 0 {
		return m.Forbids[0]
	}
	writes, err := r.MergeWrites(ctx, m, now)
	if err != nil {
		return err
	}
	if err := r.openTaken(ctx, m); err != nil {
		return err
	}
	return r.Store.transact(ctx, writes...)
}

// Fits says whether a merge is one write.
func (r AgentRight) Fits(ctx context.Context, m Merge, now time.Time) (bool, error) {
	_, err := r.MergeWrites(ctx, m, now)
	if refusal.Code(err) == family.ErrMergeTooLarge.Code {
		return false, nil
	}
	return err == nil, err
}

// openTaken makes the maps of the sections that members of the other file take something of.
func (r AgentRight) openTaken(ctx context.Context, m Merge) error {
	for _, member := range m.Members {
		for _, said := range member.Takes {
			is, _ := m.Into.Member(member.Into.ID)
			if err := r.Family(m.Into.ID).openSection(ctx, is, said.Section); err != nil {
				return err
			}
		}
	}
	return nil
}

// merging makes the writes of a merge.
type merging struct {
	Merge
	from, into FamilyStore
	version    int
	after      family.File // into, as it becomes
	writes     []write
}

// Version is that of the file that stays, once the other is in it: one that is new to both, and to every file that shows a child
// of it.
func (m Merge) Version() int {
	var all []family.Member
	for _, member := range m.Members {
		all = append(all, member.Into)
	}
	return max(m.Into.next(all...), m.From.Version+1)
}

// MergeWrites are all writes of a merge.
func (r AgentRight) MergeWrites(ctx context.Context, m Merge, now time.Time) ([]write, error) {
	w := merging{Merge: m, from: r.Family(m.From.ID), into: r.Family(m.Into.ID), after: m.Into.File}
	w.heads(now)
	for _, member := range m.Members {
		if err := w.member(ctx, member); err != nil {
			return nil, err
		}
	}
	for _, gone := range m.Gone {
		if err := w.gone(ctx, gone); err != nil {
			return nil, err
		}
	}
	w.enrolments()
	w.office()
	unlisted, err := w.from.unlisted(ctx)
	if err != nil {
		return nil, err
	}
	w.add(unlisted...)
	w.add(w.into.relist(m.Into.File, w.after)...)
	for _, f := range []FamilyStore{w.from, w.into} {
		w.add(f.audit(r.Account.ID, "merge-families", "family "+m.From.ID, now, "into "+m.Into.ID))
	}
	if len(w.writes) > mostWrites {
		return nil, family.ErrMergeTooLarge
	}
	return w.writes, nil
}

func (w *merging) add(writes ...write) { w.writes = append(w.writes, writes...) }

// heads are the writes of both heads: each as it was read, the first to point at the second, which moves to a version that is new
// to both.
func (w *merging) heads(now time.Time) {
	var all []family.Member
	children := 0
	head := mergedItem{ID: w.From.ID, Label: w.From.Label, MergedInto: w.Into.ID, As: map[string]string{}}
	for _, m := range w.Members {
		all = append(all, m.Into)
		if m.Target == family.Child && !m.Same {
			children++
		}
		if m.Target == family.Guardian && m.Same {
			head.As[m.ID] = m.Into.ID
		}
	}
	w.version = w.Version()
	was := newExpression()
	was.was(was.path("Version"), w.From.Version)
	adding := was.path("Adding")
	was.require("(attribute_not_exists(" + adding + ") OR size(" + adding + ") = " + was.operand(0) + ")")
	stays(was, "Enrolled", w.From.enrolled)
	stays(was, "Office", w.From.office)
	pointer := was.write(w.from.fileKey(), ErrMoved)
	pointer.put, pointer.update = item(w.from.fileKey(), head), ""
	w.add(pointer)

	is := newExpression()
	w.Into.sameEnrolments(is)
	stays(is, "Office", w.Into.office)
	is.set(is.path("Office"), w.Into.office+1)
	is.set(is.path("Children"), len(w.Into.Children)+children)
	is.grow("Merged", append(slices.Clone(w.From.Merged), w.From.ID))
	queueErasure(is, calendar.DateOf(now, time.UTC)) // of those who left it, and of its history
	w.add(w.into.moveHeads(w.Into, family.Member{}, w.version, is, all...)...)
}

// stays requires a count that was read; 0 may be absent.
func stays(e *expression, name string, seen int) {
	path := e.path(name)
	is := path + " = " + e.operand(seen)
	if seen == 0 {
		is = "(attribute_not_exists(" + path + ") OR " + is + ")"
	}
	e.require(is)
}

// member are the writes of one member: it goes over as it is, sealed for its new place, or what the other file lacked of it does.
func (w *merging) member(ctx context.Context, m family.Merged) error {
	w.leave(m)
	if m.Target == family.Guardian && m.Account != "" {
		w.subscription(m)
	}
	if m.Same {
		return w.complete(ctx, m)
	}
	m.Into.Versions = map[string]int{}
	for section := range m.Into.Values {
		m.Into.Versions[section] = w.version
	}
	put, err := w.into.memberItem(ctx, m.Into)
	if err != nil {
		return err
	}
	w.add(write{put: put, condition: isNew, or: ErrMoved})
	w.after.Add(m.Into)
	if m.Target == family.Child {
		w.add(w.from.notPupil(m.Member)...)
		w.add(w.into.pupil(m.Into)...)
	}
	return nil
}

// leave is the write of what a member leaves behind, if nothing of it moved: nothing, of a child the way to where it is.
func (w *merging) leave(m family.Merged) {
	e := newExpression()
	e.was(e.path("Left"), nil)
	if pending := e.path("Pending"); m.Pending == nil {
		e.was(pending, nil)
	} else {
		e.was(pending, m.Pending) // nothing waits
	}
	if m.Target == family.Guardian {
		e.was(e.path("Account"), m.Account)
	}
	left := e.write(w.from.memberKey(m.Member), ErrMoved)
	left.update, left.delete = "", true
	if m.Target == family.Child {
		there := family.Member{ID: m.ID, Target: family.Child, Other: w.Into.ID, Elsewhere: true, Left: w.Today} // nobody changes who left
		if m.Same {
			there.As = m.Into.ID
		}
		left.put, left.delete = item(w.from.childKey(m.ID), memberItem{Member: whole(there)}), false
	}
	w.add(left)
}

// complete writes what a member of the other file takes of the same one, each field as it was read.
func (w *merging) complete(ctx context.Context, m family.Merged) error {
	is, _ := w.Into.Member(m.Into.ID)
	e := newExpression()
	e.was(e.path("Left"), nil)
	sections := map[string]bool{}
	for _, said := range m.Takes {
		d := family.FieldChange{Field: said.Field, New: m.Into.Value(said.Section, said.Field)}
		if err := w.into.acceptField(ctx, e, is, said.Section, d); err != nil {
			return err
		}
		sections[said.Section] = true
	}
	for section := range sections {
		e.set(e.path("Versions", section), w.version)
	}
	if m.Target == family.Guardian {
		account := e.path("Account")
		e.was(account, is.Account)
		if is.Account == "" && m.Account != "" {
			e.set(account, m.Account)
		}
		if orders := w.holds(m); len(orders) > len(is.Orders) {
			e.set(e.path("Orders"), orders)
		}
	}
	if len(e.sets) > 0 {
		w.add(e.write(w.into.memberKey(is), ErrMoved))
	}
	w.after = replaced(w.after, m.Into)
	if m.Target == family.Child {
		w.add(w.from.notPupil(m.Member)...)
		if sections["school"] {
			w.add(w.into.pupil(m.Into)...)
		}
	}
	return nil
}

// holds are the court orders that a guardian is under in the other file.
func (w *merging) holds(m family.Merged) []family.Hold {
	if !m.Same {
		return m.Orders
	}
	is, _ := w.Into.Member(m.Into.ID)
	return slices.Concat(is.Orders, m.Orders)
}

// subscription are the writes by which an account's right goes over, with its calendar link and reminders. An account that has
// the other file already keeps that right; under every order it is barred.
func (w *merging) subscription(m family.Merged) {
	old, next := subscriptionKey(m.Account, w.From.ID), subscriptionKey(m.Account, w.Into.ID)
	raw, ok := w.subs[old]
	if !ok {
		return
	}
	holds := bars(w.holds(m))
	if is, _ := w.Into.Member(m.Into.ID); m.Same && is.Account == m.Account {
		if len(holds) > 0 {
			e := newExpression()
			e.set(e.path("Barred"), holds)
			w.add(e.write(next, ErrMoved))
		}
	} else {
		moved := maps.Clone(raw)
		moved["PK"], moved["SK"] = text(next.PK), text(next.SK)
		moved["Family"], moved["Guardian"] = text(w.Into.ID), text(m.Into.ID)
		if len(holds) > 0 {
			moved["Barred"] = value(holds)
		}
		w.add(write{put: moved, condition: isNew, or: ErrMoved})
	}
	w.add(unchanged(old, raw), write{put: item(movedKey(m.Account, w.From.ID), movedItem{w.Into.ID})})
}

// unchanged deletes a subscription in which nothing moved since it was read: neither its link nor its reminders.
func unchanged(k key, raw attributes) write {
	e := newExpression()
	for _, name := range []string{"Calendar", "Remind", "workAt", "Barred"} {
		path := e.path(name)
		if raw[name] == nil {
			e.was(path, nil)
			continue
		}
		placeholder := e.operand("")
		e.operands[placeholder] = raw[name]
		e.require(path + " = " + placeholder)
	}
	w := e.write(k, ErrMoved)
	w.delete = true
	return w
}

// gone are the writes of one who left the file: what is kept of them goes over, to be erased there.
func (w *merging) gone(ctx context.Context, m family.Member) error {
	put, err := w.into.memberItem(ctx, m)
	if err != nil {
		return err
	}
	e := newExpression()
	e.was(e.path("Left"), m.Left)
	left := e.write(w.from.memberKey(m), ErrMoved)
	left.delete = true
	w.add(write{put: put, condition: isNew, or: ErrMoved}, left)
	return nil
}

// enrolments are the writes of those that go on: up to yesterday with the old file, from today on with the other.
func (w *merging) enrolments() {
	for _, e := range w.Enrolments {
		if e.Into.ID == "" {
			continue
		}
		next := Enrolled{w.Into.ID, e.Into}
		w.add(
			write{put: item(w.into.enrolmentKey(next.ID), next.Enrolment), condition: isNew, or: ErrMoved},
			write{put: item(w.into.enrolledKey(next), next)},
		)
		past := Enrolled{w.From.ID, e.Enrolment}
		past.Period.To = w.Today.AddDays(-1)
		if past.Period.From > past.Period.To {
			w.add(write{key: w.from.enrolmentKey(past.ID), delete: true}, write{key: w.from.enrolledKey(past), delete: true})
			continue
		}
		w.add(write{put: item(w.from.enrolmentKey(past.ID), past.Enrolment)}, write{put: item(w.from.enrolledKey(past), past)})
	}
}

// office are the writes of court orders and notes: all go over.
func (w *merging) office() {
	for _, o := range w.orders {
		old := w.from.orderKey(o.ID)
		o.Guardian, o.Child = w.As(o.Guardian), w.As(o.Child)
		put := w.into.orderPut(o)
		put.condition, put.or = isNew, ErrMoved
		w.add(put, write{key: old, delete: true})
	}
	for _, n := range w.notes {
		w.add(write{put: item(w.into.noteKey(n.ID), n), condition: isNew, or: ErrMoved}, write{key: w.from.noteKey(n.ID), delete: true})
	}
}

// merged is where a family went, and how a guardian of it is called there; ok is false where it was not merged into another.
func (f FamilyStore) merged(ctx context.Context, guardian string) (into FamilyStore, as string, ok bool, err error) {
	head, ok, err := get[mergedItem](ctx, f.Store, f.fileKey())
	if err != nil || !ok || head.MergedInto == "" {
		return into, "", false, err
	}
	return f.family(head.MergedInto), cmp.Or(head.As[guardian], guardian), true, nil
}

// follow has a code name its guardian where they are, if their family was merged into another, and answers the guardian's item.
// Codes are found by their hashes alone, so a merge can not move them.
func (s *Store) follow(ctx context.Context, c *Code) (attributes, error) {
	for range mostMerges {
		into, as, ok, err := s.collectivity(c.Slug).family(c.Family).merged(ctx, c.Guardian)
		if err != nil || !ok {
			return nil, err
		}
		c.Family, c.Guardian = into.id, as
		found, err := s.batch(ctx, into.guardianKey(as))
		if raw := found[into.guardianKey(as)]; raw != nil || err != nil {
			return raw, err
		}
	}
	return nil, nil
}

// movedTo is the family that an account's subscription went to when its own was merged into it, or "".
func (s *Store) movedTo(ctx context.Context, accountID, familyID string) (string, error) {
	moved, _, err := get[movedItem](ctx, s, movedKey(accountID, familyID))
	return moved.Into, err
}
