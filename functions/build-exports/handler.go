package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"preau/shared/account"
	"preau/shared/background"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	files *bucket.Bucket
	log   *slog.Logger
	now   func() time.Time
}

// patience is what one export may take: less than its lease, so that two processes never write the same.
const patience = 150 * time.Second

// handle goes once through the exports that somebody waits for. Those that it has no time for come with the next tick, a minute
// later.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[string]{
		Page: func(ctx context.Context, cursor string) ([]string, string, error) {
			return a.store.DueExports(ctx, now, cursor)
		},
		Work: a.build, Patience: patience,
	}.Run(ctx, a.log)
}

// build puts the export of an account together, whole and from the beginning, however often it was begun before.
func (a app) build(ctx context.Context, accountID string) (done bool, err error) {
	e, ok, err := a.store.ClaimExport(ctx, accountID, a.now())
	if err != nil || !ok {
		return false, err
	}
	me, ok, err := a.store.Account(ctx, accountID)
	if err == nil && (!ok || me.Closed) {
		return false, a.store.DropExport(ctx, accountID)
	}
	if err == nil {
		err = a.export(ctx, me, e)
	}
	if err == nil {
		return true, nil
	}
	return false, a.again(ctx, me, e, err)
}

// export writes the file and says that it is there. What it holds was the person's when it was read, and is when it is ready.
func (a app) export(ctx context.Context, me account.Account, e store.Export) error {
	subs, err := a.store.Subscriptions(ctx, me.ID)
	if err != nil {
		return err
	}
	stream := a.files.Stream(ctx, e.File(me.ID), "application/zip")
	x := exporter{app: a, me: me, archive: newArchive(stream, a.now()), folders: map[string]bool{}, guide: guide{at: a.now()}}
	if err := x.all(ctx, subs); err != nil {
		return err
	}
	if err := stream.Close(); err != nil {
		return err
	}
	return a.store.ExportReady(ctx, me.ID, e, subs, a.now())
}

// again has an export that failed tried later, or gives it up after a day. That the rights to it have changed meanwhile is nobody's
// mistake: it is made anew.
func (a app) again(ctx context.Context, me account.Account, e store.Export, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // whatever became of its time
	defer cancel()
	parked, err := a.store.ExportFailed(ctx, me.ID, e, a.now())
	if err == nil {
		err = a.forgotten(ctx, me.ID, e)
	}
	if err != nil {
		return errors.Join(cause, err)
	}
	if parked {
		a.log.Error("export parked", append([]any{"export", e.ID, "tries", e.Tries, "error", cause.Error()}, httpapi.Metric("ExportParked", 1)...)...)
	}
	if errors.Is(cause, store.ErrExportVoid) {
		return nil
	}
	return fmt.Errorf("export %s: %w", e.ID, cause)
}

// forgotten deletes the file of an export that nobody waits for any more: its account was closed, and what lay there deleted, while
// this one was still being written.
func (a app) forgotten(ctx context.Context, accountID string, e store.Export) error {
	now, err := a.store.Export(ctx, accountID)
	if err != nil || now.ID == e.ID {
		return err
	}
	return a.files.Delete(ctx, e.File(accountID))
}
