package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle changes a school and its classes: PUT /v1/collectivities/{slug}/schools/{school}. Of two managers who saw the same
// version one is told what the other has made of it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SchoolUpdate) (api.School, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.School{}, err
	}
	var saved collectivity.School
	err = store.Again(ctx, func() (err error) {
		saved, err = a.change(ctx, right, in)
		return err
	})
	return views.School(saved), err
}

// change checks the school against what the town has set, and writes it unless that has moved meanwhile.
func (a app) change(ctx context.Context, right store.AgentRight, in api.SchoolUpdate) (collectivity.School, error) {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return collectivity.School{}, err
	}
	current, known := configuration.School(in.School)
	switch {
	case !known:
		return current, collectivity.ErrSchoolUnknown
	case current.Version != in.Version:
		return current, moved(current)
	}
	wanted := views.SchoolOf(in.SchoolSettings).After(current, id.Short)
	wanted.ID, wanted.Version = current.ID, current.Version
	if err := configuration.CheckSchool(wanted); err != nil {
		return current, err
	}
	if err := unused(ctx, right.Store, current, wanted); err != nil {
		return current, err
	}
	return right.Store.SetSchool(ctx, configuration, wanted, right.Account.ID, a.now())
}

// unused refuses to drop a class of which there are children.
func unused(ctx context.Context, town store.Collectivity, current, wanted collectivity.School) error {
	for _, class := range current.Classes {
		if _, kept := wanted.Class(class.ID); kept {
			continue
		}
		pupils, err := town.Pupils(ctx, current, class)
		if err != nil {
			return err
		}
		if len(pupils) > 0 {
			return refusal.OfField("classes", "class_in_use", "La classe « "+class.Name+" » a encore des enfants.")
		}
	}
	return nil
}

func moved(current collectivity.School) error {
	return refusal.New(refusal.Conflict, "school_moved", "Cette école vient d’être modifiée. Vérifiez ce qu’elle est devenue avant d’enregistrer.").
		With("current", views.School(current))
}
