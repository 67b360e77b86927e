package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/refusal"
)

// requestItem is a request as kept. It is its own idempotency record: its id derives from account and key.
type requestItem struct {
	booking.Request
	Rev   int
	Lease string // until when one process writes its days
	At    string `dynamodbav:"at"`
	work
}

const (
	requestsQueue = "REQUESTS"
	settleQueue   = "SETTLE"
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

func (i requestItem) stored() StoredRequest { return StoredRequest{i.Request, i.Rev, i.Lease} }

// AddRequest writes a request and its days. What fits into one transaction is written whole at once, which is every
// one-day request. A larger one is written as a header first and then day by day; if that is cut short, settle-requests
// goes on, and nothing is done twice. ErrRequestExists: the same request was already sent.
func (f FamilyStore) AddRequest(ctx context.Context, r booking.Request, c Configuration) (booking.Request, error) {
	received := newMail(MailRequestReceived, r.ID, r.CreatedAt, "account", r.Account, "slug", f.slug, "family", f.id, "request", r.ID)
	groups := f.groups(r, c)
	if len(groups) == 1 {
		r.Settled = true
		return f.commit(ctx, r, groups[0], takeNothing, func(next booking.Request) []write {
			return []write{{put: f.requestItem(next, 1, ""), condition: isNew, or: ErrRequestExists}, received}
		})
	}
	lease := stamp(r.CreatedAt.Add(settleLease))
	header := requestItem{Request: r, Rev: 1, Lease: lease, At: requestAt(r), work: queued(settleQueue, r.CreatedAt.Add(settleLease))}
	if err := f.transact(ctx, write{put: item(f.requestKey(r.ID), header), condition: isNew, or: ErrRequestExists}, received); err != nil {
		return r, err
	}
	return f.settle(ctx, StoredRequest{r, 1, lease}, groups)
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
	})
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
		if day, ok := days[l.Place]; ok && l.State == booking.Asked && (day.Request == r.ID || day.Absence == r.ID) {
			r.Lines[i].State = day.State
		}
	}
	return err
}

// settle writes the groups and then the outcomes. A group that stays contended is left to the worker.
func (f FamilyStore) settle(ctx context.Context, s StoredRequest, groups [][]step) (booking.Request, error) {
	for _, g := range groups {
		next, err := f.commit(ctx, s.Request, g, takeNothing, nil)
		if err != nil {
			return s.Request, err
		}
		s.Request = next
	}
	s.Settled = true
	err := f.apply(ctx, write{
		put: f.requestItem(s.Request, s.rev+1, ""), condition: "Lease = :lease AND Settled = :no",
		values: values(":lease", s.lease, ":no", false), or: ErrMoved,
	})
	return s.Request, err
}

func (f FamilyStore) requestItem(r booking.Request, rev int, lease string) attributes {
	i := requestItem{Request: r, Rev: rev, Lease: lease, At: requestAt(r)}
	if len(r.PendingLines("", "", "")) > 0 {
		i.work = queued(f.queue(requestsQueue), r.CreatedAt)
	}
	return item(f.requestKey(r.ID), i)
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
		requests = append(requests, r.Request)
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
			queue = append(queue, QueuedRequest{FamilyIn(r.ID), r.Request})
		}
	}
	return queue, next, err
}

// An UnsettledRequest was cut short while being written.
type UnsettledRequest struct {
	Store FamilyStore
	ID    string
}

// UnsettledRequests lists requests whose writing has to go on, of all tenants, a page at a time. next is "" after the
// last page.
func (s *Store) UnsettledRequests(ctx context.Context, now time.Time, cursor string) (all []UnsettledRequest, next string, err error) {
	keys, next, err := s.duePage(ctx, settleQueue, now, cursor)
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
	drop := func(_ *booking.Request, line int, code string) { codes[line] = code }
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

// WithdrawRequest takes the pending lines of a request back: their days are as before the asking.
func (f FamilyStore) WithdrawRequest(ctx context.Context, s StoredRequest, lines []int) (booking.Request, error) {
	var failed error
	drop := func(*booking.Request, int, string) { failed = ErrMoved }
	next, err := f.commit(ctx, s.Request, f.withdrawalSteps(s.Request, lines), drop, func(next booking.Request) []write {
		if failed != nil {
			return nil
		}
		return []write{{put: f.requestItem(next, s.rev+1, ""), condition: "Rev = :rev AND Settled = :yes", values: values(":rev", s.rev, ":yes", true), or: ErrMoved}}
	})
	return next, errors.Join(err, failed)
}
