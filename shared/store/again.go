package store

import (
	"context"
	"errors"
)

// attempts is how often a use case reads, decides and writes anew: about two seconds together.
const attempts = 7

// Again runs a use case's read, decision and write, anew while what was read moved before it was written (ErrMoved).
// When it moves each time, ErrMoved stands.
func Again(ctx context.Context, do func() error) error {
	for n := 0; ; n++ {
		err := do()
		if !errors.Is(err, ErrMoved) || n == attempts {
			return err
		}
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
}
