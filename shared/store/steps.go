package store

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// ask plans the asked lines among some: booked, absent, waiting for a place, or waiting for an agent and holding no place.
func (f FamilyStore) ask(lines []int, now time.Time) planner {
	return func(r booking.Request, k *rooms) ([]step, map[int]string) {
		var steps []step
		var seekers []booking.Line
		var at []int
		for _, i := range lines {
			l := r.Lines[i]
			if l.State != booking.Asked || l.Code != "" {
				continue
			}
			a, _ := k.town.Activity(l.Activity)
			switch to := r.Target(a); {
			case to == booking.Booked && !r.Overbook:
				seekers, at = append(seekers, l), append(at, i)
			case to == booking.Booked:
				steps = append(steps, f.bookStep(r, i, booking.Booked, nil))
			case r.Kind == booking.Absence:
				steps = append(steps, f.missStep(r, i, to))
			default:
				steps = append(steps, f.bookStep(r, i, to, nil))
			}
		}
		seated, dropped := f.seat(r, seekers, at, now, k)
		return append(steps, seated...), dropped
	}
}

// seat plans the lines that seek places: each is booked, waits with its ranks, or finds no place.
func (f FamilyStore) seat(r booking.Request, seekers []booking.Line, at []int, now time.Time, k *rooms) (steps []step, full map[int]string) {
	full = map[int]string{}
	for _, l := range seekers {
		f.recall(k, l, now)
	}
	ranks := map[booking.Seats]int{} // given so far in this attempt
	for n, state := range booking.Seat(seekers, now, k.of) {
		l := seekers[n]
		switch state {
		case booking.Booked:
			steps = append(steps, f.bookStep(r, at[n], state, nil))
		case booking.Waitlisted:
			for _, s := range l.SeatsOf() {
				l.Ranks = append(l.Ranks, k.rank(s, ranks[s]))
				ranks[s]++
			}
			steps = append(steps, f.bookStep(r, at[n], state, l.Ranks))
		default:
			full[at[n]] = "slot_full"
		}
	}
	return steps, full
}

// bookStep writes the day of a booking. One place per child and slot, whatever the household: whoever writes second has not seen
// the first, and gives way. Whoever asks has the child's time from then on, so that nothing later has to look at the other
// household again: neither promotions nor decisions.
func (f FamilyStore) bookStep(r booking.Request, i int, to booking.State, ranks []int) step {
	l := r.Lines[i]
	l.Ranks = ranks
	s := step{line: i, to: to, ranks: ranks, reason: l.Reason, over: r.Overbook}
	day := booking.Day{
		Place: l.Place, Option: l.Option, Group: l.Group, Needs: l.Needs, State: to, Request: r.ID, Late: l.Late, Due: l.Due,
		Held: to == booking.Booked, Ranks: ranks, Presence: l.Presence, Former: l.Former, Rev: l.Rev + 1,
	}
	if to == booking.Booked {
		day.Former = nil // a booked day leaves only by an absence
	}
	s.day = write{put: item(f.dayKey(l.Place), dayToItem(day)), condition: isNew}
	if l.Rev > 0 {
		s.day.condition, s.day.values = "Rev = :rev", values(":rev", l.Rev)
	}
	switch to {
	case booking.Booked:
		s.taken = 1
	case booking.Waitlisted:
		s.waiting, s.lists = 1, f.waitWrites(r, l)
	}
	s.guards = f.guards(r, l)
	return s
}

// guards are the conditions on the child's other activities of the day, where two requests at the same time could break
// what was judged for each, and on what the other household of a child of two files has there. A day that the same request is
// still to write is left to the judgement.
func (f FamilyStore) guards(r booking.Request, l booking.Line) (guards []write) {
	guard := func(home FamilyStore, activity, code, condition string, operands attributes) {
		place := booking.Place{Date: l.Date, Child: l.Child, Activity: activity}
		if home.id != f.id || !r.StillAsks(place) {
			guards = append(guards, write{check: true, key: home.dayKey(place), condition: condition, names: stateName, values: operands, code: code})
		}
	}
	homes := []FamilyStore{f}
	if l.Other != "" {
		homes = append(homes, f.family(l.Other))
	}
	active, actives := among(booking.Active)
	coming, comings := among(booking.Coming)
	for n, beside := range [][]string{l.Beside, l.There} {
		for _, other := range beside {
			guard(homes[n], other, map[booking.Kind]string{booking.Booking: "requires_other", booking.Absence: "required_by_other"}[r.Kind], coming, comings)
		}
	}
	for n, home := range homes {
		for _, other := range l.Apart {
			if r.Kind == booking.Absence {
				guard(home, other, []string{"required_by_other", "required_elsewhere"}[n], "attribute_not_exists(PK) OR NOT "+coming, comings)
			} else {
				guard(home, other, "excluded", "attribute_not_exists(PK) OR NOT "+active, actives)
			}
		}
		for _, t := range l.Twice {
			guard(home, t.Activity, "excluded", "attribute_not_exists(PK) OR NOT contains(Needs, :use) OR NOT "+active, with(actives, ":use", value(t.Use)))
		}
	}
	if l.Other != "" && r.Kind == booking.Booking {
		guards = append(guards, f.free(l))
	}
	return guards
}

