package store

import "time"

// Impatient has a store give up on contended items early.
func Impatient(s *Store, patience time.Duration) { s.patience = patience }
