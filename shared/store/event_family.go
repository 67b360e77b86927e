package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// effectItem is what an event did to a family and its days do not say themselves, and whether the family knows: what it lost
// that only waited, and what a revocation gave back. It outlives the days for a while.
type effectItem struct {
	Event    string
	Dropped  []string `dynamodbav:",omitempty"` // places, see placeName
	Released []string `dynamodbav:",omitempty"`
	Untold   bool     `dynamodbav:",omitempty"`
	Mails    int      // how often the family was told
	Ended    bool     `dynamodbav:",omitempty"` // it was told of the revocation
	Expires  int64    `dynamodbav:"expires"`
}

func (f FamilyStore) effectKey(event string) key { return key{f.pk(), "EVENT#" + event} }

func placeName(p booking.Place) string { return string(p.Date) + "#" + p.Child + "#" + p.Activity }

func placeNamed(s string) booking.Place {
	date, rest, _ := strings.Cut(s, "#")
	child, activity, _ := strings.Cut(rest, "#")
	return booking.Place{Date: calendar.Date(date), Child: child, Activity: activity}
}

// affected is what a family's part of an event is decided on.
type affected struct {
	Household
	booking.Planning
	effect effectItem
}

func (f FamilyStore) affected(ctx context.Context, e collectivity.Event, town *booking.Town) (out affected, err error) {
	var days map[booking.Place]booking.Day
	err = together(
		func() (err error) { out.Household, err = f.Household(ctx); return err },
		func() (err error) { days, err = f.Days(ctx, e.Period); return err },
		func() (err error) { out.effect, _, err = get[effectItem](ctx, f.Store, f.effectKey(e.ID)); return err },
	)
	if err == nil {
		out.Planning = out.Household.Planning(town, days)
	}
	return out, err
}

// carryOut brings an event to a family's days and tells the family, once. touched says whether the event did anything to it, now or
// before.
func (f FamilyStore) carryOut(ctx context.Context, e collectivity.Event, town *booking.Town, now time.Time) (touched bool, err error) {
	for {
		var did part
		err := Again(ctx, func() error {
			a, err := f.affected(ctx, e, town)
			if err != nil {
				return err
			}
			did, err = f.carry(ctx, e, a, now)
			touched = touched || did.some || a.effect.Event != ""
			return err
		})
		if errors.Is(err, family.ErrUnknown) {
			return false, nil // the family has left
		}
		if err != nil {
			return touched, fmt.Errorf("event %s for family %s: %w", e.ID, f.id, err)
		}
		if !did.more {
			return touched, nil
		}
	}
}

// part is what was done of an event for a family: something, and whether there may be more.
type part struct{ some, more bool }

// carry does the next part of an event for a family.
func (f FamilyStore) carry(ctx context.Context, e collectivity.Event, a affected, now time.Time) (did part, err error) {
	switch {
	case e.Revoked():
		did.some, err = f.giveBack(ctx, e, a, now)
		return did, err
	case a.effect.Ended:
		return did, nil // it was revoked meanwhile
	case e.Effect == collectivity.Reopens:
		did.some, err = f.reopen(ctx, e, a, now)
		return did, err
	}
	dropped, err := f.drop(ctx, e, a, now)
	if dropped || err != nil {
		return part{dropped, dropped}, err
	}
	did.some, err = f.cancelBooked(ctx, e, a, now)
	return did, err
}

// reopen tells a family with booked days until when it may declare absences.
func (f FamilyStore) reopen(ctx context.Context, e collectivity.Event, a affected, now time.Time) (some bool, err error) {
	if a.effect.Mails > 0 || len(a.Reopened(e)) == 0 {
		return false, nil
	}
	return true, f.rewrite(ctx, e, a, nil, MailEventDeclared, now)
}

// drop takes back what waits on an event's days: for an agent, or for a place.
func (f FamilyStore) drop(ctx context.Context, e collectivity.Event, a affected, now time.Time) (some bool, err error) {
	requests := map[string][]booking.Day{}
	var order []string
	for _, d := range a.Touched(e) {
		id := waitsBy(d)
		if id == "" {
			continue
		}
		if requests[id] == nil {
			order = append(order, id)
		}
		requests[id] = append(requests[id], d)
	}
	for _, id := range order {
		done, err := f.dropOf(ctx, e, id, requests[id], a.Town, now)
		some = some || done
		if err != nil {
			return some, err
		}
	}
	return some, nil
}

// waitsBy is the request by which a day waits; "" for one that does not.
func waitsBy(d booking.Day) string {
	switch d.State {
	case booking.Requested, booking.Waitlisted:
		return d.Request
	case booking.AbsenceRequested:
		return d.Absence
	}
	return ""
}

