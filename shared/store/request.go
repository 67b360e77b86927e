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
	"preau/shared/calendar"
	"preau/shared/refusal"
)

// requestItem is a request as kept. It is its own idempotency record: its id derives from account and key. The lines of a
// large one are kept apart, by month and item.
type requestItem struct {
	booking.Request
	Large   bool     `dynamodbav:",omitempty"`
	Reasons []string `dynamodbav:",omitempty"` // of refusals, each once however many days it refuses; the lines name them by their place
	Rev     int
	Lease   string `dynamodbav:",omitempty"`     // until when one process writes its days
	Wake    string `dynamodbav:"wake,omitempty"` // has advance-bookings come at once
	At      string `dynamodbav:"at"`
	work
}

// partItem is the outcomes of one item of a large request in one month.
type partItem struct {
	Lines   []booking.Line
	Reasons []string `dynamodbav:",omitempty"`
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
	large bool
}

// Request reads a request with its lines.
func (f FamilyStore) Request(ctx context.Context, id string) (StoredRequest, error) {
	i, ok, err := get[requestItem](ctx, f.Store, f.requestKey(id))
	if err == nil && !ok {
		err = ErrRequestUnknown
	}
	if err != nil {
		return StoredRequest{}, err
	}
	return f.whole(ctx, i)
}

