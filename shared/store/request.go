package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/refusal"
)

// requestItem is a request as kept. It is its own idempotency record: its id derives from account and key.
type requestItem struct {
	booking.Request
	Reasons []string // of refusals, each once however many days it refuses; the lines name them by their place
	Rev     int
	Lease   string // until when one process writes its days
	At      string `dynamodbav:"at"`
	work
}

const (
	requestsQueue = "REQUESTS"
	settleLease   = time.Minute // longer than a function may run, so that a lease never outlives its holder's grip
)

func (f FamilyStore) requestKey(id string) key { return key{f.pk(), "REQUEST#" + id} }

// RequestID names a request so that its family can be found from it.
func (f FamilyStore) RequestID(local string) string { return f.id + "-" + local }

// What requests are refused for.
var (
	ErrRequestUnknown = refusal.New(refusal.NotFound, "request_not_found", "Cette demande n’existe pas.")
	ErrRequestExists  = errors.New("the request is already written")
)

// StoredRequest is a request with the revision that a decision on it must have seen.
type StoredRequest struct {
	booking.Request
	rev   int
	lease string
}

// Request reads a request.
func (f FamilyStore) Request(ctx context.Context, id string) (StoredRequest, error) {
	i, ok, err := get[requestItem](ctx, f.Store, f.requestKey(id))
	if err == nil && !ok {
		err = ErrRequestUnknown
	}
	return i.stored(), err
}

// packed keeps each reason once, so that a long one for hundreds of days fits into an item.
func (i requestItem) packed() requestItem {
	i.Lines, i.Reasons = slices.Clone(i.Lines), nil
	for n, l := range i.Lines {
		if l.Reason == "" {
			continue
		}
		at := slices.Index(i.Reasons, l.Reason)
		if at < 0 {
			at = len(i.Reasons)
			i.Reasons = append(i.Reasons, l.Reason)
		}
		i.Lines[n].Reason = strconv.Itoa(at)
	}
	return i
}

// stored is the request with its reasons in place.
func (i requestItem) stored() StoredRequest {
	for n, l := range i.Lines {
		if at, err := strconv.Atoi(l.Reason); err == nil && at < len(i.Reasons) {
			i.Lines[n].Reason = i.Reasons[at]
		}
	}
	return StoredRequest{i.Request, i.Rev, i.Lease}
}

// AddRequest writes a request and its days. What fits into one transaction is written whole at once, which is every
// one-day request. A larger one is written as a header first and then day by day. Where that is cut short, or places stay
// contended for too long, the request is kept as it is: settle-requests goes on, and nothing is done twice.
// ErrRequestExists: the same request was already sent.
func (f FamilyStore) AddRequest(ctx context.Context, r booking.Request, c Configuration) (booking.Request, error) {
	groups := f.groups(r, c)
	if len(groups) != 1 {
		lease := stamp(r.CreatedAt.Add(settleLease))
		if err := f.addHeader(ctx, r, lease); err != nil {
			return r, err
		}
		return f.settle(ctx, StoredRequest{r, 1, lease}, groups)
	}
	whole := r
	whole.Settled = true
	written, err := f.commit(ctx, whole, groups[0], takeNothing, func(next booking.Request) []write {
		return []write{{put: f.requestItem(next, 1, ""), condition: isNew, or: ErrRequestExists}, f.received(r)}
	})
	if errors.Is(err, ErrBusy) {
		return r, f.addHeader(ctx, r, stamp(r.CreatedAt)) // for whoever comes first: the sweep, or the same request again
	}
	return written, err
}

// addHeader keeps a request whose days are still to be written, held until the lease ends.
func (f FamilyStore) addHeader(ctx context.Context, r booking.Request, lease string) error {
	header := requestItem{Request: r, Rev: 1, Lease: lease, At: requestAt(r), work: queued(settleQueue(shardOf(r.ID)), r.CreatedAt.Add(settleLease))}
	return f.transact(ctx, write{put: item(f.requestKey(r.ID), header), condition: isNew, or: ErrRequestExists}, f.received(r))
}

