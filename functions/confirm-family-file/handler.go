package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle takes a guardian's word that the file is still exact: POST /v1/families/{family}/confirmation. It is about the file that
// they saw: one that has changed since, or lacks something, is looked at first.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ConfirmFile) (api.Confirmation, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Confirmation{}, err
	}
	household, pending, configuration, err := right.Store.FileWithPending(ctx)
	if err != nil {
		return api.Confirmation{}, err
	}
	if in.Version != household.Version {
		return api.Confirmation{}, errMoved
	}
	guardian, _ := household.Member(right.Guardian)
	today := calendar.DateOf(a.now(), configuration.Zone())
	if gaps := family.Missing(configuration.Settings, household.File, guardian, today, pending...); len(gaps) > 0 {
		return api.Confirmation{}, errIncomplete.With("missing", views.Missing(gaps))
	}
	err = right.Store.Confirm(ctx, in.Version, right.Guardian, today)
	if errors.Is(err, store.ErrMoved) {
		return api.Confirmation{}, errMoved
	}
	if err != nil {
		return api.Confirmation{}, err
	}
	household.Confirmed, household.ConfirmedBy = today, right.Guardian
	return views.Confirmation(household.File, today), nil
}

var (
	errMoved      = refusal.New(refusal.Conflict, "version_moved", "Le dossier a changé depuis que vous l’avez ouvert. Vérifiez-le avant de le confirmer.")
	errIncomplete = refusal.New(refusal.Conflict, "file_incomplete", "Il manque des informations à votre dossier. Complétez-les avant de le confirmer.")
)