// among is the condition that a day is in one of some states.
func among(states []booking.State) (condition string, operands attributes) {
	operands = attributes{}
	for i, s := range states {
		operands[":s"+strconv.Itoa(i)] = value(s)
	}
	return "#s IN (" + strings.Join(slices.Sorted(maps.Keys(operands)), ", ") + ")", operands
}

// missStep writes an absence: at once, which frees the places, or as a request to an agent.
func (f FamilyStore) missStep(r booking.Request, i int, to booking.State) step {
	l := r.Lines[i]
	s := step{line: i, to: to, reason: l.Reason}
	set := "SET #s = :to, Absence = :request, Due = :due, Rev = :next"
	if to == booking.Absent {
		s.taken = -1
		set += " REMOVE Held"
	}
	s.day = write{
		key: f.dayKey(l.Place), update: set, condition: "Rev = :rev AND #s = :booked",
		names: stateName, values: values(":to", to, ":request", r.ID, ":due", l.Due, ":next", l.Rev+1, ":rev", l.Rev, ":booked", booking.Booked),
	}
	s.guards = f.guards(r, l)
	return s
}

var stateName = map[string]string{"#s": "State"}

// decide plans decisions on lines: accepting a booking takes a place, accepting an absence frees one. A place that is not
// there drops the line, unless places are taken that are not there.
func (f FamilyStore) decide(verdicts map[int]Verdict, over bool) planner {
	return func(r booking.Request, k *rooms) ([]step, map[int]string) {
		var steps []step
		full := map[int]string{}
		for _, i := range slices.Sorted(maps.Keys(verdicts)) {
			s := f.decisionStep(r, i, verdicts[i].Accept, verdicts[i].Reason)
			s.over = over
			if s.taken > 0 && !over && !f.takes(r.Lines[i], s, k) {
				full[i] = "slot_full"
				continue
			}
			steps = append(steps, s)
		}
		return steps, full
	}
}

// takes counts a line's places among what an attempt has left, if there are any.
func (f FamilyStore) takes(l booking.Line, s step, k *rooms) bool {
	for _, seats := range l.SeatsOf() {
		if room := k.of(seats); room.Free <= 0 || s.waiting == 0 && room.Waiting > 0 {
			return false
		}
	}
	for _, seats := range l.SeatsOf() {
		k.of(seats).Add(booking.Booked)
	}
	return true
}

func (f FamilyStore) decisionStep(r booking.Request, i int, accept bool, reason string) step {
	l := r.Lines[i]
	s := step{line: i, reason: reason}
	switch {
	case l.State == booking.AbsenceRequested && accept:
		s.to, s.taken = booking.Absent, -1
	case l.State == booking.AbsenceRequested:
		s.to = booking.Refused
	case accept:
		s.to, s.taken = booking.Booked, 1
	default:
		s.to = booking.Refused
	}
	if l.State == booking.Waitlisted {
		s.waiting, s.lists = -1, f.leaveWrites(r, l)
	}
	dayTo := s.to
	if l.State == booking.AbsenceRequested && !accept {
		dayTo = booking.Booked // the child stays expected
	}
	s.day = f.dayFrom(r, l, dayTo, reason)
	return s
}

// withdraw plans days back to what they were: a booking asked for vanishes, a booked day is booked again.
func (f FamilyStore) withdraw(lines []int, today calendar.Date) planner {
	return func(r booking.Request, _ *rooms) (steps []step, _ map[int]string) {
		for _, i := range lines {
			l := r.Lines[i]
			s := step{line: i, to: booking.Withdrawn}
			switch {
			case l.State == booking.AbsenceRequested:
				s.day = f.dayFrom(r, l, booking.Booked, "")
			case l.Former != nil:
				s.day = f.dayBack(r, l)
			case l.Date <= today: // carers may have noted who came
				s.day = f.dayFrom(r, l, booking.Enrolled, "")
			default:
				s.day = f.dayGone(r, l)
			}
			if l.State == booking.Waitlisted {
				s.waiting, s.lists = -1, f.leaveWrites(r, l)
			}
			steps = append(steps, s)
		}
		return steps, nil
	}
}

