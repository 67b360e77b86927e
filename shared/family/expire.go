package family

import (
	"maps"
	"slices"
	"time"

	"preau/shared/calendar"
)

// Expiry is what may no longer be kept of a file on a day; see Class.
type Expiry struct {
	Members []ExpiredMember
	Changes []ExpiredChange
	Next    calendar.Date // the day on which to look again; "": there will be nothing
	Whole   bool          // nobody is in the file any more, and nothing stays of those who were: all of it goes
}

// ExpiredMember is what goes of one member.
type ExpiredMember struct {
	Member Member
	Fields map[string][]string // by section, sorted
	Whole  bool                // nothing of it stays
	Orphan bool                // it did not leave: it ended, or whom it concerns left
}

// ExpiredChange is what goes of a change: the values of some of its fields, or all of it.
type ExpiredChange struct {
	Change Change
	Fields []int // by their place
	Whole  bool
	Stray  bool // it is about nobody of the file: never taken in, or in another file by now
}

// Expired is what may no longer be kept of a file on a day. gone are those who left it; changes are all of its changes, what is
// sealed of them opened or not. archive is the number of years of the town's archive agreement, 0: there is none.
func Expired(file, gone File, changes []Change, archive int, today calendar.Date) Expiry {
	x := expiring{members: slices.Concat(file.Members(), gone.Members()), changes: changes, archive: archive, today: today, left: map[string]calendar.Date{}}
	for _, m := range x.members {
		x.left[m.ID] = m.Left
	}
	for _, m := range x.members {
		if m.Left == "" {
			x.left[m.ID] = x.orphaned(m)
		}
	}
	for _, m := range x.members {
		x.member(m)
	}
	x.relations()
	for _, c := range changes {
		x.change(c)
	}
	x.out.Whole = len(x.wholly()) == len(x.members)
	if x.stays { // and the town may sign an agreement, or another one
		x.again(EndOfSchoolYear(today))
	}
	return x.out
}

// expiring gathers what goes, and when more will.
type expiring struct {
	members []Member
	left    map[string]calendar.Date // of each member, the day from which its time runs; "": it has not begun
	changes []Change
	archive int
	today   calendar.Date
	stays   bool // something of those who left does
	out     Expiry
}

// past says whether the time of a class is over. Where it is not, the file is looked at again on the day after.
func (x *expiring) past(c Class, left calendar.Date) bool {
	last, ends := c.KeptUntil(left, x.archive)
	if ends && last < x.today {
		return true
	}
	x.stays = true
	if ends {
		x.again(last)
	}
	return false
}

// again has the file looked at on the day after another at the latest.
func (x *expiring) again(last calendar.Date) {
	if next := last.AddDays(1); x.out.Next == "" || next < x.out.Next {
		x.out.Next = next
	}
}

// orphaned is the day from which the time of a member runs who has not left: of a contact, when the last child left whom it
// concerns; of a document, when it ends, or whom it concerns left. "" for others.
func (x *expiring) orphaned(m Member) calendar.Date {
	switch m.Target {
	case Contact:
		return x.lastLeft(m.concerned())
	case Document:
		ended, left := x.ended(m), x.left[m.Text("document", "about")]
		if ended == "" || left != "" && left < ended {
			return left
		}
		return ended
	}
	return ""
}

// concerned are the children that a contact concerns.
func (m Member) concerned() (ids []string) {
	children, _ := m.Value("contact", "children").([]any)
	for _, c := range children {
		id, _ := c.(string)
		ids = append(ids, id)
	}
	return ids
}

// ended is the last day of a document, or "". While a change of it waits, it may not be the last.
func (x *expiring) ended(document Member) calendar.Date {
	if len(document.Pending["document"]) > 0 {
		x.stays = true
		return ""
	}
	until, err := calendar.ParseDate(document.Text("document", "validUntil"))
	if err != nil {
		return ""
	}
	return until
}

// longAgo is the day on which those left of whom nothing is kept any more.
const longAgo calendar.Date = "2000-01-01"

// lastLeft is the day on which the last of some members left; "" while one of them is there. Who is not known was erased: a child
// whose data lies in another file has its place in this one.
func (x *expiring) lastLeft(ids []string) (left calendar.Date) {
	for _, id := range ids {
		day, known := x.left[id]
		if !known {
			day = longAgo
		}
		if day == "" {
			return ""
		}
		left = max(left, day)
	}
	return left
}

// member finds what goes of a member.
func (x *expiring) member(m Member) {
	left := x.left[m.ID]
	e := ExpiredMember{Member: m, Fields: map[string][]string{}, Whole: left != "", Orphan: m.Left == ""}
	for _, section := range m.sections() {
		for _, field := range m.fields(section) {
			if x.fieldPast(m, section, field, left) {
				e.Fields[section] = append(e.Fields[section], field)
			} else {
				e.Whole = false
			}
		}
	}
	if e.Whole || len(e.Fields) > 0 {
		x.out.Members = append(x.out.Members, e)
	}
}

// fieldPast says whether a field of a member goes. Of those who have not left it is what proved something that is proven.
func (x *expiring) fieldPast(m Member, section, field string, left calendar.Date) bool {
	class := ClassOf(m.Target, section, field)
	switch {
	case left != "":
		return x.past(class, left)
	case class != UntilQuotient:
		return false
	}
	return x.yearPast(x.given(m.ID, section, field))
}

