package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"preau/shared/collectivity"
)

// Collectivity reaches what belongs to one tenant. It is made from a verified right (rights.go), or for the public page.
type Collectivity struct {
	*Store
	slug string
}

func (s *Store) collectivity(slug string) Collectivity { return Collectivity{s, slug} }

// Slug is the tenant.
func (c Collectivity) Slug() string { return c.slug }

func (c Collectivity) pk() string                   { return "C#" + c.slug }
func (c Collectivity) versionKey() key              { return key{c.pk(), "VERSION"} }
func (c Collectivity) settingsKey() key             { return key{c.pk(), "SET#COLLECTIVITY"} }
func (c Collectivity) activityKey(id string) key    { return key{c.pk(), "SET#ACTIVITY#" + id} }
func (c Collectivity) agentKey(account string) key  { return key{c.pk(), "AGENT#" + account} }
func (c Collectivity) queue(of string) string       { return c.pk() + "#" + of }
func (c Collectivity) slotKey(a, date string) key   { return key{c.pk() + "#S#" + a, "SLOT#" + date} }
func (c Collectivity) family(id string) FamilyStore { return FamilyStore{c, id} }

// Configuration is a collectivity's settings and activities at one version.
type Configuration struct {
	collectivity.Settings
	Activities []collectivity.Activity
}

type versionItem struct {
	Version int `dynamodbav:"version"`
}

// configurations keeps each tenant's configuration in memory until its version moves.
var configurations sync.Map // table and slug → held

type held struct {
	version int
	Configuration
}

// Configuration reads the tenant's settings: one small read while nothing changes, one Query more when it did.
func (c Collectivity) Configuration(ctx context.Context) (Configuration, error) {
	v, ok, err := get[versionItem](ctx, c.Store, c.versionKey())
	if err != nil {
		return Configuration{}, err
	}
	if !ok {
		return Configuration{}, collectivity.ErrUnknown
	}
	name := c.table + "/" + c.slug
	if h, ok := configurations.Load(name); ok && h.(held).version == v.Version {
		return h.(held).Configuration, nil
	}
	fresh, err := c.readConfiguration(ctx)
	if err == nil {
		configurations.Store(name, held{v.Version, fresh})
	}
	return fresh, err
}

func (c Collectivity) readConfiguration(ctx context.Context) (Configuration, error) {
	items, err := c.query(ctx, c.pk(), "SET#", "SET#"+end)
	if err != nil {
		return Configuration{}, err
	}
	var out Configuration
	for _, a := range items {
		if keyOf(a) == c.settingsKey() {
			out.Settings, err = decode[collectivity.Settings](a)
		} else {
			var activity collectivity.Activity
			activity, err = decode[collectivity.Activity](a)
			out.Activities = append(out.Activities, activity)
		}
		if err != nil {
			return out, err
		}
	}
	slices.SortFunc(out.Activities, func(a, b collectivity.Activity) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Public is a collectivity for those who have no right there: its settings only.
func (s *Store) Public(ctx context.Context, slug string) (collectivity.Settings, error) {
	c, err := s.collectivity(slug).Configuration(ctx)
	return c.Settings, err
}

// Names reads the names of several collectivities at once.
func (s *Store) Names(ctx context.Context, slugs []string) (map[string]string, error) {
	var keys []key
	for _, slug := range slugs {
		keys = append(keys, s.collectivity(slug).settingsKey())
	}
	found, err := s.batch(ctx, keys...)
	names := map[string]string{}
	for _, a := range found {
		settings, err := decode[collectivity.Settings](a)
		if err != nil {
			return nil, err
		}
		names[settings.Slug] = settings.Name
	}
	return names, err
}

// CreateCollectivity onboards a tenant. The operator calls it; a slug is given once.
func (s *Store) CreateCollectivity(ctx context.Context, settings collectivity.Settings) (Collectivity, error) {
	if !collectivity.GoodSlug(settings.Slug) {
		return Collectivity{}, collectivity.ErrSlug
	}
	c := s.collectivity(settings.Slug)
	return c, s.transact(
		ctx,
		write{put: item(c.settingsKey(), settings), condition: isNew, or: ErrSlugTaken},
		write{put: item(c.versionKey(), versionItem{1})},
	)
}

// SaveSettings and SaveActivity move the version, so that every process reads them afresh.
func (c Collectivity) SaveSettings(ctx context.Context, settings collectivity.Settings) error {
	return c.transact(ctx, write{put: item(c.settingsKey(), settings)}, c.moveVersion())
}

// SaveActivity writes an activity of the tenant.
func (c Collectivity) SaveActivity(ctx context.Context, a collectivity.Activity) error {
	return c.transact(ctx, write{put: item(c.activityKey(a.ID), a)}, c.moveVersion())
}

func (c Collectivity) moveVersion() write {
	return write{key: c.versionKey(), update: "ADD version :one", condition: exists, values: values(":one", 1), or: collectivity.ErrUnknown}
}

// AppointAgent gives an account a role at the tenant; from its next sign-in on, it needs TOTP.
func (c Collectivity) AppointAgent(ctx context.Context, a collectivity.Agent) error {
	return c.transact(
		ctx,
		write{put: item(c.agentKey(a.Account), a)},
		write{key: accountKey(a.Account), update: "SET #agent = :yes", condition: exists, names: map[string]string{"#agent": "Agent"}, values: values(":yes", true), or: fmt.Errorf("appoint %s: no such account", a.Account)},
	)
}

// page lists keys of one of the tenant's queues, oldest first, with the items behind them.
func (c Collectivity) page(ctx context.Context, of, cursor string, limit int32) (items []attributes, next string, err error) {
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	keys, last, err := c.due(ctx, c.queue(of), endOfTime, limit, after)
	if err != nil && cursor != "" && refusedKey(err) {
		return nil, "", ErrCursor
	}
	if err != nil || len(keys) == 0 {
		return nil, "", err
	}
	found, err := c.batch(ctx, keys...)
	for _, k := range keys {
		if a, ok := found[k]; ok {
			items = append(items, a)
		}
	}
	return items, writeCursor(last), err
}