func (f FamilyStore) received(r booking.Request) write {
	return newMail(MailRequestReceived, r.ID, r.CreatedAt, "account", r.Account, "slug", f.slug, "family", f.id, "request", r.ID)
}

// Resume goes on with a request whose writing was cut short, unless another process holds it.
func (f FamilyStore) Resume(ctx context.Context, s StoredRequest, c Configuration, now time.Time) (booking.Request, error) {
	if s.Settled || s.lease > stamp(now) {
		return s.Request, nil
	}
	lease := stamp(now.Add(settleLease))
	err := f.apply(ctx, write{
		// One process at a time; the queue sees the request again if this one dies too.
		key: f.requestKey(s.ID), update: "SET Lease = :lease, workAt = :lease", condition: "Lease = :seen AND Settled = :no",
		values: values(":lease", lease, ":seen", s.lease, ":no", false),
	}.once())
	if errors.Is(err, errCondition) {
		return s.Request, nil
	}
	if err != nil {
		return s.Request, err
	}
	if err := f.recall(ctx, &s.Request); err != nil {
		return s.Request, err
	}
	s.lease = lease
	return f.settle(ctx, s, f.groups(s.Request, c))
}

// recall gives the lines that were written before the interruption their outcomes.
func (f FamilyStore) recall(ctx context.Context, r *booking.Request) error {
	var places []booking.Place
	for _, l := range r.Lines {
		places = append(places, l.Place)
	}
	days, err := f.DaysAt(ctx, places)
	for i, l := range r.Lines {
		if day, ok := days[l.Place]; ok && l.State == booking.Asked {
			r.Lines[i].State = outcomeOf(*r, day)
		}
	}
	return err
}

// outcomeOf is what a request made of a day, even if an absence has been asked for since; Asked when it made nothing.
func outcomeOf(r booking.Request, day booking.Day) booking.State {
	switch {
	case r.Kind == booking.Booking && day.Request == r.ID && day.Absence != "":
		return booking.Booked
	case r.Kind == booking.Booking && day.Request == r.ID, r.Kind == booking.Absence && day.Absence == r.ID:
		return day.State
	}
	return booking.Asked
}

// settle writes the groups and then the outcomes. A group that stays contended leaves the request to the worker.
func (f FamilyStore) settle(ctx context.Context, s StoredRequest, groups [][]step) (booking.Request, error) {
	for _, g := range groups {
		next, err := f.commit(ctx, s.Request, g, takeNothing, nil)
		if errors.Is(err, ErrBusy) {
			return s.Request, nil
		}
		if err != nil {
			return s.Request, err
		}
		s.Request = next
	}
	s.Settled = true
	err := f.apply(ctx, write{
		put: f.requestItem(s.Request, s.rev+1, ""), condition: "Lease = :lease AND Settled = :no",
		values: values(":lease", s.lease, ":no", false),
	})
	if errors.Is(err, errCondition) { // written already: the answer was lost, or the lease was and another went on
		again, err := f.Request(ctx, s.ID)
		return again.Request, err
	}
	return s.Request, err
}

func (f FamilyStore) requestItem(r booking.Request, rev int, lease string) attributes {
	i := requestItem{Request: r, Rev: rev, Lease: lease, At: requestAt(r)}
	if len(r.PendingLines("", "", "")) > 0 {
		i.work = queued(f.queue(requestsQueue), r.CreatedAt)
	}
	return item(f.requestKey(r.ID), i.packed())
}

func requestAt(r booking.Request) string { return "REQUEST#" + stamp(r.CreatedAt) + "#" + r.ID }

// Requests lists the family's requests, newest first.
func (f FamilyStore) Requests(ctx context.Context, cursor string, limit int32) ([]booking.Request, string, error) {
	items, next, err := f.newest(ctx, "REQUEST#", cursor, limit)
	if err != nil {
		return nil, "", err
	}
	all, err := decodeAll[requestItem](items)
	requests := make([]booking.Request, 0, len(all))
	for _, r := range all {
		requests = append(requests, r.stored().Request)
	}
	return requests, next, err
}

