package main

import (
	"context"
	"fmt"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/mail"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	portal string // origin of the site
	now    func() time.Time
}

// handle shows the mails that families get, with invented names, as the town's settings make them or as those in the body would:
// POST /v1/collectivities/{slug}/settings/mails. Nothing is kept, nothing is sent.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.MailPreview) (api.List[api.SampleMail], error) {
	list := api.List[api.SampleMail]{Items: []api.SampleMail{}}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return list, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return list, err
	}
	town, err := shown(configuration.Settings, in.Settings, a.now())
	if err != nil {
		return list, err
	}
	for _, l := range mail.Samples(town, a.portal, a.now()) {
		html, text, err := l.Written()
		if err != nil {
			return list, fmt.Errorf("write the sample %s: %w", l.Kind, err)
		}
		list.Items = append(list.Items, api.SampleMail{Kind: l.Kind, From: l.Sender(), ReplyTo: l.ReplyTo(), Subject: l.Subject, HTML: html, Text: text})
	}
	return list, nil
}

// shown are the town's settings, or those that somebody tries; their logo is the one that is there.
func shown(s collectivity.Settings, tried *api.SettingsDocument, now time.Time) (collectivity.Settings, error) {
	if tried == nil {
		return s, nil
	}
	wanted := views.SettingsOf(*tried).After(s, now)
	if wanted.Logo = ""; tried.Logo != "" {
		wanted.Logo = s.Logo
	}
	return wanted, wanted.Check(s, now, family.SettingsMistakes(wanted)...)
}
