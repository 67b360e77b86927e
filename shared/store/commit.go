package store

import (
	"context"

	"preau/shared/booking"
	"preau/shared/collectivity"
)

// A step moves one line of a request and its day: what the line becomes, how the day is written under which condition,
// and how many places of the slot that takes (1) or frees (-1).
type step struct {
	line   int
	to     booking.State
	reason string
	day    write
	places int
	room   int // places that a new slot has
}

// maxSteps keeps a transaction below DynamoDB's 100 items: a day and a slot each, the request and its mail.
const maxSteps = 48

// MaxDecided is how many lines one decision or withdrawal writes at once.
const MaxDecided = maxSteps

// takeNothing turns a line that could not be written into one that was not taken.
func takeNothing(r *booking.Request, line int, code string) error {
	r.Lines[line].Code = code
	return nil
}

// commit writes steps in one transaction together with what head makes of the request as it is then. A slot without room
// or a day that moved drops its line, as drop says, and the rest is tried again: all of one outcome, or none.
func (f FamilyStore) commit(ctx context.Context, r booking.Request, steps []step, drop func(*booking.Request, int, string) error, head func(booking.Request) []write) (booking.Request, error) {
	for {
		next := moved(r, steps)
		var writes []write
		if head != nil {
			writes = head(next)
		}
		before := len(writes)
		slots := slotsOf(r, steps)
		for _, s := range steps {
			writes = append(writes, s.day)
		}
		for _, s := range slots {
			writes = append(writes, f.slotWrite(s))
		}
		if len(writes) == 0 {
			return next, nil
		}
		failed, err := f.try(ctx, writes)
		if err != nil {
			return r, err
		}
		if len(failed) == 0 {
			return next, nil
		}
		dropped := map[int]string{}
		for _, n := range failed {
			switch {
			case n < before:
				return r, writes[n].or
			case n < before+len(steps):
				dropped[steps[n-before].line] = "day_changed"
			default:
				dropped[slots[n-before-len(steps)].last] = "slot_full"
			}
		}
		steps = without(steps, dropped)
		r.Lines = append([]booking.Line(nil), r.Lines...)
		for line, code := range dropped {
			if err := drop(&r, line, code); err != nil {
				return r, err
			}
		}
	}
}

func moved(r booking.Request, steps []step) booking.Request {
	r.Lines = append([]booking.Line(nil), r.Lines...)
	for i := range r.Lines {
		if r.Lines[i].Code != "" && r.Lines[i].State == booking.Asked {
			r.Lines[i].State = r.Lines[i].Was
		}
	}
	for _, s := range steps {
		r.Lines[s.line].State, r.Lines[s.line].Reason = s.to, s.reason
	}
	return r
}

func without(steps []step, dropped map[int]string) []step {
	var left []step
	for _, s := range steps {
		if _, gone := dropped[s.line]; !gone {
			left = append(left, s)
		}
	}
	return left
}

// slotUse is what a transaction takes of one slot, siblings together.
type slotUse struct {
	booking.Slot
	places, room int
	last         int // the line that gives way when there is no room for all
}

func slotsOf(r booking.Request, steps []step) []slotUse {
	var uses []slotUse
	at := map[booking.Slot]int{}
	for _, s := range steps {
		slot := r.Lines[s.line].Slot()
		if s.places == 0 {
			continue
		}
		i, ok := at[slot]
		if !ok {
			i = len(uses)
			at[slot] = i
			uses = append(uses, slotUse{Slot: slot, room: s.room})
		}
		uses[i].places += s.places
		uses[i].last = s.line
	}
	return uses
}

// slotGroup is the age group of all children, until an activity has several.
const slotGroup = "all"

// slotWrite takes or frees places of a slot. The slot is made by its first booking, with the activity's places.
//
// taken + free = capacity holds after every write: places are taken only while free covers them, and nobody passes by
// those who wait.
func (f FamilyStore) slotWrite(s slotUse) write {
	w := write{
		key:   f.slotKey(s.Activity, string(s.Date)),
		names: map[string]string{"#capacity": "capacity_" + slotGroup, "#taken": "taken_" + slotGroup, "#free": "free_" + slotGroup},
	}
	if s.places < 0 {
		delete(w.names, "#capacity")
		w.update, w.condition = "SET #taken = #taken - :n, #free = #free + :n", "#taken >= :n"
		w.values = values(":n", -s.places)
		return w
	}
	w.names["#waiting"] = "waiting_" + slotGroup
	w.update = "SET #capacity = if_not_exists(#capacity, :room), #taken = if_not_exists(#taken, :zero) + :n, " +
		"#free = if_not_exists(#free, :room) - :n, #waiting = if_not_exists(#waiting, :zero)"
	w.condition = "attribute_not_exists(#free) OR (#free >= :n AND #waiting = :zero)"
	if s.places > s.room {
		w.condition = "#free >= :n AND #waiting = :zero"
	}
	w.values = values(":n", s.places, ":room", s.room, ":zero", 0)
	return w
}

