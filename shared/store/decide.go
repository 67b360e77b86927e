package store

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"preau/shared/booking"
)

// Verdict is a decision on one line.
type Verdict struct {
	Accept bool
	Reason string
}

// Decisions are an agent's on lines of one request, written together.
type Decisions struct {
	Lines    map[int]Verdict // by line
	Overbook bool            // accepting takes places that are not there
	Agent    string          // account
	More     bool            // others of the same call follow: the last write tells of all
	Held     string          // the mail that an earlier write of the call left for that
}

// Decided is what became of decisions.
type Decided struct {
	booking.Request
	Codes map[int]string // by line: why it could not be decided
	Held  string         // what the call's next Decisions have to name
}

// DecideRequest writes an agent's decisions on pending lines of a request, with their mail. ErrMoved: somebody decided or
// withdrew meanwhile.
func (f FamilyStore) DecideRequest(ctx context.Context, s StoredRequest, d Decisions, town *booking.Town, now time.Time) (Decided, error) {
	out := Decided{Codes: map[int]string{}, Held: d.Held}
	left := maps.Clone(d.Lines)
	next, err := f.commit(ctx, s.Request, newRooms(town), movement{
		now:  now,
		plan: func(r booking.Request, k *rooms) ([]step, map[int]string) { return f.decide(left, d.Overbook)(r, k) },
		drop: func(_ *booking.Request, line int, code string) error {
			out.Codes[line] = code
			delete(left, line)
			return nil
		},
		head: func(next booking.Request) []write { return f.decisionHead(s, next, left, d, now) },
	})
	if err == nil && d.More && d.Held == "" && len(left) > 0 && s.Account != "" {
		out.Held = f.aboutDecision(s, now).ID
	}
	out.Request = next
	return out, err
}

// decisionHead is what is written beside the days of decisions: the request, the mail, and that places were taken which are
// not there.
func (f FamilyStore) decisionHead(s StoredRequest, next booking.Request, left map[int]Verdict, d Decisions, now time.Time) (writes []write) {
	if len(left) == 0 {
		return nil
	}
	over := false
	for _, v := range left {
		over = over || d.Overbook && v.Accept
	}
	writes = append(f.requestWrites(s, next, slices.Sorted(maps.Keys(left))), f.decisionMail(s, d, now)...)
	what := []string{"lines " + strconv.Itoa(len(left))}
	if over {
		what = append(what, "overbook")
	}
	return append(writes, f.audit(d.Agent, "decide-requests", "request "+s.ID, now, what...))
}

// decisionMail has the decisions of one call told once, by its last write. The first of several holds a mail back, so that
// they are told even if the process dies before the last; those between leave it at that.
func (f FamilyStore) decisionMail(s StoredRequest, d Decisions, now time.Time) []write {
	switch m := f.aboutDecision(s, now); {
	case s.Account == "" || d.More && d.Held != "":
		return nil
	case d.More:
		return []write{heldMail(m)}
	case d.Held != "":
		return []write{mail(m), dropMail(d.Held)}
	default:
		return []write{mail(m)}
	}
}

// aboutDecision is the mail that tells of a write: each writes the request anew.
func (f FamilyStore) aboutDecision(s StoredRequest, now time.Time) Mail {
	return f.about(MailRequestDecided, s.Request, s.rev+1, now)
}
