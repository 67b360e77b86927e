package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/family"
)

func (f FamilyStore) noteKey(id string) key { return key{f.pk(), "NOTE#" + id} }

// WriteNote adds a note to the family's file. ErrMoved: there is one of its id.
func (f FamilyStore) WriteNote(ctx context.Context, n family.Note) error {
	return f.transact(
		ctx,
		write{put: item(f.noteKey(n.ID), n), condition: isNew, or: ErrMoved},
		f.annotated(),
		f.audit(n.By, "write-note", "note "+n.ID, n.At),
	)
}

// Note reads a note of the family's file.
func (f FamilyStore) Note(ctx context.Context, id string) (family.Note, error) {
	n, ok, err := get[family.Note](ctx, f.Store, f.noteKey(id))
	if err == nil && !ok {
		err = family.ErrNoteUnknown
	}
	return n, err
}

// RemoveNote takes a note of the family's file away; by is the agent's account.
func (f FamilyStore) RemoveNote(ctx context.Context, id, by string, now time.Time) error {
	err := f.transact(
		ctx,
		write{key: f.noteKey(id), delete: true, condition: exists, or: family.ErrNoteUnknown},
		f.annotated(),
		f.audit(by, "remove-note", "note "+id, now),
	)
	if errors.Is(err, family.ErrUnknown) {
		return family.ErrNoteUnknown
	}
	return err
}

// annotated counts a write of the family's notes: where it is merged meanwhile, either the merge takes the note along or there
// is no family any more to write it about.
func (f FamilyStore) annotated() write {
	return write{
		key: f.fileKey(), update: "ADD Office :one", condition: "attribute_exists(PK) AND attribute_not_exists(MergedInto)",
		values: values(":one", 1), or: family.ErrUnknown,
	}
}