// yearPast says whether the school year of a day is over; a day that is not known is long ago.
func (x *expiring) yearPast(d calendar.Date) bool {
	if d == "" || EndOfSchoolYear(d) < x.today {
		return true
	}
	x.again(EndOfSchoolYear(d))
	return false
}

// given is the day on which a field last got a value by a change.
func (x *expiring) given(member, section, field string) (day calendar.Date) {
	for _, c := range x.changes {
		if c.Target != member || c.Section != section {
			continue
		}
		for _, f := range c.Fields {
			if f.Field == field && f.State == Accepted && f.New != nil {
				day = max(day, c.day())
			}
		}
	}
	return day
}

// day is when a change was settled, or proposed while it waits.
func (c Change) day() calendar.Date {
	if c.DecidedAt.IsZero() {
		return calendar.DateOf(c.CreatedAt, time.UTC)
	}
	return calendar.DateOf(c.DecidedAt, time.UTC)
}

// wholly are the members of whom nothing stays.
func (x *expiring) wholly() map[string]bool {
	all := map[string]bool{}
	for _, e := range x.out.Members {
		if e.Whole {
			all[e.Member.ID] = true
		}
	}
	return all
}

// relations takes from guardians who stay their relation to a child of whom nothing does.
func (x *expiring) relations() {
	gone := x.wholly()
	for _, m := range x.members {
		for child := range m.Values["relations"] {
			if gone[child] && !gone[m.ID] {
				x.drop(m, "relations", child)
			}
		}
	}
}

// drop adds a field to what goes of a member.
func (x *expiring) drop(m Member, section, field string) {
	i := slices.IndexFunc(x.out.Members, func(e ExpiredMember) bool { return e.Member.ID == m.ID })
	if i < 0 {
		x.out.Members = append(x.out.Members, ExpiredMember{Member: m, Fields: map[string][]string{}, Orphan: m.Left == ""})
		i = len(x.out.Members) - 1
	}
	e := &x.out.Members[i]
	if !slices.Contains(e.Fields[section], field) {
		e.Fields[section] = append(e.Fields[section], field)
		slices.Sort(e.Fields[section])
	}
}

// change finds what goes of a change: values go with the field that they are of. A change that holds none any more goes with
// the member that it was about.
func (x *expiring) change(c Change) {
	e, kept := ExpiredChange{Change: c}, 0
	for i, f := range c.Fields {
		switch {
		case c.Kind == Removes || f.Old == nil && f.New == nil:
		case x.valuePast(c, f):
			e.Fields = append(e.Fields, i)
		default:
			kept++
		}
	}
	_, member := x.left[c.Target]
	e.Stray = !member
	e.Whole = kept == 0 && c.State() != Pending && (e.Stray || x.wholly()[c.Target])
	if e.Whole || len(e.Fields) > 0 {
		x.out.Changes = append(x.out.Changes, e)
	}
}

// valuePast says whether the values of a change's field go. The time of what was never taken into the file, or was erased from
// it, runs from the decision.
func (x *expiring) valuePast(c Change, f FieldChange) bool {
	class := ClassOf(c.Of, c.Section, f.Field)
	left, member := x.left[c.Target]
	switch {
	case left != "":
		return x.past(class, left)
	case !member:
		return f.State != Pending && x.past(class, c.day())
	case class != UntilQuotient:
		return false
	}
	m := x.members[slices.IndexFunc(x.members, func(m Member) bool { return m.ID == c.Target })]
	proven := f.State != Pending && !m.Has(c.Section, f.Field)
	return proven || x.yearPast(calendar.DateOf(c.CreatedAt, time.UTC))
}

// ClassOf is the retention class of a field.
func ClassOf(target Target, section, field string) Class {
	s, _ := SectionOf(target, section)
	f, _ := s.Field(field)
	return f.Class
}

// sections of which a member holds something, sorted.
func (m Member) sections() []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(m.Values)), maps.Keys(m.Kept))
	slices.Sort(all)
	return slices.Compact(all)
}

// fields of a section of which a member holds something, opened or not, sorted.
func (m Member) fields(section string) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(m.Values[section])), maps.Keys(m.Kept[section]))
	slices.Sort(all)
	return slices.Compact(all)
}

// Attachments are the names of the files that go with what has expired, each with the section that it belonged to.
func (x Expiry) Attachments() map[string]string {
	all := map[string]string{}
	note := func(of Target, section, field string, values ...any) {
		s, _ := SectionOf(of, section)
		f, _ := s.Field(field)
		for _, v := range values {
			if name, ok := v.(string); ok && f.Kind == Attached {
				all[name] = section
			}
		}
	}
	for _, e := range x.Members {
		for section, fields := range e.Fields {
			for _, field := range fields {
				note(e.Member.Target, section, field, e.Member.Value(section, field))
			}
		}
	}
	for _, e := range x.Changes {
		for _, i := range e.Fields {
			f := e.Change.Fields[i]
			if e.Stray && f.State == Accepted {
				continue // the file is in use wherever its child is by now
			}
			note(e.Change.Of, e.Change.Section, f.Field, f.Old, f.New)
		}
	}
	return all
}
