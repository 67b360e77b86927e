package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"preau/infra/catalog"
	"preau/infra/faults"
	"preau/infra/testkit/invariants"
)

// The rush of design §5.
const (
	rushParents  = 1000
	rushPlaces   = 100
	rushConflict = 0.3
	rushWait     = 25 * time.Second // until the last is answered
)

// rush has a thousand parents ask for a hundred places at once, each write meeting somebody else's transaction three times
// in ten, on the local platform's host with its limit of processes.
func (l *lab) rush() table {
	say("Making %d families…", rushParents)
	c := l.found("la-ruee", "La Ruée").crowd(rushParents, rushPlaces)
	proxy := must(faults.New(l.stack.Resources.DynamoDB, faults.Plan{Seed: 1, All: faults.Rates{Conflict: rushConflict}}))
	defer proxy.Close()
	s := l.openStage("request-booking", proxy.URL)
	defer s.close()
	say("Letting them ask…")
	began := time.Now()
	r := rush{crowd: c, asked: s.askAll(c)}
	r.answered = proxy.Tally()
	for _, a := range r.asked {
		if a.fault == "" && !a.Progress.Done {
			s.settled(a)
		}
	}
	r.took, r.settled = time.Since(began), proxy.Tally()
	r.written = c.written(c.homes)
	return r.told()
}

// askAll sends everyone's request at the same moment.
func (s *stage) askAll(c crowd) []asked {
	var wishes []wish
	for _, h := range c.homes {
		wishes = append(wishes, wish{h, h.book("cantine", c.day, c.day).raw()})
	}
	all := make([]asked, len(wishes))
	var wait sync.WaitGroup
	began := time.Now()
	for i, w := range wishes {
		wait.Go(func() { all[i] = s.ask(w, began) })
	}
	wait.Wait()
	return all
}

// A rush is what happened.
type rush struct {
	crowd
	asked             []asked
	answered, settled faults.Tally  // of the table's calls until then
	took              time.Duration // until all were settled
	written           invariants.Tenant
}

// told holds what happened against what was promised.
func (r rush) told() table {
	out := table{
		title:  fmt.Sprintf("The rush: %d parents ask for %d places at once, %.0f %% of the writes conflict, %d processes", rushParents, rushPlaces, 100*rushConflict, catalog.MaxConcurrent),
		header: []string{"what", "measured", "figure", ""},
		notes:  []string{"Time counts from the moment at which all ask; on AWS each would have a process of its own at once."},
	}
	r.answers(&out)
	r.outcomes(&out)
	out.add("transactions until all were answered, settled", fmt.Sprintf("%d, %d", r.answered.Calls[transact], r.settled.Calls[transact]), "", "")
	out.add("of all writes, those that were made to conflict", strconv.Itoa(r.settled.Faults[faults.Conflict]), "", "")
	return out
}

const transact = "TransactWriteItems"

// answers tells how the parents were answered.
func (r rush) answers(out *table) {
	var times sample
	left, faulty := 0, 0
	for _, a := range r.asked {
		times = append(times, a.took)
		switch {
		case a.fault != "":
			faulty++
			say("an answer is an error: %s", a.fault)
		case !a.Progress.Done:
			left++
		}
	}
	slowest := slices.Max(times)
	out.add("answered: half within, 99 % within", millis(times.within(0.5))+", "+millis(times.within(0.99)), "", "")
	out.add("answered: the slowest", seconds(slowest), "≤ "+seconds(rushWait), verdict(slowest <= rushWait))
	out.add("answers that are errors", strconv.Itoa(faulty), "0", verdict(faulty == 0))
	out.add("left to advance-bookings", strconv.Itoa(left), "", "")
	out.add("until all were settled", seconds(r.took), "", "")
}

// outcomes tells what is written.
func (r rush) outcomes(out *table) {
	booked, ranks := r.days()
	out.add("booked, waiting", fmt.Sprintf("%d, %d", booked, len(ranks)), fmt.Sprintf("%d, %d", rushPlaces, rushParents-rushPlaces), verdict(booked == rushPlaces && len(ranks) == rushParents-rushPlaces))
	passed := r.passed(ranks)
	out.add("who asked after another was answered, and comes before them", strconv.Itoa(passed), "0", verdict(passed == 0))
	out.addBroken(r.written)
}

// addBroken tells what of a town's bookings is not as it must be.
func (t *table) addBroken(written invariants.Tenant) {
	broken := written.Broken()
	for _, b := range broken {
		say("broken: %s", b)
	}
	t.add("what is not as it must be (infra/testkit/invariants)", strconv.Itoa(len(broken)), "0", verdict(len(broken) == 0))
}

// days counts who is booked, and answers the ranks of those who wait, by family.
func (r rush) days() (booked int, ranks map[string]int) {
	ranks = map[string]int{}
	for _, d := range r.written.Days {
		switch {
		case d.State == "booked":
			booked++
		case d.State == "waitlisted" && len(d.Ranks) == 1:
			ranks[strings.TrimPrefix(d.PK, r.partition(""))] = d.Ranks[0]
		}
	}
	return booked, ranks
}

// passed counts the parents who asked after another was told where they stand, and stand before them: booked is before all
// who wait. A request is made within the second that it says, so that what is counted is certain.
func (r rush) passed(ranks map[string]int) (n int) {
	told := slices.DeleteFunc(slices.Clone(r.asked), func(a asked) bool { return a.fault != "" || !a.Progress.Done })
	slices.SortFunc(told, func(a, b asked) int { return a.at.Compare(b.at) })
	byStart := slices.SortedFunc(slices.Values(r.asked), func(a, b asked) int { return strings.Compare(a.CreatedAt, b.CreatedAt) })
	last, next := 0, 0 // the highest rank that was told, and who is told next
	for _, a := range byStart {
		if a.fault != "" {
			continue
		}
		asked, err := time.Parse(time.RFC3339, a.CreatedAt)
		check(err)
		for ; next < len(told) && told[next].at.Before(asked); next++ {
			last = max(last, ranks[told[next].home.ID])
		}
		if ranks[a.home.ID] < last {
			n++
		}
	}
	return n
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