// A QueuedRequest waits for an agent.
type QueuedRequest struct {
	Family string
	booking.Request
}

// QueuedRequests lists what waits for a decision at the tenant, oldest first.
func (c Collectivity) QueuedRequests(ctx context.Context, cursor string, limit int32) ([]QueuedRequest, string, error) {
	items, next, err := c.page(ctx, requestsQueue, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	all, err := decodeAll[requestItem](items)
	var queue []QueuedRequest
	for _, r := range all {
		if len(r.PendingLines("", "", "")) > 0 {
			queue = append(queue, QueuedRequest{FamilyIn(r.ID), r.stored().Request})
		}
	}
	return queue, next, err
}

func settleQueue(shard int) string { return "SETTLE#" + strconv.Itoa(shard) }

// readShard and writeShard make one list of a queue's shards: the cursor within one of them, then the next one's start.
func readShard(cursor string) (shard int, within string) {
	number, within, _ := strings.Cut(cursor, ".")
	shard, _ = strconv.Atoi(number) // the first page has none
	return shard, within
}

func writeShard(shard int, within string) string {
	switch {
	case within != "":
		return strconv.Itoa(shard) + "." + within
	case shard+1 < shards:
		return strconv.Itoa(shard+1) + "."
	}
	return ""
}

// An UnsettledRequest was cut short while being written.
type UnsettledRequest struct {
	Store FamilyStore
	ID    string
}

// UnsettledRequests lists requests whose writing has to go on, of all tenants, a page at a time. next is "" after the
// last page.
func (s *Store) UnsettledRequests(ctx context.Context, now time.Time, cursor string) (all []UnsettledRequest, next string, err error) {
	shard, within := readShard(cursor)
	keys, next, err := s.duePage(ctx, settleQueue(shard), now, within)
	if next = writeShard(shard, next); err != nil {
		next = ""
	}
	for _, k := range keys {
		slug, familyID, _ := strings.Cut(strings.TrimPrefix(k.PK, "C#"), "#F#")
		all = append(all, UnsettledRequest{s.collectivity(slug).family(familyID), strings.TrimPrefix(k.SK, "REQUEST#")})
	}
	return all, next, err
}

// DecideRequest writes an agent's decision on pending lines of a request, with its mail. It answers the request as it is
// then, and the codes of the lines that could not be decided. ErrMoved: somebody decided or withdrew meanwhile.
func (f FamilyStore) DecideRequest(ctx context.Context, s StoredRequest, lines []int, accept bool, reason string, c Configuration, now time.Time) (booking.Request, map[int]string, error) {
	codes := map[int]string{}
	steps := f.decisionSteps(s.Request, lines, accept, reason, c)
	drop := func(_ *booking.Request, line int, code string) error {
		codes[line] = code
		return nil
	}
	next, err := f.commit(ctx, s.Request, steps, drop, func(next booking.Request) []write {
		if len(codes) == len(lines) {
			return nil
		}
		fact := fmt.Sprint(s.ID, "-", s.rev+1)
		return []write{
			{put: f.requestItem(next, s.rev+1, ""), condition: "Rev = :rev AND Settled = :yes", values: values(":rev", s.rev, ":yes", true), or: ErrMoved},
			newMail(MailRequestDecided, fact, now, "account", s.Account, "slug", f.slug, "family", f.id, "request", s.ID),
		}
	})
	return next, codes, err
}

// WithdrawRequest takes the pending lines of a request back: their days are as before the asking. ErrMoved: one of them
// was decided meanwhile, and none is withdrawn.
func (f FamilyStore) WithdrawRequest(ctx context.Context, s StoredRequest, lines []int) (booking.Request, error) {
	drop := func(*booking.Request, int, string) error { return ErrMoved }
	return f.commit(ctx, s.Request, f.withdrawalSteps(s.Request, lines), drop, func(next booking.Request) []write {
		return []write{{put: f.requestItem(next, s.rev+1, ""), condition: "Rev = :rev AND Settled = :yes", values: values(":rev", s.rev, ":yes", true), or: ErrMoved}}
	})
}
