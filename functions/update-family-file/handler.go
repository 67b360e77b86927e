package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/bank"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/phone"
	"preau/shared/refusal"
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
	if err != nil || made {
		return views.Change(change), err
	}
	if family.SealedIn(in.Section) {
		if err := right.Store.Open(ctx, &household); err != nil {
			return api.Change{}, err
		}
	}
	if in.Version > household.Version {
		return api.Change{}, family.ErrVersionUnknown
	}
	p := proposal{household, configuration, formats(household, configuration, right.Guardian, change.CreatedAt), in}
	if change, err = p.make(change); err != nil {
		return api.Change{}, err
	}
	if change.AtOnce(configuration.Settings) {
		change = change.Accept()
		err = right.Store.ApplyChange(ctx, household, change, right.Account.ID)
	} else {
		err = right.Store.AddChange(ctx, household, change, right.Account.ID)
	}
	return views.Change(change), err
}

func formats(h store.Household, c store.Configuration, by string, now time.Time) family.Formats {
	return family.Formats{
		Now: now, Today: calendar.DateOf(now, c.Zone()), File: h.File, By: by,
		Phone: phone.Read, IBAN: bank.ReadIBAN, BIC: bank.ReadBIC,
	}
}

// identify names the change. With a key, the name is the same each time, and made says that it exists already.
func identify(ctx context.Context, right store.FamilyRight, in api.NewChange, now time.Time) (c family.Change, made bool, err error) {
	c = family.Change{By: right.Guardian, CreatedAt: now}
	if in.Key == "" {
		c.ID = right.Store.ChangeID(id.New(now))
		return c, false, nil
	}
	c.ID = right.Store.ChangeID(id.Derived(right.Account.ID, in.Key))
	asked, err := json.Marshal(in) // the body alone: path and header are not part of it
	if err != nil {
		return c, false, err
	}
	if c.Body, err = right.Store.BodyHash(ctx, c.ID, in.Section, asked); err != nil {
		return c, false, err
	}
	known, _, err := right.Store.Change(ctx, c.ID)
	switch {
	case errors.Is(err, family.ErrChangeUnknown):
		return c, false, nil
	case err == nil && known.Body != c.Body:
		return c, false, store.ErrKeyReused
	case err != nil:
		return c, false, err
	}
	all := []family.Change{known}
	err = right.Store.OpenChanges(ctx, all)
	return all[0], true, err
}

// A proposal is what a guardian asks of a file.
type proposal struct {
	store.Household
	configuration store.Configuration
	formats       family.Formats
	in            api.NewChange
}

// make fills in what the change is about.
func (p proposal) make(c family.Change) (family.Change, error) {
	switch {
	case p.in.Add != "" && (p.in.Target != "" || p.in.Remove):
		return c, refusal.OfField("add", "add_alone", "On ajoute une personne, ou on en modifie une : pas les deux à la fois.")
	case p.in.Remove && (p.in.Section != "" || len(p.in.Values) > 0):
		return c, refusal.OfField("remove", "remove_alone", "On retire une personne, ou on la modifie : pas les deux à la fois.")
	case p.in.Add == "" && p.in.Target == "":
		return c, refusal.OfField("target", "required", "Indiquez la personne concernée.")
	case p.in.Add != "":
		return p.addition(c)
	}
	viewer, _ := p.Member(p.formats.By)
	member, ok := p.Member(p.in.Target)
	if !ok {
		return c, family.ErrTargetUnknown
	}
	c.Target, c.Of = member.ID, member.Target
	if p.in.Remove {
		return p.removal(c, viewer, member)
	}
	section, ok := family.SectionOf(member.Target, p.in.Section)
	if !ok {
		return c, family.ErrSectionUnknown
	}
	if !p.Edits(viewer, member, section) {
		return c, family.ErrNotYours
	}
	if len(p.in.Values) == 0 {
		return c, refusal.OfField("values", "required", "Indiquez ce qui change.")
	}
	c.Section = section.Name
	fields, err := family.Propose(p.configuration.Settings, member, section, p.in.Version, p.in.Values, p.formats)
	c.Fields = fields
	return c, err
}

func (p proposal) addition(c family.Change) (family.Change, error) {
	section := family.First(family.Target(p.in.Add))
	c.Kind, c.Of, c.Section, c.Target = family.Adds, section.Target, section.Name, id.Derived(c.ID)
	fields, err := family.ProposeMember(p.configuration.Settings, p.File, section, p.in.Values, p.formats)
	c.Fields = fields
	return c, err
}

// removal: of other adults and their papers, only those of one's household.
func (p proposal) removal(c family.Change, viewer, member family.Member) (family.Change, error) {
	if !p.Edits(viewer, member, family.First(member.Target)) {
		return c, family.ErrNotYours
	}
	c.Kind, c.Section = family.Removes, family.Membership
	fields, err := family.ProposeRemoval(p.File, member, viewer.ID)
	c.Fields = fields
	return c, err
}
