package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// Resume goes on with a request whose days are still to be written, unless another process holds it.
func (f FamilyStore) Resume(ctx context.Context, s StoredRequest, now time.Time) (booking.Request, error) {
	if s.Settled || s.lease > stamp(now) {
		return s.Request, nil
	}
	lease := stamp(now.Add(settleLease))
	err := f.apply(ctx, write{
		// One process at a time; the queue sees the request again if this one dies too.
		key: f.requestKey(s.ID), update: "SET Lease = :lease, workAt = :lease, Rev = Rev + :one REMOVE wake", condition: "Lease = :seen AND Settled = :no",
		values: values(":lease", lease, ":seen", s.lease, ":no", false, ":one", 1),
	}.once())
	if errors.Is(err, errCondition) {
		return s.Request, nil
	}
	if err != nil {
		return s.Request, err
	}
	_, planning, err := f.Planning(ctx, booking.WeeksOf(s.Period))
	if err != nil {
		return s.Request, err
	}
	if s.Lines, err = planning.Judge(s.Request); err != nil {
		s.Lines = planning.Made(s.Request) // what was asked for is gone: nothing more of it can be taken
	}
	s.rev, s.lease, s.Total = s.rev+1, lease, len(s.Lines)
	if from := notBefore(s.Lines); now.Before(from) {
		return s.Request, f.leave(ctx, s, from, nil)
	}
	return f.settle(ctx, s, planning.Town)
}

// settle writes the days of a request slot by slot, and then its outcomes; those of a large one month by month. Where
// places stay contended the request is left to advance-bookings.
func (f FamilyStore) settle(ctx context.Context, s StoredRequest, town *booking.Town) (booking.Request, error) {
	if s.Stopped {
		return f.stopped(ctx, s, town)
	}
	for _, chunk := range chunks(s) {
		for _, g := range groups(s.Request, chunk, town) {
			if late(ctx, 2*f.patience+leaving) { // contention at every slot would outlast who waits for the answer
				return s.Request, f.release(ctx, s)
			}
			next, err := f.commit(ctx, s.Request, newRooms(town), movement{
				plan: f.ask(g, s.CreatedAt), drop: takeNothing, now: s.CreatedAt,
				head: func(booking.Request) []write { return []write{f.holds(s)} },
			})
			switch {
			case errors.Is(err, ErrBusy), ctx.Err() != nil:
				return s.Request, f.release(ctx, s)
			case errors.Is(err, ErrMoved):
				return f.stopped(ctx, s, town)
			case err != nil:
				return s.Request, err
			}
			s.Request = next
		}
		if s.large {
			err := f.transact(ctx, append(f.partWrites(s.Request, chunk), f.holds(s))...)
			if errors.Is(err, ErrMoved) {
				return f.stopped(ctx, s, town)
			}
			if err != nil {
				return s.Request, err
			}
		}
	}
	return f.finish(ctx, s, town)
}

// chunks are the lines of a request that are worked off together: all, or those of one month after the other.
func chunks(s StoredRequest) (all [][]int) {
	if !s.large {
		return [][]int{indexes(s.Lines)}
	}
	month := ""
	for i, l := range s.Lines {
		if string(l.Date[:7]) != month {
			month = string(l.Date[:7])
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], i)
	}
	return all
}

// holds is the condition of every write on behalf of a request: this process has it, and it was not withdrawn meanwhile.
func (f FamilyStore) holds(s StoredRequest) write {
	w := f.has(s)
	w.condition += " AND attribute_not_exists(Stopped)"
	return w
}

// has is the condition that this process has a request that is still to be finished, withdrawn or not.
func (f FamilyStore) has(s StoredRequest) write {
	return write{
		check: true, key: f.requestKey(s.ID), condition: "Lease = :lease AND Settled = :no", values: values(":lease", s.lease, ":no", false), or: ErrMoved,
	}
}

// leaving is the time that it takes to leave a request to advance-bookings.
const leaving = 2 * time.Second

// late says whether a caller has less time left than a next step may take.
func late(ctx context.Context, needed time.Duration) bool {
	deadline, limited := ctx.Deadline()
	return limited && time.Until(deadline) < needed
}

// release leaves a request to advance-bookings, at once, even where the caller's own time is over.
func (f FamilyStore) release(ctx context.Context, s StoredRequest) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaving)
	defer cancel()
	return f.leave(ctx, s, s.CreatedAt, "now") // long past for whoever comes
}

// leave has a request wait for whoever comes from an instant on; wake has somebody come at once.
func (f FamilyStore) leave(ctx context.Context, s StoredRequest, from time.Time, wake any) error {
	x := newExpression()
	x.was(x.path("Lease"), s.lease)
	x.was(x.path("Settled"), false)
	x.set(x.path("Lease"), stamp(from))
	x.set(x.path("workAt"), stamp(from))
	x.put("wake", wake, wake == nil)
	x.add(x.path("Rev"), 1)
	err := f.apply(ctx, x.write(f.requestKey(s.ID), nil).once())
	if errors.Is(err, errCondition) {
		return nil // somebody else has it already
	}
	return err
}

