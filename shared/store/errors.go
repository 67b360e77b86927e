package store

import "preau/shared/refusal"

// ErrMoved means that what was decided on has changed meanwhile: read again and decide again.
var ErrMoved = refusal.New(refusal.Conflict, "moved", "Ces informations viennent de changer. Réessayez.")

// ErrSlugTaken refuses a second collectivity with the same slug.
var ErrSlugTaken = refusal.OfField("slug", "slug_taken", "Cette adresse est déjà celle d’une collectivité.")
