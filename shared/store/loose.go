package store

import (
	"context"
	"strings"
	"time"

	"preau/shared/family"
)

// A file that no family file names any more is loose: that of a change that was refused or withdrawn, or the photo that another one
// replaced. It is queued in the write that lets go of it, and erase-expired deletes it.

// looseQueue is where loose files wait, for a day: links to them that a page still shows end long before.
const (
	looseQueue = "LOOSE"
	looseLife  = 24 * time.Hour
)

type looseItem struct {
	Name string
	work
}

func (c Collectivity) looseKey(name string) key { return key{c.pk() + "#LOOSE", name} }

// loose are the writes that queue the files that decided fields let go of.
func (f FamilyStore) loose(c family.Change, decided []family.FieldChange, now time.Time) (writes []write) {
	section, _ := family.SectionOf(c.Of, c.Section)
	for _, d := range decided {
		if field, ok := section.Field(d.Field); !ok || field.Kind != family.Attached {
			continue
		}
		gone := d.New
		if d.State == family.Accepted {
			gone = d.Old
		}
		if name, ok := gone.(string); ok && name != "" {
			writes = append(writes, write{put: item(f.looseKey(name), looseItem{name, queued(looseQueue, now.Add(looseLife))})})
		}
	}
	return writes
}

// A LooseFile is to be deleted.
type LooseFile struct {
	Town Collectivity
	Name string // as KeptFile takes it
}

// LooseFiles lists files that nothing names any more, of all tenants, a page at a time. next is "" after the last page.
func (s *Store) LooseFiles(ctx context.Context, now time.Time, cursor string) (all []LooseFile, next string, err error) {
	keys, next, err := s.duePage(ctx, looseQueue, now, cursor)
	for _, k := range keys {
		slug := strings.TrimSuffix(strings.TrimPrefix(k.PK, "C#"), "#LOOSE")
		all = append(all, LooseFile{s.collectivity(slug), k.SK})
	}
	return all, next, err
}

// Gone takes a file that was deleted off the list.
func (l LooseFile) Gone(ctx context.Context) error {
	return l.Town.apply(ctx, write{key: l.Town.looseKey(l.Name), delete: true})
}
