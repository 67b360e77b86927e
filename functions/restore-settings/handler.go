package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle brings earlier settings back, as a new version: POST /v1/collectivities/{slug}/settings/restoration. The calendar, and
// what the host of the portal sets, stay as they are. Terms that come back are in force anew; who had accepted them still has.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SettingsRestoration) (api.Settings, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Settings{}, err
	}
	earlier, err := right.Store.EarlierSettings(ctx, in.Restore)
	if err != nil {
		return api.Settings{}, err
	}
	if err := store.Again(ctx, func() error { return a.set(ctx, right, in.Version, earlier.Settings) }); err != nil {
		return api.Settings{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	return views.Settings(configuration), err
}

// set writes earlier settings unless the current ones are no longer those that the agent saw. They are checked as new ones are:
// what was good once may not be any more.
func (a app) set(ctx context.Context, right store.AgentRight, version int, earlier collectivity.Settings) error {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return err
	}
	if configuration.Version != version {
		return views.SettingsMoved(configuration)
	}
	before, now := configuration.Settings, a.now()
	wanted := earlier.After(before, now)
	if err := wanted.Check(collectivity.Settings{}, now, family.SettingsMistakes(wanted)...); err != nil {
		return err
	}
	changed := views.SettingsChanges(before, wanted)
	if len(changed) == 0 {
		return nil
	}
	return right.SetSettings(ctx, configuration, wanted, nil, "restore-settings", changed, now)
}
