package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
	"preau/shared/refusal"
)

// uploadItem is an upload as kept, for a day; what a document is, is sealed.
type uploadItem struct {
	family.Upload
	Sealed  []byte `dynamodbav:",omitempty"`
	Expires int64  `dynamodbav:"expires"`
}

// uploadLife is how long an upload may take, and its outcome be asked for.
const uploadLife = 24 * time.Hour

// mostUploads bounds what one family sends in a day, nearly: some announced at the same moment may each be the last.
const mostUploads = 40

func (f FamilyStore) uploadKey(id string) key { return key{f.pk(), "UPLOAD#" + id} }

// AddUpload announces an upload.
func (f FamilyStore) AddUpload(ctx context.Context, u family.Upload) error {
	items, err := f.query(ctx, f.pk(), "UPLOAD#", "UPLOAD#"+end)
	if err != nil {
		return err
	}
	today, err := decodeAll[uploadItem](items)
	if err != nil {
		return err
	}
	today = slices.DeleteFunc(today, func(i uploadItem) bool { return i.over(u.CreatedAt) })
	if len(today) >= mostUploads {
		return errUploads
	}
	kept := uploadItem{Upload: u, Expires: epoch(u.CreatedAt.Add(uploadLife))}
	if u.Document != "" {
		ring, err := f.Ring(ctx)
		if err != nil {
			return err
		}
		if kept.Sealed, err = sealValue(ring, sealedAt(f.uploadKey(u.ID), "document", "type"), u.Document); err != nil {
			return err
		}
	}
	return f.apply(ctx, write{put: item(f.uploadKey(u.ID), kept), condition: isNew})
}

// over says whether an upload's day is over: DynamoDB deletes it some days later.
func (i uploadItem) over(now time.Time) bool { return i.Expires <= epoch(now) }

// upload reads an upload as kept.
func (f FamilyStore) upload(ctx context.Context, id string) (uploadItem, error) {
	kept, ok, err := get[uploadItem](ctx, f.Store, f.uploadKey(id))
	if err == nil && (!ok || kept.over(f.clock())) {
		return uploadItem{}, family.ErrUploadUnknown
	}
	return kept, err
}

// Upload reads an upload; what a document is stays sealed.
func (f FamilyStore) Upload(ctx context.Context, id string) (family.Upload, error) {
	kept, err := f.upload(ctx, id)
	return kept.Upload, err
}

// OpenUpload reads an upload whole.
func (f FamilyStore) OpenUpload(ctx context.Context, id string) (family.Upload, error) {
	kept, err := f.upload(ctx, id)
	if err != nil || kept.Sealed == nil {
		return kept.Upload, err
	}
	ring, err := f.Ring(ctx)
	if err != nil {
		return kept.Upload, err
	}
	kind, err := openValue(ring, sealedAt(f.uploadKey(id), "document", "type"), kept.Sealed)
	kept.Document, _ = kind.(string)
	return kept.Upload, err
}

// SettleUpload records what became of an upload. The first outcome stays.
func (f FamilyStore) SettleUpload(ctx context.Context, u family.Upload) error {
	err := f.apply(ctx, write{
		key: f.uploadKey(u.ID), update: "SET #state = :state, Code = :code, #change = :change", condition: "#state = :awaited",
		names:  map[string]string{"#state": "State", "#change": "Change"},
		values: values(":state", u.State, ":code", u.Code, ":change", u.Change, ":awaited", family.Awaited), or: errCondition,
	})
	if errors.Is(err, errCondition) {
		return nil // it has its outcome, or nobody asks for it any more
	}
	return err
}

// Incoming is where an upload is sent to: under catalog.Incoming, by tenant and family, so that whoever finds it there knows whose
// it is.
func (f FamilyStore) Incoming(upload string) string {
	return "incoming/" + f.slug + "/" + f.id + "/" + upload
}

// Arrived is whose upload a file is that came in under a name that Incoming made: links to other names are never signed.
func (s *Store) Arrived(name string) (f FamilyStore, upload string, ok bool) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "incoming" {
		return f, "", false
	}
	return s.collectivity(parts[1]).family(parts[2]), parts[3], true
}

// KeptFile is where a file of the tenant's families lies, by the name that the family file has of it.
func (c Collectivity) KeptFile(name string) string { return "kept/" + c.slug + "/" + name }

// FileName is how a family file names what an upload became: the family's, so that the other household of a child finds it too.
func (f FamilyStore) FileName(upload, extension string) string {
	return f.id + "/" + upload + extension
}

var errUploads = refusal.New(refusal.TooMany, "too_many_uploads", "Vous avez envoyé beaucoup de fichiers aujourd’hui. Réessayez demain.").After(uploadLife)
