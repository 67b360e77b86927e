package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// EarlierSettings are settings of the tenant that were replaced, and by whom. They are kept for good: what people once accepted
// is among them.
type EarlierSettings struct {
	Version  int // of the configuration that they were part of
	At       time.Time
	By, Name string // the account and name of who replaced them
	Action   string // the use case
	Changed  []string
	Settings collectivity.Settings
}

// Logo is the tenant's logo, one of all that it ever had.
type Logo struct {
	ID      string // of its bytes
	Type    string // media type
	Picture []byte
}

// Both lie apart from the settings that every function reads.
func (c Collectivity) settingsPK() string { return c.pk() + "#SETTINGS" }

func (c Collectivity) earlierKey(version int) key {
	return key{c.settingsPK(), fmt.Sprintf("%010d", version)}
}

func (c Collectivity) logoKey(id string) key { return key{c.settingsPK(), "LOGO#" + id} }

// ErrSettingsUnknown refuses a version of the settings that was never replaced.
var ErrSettingsUnknown = refusal.New(refusal.NotFound, "settings_not_found", "Cette version des réglages n’existe pas.")

// SetSettings writes a manager's settings, which were checked against a configuration, and keeps those before them. logo, when
// not nil, is the one that they name. ErrMoved: the configuration is another by now.
func (r AgentRight) SetSettings(ctx context.Context, seen Configuration, s collectivity.Settings, logo *Logo, action string, changed []string, now time.Time) error {
	c := r.Store
	before := EarlierSettings{seen.Version, now, r.Account.ID, r.Agent.Name, action, changed, seen.Settings}
	writes := []write{
		{put: item(c.settingsKey(), s), condition: exists, or: ErrMoved},
		c.moveVersionFrom(seen).with(s.Gate()),
		{put: item(c.earlierKey(seen.Version), before), condition: isNew, or: ErrMoved},
		c.audit(r.Account.ID, action, "settings", now, changed...),
	}
	if logo != nil {
		writes = append(writes, write{put: item(c.logoKey(logo.ID), *logo)})
	}
	return c.transact(ctx, writes...)
}

// EarlierSettings reads settings that were replaced.
func (c Collectivity) EarlierSettings(ctx context.Context, version int) (EarlierSettings, error) {
	e, ok, err := get[EarlierSettings](ctx, c.Store, c.earlierKey(version))
	if err == nil && !ok {
		err = ErrSettingsUnknown
	}
	return e, err
}

// SettingsHistory lists what was replaced of the settings, newest first; the settings themselves are left out.
func (c Collectivity) SettingsHistory(ctx context.Context, cursor string, limit int32) (all []EarlierSettings, next string, err error) {
	in := c.between(c.settingsPK(), "0", "9"+end)
	in.ScanIndexForward, in.Limit = new(false), &limit
	in.ProjectionExpression, in.ExpressionAttributeNames = new("#version, #at, #by, #name, #action, Changed"), map[string]string{
		"#version": "Version", "#at": "At", "#by": "By", "#name": "Name", "#action": "Action",
	}
	return pageOf[EarlierSettings](ctx, c.Store, in, cursor)
}

// PublicLogo reads the logo that a collectivity shows now, for anyone.
func (s *Store) PublicLogo(ctx context.Context, slug string) (Logo, error) {
	settings, err := s.Public(ctx, slug)
	if err != nil {
		return Logo{}, err
	}
	return s.collectivity(slug).Logo(ctx, settings.Logo)
}

// ErrNoLogo refuses the logo of a collectivity that has none.
var ErrNoLogo = refusal.New(refusal.NotFound, "logo_not_found", "Cette collectivité n’a pas de logo.")

// Logo reads one of the tenant's logos by its id; ErrNoLogo where there is none.
func (c Collectivity) Logo(ctx context.Context, id string) (Logo, error) {
	if strings.TrimSpace(id) == "" {
		return Logo{}, ErrNoLogo
	}
	l, ok, err := get[Logo](ctx, c.Store, c.logoKey(id))
	if err == nil && !ok {
		err = ErrNoLogo
	}
	return l, err
}
