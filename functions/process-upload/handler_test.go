package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/aws/aws-lambda-go/events"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
	"preau/shared/keys"
	"preau/shared/store"
)

// home is a family of one child at the real time, by which the running platform's own function lives: it may come first.
func home(t *testing.T) town.Home {
	t.Helper()
	return town.NewNow(t).NewHome("Léa")
}

func newApp() app {
	return app{store.Open().Sealing(keys.Vault()).ByClock(calendar.Now), bucket.Open(), slog.New(slog.NewTextHandler(io.Discard, nil)), calendar.Now}
}

// drawn is a photo of so many pixels a side.
func drawn(side int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side {
		m.Set(i, i, color.RGBA{uint8(i), 90, 160, 255})
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pdf is a page with a line of text, as scanners and portals make them.
func pdf(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	doc := fpdf.New("P", "mm", "A4", "")
	doc.AddPage()
	doc.SetFont("Helvetica", "", 12)
	doc.Cell(60, 10, "Attestation")
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func handle(t *testing.T, e events.EventBridgeEvent) {
	t.Helper()
	if err := newApp().handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

// outcome reads what became of an upload: its state, and code or fields of its change.
func outcome(h town.Home, u family.Upload) string {
	h.T.Helper()
	f, _, _ := newApp().store.Arrived(h.MadeFamily.Store.Incoming(u.ID))
	got, err := f.Upload(h.T.Context(), u.ID)
	if err != nil {
		return err.Error()
	}
	if got.State != family.Proposed {
		return strings.TrimSpace(string(got.State) + " " + got.Code)
	}
	c, _, err := h.MadeFamily.Store.Change(h.T.Context(), got.Change)
	if err != nil {
		h.T.Fatal(err)
	}
	all := []string{string(got.State), string(c.State()), string(c.Kind) + ":"}
	for _, f := range c.Fields {
		all = append(all, f.Field)
	}
	return strings.Join(all, " ")
}

func photo(h town.Home) family.Upload {
	return h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg"})
}

func document(h town.Home, mediaType string) family.Upload {
	today := calendar.DateOf(h.Env.Now, time.UTC)
	return h.Announce(family.Upload{
		Purpose: family.DocumentUpload, About: h.Children[0], Type: mediaType, Document: "insurance", From: today.AddDays(-80), Until: today.AddDays(280),
	})
}

func TestWhatComesInIsProposedOrRefused(t *testing.T) {
	t.Parallel()
	huge := asPNG(t, image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black}))
	copy(huge[16:24], []byte{0, 0, 0x2e, 0xe0, 0, 0, 0x2e, 0xe0}) // 12,000 × 12,000, says its header
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	cases := []struct {
		says     string
		announce func(town.Home) family.Upload
		content  []byte
		want     string
		kept     int
	}{
		{"a photo", photo, asJPEG(t, drawn(900)), "proposed pending : photo", 2},
		{"a document that is a PDF", func(h town.Home) family.Upload { return document(h, "application/pdf") }, pdf(t), "proposed pending add: type about validFrom validUntil file", 1},
		{"a document that is a picture", func(h town.Home) family.Upload { return document(h, "image/png") }, asPNG(t, drawn(300)), "proposed pending add: type about validFrom validUntil file", 1},
		{"a photo that is a script", photo, []byte("<script>alert(1)</script>"), "refused file_type_unknown", 0},
		{"a photo that is a picture of another type", photo, asPNG(t, drawn(20)), "refused file_type_differs", 0},
		{"a PDF that says it is a photo", photo, pdf(t), "refused file_type_differs", 0},
		{"a picture of 144 megapixels", func(h town.Home) family.Upload { return document(h, "image/png") }, huge, "refused picture_too_large", 0},
		{"half a photo", photo, asJPEG(t, drawn(400))[:900], "refused file_broken", 0},
		{"a photo too heavy", photo, append(asJPEG(t, drawn(40)), make([]byte, 6<<20)...), "refused file_too_large", 0},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t)
			u := c.announce(h)
			event := h.Arrives(u, c.content)
			handle(t, event)
			handle(t, event) // events come twice
			if got := outcome(h, u); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if kept := h.Kept(); len(kept) != c.kept {
				t.Errorf("kept %v", kept)
			}
			if _, err := bucket.Open().Get(t.Context(), h.MadeFamily.Store.Incoming(u.ID), 1<<20); err == nil {
				t.Error("what was sent is still there")
			}
		})
	}
}

