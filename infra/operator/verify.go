package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"preau/infra/catalog"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/ledger"
	"preau/shared/store"
)

func verifyAudit(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("verify-audit", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity whose audit is held against its digests")
	from := flags.String("from", "", "the first day, UTC (2026-11-23); the oldest digest unless said")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if os.Getenv(catalog.EnvLedger) == "" {
		return fmt.Errorf("%s is not set", catalog.EnvLedger)
	}
	if *from != "" {
		if _, err := calendar.ParseDate(*from); err != nil {
			return fmt.Errorf("-from: %w", err)
		}
	}
	town, err := townOf(ctx, store.Open(), *slug)
	if err != nil {
		return err
	}
	v := verification{town: town, ledger: bucket.OpenLedger(), now: calendar.Now()}
	if err := v.run(ctx, calendar.Date(*from)); err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	fmt.Printf("%s: the audit is as it was sealed: %d records on %d days, %d older days whose records have expired. The digest of %s is %s.\n",
		*slug, v.records, v.days, v.expired, v.last.Date, v.last.Digest)
	return nil
}

func townOf(ctx context.Context, s *store.Store, slug string) (store.Collectivity, error) {
	for cursor := ""; ; {
		towns, next, err := s.Collectivities(ctx, cursor)
		if err != nil {
			return store.Collectivity{}, err
		}
		for _, town := range towns {
			if town.Slug() == slug {
				return town, nil
			}
		}
		if cursor = next; cursor == "" {
			return store.Collectivity{}, fmt.Errorf("there is no collectivity %q", slug)
		}
	}
}

// A verification holds the records of a collectivity's audit against what was sealed of them.
type verification struct {
	town   store.Collectivity
	ledger *bucket.Ledger
	now    time.Time

	last                   ledger.Day
	days, expired, records int // verified, sealed but no longer kept, of the verified days
}

// due is how long after its end every day is sealed.
const due = 26 * time.Hour

// run goes through the days from one on and stops at the first that is not as it was sealed.
func (v *verification) run(ctx context.Context, from calendar.Date) error {
	keys, err := v.ledger.List(ctx, ledger.Prefix(v.town.Slug()))
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		return errors.New("no day is sealed")
	}
	first, err := ledger.DateOf(v.town.Slug(), keys[0])
	if err != nil {
		return fmt.Errorf("%s is no day", keys[0])
	}
	last, err := ledger.DateOf(v.town.Slug(), keys[len(keys)-1])
	if err != nil {
		return fmt.Errorf("%s is no day", keys[len(keys)-1])
	}
	last = max(last, calendar.DateOf(v.now.Add(-due), time.UTC).AddDays(-1))
	if from == "" {
		from = first
	}
	if first < from {
		if v.last, err = v.read(ctx, from.AddDays(-1)); err != nil {
			return fmt.Errorf("%s: %w", from.AddDays(-1), err)
		}
	}
	for day := from; day <= last; day = day.AddDays(1) {
		if err := v.day(ctx, day, day == first); err != nil {
			return fmt.Errorf("%s: %w", day, err)
		}
	}
	return nil
}

// day verifies one day. What the first of the ledger holds of the day before it can only be told while that has to be there.
func (v *verification) day(ctx context.Context, date calendar.Date, first bool) error {
	d, err := v.read(ctx, date)
	if err != nil {
		return err
	}
	previous := v.last.Digest
	if first && date < store.AuditKept(v.now) {
		previous = d.Previous
	}
	if err := d.Broken(previous); err != nil {
		return err
	}
	v.last = d
	if date < store.AuditKept(v.now) {
		v.expired++
		return nil
	}
	count, records, err := v.town.AuditDigest(ctx, date)
	switch {
	case err != nil:
		return err
	case count != d.Count:
		return fmt.Errorf("it has %d records, and was sealed with %d", count, d.Count)
	case records != d.Records:
		return errors.New("its records are not those that were sealed")
	}
	v.days, v.records = v.days+1, v.records+count
	return nil
}

// read reads a day's seal, which has to be of that day.
func (v *verification) read(ctx context.Context, date calendar.Date) (ledger.Day, error) {
	b, err := v.ledger.Get(ctx, ledger.Key(v.town.Slug(), date))
	if errors.Is(err, bucket.ErrNotFound) {
		return ledger.Day{}, errors.New("it is not sealed")
	}
	if err != nil {
		return ledger.Day{}, err
	}
	d, err := ledger.Read(b)
	if err == nil && d.Date != date {
		err = fmt.Errorf("under its key lies the seal of %s", d.Date)
	}
	return d, err
}
