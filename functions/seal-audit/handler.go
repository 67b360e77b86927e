package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/ledger"
	"preau/shared/store"
)

type app struct {
	towns  func(ctx context.Context, cursor string) ([]store.Collectivity, string, error)
	ledger *bucket.Ledger
	log    *slog.Logger
	now    func() time.Time
}

// patience is what one town may take, and aDay what its next day needs.
const (
	patience = 100 * time.Second
	aDay     = 20 * time.Second
)

// handle goes through the collectivities whose hour it is, so that each one's days are sealed once a day. A day is sealed once,
// however many processes do it.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	return background.Queue[store.Collectivity]{Page: a.towns, Work: a.seal, Patience: patience}.Run(ctx, a.log)
}

// grace is how long after its end a day is sealed: records bear the instant at which their use case began, and none runs so long.
const grace = 2 * time.Hour

// hourOf is the hour of the day, UTC, at which a collectivity is sealed: each has its own, so that no tick has all of them, and
// none before the day is over for as long as grace.
func hourOf(slug string) int {
	h := fnv.New32a()
	h.Write([]byte(slug))
	return 2 + int(h.Sum32()%22)
}

// seal seals the days of one collectivity that are over and not sealed, in their order, until there is no time left.
func (a app) seal(ctx context.Context, town store.Collectivity) (done bool, err error) {
	now := a.now().UTC()
	if hourOf(town.Slug()) != now.Hour() {
		return false, nil
	}
	c := chain{app: a, town: town}
	last := calendar.DateOf(now.Add(-grace), time.UTC).AddDays(-1)
	first, err := c.first(ctx, last, now)
	if err != nil {
		return false, err
	}
	for day := first; day <= last && !background.Late(ctx, aDay); day = day.AddDays(1) {
		if c.sealed[day] {
			c.previous = ""
			continue
		}
		if err := c.add(ctx, day); err != nil {
			return done, fmt.Errorf("%s %s: %w", town.Slug(), day, err)
		}
		done = true
	}
	return done, nil
}

// A chain is what is sealed of a collectivity.
type chain struct {
	app
	town     store.Collectivity
	sealed   map[calendar.Date]bool
	previous string // the digest of the day before the next one; "": not read yet
}

// first is the day at which the chain begins: the oldest that is sealed or, where none is, the oldest with a record.
func (c *chain) first(ctx context.Context, last calendar.Date, now time.Time) (first calendar.Date, err error) {
	keys, err := c.ledger.List(ctx, ledger.Prefix(c.town.Slug()))
	if err != nil {
		return "", err
	}
	c.sealed = map[calendar.Date]bool{}
	for _, key := range keys { // in their order
		day, err := ledger.DateOf(c.town.Slug(), key)
		if err != nil {
			return "", fmt.Errorf("%s is no day: %w", key, err)
		}
		if first == "" {
			first = day
		}
		c.sealed[day] = true
	}
	if first != "" {
		return first, nil
	}
	first, found, err := c.town.FirstAudited(ctx, store.AuditKept(now), last)
	if !found {
		first = last
	}
	return first, err
}

// add seals a day behind the one before it. Where another process was first, its seal is the same or something is wrong.
func (c *chain) add(ctx context.Context, date calendar.Date) error {
	if before := date.AddDays(-1); c.previous == "" && c.sealed[before] {
		d, err := c.read(ctx, before)
		if err != nil {
			return err
		}
		c.previous = d.Digest
	}
	count, records, err := c.town.AuditDigest(ctx, date)
	if err != nil {
		return err
	}
	day := ledger.Seal(c.previous, date, count, records)
	err = c.ledger.PutOnce(ctx, ledger.Key(c.town.Slug(), date), day.Bytes())
	if errors.Is(err, bucket.ErrExists) {
		kept, failed := c.read(ctx, date)
		if err = failed; err == nil && kept != day {
			err = errors.New("it is sealed as another")
		}
	}
	c.sealed[date], c.previous = true, day.Digest
	return err
}

func (c *chain) read(ctx context.Context, date calendar.Date) (ledger.Day, error) {
	b, err := c.ledger.Get(ctx, ledger.Key(c.town.Slug(), date))
	if err != nil {
		return ledger.Day{}, err
	}
	return ledger.Read(b)
}