// stopped finds out why a request is no longer this process's: another settled it or goes on with it, or it was withdrawn.
// Then what is not written yet stays as it is, and what waits is taken back, before the outcomes say so: until then whoever
// comes later goes on.
func (f FamilyStore) stopped(ctx context.Context, s StoredRequest, town *booking.Town) (booking.Request, error) {
	now, err := f.Request(ctx, s.ID)
	if err != nil || now.Settled || !now.Stopped || now.lease != s.lease {
		return now.Request, err
	}
	s.rev, s.Stopped = now.rev, true
	s.Lines = slices.Clone(s.Lines)
	for i, l := range s.Lines {
		if l.State == booking.Asked && l.Code == "" {
			s.Lines[i].State = booking.Withdrawn
		}
	}
	switch err := f.takeBack(ctx, &s, town); {
	case errors.Is(err, ErrBusy):
		return s.Request, f.release(ctx, s)
	case errors.Is(err, ErrMoved):
		return s.Request, nil // another process goes on
	case err != nil:
		return s.Request, err
	}
	if s.large {
		for _, chunk := range chunks(s) {
			if err := f.transact(ctx, f.partWrites(s.Request, chunk)...); err != nil {
				return s.Request, err
			}
		}
	}
	return f.finish(ctx, s, town)
}

// takeBack withdraws what waits of a request that was withdrawn while it was being worked off. ErrMoved: it is no longer this
// process's.
func (f FamilyStore) takeBack(ctx context.Context, s *StoredRequest, town *booking.Town) error {
	for {
		lines := Fitting(s.Request, s.PendingLines("", "", ""))
		if len(lines) == 0 {
			return nil
		}
		next, err := f.commit(ctx, s.Request, newRooms(town), movement{
			now: s.CreatedAt, plan: f.withdraw(lines, calendar.DateOf(s.CreatedAt, town.Clock())),
			drop: func(*booking.Request, int, string) error { return errDayMoved },
			head: func(booking.Request) []write { return []write{f.has(*s)} },
		})
		if errors.Is(err, errDayMoved) {
			err = f.reread(ctx, s)
		} else if err == nil {
			s.Request = next
		}
		if err != nil {
			return err
		}
	}
}

var errDayMoved = errors.New("a day moved")

// finish writes the outcomes. A day that moved since this request wrote it, by a promotion or the town, has told so by the
// revision: its outcome is read again first.
func (f FamilyStore) finish(ctx context.Context, s StoredRequest, town *booking.Town) (booking.Request, error) {
	for {
		s.Settled = true
		err := f.apply(ctx, write{
			put: f.requestItem(s.Request, s.rev+1, s.large), condition: "Lease = :lease AND Rev = :rev AND Settled = :no",
			values: values(":lease", s.lease, ":rev", s.rev, ":no", false),
		}.once())
		if err == nil || !errors.Is(err, errCondition) {
			return s.Request, err
		}
		again, err := f.Request(ctx, s.ID)
		if err != nil || again.Settled || again.lease != s.lease {
			return again.Request, err
		}
		if again.Stopped && !s.Stopped {
			return f.stopped(ctx, s, town)
		}
		s.rev = again.rev
		if err := f.reread(ctx, &s); err != nil {
			return s.Request, err
		}
	}
}

// reread takes the outcomes of a request from its days.
func (f FamilyStore) reread(ctx context.Context, s *StoredRequest) error {
	var places []booking.Place
	for _, l := range s.Lines {
		if l.Pending() {
			places = append(places, l.Place)
		}
	}
	days, err := f.DaysAt(ctx, places)
	if err != nil {
		return err
	}
	var changed []int
	s.Lines = slices.Clone(s.Lines)
	for i, l := range s.Lines {
		if !l.Pending() {
			continue
		}
		state := booking.OutcomeOf(s.Request, days[l.Place])
		if state == booking.Asked {
			state = booking.Cancelled // the day is gone: the town took it back
		}
		if state != l.State {
			s.Lines[i].State, s.Lines[i].Ranks = state, days[l.Place].Ranks
			changed = append(changed, i)
		}
	}
	if !s.large || len(changed) == 0 {
		return nil
	}
	return f.transact(ctx, f.partWrites(s.Request, changed)...)
}

// StopRequest withdraws a request that is still being worked off: whoever has it stops before its next day, and where
// nobody has it, it ends here. ErrMoved: it is settled by now.
func (f FamilyStore) StopRequest(ctx context.Context, s StoredRequest, now time.Time) (booking.Request, error) {
	err := f.apply(ctx, write{
		key: f.requestKey(s.ID), update: "SET Stopped = :yes, Rev = Rev + :one", condition: "Settled = :no",
		values: values(":yes", true, ":one", 1, ":no", false),
	})
	if errors.Is(err, errCondition) {
		return s.Request, ErrMoved
	}
	if err != nil {
		return s.Request, err
	}
	again, err := f.Request(ctx, s.ID)
	if err != nil {
		return s.Request, err
	}
	return f.Resume(ctx, again, now)
}
