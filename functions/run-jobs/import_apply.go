package main

import (
	"context"
	"errors"

	"preau/shared/refusal"
)

var errPlanGone = refusal.New(refusal.Gone, "import_expired", "Le fichier de cet import n’est plus conservé. Envoyez-le à nouveau.")

func runApplyImport(context.Context, *task) error { return errors.New("todo") }
func runUndoImport(context.Context, *task) error  { return errors.New("todo") }
