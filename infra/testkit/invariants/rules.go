package invariants

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// slots: taken and free places make the capacity, and where somebody waits a worker will see that they do not wait for ever.
func (t Tenant) slots() (broken []string) {
	for _, s := range t.Slots {
		for name, p := range s.Groups {
			at := s.place(name)
			if p.Taken+p.Free != p.Capacity || p.Taken < 0 || p.Free < 0 && !t.Over {
				broken = append(broken, fmt.Sprintf("%s: %d taken and %d free of %d places", at, p.Taken, p.Free, p.Capacity))
			}
			if p.Waiting > 0 && s.Work == "" {
				broken = append(broken, fmt.Sprintf("%s: %d wait and no worker knows", at, p.Waiting))
			}
		}
	}
	return broken
}

// waits: nobody waits while all the places that the day needs are free, unless a worker is called for one of them.
func (t Tenant) waits() (broken []string) {
	free, called := map[place]int{}, map[place]bool{}
	for _, s := range t.Slots {
		for name, p := range s.Groups {
			free[s.place(name)], called[s.place(name)] = p.Free, s.Wake != ""
		}
	}
	for _, d := range t.Days {
		stays := func(p place) bool { return free[p] <= 0 || called[p] }
		if d.State == "waitlisted" && !slices.ContainsFunc(d.places(), stays) {
			broken = append(broken, fmt.Sprintf("%s waits beside a free place", d))
		}
	}
	return broken
}

// places: as many are taken as days hold one.
func (t Tenant) places() (broken []string) {
	held := map[place]int{}
	holds := t.holds()
	for _, d := range t.Days {
		if !holds(d) {
			continue
		}
		for _, p := range d.places() {
			held[p]++
		}
	}
	taken := map[place]int{}
	for _, s := range t.Slots {
		for name, p := range s.Groups {
			taken[s.place(name)] = p.Taken
			held[s.place(name)] += 0 // compare it too
		}
	}
	for at, n := range held {
		if taken[at] != n {
			broken = append(broken, fmt.Sprintf("%s: %d places are taken and %d days hold one", at, taken[at], n))
		}
	}
	return broken
}

// holds says whether a day holds its places: as it says itself, or by its state where no day of the town says it.
func (t Tenant) holds() func(Day) bool {
	if slices.ContainsFunc(t.Days, func(d Day) bool { return d.Held }) {
		return func(d Day) bool { return d.Held }
	}
	return func(d Day) bool { return d.State == "booked" || d.State == "absence_requested" }
}

// turns: as many wait as have a turn, each turn is a waiting day's and each waiting day has its turns.
func (t Tenant) turns() (broken []string) {
	turns, counted := map[place]int{}, map[place]int{}
	for _, w := range t.Waits {
		turns[w.place()]++
		counted[w.place()] += 0
	}
	for _, s := range t.Slots {
		for name, p := range s.Groups {
			counted[s.place(name)] = p.Waiting
		}
	}
	for at, n := range counted {
		if turns[at] != n {
			broken = append(broken, fmt.Sprintf("%s: %d wait and %d have a turn", at, n, turns[at]))
		}
	}
	return append(broken, t.ranks()...)
}

func (t Tenant) ranks() (broken []string) {
	turns := map[string]bool{}
	for _, w := range t.Waits {
		turns[fmt.Sprint(w.place(), " ", w.rank())] = true
	}
	for _, d := range t.Days {
		if d.State != "waitlisted" {
			continue
		}
		for i, p := range d.places() { // it waits for each of them
			turn := ""
			if i < len(d.Ranks) {
				turn = fmt.Sprintf("%s %06d", p, d.Ranks[i])
			}
			if !turns[turn] {
				broken = append(broken, fmt.Sprintf("%s waits without a turn", d))
			}
			delete(turns, turn)
		}
	}
	for turn := range turns {
		broken = append(broken, "nobody has the turn "+turn)
	}
	return broken
}

// owners: what a day is, a line of the request that made it so says.
func (t Tenant) owners() (broken []string) {
	requests := map[string]Request{}
	for _, r := range t.Requests {
		requests[r.ID] = r
	}
	for _, d := range t.Days {
		id := d.owner()
		r, known := requests[id]
		switch {
		case id == "" && d.State != "booked":
			// nobody's: the town's own mark
		case !known:
			broken = append(broken, fmt.Sprintf("%s is %s by the unknown request %q", d, d.State, id))
		case r.Settled && !r.says(d):
			broken = append(broken, fmt.Sprintf("%s is %s, and no line of %s says so", d, d.State, r))
		}
	}
	return broken
}

