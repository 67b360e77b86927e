package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// A slot's item holds, per age group g, capacity_g, taken_g, free_g, waiting_g and next_g, the ranks given so far.
// taken + free = capacity after every write. While somebody waits the slot is in the queue WAIT#<shard>, due when the first
// of them stops waiting; a place that is freed meanwhile flags it, and advance-bookings comes at once.
func (c Collectivity) slotKey(activity, date string) key {
	return key{c.pk() + "#S#" + activity, "SLOT#" + date}
}

func (c Collectivity) keyOfSlot(s booking.Slot) key { return c.slotKey(s.Activity, string(s.Date)) }

// slotOf is the slot whose item holds the seats.
func slotOf(s booking.Seats) booking.Slot { return booking.Slot{Date: s.Date, Activity: s.Activity} }

// rooms is what a writer knows of seats. What it has not seen it takes for open: the condition of its write finds out.
type rooms struct {
	town *booking.Town
	seen map[booking.Slot]slotSeen
	left map[booking.Seats]*booking.Room // what one attempt has left of them

	drawn map[booking.Seats][]int // ranks that are this writer's own, also where an attempt fails
}

// slotSeen is a slot's item as it was when a write met it; due is when the slot is, if it is in the queue of those who wait.
type slotSeen struct {
	attributes
	due string
}

func newRooms(town *booking.Town) *rooms {
	return &rooms{town: town, seen: map[booking.Slot]slotSeen{}, drawn: map[booking.Seats][]int{}}
}

// forget begins another attempt.
func (r *rooms) forget() { r.left = map[booking.Seats]*booking.Room{} }

// learn keeps a slot as it is; nil: it has not been made.
func (r *rooms) learn(s booking.Slot, item attributes) {
	r.seen[s] = slotSeen{item, textOf(item["workAt"])}
}

func (r *rooms) knows(s booking.Seats) bool {
	_, ok := r.seen[slotOf(s)]
	return ok
}

// of is what an attempt has left of seats.
func (r *rooms) of(s booking.Seats) *booking.Room {
	if r.left[s] == nil {
		room := r.was(s)
		r.left[s] = &room
	}
	return r.left[s]
}

// was is what is known of seats before the attempt. A group that nobody has come to yet has all of its places.
func (r *rooms) was(s booking.Seats) booking.Room {
	places := r.places(s)
	room := booking.Room{Capacity: places, Free: places}
	seen := r.seen[slotOf(s)].attributes
	if _, made := seen["free_"+s.Group]; made {
		n := func(name string) int {
			v, _ := number(seen, name+"_"+s.Group)
			return v
		}
		room = booking.Room{Capacity: n("capacity"), Taken: n("taken"), Free: n("free"), Waiting: n("waiting"), Next: n("next")}
	}
	return room
}

func (r *rooms) places(s booking.Seats) int {
	a, _ := r.town.Activity(s.Activity)
	return a.Places(s.Group)
}

// fetch reads slots that are not known yet.
func (f Collectivity) fetch(ctx context.Context, r *rooms, seats []booking.Seats) error {
	slots := map[key]booking.Slot{}
	var keys []key
	for _, s := range seats {
		k := f.keyOfSlot(slotOf(s))
		if _, twice := slots[k]; !twice && !r.knows(s) {
			slots[k] = slotOf(s)
			keys = append(keys, k)
		}
	}
	for len(keys) > 0 {
		n := min(len(keys), 100)
		found, err := f.batch(ctx, keys[:n]...)
		if err != nil {
			return err
		}
		for _, k := range keys[:n] {
			r.learn(slots[k], found[k])
		}
		keys = keys[n:]
	}
	return nil
}

// rank is the nth of those drawn of seats; 0: it has to be drawn.
func (r *rooms) rank(s booking.Seats, n int) int {
	if n < len(r.drawn[s]) {
		return r.drawn[s][n]
	}
	return 0
}

