package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// Rollover is that a town moved to a school year.
type Rollover struct {
	Year    int    // by its September
	Job     string // that did, or does
	Leavers string // the job that records the departures, once there is one
	By      string // account of the manager
	At      time.Time
}

// rolloverItem is forgotten once nobody can move to the year any more.
type rolloverItem struct {
	Rollover
	Expires int64 `dynamodbav:"expires"`
}

// rolloverYears is how long a move to a school year is known.
const rolloverYears = 2

func (c Collectivity) rolloverKey(year int) key {
	return key{c.pk() + "#ROLLOVERS", strconv.Itoa(year)}
}

// Rollover reads a town's move to a school year; ok is false where there was none.
func (c Collectivity) Rollover(ctx context.Context, year int) (r Rollover, ok bool, err error) {
	return get[Rollover](ctx, c.Store, c.rolloverKey(year))
}

// AddRollover takes on the job that moves the town to a school year, in place of an earlier move to it. ErrMoved: somebody else asked for
// one meanwhile.
func (r AgentRight) AddRollover(ctx context.Context, earlier Rollover, year int, j Job) (Job, error) {
	made := rolloverItem{Rollover{Year: year, Job: j.ID, By: r.Account.ID, At: j.CreatedAt}, epoch(j.CreatedAt.AddDate(rolloverYears, 0, 0))}
	put := write{put: item(r.Store.rolloverKey(year), made), condition: isNew, or: ErrMoved}
	if earlier.Job != "" {
		put.condition, put.values = "Job = :earlier", values(":earlier", earlier.Job)
	}
	return r.AddJob(ctx, j, put)
}

// AddLeavers takes on the job that records the departures of a move. Asked for again it is the same.
func (r AgentRight) AddLeavers(ctx context.Context, year int, of string, j Job) error {
	_, err := r.AddJob(ctx, j, write{
		key: r.Store.rolloverKey(year), update: "SET Leavers = :leavers", condition: "Job = :of", values: values(":leavers", j.ID, ":of", of), or: ErrMoved,
	})
	return err
}

// TownChild is a child with the family that has it.
type TownChild struct {
	Family, Label string
	family.Member
}

// Everybody lists the children of the town's families, what is sealed of them closed. One of two files is there twice.
func (c Collectivity) Everybody(ctx context.Context) ([]TownChild, error) {
	items, err := c.query(ctx, c.familiesPK(), " ", end)
	if err != nil {
		return nil, err
	}
	families, err := decodeAll[Listed](items)
	if err != nil {
		return nil, err
	}
	var all []TownChild
	var keys []key
	for _, f := range families {
		for _, child := range f.Children {
			all, keys = append(all, TownChild{Family: f.Family, Label: f.Label}), append(keys, c.family(f.Family).childKey(child.ID))
		}
	}
	found, err := c.gather(ctx, keys)
	if err != nil {
		return nil, err
	}
	children := make([]family.Member, len(all))
	for i, k := range keys {
		if children[i], err = decode[family.Member](found[k]); err != nil {
			return nil, err
		}
	}
	if err := c.atHome(ctx, children); err != nil {
		return nil, err
	}
	for i, child := range children {
		all[i].Member = child
	}
	return slices.DeleteFunc(all, func(t TownChild) bool { return t.ID == "" || t.Left != "" }), nil
}

// Placement is where a child of a household goes to school from a year on.
type Placement struct {
	Child                family.Member // as it was read
	School, Class, Level string        // as its file will name them; Class "": none
	Leaving              calendar.Date // its last day, where it leaves the town's schools
}

// after is the child once it is placed.
func (p Placement) after() family.Member {
	return edited(p.Child, "school", p.fields())
}

func (p Placement) fields() (fields []family.FieldChange) {
	for _, f := range []struct{ name, value string }{{"school", p.School}, {"level", p.Level}, {"class", p.Class}} {
		change := family.FieldChange{Field: f.name}
		if f.value != "" {
			change.New = f.value
		}
		fields = append(fields, change)
	}
	return fields
}

// Year is what a school year brings to a household.
type Year struct {
	Year    int // by its September
	Placed  []Placement
	Renewed []booking.Enrolment // new ones
	Ended   []booking.Enrolment // of who leaves, with their new last day
}

// How much of a year one transaction brings, of the hundred items that it may have: an enrolment takes five at most, one that ends two, and
// a child who is placed three, with the other files that show it.
const (
	renewedAtOnce   = 12
	shortenedAtOnce = 40
	placedAtOnce    = 12
)

