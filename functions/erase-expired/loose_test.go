package main

import (
	"bytes"
	"io"
	"log/slog"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/family"
	"preau/shared/files/bucket"
)

// sent is a photo of the first child that was sent and proposed, and its change.
func sent(t *testing.T, h town.Home) (name, change string) {
	t.Helper()
	u := h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg"})
	f := h.MadeFamily.Store
	name = f.FileName(u.ID, "")
	for _, size := range []string{"-640.jpg", "-160.jpg"} {
		if err := bucket.Open().Put(t.Context(), f.KeptFile(name+size), "image/jpeg", bytes.NewReader([]byte(size))); err != nil {
			t.Fatal(err)
		}
	}
	household := h.Household()
	c, err := u.Made(household.File, f.ChangeID(u.ID), name, h.Env.Now)
	if err == nil {
		err = f.AddChange(t.Context(), household, c, h.Account.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name, c.ID
}

func TestAFileThatNothingNamesGoesADayLater(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	_, refused := sent(t, h)
	h.Decide(refused, family.Verdict{Reason: "Illisible."})
	_, replaced := sent(t, h)
	h.Decide(replaced, family.Verdict{Accept: true})
	shown, accepted := sent(t, h)
	h.Decide(accepted, family.Verdict{Accept: true})
	if kept := h.Kept(); len(kept) != 6 {
		t.Fatalf("there are %v", kept)
	}
	sweep := func(now time.Time) {
		a := app{h.Env.Store, bucket.Open(), slog.New(slog.NewTextHandler(io.Discard, nil)), func() time.Time { return now }}
		files, _, err := a.store.LooseFiles(t.Context(), now, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range files {
			if l.Town.Slug() == h.Slug {
				if done, err := a.loose(t.Context(), l); err != nil || !done {
					t.Fatal(done, err)
				}
			}
		}
	}
	sweep(h.Env.Now.Add(23 * time.Hour))
	if kept := h.Kept(); len(kept) != 6 {
		t.Errorf("too soon: %v are left", kept)
	}
	sweep(h.Env.Now.Add(25 * time.Hour))
	f := h.MadeFamily.Store
	if kept := h.Kept(); len(kept) != 2 || kept[1] != f.KeptFile(shown+"-640.jpg") {
		t.Errorf("left are %v", kept)
	}
}