// dropOf takes back the waiting days of one request, as many as one write holds.
func (f FamilyStore) dropOf(ctx context.Context, e collectivity.Event, id string, days []booking.Day, town *booking.Town, now time.Time) (some bool, err error) {
	s, err := f.Request(ctx, id)
	if errors.Is(err, ErrRequestUnknown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var lines []int
	for _, d := range days {
		if i := lineOf(&s, d); s.Lines[i].State == d.State {
			lines = append(lines, i)
		}
	}
	if lines = Fitting(s.Request, lines); len(lines) == 0 {
		return false, nil
	}
	_, err = f.commit(ctx, s.Request, newRooms(town), movement{
		now: now, plan: f.takeAway(e, lines, calendar.DateOf(now, town.Clock())),
		drop: func(*booking.Request, int, string) error { return ErrMoved },
		head: func(next booking.Request) []write {
			effect := f.dropped(e, next, lines)
			if s.Settled {
				return append(f.requestWrites(s, next, lines), effect)
			}
			return []write{f.nudge(s), effect}
		},
	})
	return err == nil, err
}

// lineOf is the line of a day in the request by which it waits; one that is still being written gets it from the day.
func lineOf(s *StoredRequest, d booking.Day) int {
	i := slices.IndexFunc(s.Lines, func(l booking.Line) bool { return l.Place == d.Place && l.Code == "" })
	if i < 0 || !s.Settled {
		s.Lines = append(slices.Clone(s.Lines), booking.LineOf(d, d.State))
		i = len(s.Lines) - 1
	}
	return i
}

// takeAway plans waiting lines taken back by the town. A day that was asked for is as before the asking; one that is booked,
// and whose absence was asked for, is cancelled.
func (f FamilyStore) takeAway(e collectivity.Event, lines []int, today calendar.Date) planner {
	return func(r booking.Request, k *rooms) ([]step, map[int]string) {
		steps, dropped := f.withdraw(lines, today)(r, k)
		for n := range steps {
			s := &steps[n]
			s.to, s.reason = booking.Cancelled, e.Name
			if l := r.Lines[s.line]; l.State == booking.AbsenceRequested {
				s.day = f.absenceCancelled(e, r, l)
			}
		}
		return steps, dropped
	}
}

func (f FamilyStore) absenceCancelled(e collectivity.Event, r booking.Request, l booking.Line) write {
	x := newExpression()
	x.was(x.path("State"), booking.AbsenceRequested)
	x.was(x.path("Absence"), r.ID)
	x.set(x.path("State"), booking.Cancelled)
	x.set(x.path("Held"), true)
	x.set(x.path("Event"), e.ID)
	x.set(x.path("Reason"), e.Name)
	x.add(x.path("Rev"), 1)
	return x.write(f.dayKey(l.Place), nil)
}

// dropped keeps what a family lost, so that its mail tells it.
func (f FamilyStore) dropped(e collectivity.Event, r booking.Request, lines []int) write {
	x := newEffect(e)
	x.set(x.path("Untold"), true)
	var places []string
	for _, i := range lines {
		if r.Kind == booking.Booking {
			places = append(places, placeName(r.Lines[i].Place))
		}
	}
	x.grow("Dropped", places)
	return x.write(f.effectKey(e.ID), ErrMoved)
}

// newEffect begins a write of what an event did to a family. One that declares it comes too late where the family was told of
// the revocation.
func newEffect(e collectivity.Event) *expression {
	x := newExpression()
	x.conditions = nil
	if !e.Revoked() {
		x.was(x.path("Ended"), nil)
	}
	x.set(x.path("Event"), e.ID)
	x.set(x.path("expires"), epoch(putAwayAt(e)))
	return x
}

// grow adds to a list that may not be there yet.
func (e *expression) grow(name string, more []string) {
	if len(more) > 0 {
		path := e.path(name)
		e.sets = append(e.sets, fmt.Sprintf("%s = list_append(if_not_exists(%s, %s), %s)", path, path, e.operand([]string{}), e.operand(more)))
	}
}

// cancelBooked cancels a family's booked days and tells it of all that the event did, in one write where it fits.
func (f FamilyStore) cancelBooked(ctx context.Context, e collectivity.Event, a affected, now time.Time) (some bool, err error) {
	days := a.CancelledBy(e)
	if len(days) == 0 && !a.effect.Untold {
		return false, nil
	}
	return true, f.rewrite(ctx, e, a, days, MailEventDeclared, now)
}

// giveBack gives back what a revoked event had taken, and tells the family if it knew of the event.
func (f FamilyStore) giveBack(ctx context.Context, e collectivity.Event, a affected, now time.Time) (some bool, err error) {
	days := a.Released(e)
	knows := a.effect.Event != "" && !a.effect.Ended
	if len(days) == 0 && !knows {
		return false, nil
	}
	return true, f.rewrite(ctx, e, a, days, MailEventRevoked, now)
}

// daysAWrite is how many days one transaction rewrites, beside the mails to a family's guardians.
const daysAWrite = 80

// rewrite writes a family's days as they become, as many as fit at a time, and its mail with the last of them. Where it is
// cut short before, that the family has to be told is written.
func (f FamilyStore) rewrite(ctx context.Context, e collectivity.Event, a affected, days []booking.Day, kind string, now time.Time) error {
	for {
		some := days[:min(len(days), daysAWrite)]
		x := newEffect(e)
		if e.Revoked() {
			x.grow("Released", bookedAgain(some))
		}
		writes := f.rewritten(a, some)
		if days = days[len(some):]; len(days) > 0 {
			x.set(x.path("Untold"), true)
		} else {
			writes = append(writes, f.tell(e, a, x, kind, now)...)
		}
		if err := f.transact(ctx, append([]write{x.write(f.effectKey(e.ID), ErrMoved)}, writes...)...); err != nil || len(days) == 0 {
			return err
		}
	}
}

func bookedAgain(days []booking.Day) (places []string) {
	for _, d := range days {
		if d.State == booking.Booked {
			places = append(places, placeName(d.Place))
		}
	}
	return places
}

// rewritten writes days as they become, unless they are others by now.
func (f FamilyStore) rewritten(a affected, days []booking.Day) (writes []write) {
	for _, d := range days {
		x := newExpression()
		x.was(x.path("State"), a.Days[d.Place].State)
		x.was(x.path("Rev"), d.Rev)
		x.set(x.path("Rev"), d.Rev+1)
		x.set(x.path("State"), d.State)
		x.put("Held", d.Held, !d.Held)
		x.put("Justified", d.Justified, !d.Justified)
		x.put("Absence", d.Absence, d.Absence == "")
		x.put("Event", d.Event, d.Event == "")
		x.put("Reason", d.Reason, d.Reason == "")
		writes = append(writes, x.write(f.dayKey(d.Place), ErrMoved))
	}
	return writes
}

// tell mails a family's guardians what an event did, and keeps in its effect that it was. The number of the mail makes each
// leave once.
func (f FamilyStore) tell(e collectivity.Event, a affected, x *expression, kind string, now time.Time) (mails []write) {
	if a.effect.Mails == 0 {
		x.was(x.path("Mails"), nil)
	} else {
		x.was(x.path("Mails"), a.effect.Mails)
	}
	x.set(x.path("Mails"), a.effect.Mails+1)
	x.remove(x.path("Untold"))
	if e.Revoked() {
		x.set(x.path("Ended"), true)
	}
	for _, account := range subscribers(a.File) {
		fact := fmt.Sprintf("%s-%s-%d-%s", f.id, e.ID, a.effect.Mails+1, account)
		mails = append(mails, newMail(kind, fact, now, "account", account, "slug", f.slug, "family", f.id, "event", e.ID))
	}
	return mails
}

// subscribers are the accounts of a family's guardians; who is barred is told nothing.
func subscribers(file family.File) (accounts []string) {
	for _, g := range file.Guardians {
		if g.Account != "" && !g.Barred && !slices.Contains(accounts, g.Account) {
			accounts = append(accounts, g.Account)
		}
	}
	return accounts
}

// EventNews is what a letter tells a family of an event.
type EventNews struct {
	Event     collectivity.Event
	Children  []family.Member
	Town      *booking.Town
	Cancelled []booking.Day   // booked before
	Waived    []booking.Day   // absences that are not billed
	Reopened  []booking.Day   // booked, whose absence may be declared
	Dropped   []booking.Place // that only waited
	Released  []booking.Place // booked again
}

// EventNews reads what an event did to a family, as it is now.
func (f FamilyStore) EventNews(ctx context.Context, id string) (n EventNews, err error) {
	e, err := f.Event(ctx, id)
	if err != nil {
		return n, err
	}
	town, err := f.Town(ctx)
	if err != nil {
		return n, err
	}
	a, err := f.affected(ctx, e.Event, town)
	if err != nil {
		return n, err
	}
	return newsOf(e.Event, a), nil
}

func newsOf(e collectivity.Event, a affected) EventNews {
	n := EventNews{Event: e, Children: a.File.Children, Town: a.Town}
	for _, d := range a.TakenBy(e.ID) {
		switch d.State {
		case booking.Cancelled:
			n.Cancelled = append(n.Cancelled, d)
		case booking.Absent:
			n.Waived = append(n.Waived, d)
		}
	}
	if e.Effect == collectivity.Reopens {
		n.Reopened = a.Reopened(e)
	}
	for _, p := range a.effect.Dropped {
		n.Dropped = append(n.Dropped, placeNamed(p))
	}
	for _, p := range a.effect.Released {
		n.Released = append(n.Released, placeNamed(p))
	}
	return n
}
