package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/background"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time
}

// patience is what one request, slot or event may take: less than a request's lease, so that two processes never write the same.
const patience = 45 * time.Second

// handle goes on with what the table's stream names, or on a tick with all that is due: requests that are large, or whose
// writing was cut short; slots where a place was freed for those who wait, or where they have waited long enough; events of
// towns that are to be carried out. What is of a suspended town waits until it is none.
func (a app) handle(ctx context.Context, event json.RawMessage) (out events.DynamoDBEventResponse, err error) {
	var stream events.DynamoDBEvent
	if json.Unmarshal(event, &stream) == nil && len(stream.Records) > 0 {
		return a.batch(ctx, stream), nil
	}
	return out, a.sweep(ctx)
}

// batch goes on with each item that the stream names. What fails is asked for again.
func (a app) batch(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	again := func(r events.DynamoDBEventRecord) {
		out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
	}
	for _, r := range e.Records {
		if background.Late(ctx, patience) {
			again(r)
			continue
		}
		if err := a.record(ctx, r.Change.Keys["PK"].String(), r.Change.Keys["SK"].String()); err != nil {
			a.log.Error("item failed", "error", err.Error())
			again(r)
		}
	}
	return out
}

// record goes on with the item of a key.
func (a app) record(ctx context.Context, pk, sk string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if r, ok := a.store.UnsettledRequest(pk, sk); ok {
		_, err = a.settle(ctx, r)
	} else if w, ok := a.store.WaitingSlot(pk, sk); ok {
		_, err = a.promote(ctx, w)
	} else if e, ok := a.store.DueEvent(pk, sk); ok {
		_, err = a.carryOut(ctx, e)
	}
	return err
}

// sweep goes once through what is due. A queue that fails keeps no other waiting.
func (a app) sweep(ctx context.Context) error {
	now := a.now()
	requests := background.Queue[store.UnsettledRequest]{
		Page: func(ctx context.Context, cursor string) ([]store.UnsettledRequest, string, error) {
			return a.store.UnsettledRequests(ctx, now, cursor)
		},
		Work: a.settle, Patience: patience,
	}
	slots := background.Queue[store.WaitingSlot]{
		Page: func(ctx context.Context, cursor string) ([]store.WaitingSlot, string, error) {
			return a.store.WaitingSlots(ctx, now, cursor)
		},
		Work: a.promote, Patience: patience,
	}
	events := background.Queue[store.DueEvent]{
		Page: func(ctx context.Context, cursor string) ([]store.DueEvent, string, error) {
			return a.store.DueEvents(ctx, now, cursor)
		},
		Work: a.carryOut, Patience: patience,
	}
	return errors.Join( // large requests last: they would take all the time
		slots.Run(ctx, a.log.With("queue", "slots")),
		events.Run(ctx, a.log.With("queue", "events")),
		requests.Run(ctx, a.log.With("queue", "requests")),
	)
}

// settle goes on with a request. It is not done if another process has it.
func (a app) settle(ctx context.Context, u store.UnsettledRequest) (done bool, err error) {
	if asleep, err := u.Store.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	r, err := u.Store.Request(ctx, u.ID)
	if err != nil {
		return false, fmt.Errorf("%s: %w", u.ID, err)
	}
	if r.Settled {
		return false, nil // the index lags, or the stream does
	}
	after, err := u.Store.Resume(ctx, r, a.now())
	if err != nil {
		return false, fmt.Errorf("%s: %w", u.ID, err)
	}
	return after.Settled, nil
}

// promote serves those who wait for a slot.
func (a app) promote(ctx context.Context, w store.WaitingSlot) (done bool, err error) {
	if asleep, err := w.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	promoted, released, err := w.Promote(ctx, a.now())
	if err != nil {
		return false, fmt.Errorf("%s: %w", w, err)
	}
	if promoted+released > 0 {
		a.log.Info("served", "slot", w.String(), "promoted", promoted, "released", released)
	}
	return promoted+released > 0, nil
}

// carryOut goes on with an event of a town.
func (a app) carryOut(ctx context.Context, e store.DueEvent) (done bool, err error) {
	if asleep, err := e.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	if done, err = e.CarryOut(ctx, a.now()); err != nil {
		return false, fmt.Errorf("%s: %w", e, err)
	}
	return done, nil
}