// part is what comes first of a year that no transaction takes: enrolments before who is placed, so that who is placed has all.
func (y Year) part() Year {
	first := Year{Year: y.Year}
	switch {
	case len(y.Renewed) > 0:
		first.Renewed = y.Renewed[:min(len(y.Renewed), renewedAtOnce)]
	case len(y.Ended) > 0:
		first.Ended = y.Ended[:min(len(y.Ended), shortenedAtOnce)]
	default:
		first.Placed = y.Placed[:min(len(y.Placed), placedAtOnce)]
	}
	return first
}

// BringYear brings a school year to a household: children are placed, enrolments go on or end, in one transaction. Of what no transaction
// takes it brings a part, and there is a rest: read the household again, and bring what it then lacks. Standing enrolments have their
// days booked as ever. by is the agent's account. ErrMoved: the household is another by now, or a year that was brought before would
// be brought again.
func (f FamilyStore) BringYear(ctx context.Context, h Household, y Year, by string, now time.Time) (rest bool, err error) {
	if len(y.Placed)+len(y.Renewed)+len(y.Ended) == 0 {
		return false, nil
	}
	writes := f.yearWrites(h, y, by, now)
	if rest = len(writes) > mostWrites; rest {
		y = y.part()
		writes = f.yearWrites(h, y, by, now)
	}
	for _, p := range y.Placed {
		if err := f.openSection(ctx, p.Child, "school"); err != nil {
			return rest, err
		}
	}
	return rest, f.transact(ctx, writes...)
}

func (f FamilyStore) yearWrites(h Household, y Year, by string, now time.Time) (writes []write) {
	head := newExpression()
	if len(y.Renewed)+len(y.Ended) > 0 {
		h.sameEnrolments(head)
	}
	if len(y.Placed) == 0 {
		head.was(head.path(mergedInto), nil)
		writes = append(writes, head.write(f.fileKey(), ErrMoved))
	} else {
		writes = f.placedWrites(h, y, head)
	}
	what := []string{strconv.Itoa(y.Year)}
	for _, p := range y.Placed {
		what = append(what, "child "+p.Child.ID)
	}
	for _, e := range y.Renewed {
		enrolled := Enrolled{f.id, e}
		writes = append(writes, write{put: item(f.enrolmentKey(e.ID), e), condition: isNew, or: ErrMoved}, write{put: item(f.enrolledKey(enrolled), enrolled)})
		if e.Standing {
			writes = append(writes, f.bookStanding(h, e, by, now)...)
		}
		what = append(what, "enrolment "+e.ID)
	}
	for _, e := range y.Ended {
		enrolled := Enrolled{f.id, e}
		writes = append(writes, write{put: item(f.enrolmentKey(e.ID), e), condition: exists, or: ErrMoved}, write{put: item(f.enrolledKey(enrolled), enrolled)})
		what = append(what, fmt.Sprintf("enrolment %s to %s", e.ID, e.Period.To))
	}
	return append(writes, f.audit(by, "roll-over", "family "+f.id, now, what...))
}

// placedWrites place children, each as it was read and once a year, and move the file's head, and those of the other files that show
// them.
func (f FamilyStore) placedWrites(h Household, y Year, head *expression) (writes []write) {
	placed := make([]family.Member, len(y.Placed))
	for i, p := range y.Placed {
		placed[i] = p.Child
	}
	next := h.next(placed...)
	for _, p := range y.Placed {
		e := newExpression()
		e.require("attribute_not_exists(" + e.path("Left") + ")")
		year := e.path("Placed")
		e.require("(attribute_not_exists(" + year + ") OR " + year + " <> " + e.operand(y.Year) + ")")
		e.set(year, y.Year)
		for _, field := range p.fields() {
			path := e.path("Values", "school", field.Field)
			e.was(path, p.Child.Value("school", field.Field))
			if field.New == nil {
				e.remove(path)
			} else {
				e.set(path, field.New)
			}
		}
		e.set(e.path("Versions", "school"), next)
		if leaving := e.path("Leaving"); p.Leaving != "" {
			e.set(leaving, p.Leaving)
		} else {
			e.remove(leaving)
		}
		writes = append(writes, e.write(f.childKey(p.Child.ID), ErrMoved))
		writes = append(writes, f.moved(p.Child, p.after())...)
	}
	return append(writes, f.moveHeads(h, placed[0], next, head, placed[1:]...)...)
}
