package store

import (
	"context"
	"errors"

	"preau/shared/calendar"
	"preau/shared/family"
)

// ShareImported puts a child of another family into the file too. What is done already is done.
func (f FamilyStore) ShareImported(ctx context.Context, act Acted, from, child string, relations map[string]string, m Imported) error {
	into, home, err := f.both(ctx, from)
	if err != nil {
		return err
	}
	c, err := family.Share(into.File, home.File, child, relations)
	if errors.Is(err, family.ErrShared) {
		return nil
	}
	if err != nil {
		return err
	}
	for guardian := range relations {
		g, _ := into.Member(guardian)
		if err := f.openSection(ctx, g, "relations"); err != nil {
			return err
		}
	}
	version := max(into.Version, home.Version) + 1
	m.Thing = FamilyThing(f.id)
	records, err := f.shared(ctx, act, m, home.ID, version, func(m *Imported) {
		if m.Shared == nil {
			m.Shared = map[string]string{}
		}
		m.Shared[child] = home.ID
	})
	if err != nil {
		return err
	}
	return f.transactWhole(ctx, append(f.shareWrites(into, home, c, relations, version, act.By, act.Now), records...))
}

// both reads the household, and that of another file.
func (f FamilyStore) both(ctx context.Context, other string) (into, home Household, err error) {
	err = together(
		func() (err error) { into, err = f.Household(ctx); return err },
		func() (err error) {
			if home, err = f.family(other).Household(ctx); errors.Is(err, family.ErrUnknown) {
				return nil
			}
			return err
		},
	)
	return into, home, err
}

// shared are the writes by which the records of two files know the version that both have, and what else change makes of the first's.
func (f FamilyStore) shared(ctx context.Context, act Acted, m Imported, home string, version int, change func(*Imported)) (writes []write, err error) {
	if made, ok, err := f.Made(ctx, act.Import, m.Thing); err != nil {
		return nil, err
	} else if ok {
		m = made
	}
	m.Import, m.Version = act.ID, version
	change(&m)
	writes = append(writes, write{put: item(f.importedKey(act.ID, m.Thing), importedItem{m, act.expires()})})
	theirs, ok, err := f.Made(ctx, act.Import, FamilyThing(home))
	if theirs.Version = version; ok {
		writes = append(writes, write{put: item(f.importedKey(act.ID, theirs.Thing), importedItem{theirs, act.expires()})})
	}
	return writes, err
}

// UndoShares takes children out of a file who were put into it by the import. ErrMoved: somebody is at one of the files.
func (f FamilyStore) UndoShares(ctx context.Context, act Acted, m Imported) error {
	for _, child := range sortedKeys(m.Shared) {
		h, home, err := f.both(ctx, m.Shared[child])
		if err != nil {
			return err
		}
		c, _, err := family.Unshare(h.File, child, func(string) bool { return false })
		if err != nil || m.touchedIn(h, nil) != "" {
			return ErrMoved
		}
		version := max(h.Version, home.Version) + 1
		records, err := f.shared(ctx, act, m, home.ID, version, func(m *Imported) { delete(m.Shared, child) })
		if err != nil {
			return err
		}
		configuration, err := f.Configuration(ctx)
		if err != nil {
			return err
		}
		today := calendar.DateOf(act.Now, configuration.Zone())
		writes := f.unshareWrites(h, home, c, nil, version, today, act.By, act.Now)
		if err := f.transactWhole(ctx, append(writes, records...)); err != nil {
			return err
		}
	}
	return nil
}
