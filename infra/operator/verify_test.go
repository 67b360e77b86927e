package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/ledger"
)

// Tests live in days that no clock has reached, so that a running platform seals none of them.
const monday = calendar.Date("2030-11-04")

// kept is a town with an act on monday and two on the day after, and the seals of three days before they are written.
type kept struct {
	town.Home
	days []ledger.Day // monday, tuesday, wednesday
}

func newKept(t *testing.T) *kept {
	t.Helper()
	k := &kept{Home: town.NewHome(t, "Léa")}
	k.act(monday, 9)
	k.act(monday.AddDays(1), 9)
	k.act(monday.AddDays(1), 10)
	previous := ""
	for n := range 3 {
		d := k.as(monday.AddDays(n), previous)
		k.days = append(k.days, d)
		previous = d.Digest
	}
	return k
}

// as is a day's seal as the table has the day now.
func (k *kept) as(date calendar.Date, previous string) ledger.Day {
	k.T.Helper()
	count, records, err := k.Town.Store.AuditDigest(k.T.Context(), date)
	must(k.T, err)
	return ledger.Seal(previous, date, count, records)
}

func (k *kept) act(date calendar.Date, hour int) {
	k.T.Helper()
	at, err := date.At(fmt.Sprintf("%02d:00", hour), time.UTC)
	must(k.T, err)
	must(k.T, k.MadeFamily.Store.WriteNote(k.T.Context(), family.Note{ID: fmt.Sprint(date, hour), By: "agent", At: at}))
}

// write writes the seals of the days, each under its own day's key.
func (k *kept) write() {
	k.T.Helper()
	for n, d := range k.days {
		if d.Digest != "" {
			must(k.T, bucket.OpenLedger().PutOnce(k.T.Context(), ledger.Key(k.Slug, monday.AddDays(n)), d.Bytes()))
		}
	}
}

// record is the key of a day's first record, and call does something to the table as nobody but the host can.
func (k *kept) record(date calendar.Date) map[string]any {
	k.T.Helper()
	var out struct{ Items []map[string]any }
	k.call("Query", map[string]any{
		"KeyConditionExpression":    "PK = :pk AND begins_with(SK, :day)",
		"ExpressionAttributeValues": map[string]any{":pk": text("C#" + k.Slug + "#A#" + string(date[:7])), ":day": text(string(date))},
	}, &out)
	if len(out.Items) == 0 {
		k.T.Fatal("there is no record of ", date)
	}
	return map[string]any{"PK": out.Items[0]["PK"], "SK": out.Items[0]["SK"]}
}

func (k *kept) call(operation string, in map[string]any, out any) {
	k.T.Helper()
	r := testkit.Stack(k.T)
	in["TableName"] = r.Table
	must(k.T, emulators.DynamoDB(r.DynamoDB).Call(k.T.Context(), operation, in, out))
}

func text(s string) map[string]string { return map[string]string{"S": s} }

func (k *kept) verify(now time.Time, from calendar.Date) (verification, error) {
	v := verification{town: k.Town.Store, ledger: bucket.OpenLedger(), now: now}
	err := v.run(k.T.Context(), from)
	return v, err
}

// friday is an instant at which the three days have to be sealed.
var friday = time.Date(2030, 11, 8, 2, 30, 0, 0, time.UTC)

