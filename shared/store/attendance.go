package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// Attendee is a child who may come to an activity, with what is known of their days there.
type Attendee struct {
	Family   string
	Child    family.Member
	Planning booking.Planning
}

// Places are those of an age group on one day.
type Places struct{ Capacity, Taken, Free, Waiting int }

// Attendance is who may come to an activity on some days, and the places that were taken there: of the slots that somebody
// has booked already, by age group.
type Attendance struct {
	Town      *booking.Town
	Attendees []Attendee
	Slots     map[calendar.Date]map[string]Places
}

// Attendance reads an activity's days, and the settings under which they are shown: the enrolled and the slots in one
// round, their files and days in a second, where each read is of 100 items and some go at the same time.
func (c Collectivity) Attendance(ctx context.Context, activity string, p calendar.Period) (out Attendance, err error) {
	var enrolled []Enrolled
	err = together(
		func() (err error) { out.Town, err = c.Town(ctx); return err },
		func() (err error) { enrolled, err = c.Enrolled(ctx, activity, wide(p)); return err },
		func() (err error) { out.Slots, err = c.slots(ctx, activity, p); return err },
	)
	if err != nil {
		return out, err
	}
	out.Attendees = byChild(enrolled)
	return out, c.fill(ctx, out, activity, p)
}

// Days are those that something is written of, as families and agents wrote it.
func (a Attendance) Days() map[FamilyPlace]booking.Day {
	days := map[FamilyPlace]booking.Day{}
	for _, who := range a.Attendees {
		for place, day := range who.Planning.Days {
			days[FamilyPlace{who.Family, place}] = day
		}
	}
	return days
}

// wide is a period with a year around it: a day that was booked stays so when its enrolment is cut short, and its child is
// expected.
func wide(p calendar.Period) calendar.Period {
	return calendar.Period{From: p.From.AddYears(-1), To: p.To.AddYears(1)}
}

// byChild joins the enrolments of one child.
func byChild(enrolled []Enrolled) (all []Attendee) {
	at := map[[2]string]int{}
	for _, e := range enrolled {
		who := [2]string{e.Family, e.Child}
		i, known := at[who]
		if !known {
			i = len(all)
			at[who] = i
			all = append(all, Attendee{Family: e.Family, Child: family.Member{ID: e.Child, Target: family.Child}})
		}
		all[i].Planning.Enrolments = append(all[i].Planning.Enrolments, e.Enrolment)
	}
	return all
}

// fill reads the attendees' files and days.
func (c Collectivity) fill(ctx context.Context, out Attendance, activity string, p calendar.Period) error {
	dates := p.Days(nil, calendar.EveryWeek)
	at := func(a Attendee, d calendar.Date) FamilyPlace {
		return FamilyPlace{a.Family, booking.Place{Date: d, Child: a.Child.ID, Activity: activity}}
	}
	var children, places []FamilyPlace
	for _, a := range out.Attendees {
		children = append(children, at(a, p.From))
		for _, d := range dates {
			places = append(places, at(a, d))
		}
	}
	var files map[FamilyPlace]family.Member
	var days map[FamilyPlace]booking.Day
	err := together(
		func() (err error) { files, err = c.children(ctx, children); return err },
		func() (err error) { days, err = c.DaysOfFamilies(ctx, places); return err },
	)
	for i := range out.Attendees {
		a := &out.Attendees[i]
		if file, ok := files[at(*a, p.From)]; ok {
			a.Child = file
		}
		a.Planning.Town, a.Planning.Children = out.Town, []booking.Child{ChildOf(a.Child, out.Town.Configuration)}
		a.Planning.Days = map[booking.Place]booking.Day{}
		for _, d := range dates {
			if day, ok := days[at(*a, d)]; ok {
				a.Planning.Days[day.Place] = day
			}
		}
	}
	return err
}

// children reads the files of the children whose places these are. Those whose files are gone are left out.
func (c Collectivity) children(ctx context.Context, at []FamilyPlace) (map[FamilyPlace]family.Member, error) {
	keys := make([]key, len(at))
	for i, p := range at {
		keys[i] = c.family(p.Family).childKey(p.Child)
	}
	found, err := c.gather(ctx, keys)
	members := make([]family.Member, len(at))
	for i := range at {
		if item, ok := found[keys[i]]; ok && err == nil {
			members[i], err = decode[family.Member](item)
		}
	}
	if err == nil {
		err = c.atHome(ctx, members)
	}
	files := map[FamilyPlace]family.Member{}
	for i, m := range members {
		if m.ID != "" {
			files[at[i]] = m
		}
	}
	return files, err
}