// draw takes the next n ranks of seats and learns what their slot is by then. It is a write of its own: who waits comes in the
// order of these, and the hundreds of a rush need not each know of the one before. A rank that is not used is left out.
func (f FamilyStore) draw(ctx context.Context, r *rooms, s booking.Seats, n int) error {
	w := newSlotUpdate(r.seen[slotOf(s)])
	w.count("", seatChange{seats: s, ranks: n}, r.places(s))
	slot, err := f.applied(ctx, write{key: f.keyOfSlot(slotOf(s)), update: w.expression(), names: w.names, values: w.values, show: true})
	if err != nil {
		return err
	}
	r.learn(slotOf(s), slot)
	if r.was(s).Open() {
		f.full.Delete(f.keyOfSlot(slotOf(s)))
	} else {
		f.full.Store(f.keyOfSlot(slotOf(s)), slot)
	}
	last := r.was(s).Next
	for i := range n {
		r.drawn[s] = append(r.drawn[s], last-n+1+i)
	}
	return nil
}

// recall takes it that slots are still full which were when this process last met them, where a line may wait: it draws a rank
// at once, which shows what they are now, and not after a transaction that is refused.
func (f FamilyStore) recall(r *rooms, l booking.Line, now time.Time) {
	for _, s := range l.SeatsOf() {
		slot, full := f.full.Load(f.keyOfSlot(slotOf(s)))
		if full && !r.knows(s) && now.Before(l.Until) {
			r.learn(slotOf(s), slot.(attributes))
		}
	}
}

// seatChange is what a write does to the seats of one age group.
type seatChange struct {
	seats          booking.Seats
	taken, waiting int       // how they change
	ranks          int       // given to who will wait
	over           bool      // an agent takes places that are not there
	until          time.Time // of who begins to wait: when they stop
}

// changes are what a transaction does to seats, those of one slot together.
type changes struct {
	order []booking.Slot
	of    map[booking.Slot][]*seatChange
}

func (c *changes) at(s booking.Seats) *seatChange {
	slot := slotOf(s)
	for _, known := range c.of[slot] {
		if known.seats == s {
			return known
		}
	}
	if c.of == nil {
		c.of = map[booking.Slot][]*seatChange{}
	}
	if len(c.of[slot]) == 0 {
		c.order = append(c.order, slot)
	}
	change := &seatChange{seats: s}
	c.of[slot] = append(c.of[slot], change)
	return change
}

// slotWrite writes what a transaction does to one slot, under the condition that what was counted on is so.
func (f Collectivity) slotWrite(slot booking.Slot, all []*seatChange, r *rooms, now time.Time) write {
	w := newSlotUpdate(r.seen[slot])
	for i, c := range all {
		w.change(fmt.Sprint(i), *c, r.was(c.seats), r.places(c.seats))
	}
	w.queue(f.keyOfSlot(slot), now)
	// Each write moves the slot on, so that who counts it anew sees that it moved, even where its numbers are as before.
	w.set = append(w.set, fmt.Sprintf("%[1]s = if_not_exists(%[1]s, :zero) + %s", w.name("moves", "moves"), w.value("one", 1)))
	return write{
		key: f.keyOfSlot(slot), update: w.expression(), condition: strings.Join(w.conditions, " AND "),
		names: w.names, values: w.values, show: true,
	}
}

// slotUpdate gathers the update expression of a slot.
type slotUpdate struct {
	set, conditions []string
	names           map[string]string
	values          attributes
	seen            slotSeen
	until           string // when the first of those who begin to wait stops; "": nobody begins
	flag            bool   // the slot is due to advance-bookings at once
}

func newSlotUpdate(seen slotSeen) *slotUpdate {
	return &slotUpdate{names: map[string]string{}, values: attributes{}, seen: seen}
}

func (w *slotUpdate) expression() string { return "SET " + strings.Join(w.set, ", ") }

func (w *slotUpdate) name(as, attribute string) string {
	w.names["#"+as] = attribute
	return "#" + as
}

func (w *slotUpdate) value(as string, v any) string {
	w.values[":"+as] = value(v)
	return ":" + as
}

// change adds what happens to one age group, i telling its names from the others', and what that counts on.
func (w *slotUpdate) change(i string, c seatChange, was booking.Room, places int) {
	w.count(i, c, places)
	w.conditions = append(w.conditions, w.condition(i, c, was, places)...)
}

