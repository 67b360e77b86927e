package store

import (
	"context"
	"time"

	"preau/shared/booking"
)

// Impatient has a store give up on contended items early.
func Impatient(s *Store, patience time.Duration) { s.patience = patience }

// AddHeader keeps a request whose days are still to be written.
func AddHeader(ctx context.Context, f FamilyStore, r booking.Request) error {
	r.Total = len(r.Lines)
	return f.addHeader(ctx, r, r.CreatedAt, true)
}