// groups splits the asked lines into what is written together: the days of one slot where places are at stake, and as
// many days as fit where an agent decides.
func (f FamilyStore) groups(r booking.Request, c Configuration) [][]step {
	groups := [][]step{}
	at := map[booking.Slot]int{}
	waiting := -1
	for i, l := range r.Lines {
		if l.State != booking.Asked || l.Code != "" {
			continue
		}
		s := f.askStep(r, i, c)
		if s.places == 0 {
			if waiting < 0 || len(groups[waiting]) == maxSteps {
				waiting = len(groups)
				groups = append(groups, nil)
			}
			groups[waiting] = append(groups[waiting], s)
			continue
		}
		n, ok := at[l.Slot()]
		if !ok {
			n = len(groups)
			at[l.Slot()] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], s)
	}
	return groups
}

// askStep writes one asked day: booked or absent at once, or waiting for an agent and holding no place.
func (f FamilyStore) askStep(r booking.Request, i int, c Configuration) step {
	l := r.Lines[i]
	a := activityOf(c, l.Activity)
	s := step{line: i, to: booking.Target(r.Kind, a.Decision), room: places(a)}
	switch s.to {
	case booking.Booked:
		s.places = 1
	case booking.Absent:
		s.places = -1
	}
	if r.Kind == booking.Absence {
		s.day = write{
			key: f.dayKey(l.Place), update: "SET #s = :to, Absence = :request, Rev = :next", condition: "Rev = :rev AND #s = :booked",
			names: stateName, values: values(":to", s.to, ":request", r.ID, ":next", l.Rev+1, ":rev", l.Rev, ":booked", booking.Booked),
		}
		return s
	}
	day := booking.Day{Place: l.Place, Option: l.Option, State: s.to, Request: r.ID, Rev: l.Rev + 1}
	// One place per child and slot: whoever writes second has not seen the first, and gives way.
	s.day = write{put: item(f.dayKey(l.Place), dayToItem(day)), condition: isNew}
	if l.Rev > 0 {
		s.day.condition, s.day.values = "Rev = :rev", values(":rev", l.Rev)
	}
	return s
}

var stateName = map[string]string{"#s": "State"}

// decisionSteps write an agent's decision: accepting a booking takes a place, accepting an absence frees one.
func (f FamilyStore) decisionSteps(r booking.Request, lines []int, accept bool, reason string, c Configuration) []step {
	var steps []step
	for _, i := range lines {
		l := r.Lines[i]
		s := step{line: i, reason: reason, room: places(activityOf(c, l.Activity))}
		dayTo := booking.State("")
		switch {
		case l.State == booking.Requested && accept:
			s.to, s.places = booking.Booked, 1
		case l.State == booking.Requested:
			s.to = booking.Refused
		case accept:
			s.to, s.places = booking.Absent, -1
		default:
			s.to, dayTo = booking.Refused, booking.Booked // the child stays expected
		}
		if dayTo == "" {
			dayTo = s.to
		}
		s.day = f.dayFrom(r, l, dayTo, reason)
		steps = append(steps, s)
	}
	return steps
}

// withdrawalSteps write the days back: a booking asked for vanishes, a booked day is booked again.
func (f FamilyStore) withdrawalSteps(r booking.Request, lines []int) []step {
	var steps []step
	for _, i := range lines {
		l := r.Lines[i]
		s := step{line: i, to: booking.Withdrawn, day: f.dayFrom(r, l, booking.Booked, "")}
		if l.State == booking.Requested {
			s.day = write{key: f.dayKey(l.Place), delete: true, condition: "#s = :from AND #origin = :request", names: originName(r.Kind), values: values(":from", l.State, ":request", r.ID)}
		}
		steps = append(steps, s)
	}
	return steps
}

// dayFrom moves a day that is still in the state that this request gave it.
func (f FamilyStore) dayFrom(r booking.Request, l booking.Line, to booking.State, reason string) write {
	return write{
		key: f.dayKey(l.Place), update: "SET #s = :to, Reason = :reason, Rev = Rev + :one", condition: "#s = :from AND #origin = :request",
		names: originName(r.Kind), values: values(":to", to, ":reason", reason, ":one", 1, ":from", l.State, ":request", r.ID),
	}
}

// originName names the attributes of a day's state and of the request that gave it.
func originName(k booking.Kind) map[string]string {
	if k == booking.Absence {
		return map[string]string{"#s": "State", "#origin": "Absence"}
	}
	return map[string]string{"#s": "State", "#origin": "Request"}
}

func activityOf(c Configuration, id string) collectivity.Activity {
	a, _ := c.Activity(id)
	return a
}

// places of an activity a day; an activity without a number has room for all.
func places(a collectivity.Activity) int {
	if a.Capacity == 0 {
		return 1_000_000
	}
	return a.Capacity
}
