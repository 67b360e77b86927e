package store

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
)

// Export is what a person asked to have put together of their account and families: one at a time, and one a day.
type Export struct {
	ID          string // random: it names the file
	RequestedAt time.Time
	ReadyAt     time.Time // zero: it is not
	Until       time.Time // the file's end
	Families    []string  // whose data is in it
	Tries       int
	Lease       string `dynamodbav:",omitempty"` // until when one process works on it
	Parked      bool   // given up
}

type exportItem struct {
	Export
	work
	Expires int64 `dynamodbav:"expires,omitempty"`
}

// How long exports live and are tried.
const (
	ExportLife    = 7 * 24 * time.Hour
	exportEvery   = 24 * time.Hour
	exportLease   = 4 * time.Minute     // longer than a function that builds one runs
	exportGiveUp  = 24 * time.Hour      // then it is parked
	exportKeeping = 30 * 24 * time.Hour // of what is known of one that is over
	exportsQueue  = "EXPORTS"
)

func exportKey(accountID string) key { return key{"ACCOUNT#" + accountID, "EXPORT"} }

// ExportFolder is where an account's exports lie in the bucket of files, under catalog.Exports.
func ExportFolder(accountID string) string { return "exports/" + accountID + "/" }

// File is where the export of an account lies.
func (e Export) File(accountID string) string { return ExportFolder(accountID) + e.ID + ".zip" }

// Preparing says whether the export is still being put together.
func (e Export) Preparing() bool { return e.ID != "" && e.ReadyAt.IsZero() && !e.Parked }

// Ready says whether its file is there.
func (e Export) Ready(now time.Time) bool { return !e.ReadyAt.IsZero() && now.Before(e.Until) }

// NextAt is when another may be asked for.
func (e Export) NextAt() time.Time { return e.RequestedAt.Add(exportEvery) }

// Export reads the latest export of an account; one never asked for has no ID.
func (s *Store) Export(ctx context.Context, accountID string) (Export, error) {
	i, _, err := get[exportItem](ctx, s, exportKey(accountID))
	return i.Export, err
}

// AskExport has an account's data put together, in place of the export before, which it has seen. ErrMoved: there is another
// one by now.
func (s *Store) AskExport(ctx context.Context, accountID string, before Export, now time.Time) (Export, error) {
	e := Export{ID: rand.Text(), RequestedAt: now}
	w := write{put: item(exportKey(accountID), exportItem{Export: e, work: queued(exportsQueue, now)}), condition: isNew, or: ErrMoved}
	if before.ID != "" {
		w.condition, w.values = "ID = :seen", values(":seen", before.ID)
	}
	return e, s.transact(ctx, w, accountOpen(accountID))
}

// DueExports lists the accounts whose export is to be put together, a page at a time. next is "" after the last page.
func (s *Store) DueExports(ctx context.Context, now time.Time, cursor string) (accounts []string, next string, err error) {
	keys, next, err := s.duePage(ctx, exportsQueue, now, cursor)
	for _, k := range keys {
		accounts = append(accounts, strings.TrimPrefix(k.PK, "ACCOUNT#"))
	}
	return accounts, next, err
}

// ClaimExport takes an account's export for putting together. ok is false where that is done, or another process holds its
// lease.
func (s *Store) ClaimExport(ctx context.Context, accountID string, now time.Time) (e Export, ok bool, err error) {
	until := stamp(now.Add(exportLease))
	after, err := s.applied(ctx, write{
		key: exportKey(accountID), update: "SET Lease = :until, Tries = Tries + :one, workAt = :until", show: true,
		// Of two processes one works on it; one that dies leaves it to another when its lease ends.
		condition: "attribute_exists(#w) AND (attribute_not_exists(Lease) OR Lease <= :now)", names: map[string]string{"#w": "work"},
		values: values(":until", until, ":now", stamp(now), ":one", 1),
	})
	if errors.Is(err, errCondition) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	i, err := decode[exportItem](after)
	return i.Export, err == nil, err
}

// ErrExportVoid means that what an export holds is not the person's any more: the account is closed, or a right in it ended
// while it was put together.
var ErrExportVoid = errors.New("the rights to what was exported have changed")