// dayFrom moves a day that is still in the state that this request gave it.
func (f FamilyStore) dayFrom(r booking.Request, l booking.Line, to booking.State, reason string) write {
	held := to == booking.Booked || to == booking.AbsenceRequested
	return write{
		key: f.dayKey(l.Place), update: "SET #s = :to, Reason = :reason, Held = :held, Rev = Rev + :one REMOVE Ranks, Former", condition: "#s = :from AND #origin = :request",
		names: originName(r.Kind), values: values(":to", to, ":reason", reason, ":held", held, ":one", 1, ":from", l.State, ":request", r.ID),
	}
}

// dayBack makes a day, still in the state that this request gave it, what it was before.
func (f FamilyStore) dayBack(r booking.Request, l booking.Line) write {
	x, was := newExpression(), *l.Former
	x.was(x.path("State"), l.State)
	x.was(x.path("Request"), r.ID)
	x.set(x.path("State"), was.State)
	x.add(x.path("Rev"), 1)
	for name, v := range map[string]string{"Option": was.Option, "Group": was.Group, "Request": was.Request, "Absence": was.Absence, "Reason": was.Reason, "Event": was.Event} {
		x.put(name, v, v == "")
	}
	for name, v := range map[string]bool{"Late": was.Late, "Due": was.Due, "Justified": was.Justified} {
		x.put(name, v, !v)
	}
	x.put("Needs", was.Needs, len(was.Needs) == 0)
	for _, name := range []string{"Ranks", "Held", "Former"} {
		x.remove(x.path(name))
	}
	return x.write(f.dayKey(l.Place), nil)
}

// dayGone removes a day that is still in the state that this request gave it.
func (f FamilyStore) dayGone(r booking.Request, l booking.Line) write {
	return write{key: f.dayKey(l.Place), delete: true, condition: "#s = :from AND #origin = :request", names: originName(r.Kind), values: values(":from", l.State, ":request", r.ID)}
}

// originName names the attributes of a day's state and of the request that gave it.
func originName(k booking.Kind) map[string]string {
	if k == booking.Absence {
		return map[string]string{"#s": "State", "#origin": "Absence"}
	}
	return map[string]string{"#s": "State", "#origin": "Request"}
}

// groups splits the asked lines into what is written together: the lines of one slot where places are at stake, and as
// many as fit where an agent decides, but never two of one child's day: a transaction may not look at what it writes. What
// another line of the request counts on comes first.
func groups(r booking.Request, lines []int, town *booking.Town) (all [][]int) {
	at := map[any]int{}
	add := func(name any, i int) {
		n, ok := at[name]
		if !ok || len(Fitting(r, append(slices.Clone(all[n]), i))) <= len(all[n]) {
			n = len(all)
			at[name] = n
			all = append(all, nil)
		}
		all[n] = append(all[n], i)
	}
	for turn, some := range turns(r, lines) {
		nth := map[booking.Place]int{}
		for _, i := range some {
			l := r.Lines[i]
			a, _ := town.Activity(l.Activity)
			if to := r.Target(a); to == booking.Booked || to == booking.Absent {
				add([2]any{turn, booking.Slot{Date: l.Date, Activity: l.Activity}}, i)
				continue
			}
			day := booking.Place{Date: l.Date, Child: l.Child}
			add([2]any{turn, nth[day]}, i)
			nth[day]++
		}
	}
	return all
}

// turns puts the asked lines after those that they count on: a day of the child that they must be beside, or that has to be
// left before.
func turns(r booking.Request, lines []int) (all [][]int) {
	left := slices.DeleteFunc(slices.Clone(lines), func(i int) bool { return r.Lines[i].State != booking.Asked || r.Lines[i].Code != "" })
	for len(left) > 0 {
		places := map[booking.Place]bool{}
		for _, i := range left {
			places[r.Lines[i].Place] = true
		}
		var now, later []int
		for _, i := range left {
			l := r.Lines[i]
			waits := func(activity string) bool {
				return places[booking.Place{Date: l.Date, Child: l.Child, Activity: activity}]
			}
			if slices.ContainsFunc(l.Beside, waits) || slices.ContainsFunc(l.Apart, waits) {
				later = append(later, i)
			} else {
				now = append(now, i)
			}
		}
		if len(now) == 0 { // a circle, which settings do not make
			now, later = left, nil
		}
		all, left = append(all, now), later
	}
	return all
}