// whole is a request with its lines, wherever they are.
func (f FamilyStore) whole(ctx context.Context, i requestItem) (StoredRequest, error) {
	s := i.stored()
	if !i.Large {
		return s, nil
	}
	parts, err := f.query(ctx, f.pk(), f.requestKey(i.ID).SK+"#", f.requestKey(i.ID).SK+"#"+end)
	if err != nil {
		return s, err
	}
	all, err := decodeAll[partItem](parts)
	for _, p := range all {
		s.Lines = append(s.Lines, unpack(p.Lines, p.Reasons)...)
	}
	slices.SortStableFunc(s.Lines, func(a, b booking.Line) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return s, err
}

// pack keeps each reason once, so that a long one for hundreds of days fits into an item.
func pack(lines []booking.Line) (packed []booking.Line, reasons []string) {
	packed = slices.Clone(lines)
	for n, l := range packed {
		if l.Reason == "" {
			continue
		}
		at := slices.Index(reasons, l.Reason)
		if at < 0 {
			at = len(reasons)
			reasons = append(reasons, l.Reason)
		}
		packed[n].Reason = strconv.Itoa(at)
	}
	return packed, reasons
}

// unpack puts the reasons in their places.
func unpack(lines []booking.Line, reasons []string) []booking.Line {
	for n, l := range lines {
		if at, err := strconv.Atoi(l.Reason); err == nil && at < len(reasons) {
			lines[n].Reason = reasons[at]
		}
	}
	return lines
}

func (i requestItem) stored() StoredRequest {
	i.Lines = unpack(i.Lines, i.Reasons)
	return StoredRequest{i.Request, i.Rev, i.Lease, i.Large}
}

// largeFrom is the number of lines from which on a request is worked off in the background, and keeps them apart.
const largeFrom = 100

// AddRequest writes a request and its days. What fits into one transaction is written whole at once, which is every
// one-day request. A larger one is written as a header first and then slot by slot; a large one by advance-bookings. Where
// that is cut short, or places stay contended for too long, the request is kept as it is: advance-bookings goes on, and
// nothing is done twice. ErrRequestExists: the same request was already sent.
func (f FamilyStore) AddRequest(ctx context.Context, r booking.Request, town *booking.Town) (booking.Request, error) {
	r.Total = len(r.Lines)
	if r.Total > largeFrom {
		return r, f.addHeader(ctx, r, r.CreatedAt, true)
	}
	if from := notBefore(r.Lines); r.CreatedAt.Before(from) {
		return r, f.addHeader(ctx, r, from, false)
	}
	all := groups(r, indexes(r.Lines), town)
	if len(all) != 1 {
		lease := r.CreatedAt.Add(settleLease)
		if err := f.addHeader(ctx, r, lease, false); err != nil {
			return r, err
		}
		return f.settle(ctx, StoredRequest{Request: r, rev: 1, lease: stamp(lease)}, town)
	}
	whole := r
	whole.Settled = true
	written, err := f.commit(ctx, whole, newRooms(town), movement{
		plan: f.ask(all[0], r.CreatedAt), drop: takeNothing, now: r.CreatedAt,
		head: func(next booking.Request) []write {
			return append([]write{{put: f.requestItem(next, 1, false), condition: isNew, or: ErrRequestExists}}, f.received(r)...)
		},
	})
	if errors.Is(err, ErrBusy) {
		return r, f.addHeader(ctx, r, r.CreatedAt, true)
	}
	return written, err
}

// indexes of all lines.
func indexes(lines []booking.Line) []int {
	all := make([]int, len(lines))
	for i := range all {
		all[i] = i
	}
	return all
}

// addHeader keeps a request whose days are still to be written, held until the lease ends; at once has advance-bookings
// begin now, and not only when a lease has run out.
func (f FamilyStore) addHeader(ctx context.Context, r booking.Request, lease time.Time, atOnce bool) error {
	return f.transact(ctx, f.headerWrites(r, lease, r.Total > largeFrom, atOnce)...)
}

func (f FamilyStore) headerWrites(r booking.Request, lease time.Time, large, atOnce bool) []write {
	i := requestItem{Request: r, Large: large, Rev: 1, Lease: stamp(lease), At: requestAt(r), work: queued(settleQueue(shardOf(r.ID)), lease)}
	i.Lines = nil // judged anew by whoever goes on, at the instant of asking
	if atOnce {
		i.Wake = "now"
	}
	return append([]write{{put: item(f.requestKey(r.ID), i), condition: isNew, or: ErrRequestExists}}, f.received(r)...)
}

// received has the request acknowledged, once; what an agent books for a family without an account is told to nobody. That
// an agent did is audited; of a standing enrolment it is with the enrolment.
func (f FamilyStore) received(r booking.Request) (writes []write) {
	if r.Account != "" {
		writes = append(writes, newMail(MailRequestReceived, r.ID, r.CreatedAt, "account", r.Account, "slug", f.slug, "family", f.id, "request", r.ID))
	}
	if r.Agent != "" && r.Standing == "" {
		what := []string{string(r.Kind), fmt.Sprintf("%d days", r.Total)}
		if r.Overbook {
			what = append(what, "overbook")
		}
		writes = append(writes, f.audit(r.Agent, "book-for-family", "request "+r.ID, r.CreatedAt, what...))
	}
	return writes
}

// told has an outcome of a request mailed. fact names it: the same is mailed once.
func (f FamilyStore) told(kind string, r booking.Request, rev int, now time.Time, more ...string) []write {
	if r.Account == "" {
		return nil
	}
	return []write{mail(f.about(kind, r, rev, now, more...))}
}

// about is a mail about a request as its revision made it.
func (f FamilyStore) about(kind string, r booking.Request, rev int, now time.Time, more ...string) Mail {
	return mailOf(kind, fmt.Sprint(r.ID, "-", rev), now, append([]string{"account", r.Account, "slug", f.slug, "family", f.id, "request", r.ID}, more...)...)
}

// requestItem is a request whose days are written, with its lines.
func (f FamilyStore) requestItem(r booking.Request, rev int, large bool) attributes {
	i := requestItem{Request: r, Rev: rev, At: requestAt(r)}
	i.Tally = booking.TallyOf(r.Lines)
	if i.Lines, i.Reasons = pack(r.Lines); large {
		i.Large, i.Lines, i.Reasons = true, nil, nil
	}
	if i.Tally.Undecided > 0 {
		i.work = queued(f.requestQueue(r.ID), r.CreatedAt)
	}
	return item(f.requestKey(r.ID), i)
}

// requestWrites write a settled request anew after some of its lines moved.
func (f FamilyStore) requestWrites(s StoredRequest, next booking.Request, lines []int) []write {
	head := write{put: f.requestItem(next, s.rev+1, s.large), condition: "Rev = :rev AND Settled = :yes", values: values(":rev", s.rev, ":yes", true), or: ErrMoved}
	if !s.large {
		return []write{head}
	}
	return append([]write{head}, f.partWrites(next, lines)...)
}

// partWrites write the parts of a large request that some lines belong to.
func (f FamilyStore) partWrites(r booking.Request, lines []int) (writes []write) {
	parts := map[string][]booking.Line{}
	for _, l := range r.Lines {
		name := partOf(r, l)
		parts[name] = append(parts[name], l)
	}
	written := map[string]bool{}
	for _, i := range lines {
		name := partOf(r, r.Lines[i])
		if written[name] {
			continue
		}
		written[name] = true
		var p partItem
		p.Lines, p.Reasons = pack(parts[name])
		k := f.requestKey(r.ID)
		k.SK += "#" + name
		writes = append(writes, write{put: item(k, p)})
	}
	return writes
}

// partOf names the part of a line: its month and its child at its activity.
func partOf(r booking.Request, l booking.Line) string {
	n := slices.IndexFunc(r.Items, func(i booking.Item) bool { return i.Child == l.Child && i.Activity == l.Activity })
	return fmt.Sprintf("%s#%02d", l.Date[:7], n)
}

func requestAt(r booking.Request) string { return "REQUEST#" + stamp(r.CreatedAt) + "#" + r.ID }

// Requests lists the family's requests, newest first. The lines of large ones are left out.
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

// QueuedRequests lists what waits for a decision at the tenant, oldest first, with all lines of each request. The queue lies
// on several shards, so that a rush of requests at one town finds room in the index.
func (c Collectivity) QueuedRequests(ctx context.Context, cursor string, limit int) ([]QueuedRequest, string, error) {
	keys, next, err := c.oldest(ctx, c.requestQueues(), cursor, limit)
	if err != nil || len(keys) == 0 {
		return nil, "", err
	}
	found, err := c.batch(ctx, keys...)
	if err != nil {
		return nil, "", err
	}
	queue := make([]QueuedRequest, len(keys))
	var reads []func() error
	for i, k := range keys {
		reads = append(reads, func() (err error) { queue[i], err = c.queued(ctx, found[k]); return err })
	}
	err = together(reads...)
	return slices.DeleteFunc(queue, func(q QueuedRequest) bool { return !slices.ContainsFunc(q.Lines, booking.Line.Undecided) }), next, err
}

// queued is a request that the queue names; the index may lag, so that it is gone.
func (c Collectivity) queued(ctx context.Context, found attributes) (QueuedRequest, error) {
	i, err := decode[requestItem](found)
	if err != nil || i.ID == "" {
		return QueuedRequest{}, err
	}
	f := c.family(FamilyIn(i.ID))
	s, err := f.whole(ctx, i)
	return QueuedRequest{f.id, s.Request}, err
}

func (c Collectivity) requestQueue(id string) string {
	return c.queue(requestsQueue) + "#" + strconv.Itoa(shardOf(id))
}

func (c Collectivity) requestQueues() (all []string) {
	for shard := range shards {
		all = append(all, c.queue(requestsQueue)+"#"+strconv.Itoa(shard))
	}
	return all
}

func settleQueue(shard int) string { return "SETTLE#" + strconv.Itoa(shard) }

// An UnsettledRequest was cut short while being written.
type UnsettledRequest struct {
	Store FamilyStore
	ID    string
}

// UnsettledRequests lists requests whose writing has to go on, of all tenants, a page at a time. next is "" after the
// last page.
func (s *Store) UnsettledRequests(ctx context.Context, now time.Time, cursor string) (all []UnsettledRequest, next string, err error) {
	keys, next, err := s.shardPage(ctx, settleQueue, now, cursor)
	for _, k := range keys {
		if u, ok := s.UnsettledRequest(k.PK, k.SK); ok {
			all = append(all, u)
		}
	}
	return all, next, err
}

// UnsettledRequest is the request that a key of the table's stream names.
func (s *Store) UnsettledRequest(pk, sk string) (UnsettledRequest, bool) {
	slug, familyID, ok := strings.Cut(strings.TrimPrefix(pk, "C#"), "#F#")
	id, isRequest := strings.CutPrefix(sk, "REQUEST#")
	return UnsettledRequest{s.collectivity(slug).family(familyID), id}, ok && isRequest
}

// WithdrawRequest takes pending lines of a request back: their days are as before the asking. ErrMoved: one of them was
// decided meanwhile, and none is withdrawn.
func (f FamilyStore) WithdrawRequest(ctx context.Context, s StoredRequest, lines []int, town *booking.Town, now time.Time) (booking.Request, error) {
	return f.commit(ctx, s.Request, newRooms(town), movement{
		now: now, plan: f.withdraw(lines, calendar.DateOf(now, town.Clock())),
		drop: func(*booking.Request, int, string) error { return ErrMoved },
		head: func(next booking.Request) []write { return f.requestWrites(s, next, lines) },
	})
}