// ExportReady says that a claimed export's file is there, and has its person told. It holds the rights to all that is in it
// to what they were: the account is open, and each subscription is there and under the same orders.
func (s *Store) ExportReady(ctx context.Context, accountID string, e Export, subs []Subscription, now time.Time) error {
	var families []string
	for _, sub := range subs {
		families = append(families, sub.Family)
	}
	until := now.Add(ExportLife)
	ready := newExpression()
	ready.set(ready.path("ReadyAt"), now)
	ready.set(ready.path("Until"), until)
	ready.set(ready.path("Families"), families)
	ready.set(ready.path("expires"), epoch(until.Add(exportKeeping)))
	for _, done := range []string{"work", "workAt", "Lease"} {
		ready.remove(ready.path(done))
	}
	ready.was(ready.path("ID"), e.ID)
	ready.was(ready.path("Lease"), e.Lease)
	open := accountOpen(accountID)
	open.or = ErrExportVoid
	writes := []write{ready.write(exportKey(accountID), ErrExportVoid), open, newMail(MailExportReady, e.ID, now, "account", accountID, "export", e.ID)}
	for i, sub := range subs {
		f := s.collectivity(sub.Slug).family(sub.Family)
		did := f.audited(Audit{At: now, By: accountID, Action: "build-exports", About: "export " + e.ID, Family: sub.Family, Member: sub.Guardian})
		same := []write{sameRight(accountID, sub), did, f.acted(accountID, did)}
		if i < exportedAtOnce {
			writes = append(writes, same...)
		} else if err := s.transact(ctx, same...); err != nil {
			return err
		}
	}
	return s.transact(ctx, writes...)
}

// exportedAtOnce is how many subscriptions are held in the very write that says that the export is ready; nobody has more.
const exportedAtOnce = 30

// sameRight requires that a subscription is there as it was read.
func sameRight(accountID string, sub Subscription) write {
	x := newExpression()
	x.was(x.path("Guardian"), sub.Guardian)
	x.was(x.path("Barred"), seen(sub.Barred))
	same := x.write(subscriptionKey(accountID, sub.Family), ErrExportVoid)
	same.check = true
	return same
}

// ExportFailed makes a claimed export due again later, twice as late each time, or parks it after a day. It says whether it
// did. A process that lost its lease changes nothing.
func (s *Store) ExportFailed(ctx context.Context, accountID string, e Export, now time.Time) (parked bool, err error) {
	w := newExpression()
	w.was(w.path("ID"), e.ID)
	w.was(w.path("Lease"), e.Lease)
	w.remove(w.path("Lease"))
	if parked = now.Sub(e.RequestedAt) >= exportGiveUp; parked {
		w.set(w.path("Parked"), true)
		w.set(w.path("expires"), epoch(now.Add(exportKeeping)))
		w.remove(w.path("work"))
		w.remove(w.path("workAt"))
	} else {
		w.set(w.path("workAt"), stamp(now.Add(backoff(e.Tries))))
	}
	err = s.apply(ctx, w.write(exportKey(accountID), errCondition))
	if errors.Is(err, errCondition) {
		return false, nil
	}
	return parked && err == nil, err
}

// DropExport forgets the export of an account that is closed.
func (s *Store) DropExport(ctx context.Context, accountID string) error {
	return s.apply(ctx, write{key: exportKey(accountID), delete: true})
}

// MayOpen says whether an account still has every right that its export was made under.
func (s *Store) MayOpen(ctx context.Context, accountID string, e Export) (bool, error) {
	var keys []key
	for _, id := range e.Families {
		keys = append(keys, subscriptionKey(accountID, id))
	}
	for some := range slices.Chunk(keys, 100) {
		found, err := s.batch(ctx, some...)
		if err != nil {
			return false, err
		}
		for _, k := range some {
			sub, err := decode[Subscription](found[k])
			if err != nil || found[k] == nil || family.Barred(sub.Barred, s.clock()) {
				return false, err
			}
		}
	}
	return true, nil
}