func TestWhateverIsTouchedOfTheAuditIsFoundWithItsDay(t *testing.T) {
	t.Parallel()
	tuesday, wednesday := monday.AddDays(1), monday.AddDays(2)
	for _, c := range []struct {
		says    string
		before  func(k *kept) // the seals are written
		happens func(k *kept)
		now     time.Time
		from    calendar.Date
		want    string // of the error; "": all is as it was sealed
	}{
		{"nothing", nil, nil, friday, "", ""},
		{"nothing, from a day on", nil, nil, friday, tuesday, ""},
		{"a record was touched", nil, func(k *kept) {
			k.call("UpdateItem", map[string]any{"Key": k.record(tuesday), "UpdateExpression": "SET What = :w", "ExpressionAttributeValues": map[string]any{":w": text("rien")}}, nil)
		}, friday, "", "2030-11-05: its records are not those"},
		{"a record says more", nil, func(k *kept) {
			k.call("UpdateItem", map[string]any{"Key": k.record(monday), "UpdateExpression": "SET More = :w", "ExpressionAttributeValues": map[string]any{":w": text("x")}}, nil)
		}, friday, "", "2030-11-04: its records are not those"},
		{"a record was removed", nil, func(k *kept) { k.call("DeleteItem", map[string]any{"Key": k.record(tuesday)}, nil) }, friday, "", "2030-11-05: it has 1 records, and was sealed with 2"},
		{"one was added", nil, func(k *kept) { k.act(wednesday, 8) }, friday, "", "2030-11-06: it has 1 records, and was sealed with 0"},
		{"one was put in another's place", nil, func(k *kept) {
			k.call("DeleteItem", map[string]any{"Key": k.record(monday)}, nil)
			k.act(monday, 11)
		}, friday, "", "2030-11-04: its records are not those"},
		{"a touched day is not looked at", nil, func(k *kept) { k.act(monday, 11) }, friday, tuesday, ""},
		{"a seal says something else", func(k *kept) { k.days[1].Count = 1 }, nil, friday, "", "2030-11-05: its digest is not that of what it says"},
		{"a day was sealed anew after a touch", func(k *kept) {
			k.act(monday, 11)
			k.days[0] = k.as(monday, "")
		}, nil, friday, "", "2030-11-05: it does not hold the digest of the day before"},
		{"so it was, and is not looked at", func(k *kept) {
			k.act(monday, 11)
			k.days[0] = k.as(monday, "")
		}, nil, friday, tuesday, "2030-11-05: it does not hold the digest of the day before"},
		{"a seal was removed", func(k *kept) { k.days[1] = ledger.Day{} }, nil, friday, "", "2030-11-05: it is not sealed"},
		{"the first was", func(k *kept) { k.days[0] = ledger.Day{} }, nil, friday, "", "2030-11-05: it does not hold the digest of the day before"},
		{"the last was", func(k *kept) { k.days[2] = ledger.Day{} }, nil, friday, "", "2030-11-06: it is not sealed"},
		{"the last is not due yet", func(k *kept) { k.days[2] = ledger.Day{} }, nil, friday.Add(-2 * time.Hour), "", ""},
		{"another day's lies there", func(k *kept) { k.days[1] = k.days[2] }, nil, friday, "", "2030-11-05: under its key lies the seal of 2030-11-06"},
		{"nothing was ever sealed", func(k *kept) { k.days = nil }, nil, friday, "", "no day is sealed"},
		{"the day asked for is before all", nil, nil, friday, "2030-11-01", "2030-11-01: it is not sealed"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			k := newKept(t)
			if c.before != nil {
				c.before(k)
			}
			k.write()
			if c.happens != nil {
				c.happens(k)
			}
			v, err := k.verify(c.now, c.from)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("got %v", err)
			case c.want == "" && (v.days == 0 || v.last.Digest == ""):
				t.Errorf("verified %+v", v)
			case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestOfDaysWhoseRecordsHaveExpiredTheChainIsVerified(t *testing.T) {
	t.Parallel()
	k := newKept(t)
	for n := range 3 {
		for range k.days[n].Count {
			k.call("DeleteItem", map[string]any{"Key": k.record(monday.AddDays(n))}, nil)
		}
	}
	k.write()
	previous := k.days[2].Digest
	for day := monday.AddDays(3); day < "2031-11-10"; day = day.AddDays(1) {
		d := ledger.Seal(previous, day, 0, k.as(day, "").Records)
		must(t, bucket.OpenLedger().PutOnce(t.Context(), ledger.Key(k.Slug, day), d.Bytes()))
		previous = d.Digest
	}
	v, err := k.verify(time.Date(2031, 11, 7, 3, 0, 0, 0, time.UTC), "")
	if err != nil || v.expired != 4 || v.records != 0 || v.last.Digest != previous {
		t.Errorf("verified %d, %d expired, to %+v; %v", v.days, v.expired, v.last, err)
	}
}

func TestTheCommandVerifiesATownToNow(t *testing.T) {
	testkit.Stack(t)
	k := &kept{Home: town.NewHome(t, "Léa")}
	if err := run(t.Context(), []string{"verify-audit", "-slug", k.Slug}); err == nil || !strings.Contains(err.Error(), "no day is sealed") {
		t.Errorf("before any: %v", err)
	}
	previous := ""
	for day := calendar.DateOf(calendar.Now(), time.UTC).AddDays(-3); day < calendar.DateOf(calendar.Now(), time.UTC); day = day.AddDays(1) {
		d := k.as(day, previous)
		must(t, bucket.OpenLedger().PutOnce(t.Context(), ledger.Key(k.Slug, day), d.Bytes()))
		previous = d.Digest
	}
	for _, args := range [][]string{{}, {"-from", string(calendar.DateOf(calendar.Now(), time.UTC).AddDays(-2))}} {
		if err := run(t.Context(), append([]string{"verify-audit", "-slug", k.Slug}, args...)); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
	for says, args := range map[string][]string{
		"a town that is not there": {"-slug", "nowhere"}, "no town": {}, "a day that is none": {"-slug", k.Slug, "-from", "hier"},
		"a day that was never sealed": {"-slug", k.Slug, "-from", "2026-01-01"},
	} {
		if err := run(t.Context(), append([]string{"verify-audit"}, args...)); err == nil {
			t.Errorf("%s is verified", says)
		}
	}
	testkit.Within(t, map[string]string{catalog.EnvLedger: ""}, func() {
		if err := run(t.Context(), []string{"verify-audit", "-slug", k.Slug}); err == nil || err.Error() != catalog.EnvLedger+" is not set" {
			t.Errorf("without a ledger: %v", err)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
