// Package invariants holds what is written of a town's bookings against what the service promises: no place given twice or
// lost, each booked day some request's own, nobody waiting beside a free place, nothing half done that no worker knows of.
// It reads the raw items, partition by partition, and uses none of the code that wrote them.
package invariants

import (
	"fmt"
	"slices"
	"strings"
)

// A Tenant is what is written of one town's bookings, at a moment when nobody writes.
type Tenant struct {
	Slug     string
	Over     bool // agents took places that were not there, or the town took places away: fewer than none may be free
	Days     []Day
	Requests []Request
	Slots    []Slot
	Waits    []Wait
	Events   []Event
	Mails    map[string]bool // ids of outbox items

	parts []part
}

// A part is the lines of a large request in one month.
type part struct {
	Key
	Lines []Line
}

// A Day is one child's at an activity.
type Day struct {
	Key
	Date, Child, Activity string
	Group                 string
	Needs                 []Use
	State                 string
	Request, Absence      string
	Held                  bool
	Event                 string
	Ranks                 []int
}

// A Use is a place of an activity.
type Use struct{ Activity, Group string }

// A Request is a family's, with the outcome of each day that it asks for.
type Request struct {
	Key
	ID, Kind, Standing string
	Account, Agent     string
	Settled            bool
	Rev                int
	Lines              []Line
	Work               string `dynamodbav:"work"` // the queue that it waits in
}

// A Line is one day of a request.
type Line struct {
	Date, Child, Activity string
	State, Code, Reason   string
}

// A Slot is an activity on a day.
type Slot struct {
	Key
	Work   string            `dynamodbav:"work"` // the queue that it is in while somebody waits
	Wake   string            `dynamodbav:"wake"` // a worker is called for
	Groups map[string]Places `dynamodbav:"-"`    // by age group
}

// Places of a slot's age group, counted.
type Places struct{ Capacity, Taken, Free, Waiting, Next int }

// A Wait is a child's turn for a slot.
type Wait struct{ Key }

// A Key is an item's.
type Key struct{ PK, SK string }

// everyone is the age group of a day or slot that names none.
const everyone = "all"

// A place of a slot's age group.
type place struct{ activity, date, group string }

func (p place) String() string { return fmt.Sprintf("%s on %s, group %s", p.activity, p.date, p.group) }

// after is the part of a key behind a marker: the family of C#town#F#family.
func after(key, marker string) string {
	_, rest, _ := strings.Cut(key, marker)
	return rest
}

func (d Day) String() string {
	return fmt.Sprintf("the day %s of child %s at %s", d.Date, d.Child, d.Activity)
}

// places that a day takes or waits for, its activity's own first.
func (d Day) places() []place {
	all := []place{{d.Activity, d.Date, group(d.Group)}}
	for _, use := range d.Needs {
		all = append(all, place{use.Activity, d.Date, group(use.Group)})
	}
	return all
}

func group(name string) string {
	if name == "" {
		return everyone
	}
	return name
}

func (s Slot) place(group string) place {
	return place{after(s.PK, "#S#"), after(s.SK, "SLOT#"), group}
}

// place that a turn is for: its key is WAIT#<date>#<group>#<rank>.
func (w Wait) place() place {
	parts := strings.Split(w.SK, "#")
	return place{after(w.PK, "#S#"), parts[1], parts[2]}
}

func (w Wait) rank() string { return w.SK[strings.LastIndexByte(w.SK, '#')+1:] }

func (r Request) String() string { return "request " + r.ID }

// Due are the keys of what waits for a worker. An agent's queue is the town's own and waits for people; children who wait in
// order keep their slot in its queue until they stop waiting, and nothing is to be done before; events that were carried out
// wait to be put away.
func (t Tenant) Due() (keys []Key) {
	for _, r := range t.Requests {
		if r.due() {
			keys = append(keys, r.Key)
		}
	}
	for _, s := range t.Slots {
		if s.Wake != "" {
			keys = append(keys, s.Key)
		}
	}
	for _, e := range t.Events {
		if e.Phase != "" && e.Phase != carriedOut {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

func (r Request) due() bool { return r.Work != "" && !strings.HasPrefix(r.Work, "C#") }

// Broken says in a sentence each which promises are broken; nothing when all hold.
func (t Tenant) Broken() []string {
	broken := slices.Concat(t.slots(), t.waits(), t.places(), t.turns(), t.owners(), t.claims(), t.queues(), t.events(), t.mails(), t.once())
	slices.Sort(broken)
	return broken
}