// owner is the id of the request that gave the day its state; "" for what no request does.
func (d Day) owner() string {
	switch d.State {
	case "booked", "requested", "waitlisted", "refused":
		return d.Request
	case "absent", "absence_requested":
		return d.Absence
	}
	return ""
}

func (r Request) says(d Day) bool {
	return slices.ContainsFunc(r.Lines, func(l Line) bool {
		return l.Date == d.Date && l.Child == d.Child && l.Activity == d.Activity && l.State == d.State && l.Code == ""
	})
}

// claims: of the requests that say they booked a day, each but one was undone by an absence, and the one too where the day is
// no longer booked. What a request is still to write says nothing yet.
func (t Tenant) claims() (broken []string) {
	type spot struct{ date, child, activity string }
	claims, open := map[spot]int{}, map[spot]bool{}
	for _, r := range t.Requests {
		for _, l := range r.Lines {
			at := spot{l.Date, l.Child, l.Activity}
			switch {
			case !r.Settled:
				open[at] = true
			case l.Code != "":
			case r.Kind == "booking" && l.State == "booked":
				claims[at]++
			case r.Kind == "absence" && l.State == "absent":
				claims[at]--
			}
		}
	}
	booked := map[spot]int{}
	for _, d := range t.Days {
		at := spot{d.Date, d.Child, d.Activity}
		if d.State == "booked" || d.State == "absence_requested" || d.State == "cancelled" {
			booked[at] = 1
		}
		claims[at] += 0 // compare it too
	}
	for at, n := range claims {
		if n != booked[at] && !open[at] {
			broken = append(broken, fmt.Sprintf("the day %s of child %s at %s: %d requests have it booked, and it is booked %d times", at.date, at.child, at.activity, n, booked[at]))
		}
	}
	return broken
}

// once: a child's time at an activity on a day is one family's, whose day is booked, waits, or was cancelled with its places.
func (t Tenant) once() (broken []string) {
	first := map[string]Day{}
	for _, d := range t.Days {
		if !slices.Contains([]string{"requested", "booked", "absence_requested", "waitlisted"}, d.State) && !d.Held {
			continue
		}
		was, twice := first[d.SK]
		if first[d.SK] = d; twice {
			broken = append(broken, fmt.Sprintf("%s is %s by one family and %s by another", d, was.State, d.State))
		}
	}
	return broken
}

// queues: what is half written waits for a worker, and what is undecided for an agent.
func (t Tenant) queues() (broken []string) {
	for _, r := range t.Requests {
		pending := slices.ContainsFunc(r.Lines, func(l Line) bool {
			return l.Code == "" && (l.State == "requested" || l.State == "absence_requested")
		})
		switch {
		case !r.Settled && !r.due():
			broken = append(broken, fmt.Sprintf("%s is half written and no worker knows", r))
		case r.Settled && pending && !strings.HasPrefix(r.Work, "C#"+t.Slug+"#"):
			broken = append(broken, fmt.Sprintf("%s is undecided and no agent sees it", r))
		}
	}
	return broken
}

// mails: a request is acknowledged, and a refusal is told. That no fact is mailed twice is in the names of the
// outbox items, which are the facts'.
func (t Tenant) mails() (broken []string) {
	for _, r := range t.Requests {
		nobody := r.Agent != "" && r.Account == "" // to be told: an agent booked for a family without an account
		if r.Standing == "" && !nobody && !t.Mails[r.received()] {
			broken = append(broken, fmt.Sprintf("%s was never acknowledged", r))
		}
		refused := slices.ContainsFunc(r.Lines, func(l Line) bool { return l.State == "refused" && l.Code == "" && l.Reason != "" })
		told := slices.ContainsFunc(r.decided(), func(id string) bool { return t.Mails[id] })
		if refused && !told {
			broken = append(broken, fmt.Sprintf("the refusal of %s was never told", r))
		}
	}
	return broken
}

func (r Request) received() string { return "request-received-" + r.ID }

// decided are the ids that mails of refusals may have, by an agent or because no place came free: each bears the revision
// that the refusal made.
func (r Request) decided() (ids []string) {
	for rev := range r.Rev + 1 {
		ids = append(ids, fmt.Sprintf("request-decided-%s-%d", r.ID, rev), fmt.Sprintf("request-no-place-%s-%d", r.ID, rev))
	}
	return ids
}

// told lists the ids of the outbox items that requests may have.
func told(requests []Request) []string {
	ids := map[string]bool{}
	for _, r := range requests {
		ids[r.received()] = true
		for _, id := range r.decided() {
			ids[id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}
