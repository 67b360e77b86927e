package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"preau/shared/booking"
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
func (c Collectivity) schoolKey(id string) key      { return key{c.pk(), "SET#SCHOOL#" + id} }
func (c Collectivity) eventKey(id string) key       { return key{c.pk(), "SET#EVENT#" + id} }
func (c Collectivity) agentKey(account string) key  { return key{c.pk(), "AGENT#" + account} }
func (c Collectivity) queue(of string) string       { return c.pk() + "#" + of }
func (c Collectivity) family(id string) FamilyStore { return FamilyStore{c, id} }

// Configuration is what a tenant has set.
type Configuration = collectivity.Configuration

// versionItem also lists the tenant among all tenants, by its slug.
type versionItem struct {
	Version int               `dynamodbav:"version"`
	Gate    collectivity.Gate `dynamodbav:"gate"` // of the settings
	work
}

const tenantsQueue = "COLLECTIVITIES"

// Collectivities lists all tenants by slug, a page at a time, for workers that go through all of them.
func (s *Store) Collectivities(ctx context.Context, cursor string) (all []Collectivity, next string, err error) {
	keys, next, err := s.duePage(ctx, tenantsQueue, endOfTime, cursor)
	for _, k := range keys {
		all = append(all, s.collectivity(strings.TrimPrefix(k.PK, "C#")))
	}
	return all, next, err
}

// configurations keeps each tenant's configuration in memory until its version moves.
var configurations sync.Map // table and slug → held

// held is a configuration, and the town that it makes once somebody asks for it.
type held struct {
	collectivity.Configuration
	town func() (*booking.Town, error)
}

// Configuration reads the tenant's settings: one Query the first time, one small read while nothing changes.
func (c Collectivity) Configuration(ctx context.Context) (Configuration, error) {
	h, err := c.configured(ctx)
	return h.Configuration, err
}

// Town is the tenant's configuration made ready to judge requests by.
func (c Collectivity) Town(ctx context.Context) (*booking.Town, error) {
	h, err := c.configured(ctx)
	if err != nil {
		return nil, err
	}
	return h.town()
}

func (c Collectivity) configured(ctx context.Context) (held, error) {
	name := c.table + "/" + c.slug
	known, ok := configurations.Load(name)
	if ok {
		v, found, err := get[versionItem](ctx, c.Store, c.versionKey())
		if err != nil {
			return held{}, err
		}
		if found && known.(held).Version == v.Version {
			return known.(held), nil
		}
	}
	fresh, err := c.readConfiguration(ctx)
	if err != nil {
		return held{}, err
	}
	h := held{fresh, sync.OnceValues(func() (*booking.Town, error) { return booking.NewTown(fresh) })}
	configurations.Store(name, h)
	return h, nil
}

// readConfiguration reads version and settings in one Query, backwards, so that the version comes first: settings that
// are saved while it reads are held under the version before them and read again.
func (c Collectivity) readConfiguration(ctx context.Context) (Configuration, error) {
	in := c.between(c.pk(), "SET#", c.versionKey().SK)
	in.ScanIndexForward = new(false)
	items, err := c.pages(ctx, in)
	if err != nil {
		return Configuration{}, err
	}
	var out Configuration
	for _, a := range items {
		if err := c.hold(&out, a); err != nil {
			return Configuration{}, err
		}
	}
	if out.Version == 0 {
		return Configuration{}, collectivity.ErrUnknown
	}
	slices.SortFunc(out.Events, func(a, b collectivity.Event) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(out.Schools, func(a, b collectivity.School) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(out.Activities, func(a, b collectivity.Activity) int { // as a day goes
		return cmp.Or(strings.Compare(a.Starts, b.Starts), strings.Compare(a.Name, b.Name))
	})
	return out, nil
}

// hold sorts an item of the tenant's Query by its key.
func (c Collectivity) hold(h *Configuration, a attributes) (err error) {
	switch sk := keyOf(a).SK; {
	case sk == c.versionKey().SK:
		var v versionItem
		v, err = decode[versionItem](a)
		h.Version = v.Version
	case sk == c.settingsKey().SK:
		h.Settings, err = decode[collectivity.Settings](a)
	case strings.HasPrefix(sk, c.activityKey("").SK):
		var activity collectivity.Activity
		activity, err = decode[collectivity.Activity](a)
		h.Activities = append(h.Activities, activity)
	case strings.HasPrefix(sk, c.schoolKey("").SK):
		var school collectivity.School
		school, err = decode[collectivity.School](a)
		h.Schools = append(h.Schools, school)
	case strings.HasPrefix(sk, c.eventKey("").SK):
		var event collectivity.Event
		event, err = decode[collectivity.Event](a)
		h.Events = append(h.Events, event)
	}
	return err
}

// Public is a collectivity for those who have no right there: its settings only.
func (s *Store) Public(ctx context.Context, slug string) (collectivity.Settings, error) {
	c, err := s.collectivity(slug).Configuration(ctx)
	return c.Settings, err
}

// SaveSettings writes the tenant's settings whatever is there, as onboarding does.
func (c Collectivity) SaveSettings(ctx context.Context, settings collectivity.Settings) error {
	return c.transact(ctx, write{put: item(c.settingsKey(), settings)}, c.moveVersion().with(settings.Gate()))
}

// moveVersion has every process read the configuration afresh.
func (c Collectivity) moveVersion() write {
	return write{key: c.versionKey(), update: "ADD version :one", condition: exists, values: values(":one", 1), or: collectivity.ErrUnknown}
}

// with sets the gate beside the version that the write moves.
func (w write) with(g collectivity.Gate) write {
	w.update = "SET gate = :gate " + w.update
	w.values[":gate"] = value(g)
	return w
}

// moveVersionFrom moves the version that a write was decided on. Whoever wrote any of the configuration meanwhile wins, so
// that checks of one setting against the others hold.
func (c Collectivity) moveVersionFrom(seen Configuration) write {
	w := c.moveVersion()
	w.condition, w.values[":seen"], w.or = "version = :seen", value(seen.Version), ErrMoved
	return w
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
