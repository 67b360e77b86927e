package main

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/store"
)

func TestAnExportIsBuiltOnceAndItsPersonTold(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	asked := d.ask(t, d.Account)
	for _, err := range town.InParallel(4, func(int) error { return d.tick(t) }) {
		must(t, err)
	}
	e := d.state(t, d.Account)
	if e.ID != asked.ID || !e.ReadyAt.Equal(town.Now) || !e.Until.Equal(town.Now.Add(7*24*time.Hour)) || e.Tries != 1 || e.Lease != "" {
		t.Errorf("got %+v", e)
	}
	if key := e.File(d.Account.ID); !strings.HasPrefix(key, catalog.Exports) || !strings.Contains(key, e.ID) || store.ExportLife != catalog.ExportsLife {
		t.Errorf("it lies as %s", key)
	}
	d.open(t, d.Account)
	m, ok, err := d.Env.Store.ClaimMail(t.Context(), store.MailExportReady+"-"+e.ID, town.Now.Add(time.Hour))
	if err != nil || !ok || m.About["account"] != d.Account.ID || len(m.About) != 2 {
		t.Errorf("the letter is %+v, %v, %v", m, ok, err)
	}
	d.run(t)
	if again := d.state(t, d.Account); again.Tries != 1 {
		t.Errorf("built again: %+v", again)
	}
}

func TestAnExportThatFailsIsMadeAnewAndGivenUpAfterADay(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	d.photo(t, d.Children[0], "a photo")
	var broken atomic.Bool
	broken.Store(true)
	front := testkit.Front(t, testkit.Stack(t).S3, func(string, []byte) string {
		if broken.Load() {
			return "AccessDenied" // what the SDK does not try again
		}
		return ""
	})
	d = d.within(t, map[string]string{"AWS_ENDPOINT_URL_S3": front})
	d.ask(t, d.Account)
	if err := d.tick(t); err == nil {
		t.Error("an alarm hears of failures")
	}
	must(t, d.tick(t)) // not due yet
	if e := d.state(t, d.Account); !e.Preparing() || e.Tries != 1 {
		t.Errorf("after the first: %+v", e)
	}
	*d.clock = town.Now.Add(2 * time.Minute)
	broken.Store(false)
	d.run(t)
	if got := d.open(t, d.Account).all(); !strings.Contains(got, "a photo") {
		t.Error("the photo is missing")
	}

	broken.Store(true)
	*d.clock = town.Now.Add(25 * time.Hour)
	d.ask(t, d.Account)
	for hour := range 30 {
		*d.clock = town.Now.Add(time.Duration(25+hour) * time.Hour)
		_ = d.tick(t)
	}
	e := d.state(t, d.Account)
	if !e.Parked || e.Preparing() || strings.Count(d.log.String(), `"ExportParked":1`) != 1 {
		t.Errorf("after a day: %+v, %s", e, d.log.String())
	}
}

func TestWhoDiesLeavesTheExportToTheNext(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	d.ask(t, d.Account)
	if _, ok, err := d.Env.Store.ClaimExport(t.Context(), d.Account.ID, town.Now); !ok || err != nil {
		t.Fatal(ok, err)
	}
	*d.clock = town.Now.Add(4*time.Minute - time.Second)
	d.run(t)
	if e := d.state(t, d.Account); !e.Preparing() || e.Tries != 1 {
		t.Errorf("while its lease holds: %+v", e)
	}
	*d.clock = town.Now.Add(4 * time.Minute)
	d.run(t)
	d.open(t, d.Account)
}

// meanwhile is a desk at which something happens when the file is on its way, once.
func (d desk) meanwhile(t *testing.T, happens func()) desk {
	t.Helper()
	var once atomic.Bool
	front := testkit.Front(t, testkit.Stack(t).S3, func(_ string, body []byte) string {
		if strings.HasPrefix(string(body), "PK") && once.CompareAndSwap(false, true) {
			happens()
		}
		return ""
	})
	return d.within(t, map[string]string{"AWS_ENDPOINT_URL_S3": front})
}

func TestWhatEndsWhileTheExportIsBuiltIsNotInIt(t *testing.T) {
	t.Parallel()
	caller := func(d desk) account.Caller { return account.CallerOf(d.Account.User, false) }
	for _, c := range []struct {
		says    string
		happens func(t *testing.T, d desk)
		ready   bool // without the family
	}{
		{"the subscription ends", func(t *testing.T, d desk) {
			right, err := d.Env.Store.FamilyOf(t.Context(), caller(d), d.ID)
			must(t, err)
			must(t, right.Unsubscribe(t.Context(), town.Now))
		}, true},
		{"a court bars the guardian", func(t *testing.T, d desk) {
			order := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: d.Guardians[0], From: "2026-11-23", RecordedAt: town.Now, RecordedBy: "agent"}
			must(t, d.MadeFamily.Store.RecordOrder(t.Context(), d.Household(), order, time.UTC))
		}, true},
		{"the account is closed", func(t *testing.T, d desk) {
			must(t, d.Env.Store.CloseAccount(t.Context(), caller(d), d.Secret.Address, town.Now))
		}, false},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			d := opened(t, "Zéphyrine")
			e := d.ask(t, d.Account)
			d = d.meanwhile(t, func() { c.happens(t, d) })
			d.run(t)
			if now := d.state(t, d.Account); !now.ReadyAt.IsZero() {
				t.Fatalf("it is ready with what it may not hold: %+v", now)
			}
			*d.clock = town.Now.Add(time.Hour)
			d.run(t)
			if !c.ready {
				if now := d.state(t, d.Account); now.ID != "" {
					t.Errorf("its export is %+v", now)
				}
				if _, err := bucket.Open().Get(t.Context(), e.File(d.Account.ID), 1<<30); !errors.Is(err, bucket.ErrNotFound) {
					t.Errorf("its file: %v", err)
				}
				return
			}
			if got := d.open(t, d.Account).all(); strings.Contains(got, "Zéphyrine") {
				t.Error("the family is in it")
			}
			if again := d.state(t, d.Account); again.ID != e.ID || len(again.Families) != 0 {
				t.Errorf("got %+v", again)
			}
		})
	}
}

func TestTheExportOfAClosedAccountIsNeverBegun(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	e := d.ask(t, d.Account)
	d.closedByHand(t) // its export is still asked for
	d.run(t)
	if now := d.state(t, d.Account); now.ID != "" {
		t.Errorf("its export is %+v", now)
	}
	if _, err := bucket.Open().Get(t.Context(), e.File(d.Account.ID), 1<<30); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("its file: %v", err)
	}
}

// TestItsOwnRightsAreEnough is not parallel: it changes whose key this process uses. It asks long ago, before what other tests have
// waiting in the stack's table.
func TestItsOwnRightsAreEnough(t *testing.T) {
	testkit.Stack(t)
	h := town.NewHome(t, "Léa")
	d := desk{Home: h, clock: new(time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC)), log: &lines{}}
	d.app = d.wire()
	d.Give(h.Children[0], "health", map[string]any{"doctor": "Dr Roux"})
	d.photo(t, h.Children[0], "a photo")
	d.Papers("insurance", h.Children[0], "%PDF")
	d.ask(t, h.Account)
	d.Papers("vaccination", h.Children[0], "%PDF")
	town.Rights(t, "build-exports")
	d.app = d.wire()
	d.run(t)
	if got := d.open(t, h.Account).all(); !strings.Contains(got, "Dr Roux") || !strings.Contains(got, "a photo") {
		t.Errorf("it holds %s", got)
	}
	must(t, d.forgotten(t.Context(), h.Account.ID, store.Export{ID: "another"}))
}