func TestAPhotoIsTheChildsOnceAnAgentAccepts(t *testing.T) {
	t.Parallel()
	h := home(t)
	u := photo(h)
	handle(t, h.Arrives(u, asJPEG(t, drawn(900))))
	f, _, _ := newApp().store.Arrived(h.MadeFamily.Store.Incoming(u.ID))
	got, err := f.Upload(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.Decide(got.Change, family.Verdict{Accept: true})
	child, _ := h.File().Member(h.Children[0])
	if name := child.Text("photo", "photo"); name != h.ID+"/"+u.ID || !slices.Contains(h.Kept(), h.MadeFamily.Store.KeptFile(name+"-640.jpg")) {
		t.Errorf("the photo is %q, kept are %v", name, h.Kept())
	}
}

func TestATownMayTakeDocumentsAtOnce(t *testing.T) {
	t.Parallel()
	h := home(t)
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"document.document": collectivity.AtOnce}
	})
	handle(t, h.Arrives(document(h, "application/pdf"), pdf(t)))
	file := h.File()
	if len(file.Documents) != 1 || file.Documents[0].Text("document", "type") != "insurance" {
		t.Errorf("got %+v", file.Documents)
	}
}

func TestAnUploadMeetsAFileThatMoved(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says    string
		happens func(town.Home)
		want    string
	}{
		{"another photo of the child waits", func(h town.Home) {
			handle(h.T.(*testing.T), h.Arrives(photo(h), asJPEG(h.T.(*testing.T), drawn(64))))
		}, "refused field_pending"},
		{"its sender is no longer subscribed", func(h town.Home) {
			right, err := h.Env.Store.FamilyOf(h.T.Context(), callerOf(h), h.ID)
			if err == nil {
				err = right.Unsubscribe(h.T.Context(), h.Env.Now)
			}
			if err != nil {
				h.T.Fatal(err)
			}
		}, "refused member_gone"},
		{"a court bars its sender", func(h town.Home) {
			order := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: calendar.DateOf(h.Env.Now, time.UTC), RecordedAt: h.Env.Now, RecordedBy: "agent"}
			if err := h.MadeFamily.Store.RecordOrder(h.T.Context(), h.Household(), order, time.UTC); err != nil {
				h.T.Fatal(err)
			}
		}, "refused member_gone"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t)
			u := photo(h)
			c.happens(h)
			handle(t, h.Arrives(u, asJPEG(t, drawn(64))))
			if got := outcome(h, u); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestADocumentForAFileThatIsFullByNowIsRefused(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	contact := map[string]any{"firstName": "Jeanne", "lastName": "Martin", "phone": "+33612345678"}
	made, err := w.AddFamily(t.Context(), w.Store, seed.Family{
		Name: "Martin", Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: "Martin", Household: "h"}},
		Children: []seed.Child{{FirstName: "Léa", LastName: "Martin", BirthDate: "2018-05-04"}},
		Fill: func(file *family.File, newID func() string) {
			for len(file.Members()) < 59 {
				file.Add(family.Member{ID: newID(), Target: family.Contact, Values: map[string]map[string]any{"contact": contact}})
			}
		},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}
	u := document(h, "application/pdf")
	h.AdditionAt(h.Env.Now, family.Document, map[string]any{"type": "other", "about": h.Children[0]})
	handle(t, h.Arrives(u, pdf(t)))
	if got := outcome(h, u); got != "refused file_full" || len(h.Kept()) != 0 {
		t.Errorf("got %s, kept are %v", got, h.Kept())
	}
}