// gather reads any number of items: 100 a trip, some trips at the same time.
func (c Collectivity) gather(ctx context.Context, keys []key) (map[key]attributes, error) {
	trips := slices.Collect(slices.Chunk(keys, 100))
	parts := make([]map[key]attributes, len(trips))
	err := Each(len(trips), func(i int) (err error) { parts[i], err = c.batch(ctx, trips[i]...); return err })
	found := map[key]attributes{}
	for _, part := range parts {
		maps.Copy(found, part)
	}
	return found, err
}

// Each does n things, some at the same time, and answers the first error.
func Each(n int, do func(i int) error) error { return eachOf(n, atOnce, do) }

// eachOf does n things, so many of them at the same time, and answers the first error.
func eachOf(n, width int, do func(i int) error) error {
	for first := 0; first < n; first += width {
		var some []func() error
		for i := first; i < min(first+width, n); i++ {
			some = append(some, func() error { return do(i) })
		}
		if err := together(some...); err != nil {
			return err
		}
	}
	return nil
}

// MayCome says who may come to an activity on a day.
func (c Collectivity) MayCome(ctx context.Context, activity string, d calendar.Date) (map[FamilyPlace]bool, error) {
	enrolled, err := c.Enrolled(ctx, activity, wide(calendar.Period{From: d, To: d}))
	may := map[FamilyPlace]bool{}
	for _, a := range byChild(enrolled) {
		place := booking.Place{Date: d, Child: a.Child.ID, Activity: activity}
		may[FamilyPlace{a.Family, place}] = a.Planning.Enrolled(place)
	}
	return may, err
}

// slots reads the places of an activity's days.
func (c Collectivity) slots(ctx context.Context, activity string, p calendar.Period) (map[calendar.Date]map[string]Places, error) {
	from, to := c.slotKey(activity, string(p.From)), c.slotKey(activity, string(p.To)+"#"+end)
	items, err := c.query(ctx, from.PK, from.SK, to.SK)
	slots := map[calendar.Date]map[string]Places{}
	for _, a := range items {
		groups := map[string]Places{}
		for name := range a {
			group, ok := strings.CutPrefix(name, "capacity_")
			if !ok {
				continue
			}
			var n Places
			n.Capacity, _ = number(a, name)
			n.Taken, _ = number(a, "taken_"+group)
			n.Free, _ = number(a, "free_"+group)
			n.Waiting, _ = number(a, "waiting_"+group)
			groups[group] = n
		}
		slots[calendar.Date(strings.TrimPrefix(keyOf(a).SK, "SLOT#"))] = groups
	}
	return slots, err
}

// A FamilyPlace is a place, and the family whose day it is.
type FamilyPlace struct {
	Family string
	booking.Place
}

// DaysOfFamilies reads single days of several families.
func (c Collectivity) DaysOfFamilies(ctx context.Context, places []FamilyPlace) (map[FamilyPlace]booking.Day, error) {
	keys := make([]key, len(places))
	for i, p := range places {
		keys[i] = c.family(p.Family).dayKey(p.Place)
	}
	found, err := c.gather(ctx, keys)
	if err != nil {
		return nil, err
	}
	days := map[FamilyPlace]booking.Day{}
	for i, p := range places {
		item, ok := found[keys[i]]
		if !ok {
			continue
		}
		day, err := decode[dayItem](item)
		if err != nil {
			return nil, err
		}
		days[p] = day.day()
	}
	return days, nil
}

// Recording is what an agent has to know to record days.
type Recording struct {
	*booking.Town
	Children map[FamilyPlace]family.Member
	Days     map[FamilyPlace]booking.Day
	theirs   map[FamilyPlace]booking.Day // of the other households of children of two files, under this one's place
	own      map[string]bool
}

// Elsewhere says whether a day is to be recorded with the other household of the child: it has booked it, or was recorded there.
func (r Recording) Elsewhere(p FamilyPlace) bool {
	theirs := r.theirs[p]
	return theirs.Claims() || theirs.Presence != ""
}

