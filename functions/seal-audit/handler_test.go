package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/ledger"
	"preau/shared/store"
)

// Tests live in days that no clock has reached, so that a running platform seals none of them.
const monday = calendar.Date("2030-11-04")

// sealer is the use case for one town alone, at its hour of a day.
func sealer(h town.Home, day calendar.Date, log *bytes.Buffer) app {
	at, err := day.At(fmt.Sprintf("%02d:30", hourOf(h.Slug)), time.UTC)
	check(h.T, err)
	only := func(context.Context, string) ([]store.Collectivity, string, error) {
		return []store.Collectivity{h.Town.Store}, "", nil
	}
	return app{only, bucket.OpenLedger(), slog.New(slog.NewJSONHandler(log, nil)), func() time.Time { return at }}
}

func seal(h town.Home, day calendar.Date) {
	h.T.Helper()
	var log bytes.Buffer
	if err := sealer(h, day, &log).handle(h.T.Context(), nil); err != nil {
		h.T.Fatal(err, log.String())
	}
}

// act has an agent do something on a day, which is audited.
func act(h town.Home, day calendar.Date, hour int) {
	h.T.Helper()
	at, err := day.At(fmt.Sprintf("%02d:00", hour), time.UTC)
	check(h.T, err)
	check(h.T, h.MadeFamily.Store.WriteNote(h.T.Context(), family.Note{ID: fmt.Sprint(day, hour), By: "agent", At: at}))
}

// sealed tells the chain: "11-04 2, 11-05 0", each day behind the one before it, with the hash of its records.
func sealed(h town.Home) string {
	h.T.Helper()
	l := bucket.OpenLedger()
	keys, err := l.List(h.T.Context(), ledger.Prefix(h.Slug))
	check(h.T, err)
	var all []string
	previous := ""
	for _, key := range keys {
		b, err := l.Get(h.T.Context(), key)
		check(h.T, err)
		d, err := ledger.Read(b)
		check(h.T, err)
		count, records, err := h.Town.Store.AuditDigest(h.T.Context(), d.Date)
		check(h.T, err)
		if err := d.Broken(previous); err != nil || key != ledger.Key(h.Slug, d.Date) || count != d.Count || records != d.Records {
			h.T.Errorf("%s holds %+v, %v; the table has %d records with %s", key, d, err, count, records)
		}
		previous = d.Digest
		all = append(all, fmt.Sprint(d.Date[5:], " ", d.Count))
	}
	return strings.Join(all, ", ")
}

func TestDaysAreSealedInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		happens func(h town.Home)
		want    string
	}{
		{"a town without any act begins with yesterday", func(h town.Home) { seal(h, monday) }, "11-03 0"},
		{"one with acts at the oldest of them", func(h town.Home) {
			act(h, "2030-09-30", 23)
			act(h, "2030-10-02", 0)
			act(h, "2030-10-02", 23)
			seal(h, "2030-10-04")
		}, "09-30 1, 10-01 0, 10-02 2, 10-03 0"},
		{"today is not over", func(h town.Home) {
			act(h, monday, 1)
			seal(h, monday)
			seal(h, monday)
		}, "11-03 0"},
		{"each night its day", func(h town.Home) {
			act(h, monday, 23)
			seal(h, monday.AddDays(1))
			act(h, monday.AddDays(1), 9)
			seal(h, monday.AddDays(2))
		}, "11-04 1, 11-05 1"},
		{"nights that were missed are made up for", func(h town.Home) {
			act(h, monday, 9)
			seal(h, monday.AddDays(1))
			act(h, monday.AddDays(2), 9)
			seal(h, monday.AddDays(4))
		}, "11-04 1, 11-05 0, 11-06 1, 11-07 0"},
		{"a gap is filled", func(h town.Home) {
			act(h, monday, 9)
			act(h, monday.AddDays(1), 9)
			first := keep(h, "", monday)
			second := ledger.Seal(first.Digest, monday.AddDays(1), 1, digest(h, monday.AddDays(1)))
			keep(h, second.Digest, monday.AddDays(2))
			seal(h, monday.AddDays(4))
		}, "11-04 1, 11-05 1, 11-06 0, 11-07 0"},
		{"at another hour nothing is sealed", func(h town.Home) {
			a := sealer(h, monday, &bytes.Buffer{})
			at := a.now().Add(time.Hour)
			a.now = func() time.Time { return at }
			check(h.T, a.handle(h.T.Context(), nil))
		}, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			c.happens(h)
			if got := sealed(h); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func digest(h town.Home, day calendar.Date) string {
	h.T.Helper()
	_, records, err := h.Town.Store.AuditDigest(h.T.Context(), day)
	check(h.T, err)
	return records
}

// keep writes a day's seal as it should be.
func keep(h town.Home, previous string, day calendar.Date) ledger.Day {
	h.T.Helper()
	count, records, err := h.Town.Store.AuditDigest(h.T.Context(), day)
	check(h.T, err)
	d := ledger.Seal(previous, day, count, records)
	check(h.T, bucket.OpenLedger().PutOnce(h.T.Context(), ledger.Key(h.Slug, day), d.Bytes()))
	return d
}

func TestADayIsSealedOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	act(h, monday, 9)
	for _, err := range town.InParallel(6, func(int) error { return sealer(h, monday.AddDays(3), &bytes.Buffer{}).handle(t.Context(), nil) }) {
		check(t, err)
	}
	if got := sealed(h); got != "11-04 1, 11-05 0, 11-06 0" {
		t.Errorf("got %q", got)
	}
}

func TestADayThatIsSealedAsAnotherIsTold(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	act(h, monday, 9)
	var log bytes.Buffer
	a := sealer(h, monday.AddDays(1), &log)
	// Another process lists an empty chain too, and is first with other records.
	c := chain{app: a, town: h.Town.Store}
	_, err := c.first(t.Context(), monday, a.now())
	check(t, err)
	keep(h, "", monday)
	act(h, monday, 10)
	if err := c.add(t.Context(), monday); err == nil || !strings.Contains(err.Error(), "as another") {
		t.Errorf("got %v", err)
	}
}

func TestNoDayIsSealedBeforeItsGrace(t *testing.T) {
	t.Parallel()
	for n := range 100 {
		if h := hourOf(fmt.Sprint("ville-", n)); h < int(grace.Hours()) || h > 23 {
			t.Errorf("its hour is %d", h)
		}
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := town.NewHome(t, "Léa")
	act(h, monday, 9)
	town.Rights(t, "seal-audit")
	a, s := sealer(h, monday.AddDays(1), &bytes.Buffer{}), store.Open()
	a.towns = func(ctx context.Context, cursor string) ([]store.Collectivity, string, error) {
		all, next, err := s.Collectivities(ctx, cursor)
		return slices.DeleteFunc(all, func(c store.Collectivity) bool { return c.Slug() != h.Slug }), next, err
	}
	check(t, a.handle(t.Context(), nil))
	check(t, a.handle(t.Context(), nil)) // lists and reads what is sealed
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey)
	if got := sealed(h); got != "11-04 1" {
		t.Errorf("got %q", got)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
