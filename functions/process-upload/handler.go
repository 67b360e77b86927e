package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/filetype"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	files *bucket.Bucket
	log   *slog.Logger
	now   func() time.Time
}

// An arrival is an upload whose file has come in.
type arrival struct {
	family.Upload
	f      store.FamilyStore
	change string // that proposes it: always the same, so that an event that comes twice proposes once
}

// handle takes a file that came in: it is looked at, made anew, kept, and proposed as a change; or refused, which the sender sees. In
// either case what was sent goes. A fault leaves it: Lambda tries again twice, then the queue of failures has the event, and the file
// goes after a day.
func (a app) handle(ctx context.Context, e events.EventBridgeEvent) error {
	came, err := files.ReadArrival(e.Detail)
	if err != nil {
		return err
	}
	f, name, ok := a.store.Arrived(came.Key)
	if !ok {
		a.log.Warn("a file came in under a name that no link has")
		return a.files.Delete(ctx, came.Key)
	}
	upload, err := f.OpenUpload(ctx, name)
	switch {
	case errors.Is(err, family.ErrUploadUnknown) || errors.Is(err, bucket.ErrNotFound):
		return a.files.Delete(ctx, came.Key) // too late: nobody waits for it any more
	case err != nil:
		return err
	case upload.State == family.Awaited:
		err := a.settle(ctx, arrival{upload, f, f.ChangeID(id.Derived("upload", upload.ID))}, came.Key)
		if errors.Is(err, bucket.ErrNotFound) {
			return settled(ctx, f, name, err)
		}
		if err != nil {
			return err
		}
	}
	return a.files.Delete(ctx, came.Key)
}

// settled is the end of an event whose file went while it was looked at: that of another like it, which has settled the upload. Where
// none has, the file is missing.
func settled(ctx context.Context, f store.FamilyStore, name string, missing error) error {
	upload, err := f.OpenUpload(ctx, name)
	if err == nil && upload.State == family.Awaited {
		return missing
	}
	if errors.Is(err, family.ErrUploadUnknown) {
		return nil
	}
	return err
}

// settle takes the file in, or records why not.
func (a app) settle(ctx context.Context, u arrival, key string) error {
	err := a.take(ctx, u, key)
	if no := (*refusal.Refusal)(nil); errors.As(err, &no) && no.Kind != refusal.Busy {
		u.State, u.Code = family.Rejected, no.Code
		if len(no.Fields) > 0 {
			u.Code = no.Fields[0].Code
		}
		a.log.Info("upload", "purpose", u.Purpose, "refused", u.Code)
		return u.f.SettleUpload(ctx, u.Upload)
	}
	if err != nil {
		return err
	}
	u.State, u.Change = family.Proposed, u.change
	a.log.Info("upload", "purpose", u.Purpose, "refused", "")
	return u.f.SettleUpload(ctx, u.Upload)
}

// take looks at the file, keeps what is clean of it, and proposes that.
func (a app) take(ctx context.Context, u arrival, key string) error {
	_, most := family.UploadTypes(u.Purpose)
	sent, err := a.files.Get(ctx, key, most)
	if errors.Is(err, bucket.ErrTooLarge) {
		return errTooLarge
	}
	if err != nil {
		return err
	}
	if err := filetype.Check(sent.Content, filetype.Type(u.Type)); err != nil {
		return err
	}
	made, err := clean(ctx, u.Upload, sent.Content)
	if err != nil {
		return err
	}
	name := u.f.FileName(u.ID, made.extension)
	for _, part := range made.parts {
		if err := a.files.Put(ctx, u.f.KeptFile(name+part.suffix), part.mediaType, bytes.NewReader(part.content)); err != nil {
			return err
		}
	}
	err = store.Again(ctx, func() error { return a.propose(ctx, u, name) })
	if refusal.Code(err) == "" || err == nil {
		return err
	}
	// Refused: nothing of it stays. Unless the same event came twice, and the other one made the change since.
	if _, _, also := u.f.Change(ctx, u.change); !errors.Is(also, family.ErrChangeUnknown) {
		return also
	}
	for _, part := range made.parts {
		if failed := a.files.Delete(ctx, u.f.KeptFile(name+part.suffix)); failed != nil {
			return failed
		}
	}
	return err
}

// propose writes the change, once, or makes it so where the town has nobody decide it.
func (a app) propose(ctx context.Context, u arrival, name string) error {
	if _, _, err := u.f.Change(ctx, u.change); !errors.Is(err, family.ErrChangeUnknown) {
		return err // made before, or a fault
	}
	household, configuration, err := u.f.File(ctx)
	if err != nil {
		return err
	}
	by, ok := household.Member(u.By)
	if !ok || by.Account != u.Account || by.Under(a.now()).Barred {
		return family.ErrMemberGone
	}
	if err := family.CheckUpload(configuration.Settings, household.File, by, u.Upload, 0); err != nil { // its size was looked at when it came
		return err
	}
	change, err := u.Made(household.File, u.change, name, a.now())
	if err != nil {
		return err
	}
	if change.AtOnce(configuration.Settings) {
		return u.f.ApplyChange(ctx, household, change.Accept(), u.Account)
	}
	return u.f.AddChange(ctx, household, change, u.Account)
}

var errTooLarge = refusal.New(refusal.Invalid, "file_too_large", "Ce fichier est trop lourd.")