// Own says whether a family is the agent's own: they never decide for it.
func (r Recording) Own(familyID string) bool { return r.own[familyID] }

// Recording reads what recording some days needs, in one round; for children of two files in a second one the days of the others.
func (r AgentRight) Recording(ctx context.Context, at []FamilyPlace) (out Recording, err error) {
	var families []string
	for _, p := range at {
		families = append(families, p.Family)
	}
	err = together(
		func() (err error) { out.Town, err = r.Store.Town(ctx); return err },
		func() (err error) { out.Children, err = r.Store.children(ctx, at); return err },
		func() (err error) { out.Days, err = r.Store.DaysOfFamilies(ctx, at); return err },
		func() (err error) { out.own, err = r.OwnFamilies(ctx, families); return err },
	)
	if err != nil {
		return out, err
	}
	var shared, there []FamilyPlace
	for p, child := range out.Children {
		if child.Other != "" {
			shared, there = append(shared, p), append(there, FamilyPlace{child.Other, p.Place})
		}
	}
	theirs, err := r.Store.DaysOfFamilies(ctx, there)
	out.theirs = map[FamilyPlace]booking.Day{}
	for i, p := range shared {
		out.theirs[p] = theirs[there[i]]
	}
	return out, err
}

// Amend writes what an agent makes of a day that was read: presence, justification and its reason, with its audit. decide
// says what becomes of the day, or by a code why nothing does; a day of which nothing is written has no Rev. What a family
// or another agent writes meanwhile is read again, and decided anew. It answers the day as it is then.
func (r AgentRight) Amend(ctx context.Context, p FamilyPlace, day booking.Day, action string, now time.Time, decide func(booking.Day) (booking.Day, string)) (booking.Day, string, error) {
	code := ""
	err := Again(ctx, func() error {
		is, no := decide(day)
		if code = no; no != "" || same(day, is) {
			return nil
		}
		err := r.Family(p.Family).amend(ctx, day, is, r.Account.ID, action, now)
		if !errors.Is(err, ErrMoved) {
			if err == nil {
				is.Rev = day.Rev + 1
				day = is
			}
			return err
		}
		again, err := r.Store.DaysOfFamilies(ctx, []FamilyPlace{p})
		if err == nil {
			day, err = again[p], ErrMoved
		}
		return err
	})
	switch {
	case errors.Is(err, ErrMoved):
		return day, "day_changed", nil
	case errors.Is(err, ErrBusy):
		return day, ErrBusy.Code, nil
	}
	return day, code, err
}

// same says whether nothing of what agents write afterwards differs.
func same(a, b booking.Day) bool {
	return a.Presence == b.Presence && a.Justified == b.Justified && a.Reason == b.Reason
}

// amend writes a day with its audit, which tells neither reasons nor names.
func (f FamilyStore) amend(ctx context.Context, was, is booking.Day, by, action string, now time.Time) error {
	about := fmt.Sprintf("day %s %s %s", is.Date, is.Child, is.Activity)
	what := cmp.Or(string(is.Presence), "no presence")
	if is.Justified {
		what += " justified"
	}
	return f.transact(ctx, f.amended(was, is), f.audit(by, action, about, now, what))
}

// amended is the write of a day. Its condition: whoever asked, decided or promoted since it was read wins. A day of which
// nothing was written before and nothing is left goes away.
func (f FamilyStore) amended(was, is booking.Day) write {
	k := f.dayKey(is.Place)
	if was.Rev == 0 {
		is.Rev = 1
		return write{put: item(k, dayToItem(is)), condition: isNew, or: ErrMoved}
	}
	if is.State == booking.Enrolled && is.Presence == "" && is.Request == "" {
		return write{key: k, delete: true, condition: "Rev = :rev", values: values(":rev", was.Rev), or: ErrMoved}
	}
	e := newExpression()
	e.was(e.path("Rev"), was.Rev)
	e.set(e.path("Rev"), was.Rev+1)
	e.put("Presence", is.Presence, is.Presence == "")
	e.put("Reason", is.Reason, is.Reason == "")
	e.put("Justified", is.Justified, !is.Justified)
	return e.write(k, ErrMoved)
}

// put sets an attribute, or takes away one that would say nothing.
func (e *expression) put(name string, v any, nothing bool) {
	if nothing {
		e.remove(e.path(name))
		return
	}
	e.set(e.path(name), v)
}
