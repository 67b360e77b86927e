package store

import "time"

// Impatient has a store give up on contended items early.
func Impatient(s *Store, patience time.Duration) { s.patience = patience }

// At has a store remember data keys by another clock.
func At(s *Store, clock func() time.Time) { s.clock = clock }

// TownOf reaches a collectivity without a right.
func TownOf(s *Store, slug string) Collectivity { return s.collectivity(slug) }

// RingLife is how long data keys are remembered.
const RingLife = ringLife