// count adds how one age group's numbers change. A group that nobody has come to yet has all of its places.
func (w *slotUpdate) count(i string, c seatChange, places int) {
	g := c.seats.Group
	capacity, taken, free := w.name("capacity"+i, "capacity_"+g), w.name("taken"+i, "taken_"+g), w.name("free"+i, "free_"+g)
	waiting, next := w.name("waiting"+i, "waiting_"+g), w.name("next"+i, "next_"+g)
	room, zero := w.value("room"+i, places), w.value("zero", 0)
	t := w.value("t"+i, c.taken)
	w.set = append(
		w.set,
		fmt.Sprintf("%[1]s = if_not_exists(%[1]s, %s)", capacity, room),
		fmt.Sprintf("%[1]s = if_not_exists(%[1]s, %s) + %s", taken, zero, t),
		fmt.Sprintf("%[1]s = if_not_exists(%[1]s, %s) - %s", free, room, t),
		fmt.Sprintf("%[1]s = if_not_exists(%[1]s, %s) + %s", waiting, zero, w.value("w"+i, c.waiting)),
		fmt.Sprintf("%[1]s = if_not_exists(%[1]s, %s) + %s", next, zero, w.value("n"+i, c.ranks)),
	)
}

// condition is what the change counts on.
func (w *slotUpdate) condition(i string, c seatChange, was booking.Room, places int) []string {
	free, waiting, taken := "#free"+i, "#waiting"+i, "#taken"+i
	switch {
	case c.waiting > 0: // nobody waits beside a place that they would have taken; how many wait already does not matter
		w.wait(c.until)
		w.flag = w.flag || was.Free > 0 // who came first waits for another place too: this one may be served
		return []string{free + " = " + w.value("f"+i, was.Free)}
	case c.waiting < 0 && c.taken > 0 && !c.over: // from waiting to booked
		return []string{free + " >= :t" + i, waiting + " >= " + w.value("q"+i, -c.waiting)}
	case c.waiting < 0:
		return []string{waiting + " >= " + w.value("q"+i, -c.waiting)}
	case c.taken < 0 && was.Waiting > 0: // a place is freed that somebody waits for
		w.flag = true
		return []string{taken + " >= " + w.value("q"+i, -c.taken), waiting + " > :zero"}
	case c.taken < 0:
		return []string{taken + " >= " + w.value("q"+i, -c.taken), waiting + " = :zero"}
	case c.over:
		return nil
	case c.taken <= places:
		return []string{fmt.Sprintf("(attribute_not_exists(%s) OR (%s >= :t%s AND %s = :zero))", free, free, i, waiting)}
	}
	return []string{free + " >= :t" + i, waiting + " = :zero"}
}

// wait takes note of when somebody who begins to wait stops.
func (w *slotUpdate) wait(until time.Time) {
	if at := stamp(until); w.until == "" || at < w.until {
		w.until = at
	}
}

// queue has the slot in the queue of those where somebody waits: due now, or when the first of them stops waiting.
func (w *slotUpdate) queue(k key, now time.Time) {
	if w.flag {
		w.due(k, stamp(now))
		w.set = append(w.set, w.name("wake", "wake")+" = "+w.value("wake", "now"))
		return
	}
	if w.until == "" {
		return
	}
	at := w.name("workAt", "workAt")
	if w.seen.due != "" && w.seen.due <= w.until { // it is there already, and has to be still
		w.conditions = append(w.conditions, at+" <= "+w.value("until", w.until))
		return
	}
	w.due(k, w.until)
	// Who came meanwhile may stop earlier: theirs stands.
	w.conditions = append(w.conditions, "(attribute_not_exists("+at+") OR "+at+" >= :workAt)")
}

// due writes when the slot is.
func (w *slotUpdate) due(k key, at string) {
	w.set = append(
		w.set,
		w.name("work", "work")+" = "+w.value("work", waitQueue(shardOf(k.PK+k.SK))),
		w.name("workAt", "workAt")+" = "+w.value("workAt", at),
	)
}

// Room is what is known of seats, read now.
func (f Collectivity) Room(ctx context.Context, town *booking.Town, activity string, d calendar.Date, group string) (booking.Room, error) {
	r := newRooms(town)
	s := booking.Seats{Date: d, Activity: activity, Group: group}
	err := f.fetch(ctx, r, []booking.Seats{s})
	return r.was(s), err
}
