package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/phone"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle proposes a change: POST /v1/families/{family}/changes. An agent decides, unless the collectivity takes changes of
// the section at once. The same Idempotency-Key answers the change that it made.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewChange) (shown api.Change, err error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Change{}, err
	}
	err = store.Again(ctx, func() error {
		shown, err = a.propose(ctx, right, in)
		return err
	})
	return shown, err
}

func (a app) propose(ctx context.Context, right store.FamilyRight, in api.NewChange) (api.Change, error) {
	household, configuration, err := right.Store.File(ctx)
	if err != nil {
		return api.Change{}, err
	}
	change, made, err := identify(ctx, right, in, a.now())
	if err != nil {
		return api.Change{}, err
	}
	if made {
		member, _ := household.Member(change.Target)
		return views.Change(member, change), nil
	}
	member, section, err := target(household.File, right.Guardian, in)
	if err != nil {
		return api.Change{}, err
	}
	formats := family.Formats{Today: calendar.DateOf(change.CreatedAt, configuration.Zone()), Phone: phone.Read}
	if change.Fields, err = family.Propose(configuration.Settings, member, section, in.Version, in.Values, formats); err != nil {
		return api.Change{}, err
	}
	if configuration.Decision(section.Key()) == collectivity.AtOnce {
		change = change.Accept()
		err = right.Store.ApplyChange(ctx, change, right.Account.ID, member, household.Version)
	} else {
		err = right.Store.AddChange(ctx, change, right.Account.ID, member)
	}
	return views.Change(member, change), err
}

// identify names the change. With a key, the name is the same each time, and made says that it exists already.
func identify(ctx context.Context, right store.FamilyRight, in api.NewChange, now time.Time) (c family.Change, made bool, err error) {
	asked, err := json.Marshal(in) // the body alone: path and header are not part of it
	if err != nil {
		return c, false, err
	}
	c = family.Change{Target: in.Target, Section: in.Section, By: right.Guardian, Body: id.Derived(string(asked)), CreatedAt: now}
	if in.Key == "" {
		c.ID = right.Store.ChangeID(id.New(now))
		return c, false, nil
	}
	c.ID = right.Store.ChangeID(id.Derived(right.Account.ID, in.Key))
	known, _, err := right.Store.Change(ctx, c.ID)
	switch {
	case errors.Is(err, family.ErrChangeUnknown):
		return c, false, nil
	case err == nil && known.Body != c.Body:
		return c, false, store.ErrKeyReused
	}
	return known, err == nil, err
}

// target finds the member and section, of those that a guardian may edit.
func target(file family.File, guardian string, in api.NewChange) (family.Member, family.Section, error) {
	viewer, _ := file.Member(guardian)
	member, ok := file.Member(in.Target)
	if !ok {
		return member, family.Section{}, family.ErrTargetUnknown
	}
	section, ok := family.SectionOf(member.Target, in.Section)
	if !ok {
		return member, section, family.ErrSectionUnknown
	}
	if !family.Edits(viewer, member, section) {
		return member, section, family.ErrNotYours
	}
	if in.Version > file.Version {
		return member, section, family.ErrVersionUnknown
	}
	return member, section, nil
}
