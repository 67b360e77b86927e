package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/booking"
	"preau/shared/refusal"
)

// Ask judges every day of a request and writes what can be taken. The same request sent again, by its id, changes nothing
// and answers what it made; where its writing was cut short, it goes on. Whether it was sent before shows when it is
// written, once: looking first would cost every other request a trip. ErrKeyReused: another body came under its id.
func (f FamilyStore) Ask(ctx context.Context, r booking.Request, p booking.Planning, now time.Time) (booking.Request, error) {
	lines, no := p.Ask(r)
	if no == nil {
		r.Lines = lines
		written, err := f.AddRequest(ctx, r, p.Town)
		if !errors.Is(err, ErrRequestExists) {
			return written, err
		}
		no = err
	}
	if sent, ok, err := f.sent(ctx, r, now); ok || err != nil {
		return sent, err
	}
	return r, no
}

// sent finds a request that was already sent.
func (f FamilyStore) sent(ctx context.Context, r booking.Request, now time.Time) (booking.Request, bool, error) {
	stored, err := f.Request(ctx, r.ID)
	switch {
	case refusal.Code(err) == ErrRequestUnknown.Code:
		return r, false, nil
	case err != nil:
		return r, false, err
	case stored.Body != r.Body:
		return r, false, ErrKeyReused
	case stored.Settled, stored.large: // a large one is advance-bookings' work, however often it is sent
		return stored.Request, true, nil
	}
	resumed, err := f.Resume(ctx, stored, now)
	return resumed, true, err
}
