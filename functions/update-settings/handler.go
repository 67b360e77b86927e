package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle sets a town's settings, all of them: PUT /v1/collectivities/{slug}/settings. Of two managers who saw the same ones one
// is told what the other has made of them. What was there is kept, with who replaced it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SettingsUpdate) (api.Settings, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Settings{}, err
	}
	logo, err := readLogo(in.Logo)
	if err != nil {
		return api.Settings{}, err
	}
	if err := store.Again(ctx, func() error { return a.set(ctx, right, in, logo) }); err != nil {
		return api.Settings{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	return views.Settings(configuration), err
}

// set writes the settings unless they are no longer those that the agent saw. Where nothing differs, nothing is written.
func (a app) set(ctx context.Context, right store.AgentRight, in api.SettingsUpdate, logo *store.Logo) error {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return err
	}
	if configuration.Version != in.Version {
		return views.SettingsMoved(configuration)
	}
	before, now := configuration.Settings, a.now()
	wanted := views.SettingsOf(in.SettingsDocument).After(before, now)
	if wanted.Logo, err = named(in.Logo, logo, before); err != nil {
		return err
	}
	if err := wanted.Check(before, now, family.SettingsMistakes(wanted)...); err != nil {
		return err
	}
	changed := views.SettingsChanges(before, wanted)
	if len(changed) == 0 {
		return nil
	}
	return right.SetSettings(ctx, configuration, wanted, logo, "update-settings", changed, now)
}
