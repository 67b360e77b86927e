package store

import "preau/shared/refusal"

// ErrMoved means that what was decided on has changed meanwhile: read again and decide again.
var ErrMoved = refusal.New(refusal.Conflict, "moved", "Ces informations viennent de changer. Réessayez.")

// ErrSlugTaken refuses a second collectivity with the same slug.
var ErrSlugTaken = refusal.OfField("slug", "slug_taken", "Cette adresse est déjà celle d’une collectivité.")

// ErrKeyReused refuses an Idempotency-Key that came with another body before.
var ErrKeyReused = refusal.New(refusal.Conflict, "key_reused", "Cette clé a déjà servi pour une autre demande.").At("Idempotency-Key")
