package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/importing"
)

// Imported is what an import made of a family, of a school or of a family's enrolments: written in the transaction that made it, so
// that a run that was cut short does nothing twice, and all of it can be undone.
type Imported struct {
	Import   string
	Thing    string // F#<family>, S#<school>, E#<family>
	Label    string
	Lines    []int // of the file
	Outcome  importing.Outcome
	Refused  string               `dynamodbav:",omitempty"` // French: why nothing was made, or not all of it
	Created  bool                 `dynamodbav:",omitempty"` // a family, or a school, that was not there
	Edit     family.Edit          // of a family that was there, less who joined it
	Added    []string             `dynamodbav:",omitempty"` // ids of who joined the family
	Adults   int                  `dynamodbav:",omitempty"` // of those
	Shared   map[string]string    `dynamodbav:",omitempty"` // children of other families that were put into this one too, by child: that family
	Version  int                  `dynamodbav:",omitempty"` // of the file, or the school, since
	Before   *collectivity.School `dynamodbav:",omitempty"` // the school as it was
	Enrolled []booking.Enrolment  `dynamodbav:",omitempty"`
}

type importedItem struct {
	Imported
	Expires int64 `dynamodbav:"expires"`
}

const importDone = "DONE#"

func (c Collectivity) importedKey(i, thing string) key { return key{c.importPK(i), importDone + thing} }

// FamilyThing is how an import calls a family among what it made.
func FamilyThing(id string) string { return "F#" + id }

// nothing says whether the record only tells why nothing was made.
func (m Imported) nothing() bool {
	return !m.Created && m.Edit.Empty() && len(m.Added)+len(m.Shared)+len(m.Enrolled) == 0 && m.Before == nil
}

func (m *Imported) took(added []family.Member) {
	for _, a := range added {
		m.Added = append(m.Added, a.ID)
		if a.Target == family.Guardian {
			m.Adults++
		}
	}
}

// Acted is an import that is made so, or undone, on behalf of an agent.
type Acted struct {
	Import
	By  string // the agent's account
	Now time.Time
}

// Made reads what an import made of a thing; ok is false where it made nothing yet.
func (c Collectivity) Made(ctx context.Context, i Import, thing string) (Imported, bool, error) {
	return get[Imported](ctx, c.Store, c.importedKey(i.ID, thing))
}

// AllMade lists what an import made, behind one of them, at most so many.
func (c Collectivity) AllMade(ctx context.Context, i Import, after string, most int32) ([]Imported, error) {
	in := c.between(c.importPK(i.ID), importDone+after+" ", importDone+end)
	in.Limit = &most
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("list what import %s made: %w", i.ID, err)
	}
	return decodeAll[Imported](out.Items)
}

// RecordImported keeps that of a thing nothing was made, or what.
func (c Collectivity) RecordImported(ctx context.Context, i Import, m Imported) error {
	m.Import = i.ID
	return c.apply(ctx, write{put: item(c.importedKey(i.ID, m.Thing), importedItem{m, i.expires()})})
}

// imported is the write that keeps what an import makes. errMade: it made it already.
func (c Collectivity) imported(i Import, m Imported) write {
	m.Import = i.ID
	return write{put: item(c.importedKey(i.ID, m.Thing), importedItem{m, i.expires()}), condition: isNew, or: errMade}
}

var errMade = errors.New("the import made it already")

// unmade is the write that forgets what was made.
func (c Collectivity) unmade(i Import, m Imported) write {
	return write{key: c.importedKey(i.ID, m.Thing), delete: true, condition: exists, or: ErrMoved}
}

// recordsOf are the writes by which what the import made of the other files that show members knows the version that these files have with
// this one's: no hand but the import's moved them. A record that is made meanwhile has moved its file, and with it this write.
func (f FamilyStore) recordsOf(ctx context.Context, act Acted, h Household, version int, members []family.Member) (writes []write, err error) {
	for _, other := range h.showing(members...) {
		theirs, ok, err := f.Made(ctx, act.Import, FamilyThing(other.ID))
		if err != nil {
			return nil, err
		}
		if !ok || theirs.Version != other.Version { // somebody else was there since: it stays touched
			continue
		}
		seen := theirs.Version
		theirs.Version = version
		writes = append(writes, write{
			put: item(f.importedKey(act.ID, theirs.Thing), importedItem{theirs, act.expires()}), condition: "Version = :seen", values: values(":seen", seen), or: ErrMoved,
		})
	}
	return writes, nil
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