// TestOfTheSameEventTwiceAtOnceTheOtherOneKeepsWhatTheFirstMade is not parallel: it opens a store whose requests it sees.
func TestOfTheSameEventTwiceAtOnceTheOtherOneKeepsWhatTheFirstMade(t *testing.T) {
	h := home(t)
	u := photo(h)
	event := h.Arrives(u, asJPEG(t, drawn(64)))
	var once atomic.Bool
	second := newApp()
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		// The second event has found no change, and is about to read the file: the first comes to its end.
		if operation == "Query" && strings.Contains(string(body), "FILE") && once.CompareAndSwap(false, true) {
			handle(t, event)
		}
		return ""
	})}, func() { second.store = newApp().store })
	if err := second.handle(t.Context(), event); err != nil {
		t.Fatal(err)
	}
	if got := outcome(h, u); !once.Load() || got != "proposed pending : photo" || len(h.Kept()) != 2 {
		t.Errorf("got %s, kept are %v", got, h.Kept())
	}
}

func TestAnEventWhoseFileTheSameOneTookMeanwhileEnds(t *testing.T) {
	t.Parallel()
	h, a := home(t), newApp()
	taken, awaited := photo(h), photo(h)
	handle(t, h.Arrives(taken, asJPEG(t, drawn(64))))
	key := h.MadeFamily.Store.Incoming(taken.ID)
	f, name, _ := a.store.Arrived(key)
	missing := a.settle(t.Context(), arrival{taken, f, id.Derived("upload", taken.ID)}, key) // as it was read before
	if !errors.Is(missing, bucket.ErrNotFound) {
		t.Fatalf("got %v", missing)
	}
	if err := settled(t.Context(), f, name, missing); err != nil {
		t.Errorf("taken by the other one: %v", err)
	}
	if err := a.handle(t.Context(), town.Arrival(t, h.MadeFamily.Store.Incoming(awaited.ID), 1)); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("a file that is missing: %v", err)
	}
}

func TestTheFirstOutcomeOfAnUploadStays(t *testing.T) {
	t.Parallel()
	h := home(t)
	u := photo(h)
	handle(t, h.Arrives(u, asJPEG(t, drawn(64))))
	u.State, u.Code = family.Rejected, "field_pending"
	if err := h.MadeFamily.Store.SettleUpload(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if got := outcome(h, u); got != "proposed pending : photo" {
		t.Errorf("got %s", got)
	}
}

func TestWhatComesAfterItsDayGoes(t *testing.T) {
	t.Parallel()
	h := home(t)
	f := h.MadeFamily.Store
	u := family.Upload{
		ID: id.New(h.Env.Now), Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg", By: h.Guardians[0], Account: h.Account.ID,
		CreatedAt: h.Env.Now.Add(-25 * time.Hour), State: family.Awaited,
	}
	if err := f.AddUpload(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	handle(t, h.Arrives(u, asJPEG(t, drawn(64))))
	if kept := h.Kept(); len(kept) != 0 {
		t.Errorf("kept are %v", kept)
	}
	if _, err := f.Upload(t.Context(), u.ID); !errors.Is(err, family.ErrUploadUnknown) {
		t.Errorf("it is still known: %v", err)
	}
}

func TestAFileThatNobodyWaitsForGoes(t *testing.T) {
	t.Parallel()
	h := home(t)
	u := family.Upload{ID: id.New(h.Env.Now), Type: "image/jpeg"} // never announced, or forgotten
	handle(t, h.Arrives(u, asJPEG(t, drawn(64))))
	if _, err := bucket.Open().Get(t.Context(), h.MadeFamily.Store.Incoming(u.ID), 1<<20); err == nil {
		t.Error("it is still there")
	}
}

func TestTheSampleEventIsRead(t *testing.T) {
	t.Parallel()
	town.NewNow(t)
	raw, err := os.ReadFile("../../events/process-upload.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.EventBridgeEvent
	if err := json.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	handle(t, e)
}

func callerOf(h town.Home) account.Caller { return account.CallerOf(h.Account.User, false) }
