package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *bucket.Bucket
	log   *slog.Logger
	now   func() time.Time
}

// patience is what one account, document or family may take: less than a queue's share of the invocation.
const patience = 20 * time.Second

// handle goes once through closed accounts, documents that end, and families of which something may be to be erased. What it has no
// time for comes with the next tick, of a family with its town's next hour at night.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	n := night{a, now, map[string]collectivity.Settings{}}
	accounts := background.Queue[string]{
		Page: func(ctx context.Context, cursor string) ([]string, string, error) {
			return a.store.DueClosures(ctx, now, cursor)
		},
		Work: n.account, Patience: patience,
	}
	documents := background.Queue[store.DueDocument]{
		Page: func(ctx context.Context, cursor string) ([]store.DueDocument, string, error) {
			return a.store.DueDocuments(ctx, now, cursor)
		},
		Work: n.document, Patience: patience,
	}
	families := background.Queue[store.FamilyStore]{
		Page: func(ctx context.Context, cursor string) ([]store.FamilyStore, string, error) {
			return a.store.DueErasures(ctx, now, cursor)
		},
		Work: n.family, Patience: patience,
	}
	loose := background.Queue[store.LooseFile]{
		Page: func(ctx context.Context, cursor string) ([]store.LooseFile, string, error) {
			return a.store.LooseFiles(ctx, now, cursor)
		},
		Work: a.loose, Patience: patience,
	}
	return inTurn(
		ctx,
		func(ctx context.Context) error { return loose.Run(ctx, a.log.With("queue", "loose files")) },
		func(ctx context.Context) error { return accounts.Run(ctx, a.log.With("queue", "accounts")) },
		func(ctx context.Context) error { return documents.Run(ctx, a.log.With("queue", "documents")) },
		func(ctx context.Context) error { return families.Run(ctx, a.log.With("queue", "families")) },
	)
}

// inTurn runs queues one after the other, each with an equal share of the time that is left, so that a long one starves none.
func inTurn(ctx context.Context, queues ...func(context.Context) error) (err error) {
	for i, run := range queues {
		err = errors.Join(err, inShare(ctx, len(queues)-i, run))
	}
	return err
}

// inShare runs a queue with one of some shares of the time that is left.
func inShare(ctx context.Context, shares int, run func(context.Context) error) error {
	deadline, limited := ctx.Deadline()
	if !limited {
		return run(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Until(deadline)/time.Duration(shares))
	defer cancel()
	return run(ctx)
}

// loose deletes a file that no family file names any more; a photo, in both its sizes.
func (a app) loose(ctx context.Context, l store.LooseFile) (done bool, err error) {
	if _, err := a.files.DeletePrefix(ctx, l.Town.KeptFile(l.Name)); err != nil {
		return false, fmt.Errorf("%s: %w", l.Name, err)
	}
	return true, l.Gone(ctx)
}

// night is one tick.
type night struct {
	app
	now   time.Time
	towns map[string]collectivity.Settings // as they were when the tick first met them
}

// The hours of a town's clocks at which it is worked for: when hardly anybody else works on its files.
const (
	fromHour = 1
	toHour   = 4
)

// on is the day at a town, and whether it is night there.
func (n night) on(ctx context.Context, town store.Collectivity) (settings collectivity.Settings, today calendar.Date, dark bool, err error) {
	settings, known := n.towns[town.Slug()]
	if !known {
		c, err := town.Configuration(ctx)
		if err != nil {
			return settings, "", false, err
		}
		settings = c.Settings
		n.towns[town.Slug()] = settings
	}
	hour := n.now.In(settings.Zone()).Hour()
	return settings, calendar.DateOf(n.now, settings.Zone()), fromHour <= hour && hour <= toHour, nil
}

// account erases a closed account: first what was exported of it, at last its person.
func (n night) account(ctx context.Context, id string) (done bool, err error) {
	if _, err := n.files.DeletePrefix(ctx, store.ExportFolder(id)); err != nil {
		return false, fmt.Errorf("account %s: %w", id, err)
	}
	done, err = n.store.Forget(ctx, id, n.now)
	if err != nil {
		return false, fmt.Errorf("account %s: %w", id, err)
	}
	return done, nil
}

// family erases what is to be erased of a family. Files go before what names them.
func (n night) family(ctx context.Context, f store.FamilyStore) (done bool, err error) {
	settings, today, dark, err := n.on(ctx, f.Collectivity)
	if err == nil && dark {
		err = store.Again(ctx, func() (err error) {
			done, err = n.erase(ctx, f, settings.Archive.AgreedOn(today), today)
			return err
		})
	}
	if errors.Is(err, family.ErrUnknown) {
		return false, nil // the index lags
	}
	if err != nil {
		return false, fmt.Errorf("family %s: %w", f.ID(), err)
	}
	return done, nil
}

func (n night) erase(ctx context.Context, f store.FamilyStore, archive int, today calendar.Date) (done bool, err error) {
	x, err := f.Expiring(ctx, archive, today)
	if err != nil {
		return false, err
	}
	if err := n.files.Delete(ctx, kept(f.Collectivity, x.Attachments())...); err != nil {
		return false, err
	}
	return x.Whole || len(x.Members)+len(x.Changes) > 0, f.Erase(ctx, x, n.now)
}

// kept are the keys of files: a photo lies there in two sizes.
func kept(town store.Collectivity, attachments map[string]string) (keys []string) {
	for name, section := range attachments {
		if section == "photo" {
			keys = append(keys, town.KeptFile(name+views.PhotoLarge), town.KeptFile(name+views.PhotoSmall))
		} else {
			keys = append(keys, town.KeptFile(name))
		}
	}
	return keys
}
