package main

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/family"
)

// filled is a family whose first child has all that is kept of one, its photo, and who else is told of with it.
func filled(t *testing.T) (h house, photo, paper string) {
	t.Helper()
	h = opened(t, "Zéphyrine", "Tom")
	lea := h.Children[0]
	h.Give(lea, "health", map[string]any{"doctor": "Dr Roux", "allergies": []any{map[string]any{"allergen": "Arachide"}}})
	h.Give(lea, "health", map[string]any{"doctor": "Dr Blanc"})
	h.Give(lea, "authorisations", map[string]any{"image": true, "outings": true})
	photo = h.photo(t, lea)
	h.photo(t, h.Children[1])
	contact := func(name string, children ...any) {
		h.Join(family.Contact, map[string]any{"lastName": name, "firstName": "Jeanne", "phone": "06 11 22 33 44", "children": children})
	}
	contact("Grandjean", lea)
	contact("Petitjean", lea, h.Children[1])
	paper = h.Papers("insurance", lea, "%PDF of hers")
	h.Papers("insurance", h.Children[1], "%PDF of his")
	return h, photo, paper
}

// The design's own example: a child leaves in March; what served its care goes with the school year, its name under the town's
// agreement with the archives.
func TestAChildWhoLeftInMarch(t *testing.T) {
	t.Parallel()
	h, photo, paper := filled(t)
	lea := h.Children[0]
	h.at("2027-03-12").Remove(family.Child, lea)
	if got := h.due(t); got != "2027-03-12" {
		t.Errorf("queued for %q", got)
	}

	h.run(t, nightOf("2027-03-13"))
	if got := h.due(t); got != "2027-09-01" {
		t.Errorf("the night after, it is queued for %q", got)
	}
	h.run(t, nightOf("2027-08-31"))
	holds(t, "in the school year", h.dump(t), true, "Zéphyrine", "Grandjean", photo, paper)
	if m, _ := h.gone(t, lea); len(m.Kept["health"]) != 2 || len(m.Values["authorisations"]) != 2 {
		t.Errorf("in the school year: %+v", m)
	}
	if len(h.Kept()) != 6 {
		t.Errorf("in the school year: files %v", h.Kept())
	}

	h.run(t, nightOf("2027-09-01"))
	dump := h.dump(t)
	holds(t, "on 1 September", dump, false, "Grandjean", photo, h.MadeFamily.Store.FileName(paper, ".pdf"), "FILE#DOCUMENT#"+paper)
	holds(t, "on 1 September", dump, true, "Zéphyrine", "Petitjean", "2018-05-04")
	m, ok := h.gone(t, lea)
	if !ok || len(m.Kept["health"])+len(m.Values["authorisations"])+len(m.Values["photo"]) > 0 || m.Text("identity", "firstName") != "Zéphyrine" {
		t.Errorf("on 1 September: %+v", m)
	}
	if n := h.sealedOf(t, lea); n > 0 {
		t.Errorf("on 1 September its changes hold %d values", n)
	}
	if len(h.Kept()) != 3 {
		t.Errorf("on 1 September: files %v", h.Kept())
	}
	want := []string{
		"child authorisations.image@" + h.Guardians[0] + ", authorisations.outings@" + h.Guardians[0] + ", health.allergies, health.doctor, photo.photo",
		"contact all", "document all",
	}
	if diff := cmp.Diff(want, h.erasures(t, "2027-09")); diff != "" {
		t.Errorf("audited (-want +got):\n%s", diff)
	}
	if household := h.Household(); len(household.Contacts) != 1 || len(household.Documents) != 1 || len(household.Children) != 1 {
		t.Errorf("of the family stay %d contacts, %d documents, %d children", len(household.Contacts), len(household.Documents), len(household.Children))
	}

	h.run(t, nightOf("2031-03-13"))
	holds(t, "without an agreement", h.dump(t), true, "Zéphyrine")
	h.archives(5)
	h.run(t, nightOf("2032-03-12"))
	holds(t, "in the agreement's last night", h.dump(t), true, "Zéphyrine")
	h.run(t, nightOf("2032-09-01")) // where it looks again each year
	holds(t, "after the agreement's years", h.dump(t), false, "Zéphyrine", "FILE#CHILD#"+lea)
	if _, ok := h.gone(t, lea); ok {
		t.Error("after the agreement's years the child is there")
	}
	if g := h.Guardian(0); g.Relation(lea) != "" || g.Relation(h.Children[1]) != "mother" {
		t.Errorf("the mother's relations are %v", g.Values["relations"])
	}
	if got := h.due(t); got != "" {
		t.Errorf("nothing is left to erase, and it is queued for %q", got)
	}
}

// sealedOf counts the values that changes of a member still hold, names apart.
func (h house) sealedOf(t *testing.T, member string) (n int) {
	t.Helper()
	changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 100)
	must(t, err)
	for _, c := range changes {
		for _, f := range c.Fields {
			if c.Target == member && c.Section != "identity" && c.Kind == family.Touches && (f.Old != nil || f.New != nil) {
				n++
			}
		}
	}
	return n
}

func TestAParentWhoLeft(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	paul := h.Guardians[1]
	h.Give(paul, "bank", map[string]any{"holder": "Balthazar Martin", "iban": "FR1420041010050500013M02606"})
	h.Give(paul, "fiscal", map[string]any{"quotient": 512.5})
	h.Give(paul, "phones", map[string]any{"mobile": "06 12 34 56 78"})
	h.archives(5)
	h.at("2027-03-12").Remove(family.Guardian, paul)
	for _, step := range []struct {
		night    calendar.Date
		has, not []string
		due      string
	}{
		{"2027-09-01", []string{"Balthazar Martin", `"512.5"`, "+33612345678"}, nil, "2028-05-13"},
		{"2028-05-12", []string{"Balthazar Martin"}, nil, "2028-05-13"}, // 14 months
		{"2028-05-13", []string{`"512.5"`, "+33612345678", `"Balthazar"`}, []string{"Balthazar Martin"}, "2028-09-01"},
		{"2032-03-13", []string{`"512.5"`}, []string{"+33612345678", `"Balthazar"`}, "2032-09-01"}, // the agreement
		{"2037-12-31", []string{`"512.5"`}, nil, "2038-01-01"},
		{"2038-01-01", nil, []string{`"512.5"`, "FILE#GUARDIAN#" + paul}, ""}, // ten years
	} {
		h.run(t, nightOf(step.night))
		if got := h.due(t); got != step.due {
			t.Errorf("%s: queued for %q, want %q", step.night, got, step.due)
		}
		dump := h.dump(t)
		holds(t, string(step.night), dump, true, step.has...)
		holds(t, string(step.night), dump, false, step.not...)
	}
}

func TestATaxReferenceGoesOnceTheQuotientIsAccepted(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	anne := h.Guardians[0]
	h.Give(anne, "fiscal", map[string]any{"taxReference": "2512A12345678"})
	h.run(t, nightOf("2026-11-24"))
	if !h.Guardian(0).Has("fiscal", "taxReference") || h.due(t) != "2027-09-01" {
		t.Errorf("before its quotient: %v, queued for %s", h.Guardian(0).Values, h.due(t))
	}
	h.at("2027-01-15").Give(anne, "fiscal", map[string]any{"quotient": 512.5})
	if h.Guardian(0).Has("fiscal", "taxReference") {
		t.Error("the file has it still")
	}
	h.run(t, nightOf("2027-01-16"))
	changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 100)
	must(t, err)
	for _, c := range changes {
		for _, f := range c.Fields {
			if f.Field == "taxReference" && (f.Old != nil || f.New != nil) {
				t.Errorf("the history has it still: %+v", c)
			}
		}
	}
	if got := h.due(t); got != "" {
		t.Errorf("queued for %q", got)
	}
	// One that is never followed by a quotient goes with the school year.
	h.at("2027-02-01").Give(anne, "fiscal", map[string]any{"taxReference": "2512A12345679"})
	h.run(t, nightOf("2027-02-02"))
	version := h.File().Version
	h.run(t, nightOf("2027-09-01"))
	if g := h.Guardian(0); g.Has("fiscal", "taxReference") || h.File().Version != version+1 || g.Versions["fiscal"] != version+1 {
		t.Errorf("after the school year: %v, version %d of %d", g.Kept, g.Versions["fiscal"], h.File().Version)
	}
}

func TestATownIsWorkedForAtItsNight(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa", "Tom")
	h.at("2027-03-12").Remove(family.Child, h.Children[0])
	for hour := range 24 {
		now := time.Date(2027, 3, 20, hour, 0, 0, 0, time.UTC)
		h.run(t, now)
		moved := h.due(t) == "2027-09-01"
		if local := now.Add(time.Hour).Hour(); moved && (local < 1 || local > 4) || local == 1 && !moved {
			t.Fatalf("at %d h: worked for: %v", local, moved)
		}
		if moved {
			return
		}
	}
	t.Error("no hour of the day was the town's")
}

// TestARunThatIsCutShortGoesOnWithTheNext whatever it was cut short after.
func TestARunThatIsCutShortGoesOnWithTheNext(t *testing.T) {
	t.Parallel()
	h, photo, _ := filled(t)
	h.at("2027-03-12").Remove(family.Child, h.Children[0])
	var writes atomic.Int32
	cut := maps.Clone(h.table)
	cut["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "Query" || operation == "GetItem" || operation == "BatchGetItem" {
			return ""
		}
		if writes.Add(1) > 1 {
			return "AccessDeniedException" // what the SDK does not try again
		}
		return ""
	})
	whole := h.app
	testkit.Within(t, cut, func() { h.app = h.wire() })
	runs := 0
	for ; h.due(t) != "2028-09-01"; runs++ {
		if runs > 40 {
			t.Fatalf("it does not end: %s", h.log.String())
		}
		writes.Store(0)
		_ = h.tick(t, nightOf("2027-09-01"))
	}
	if runs < 8 {
		t.Errorf("only %d runs were cut short", runs)
	}
	h.app = whole
	holds(t, "after all", h.dump(t), false, photo, "Grandjean")
	if m, _ := h.gone(t, h.Children[0]); len(m.Kept["health"]) > 0 || len(h.Kept()) != 3 {
		t.Errorf("after all: %+v, files %v", m, h.Kept())
	}
	if got := h.erasures(t, "2027-09"); len(got) != 3 {
		t.Errorf("audited %q", got)
	}
}

func TestSeveralRunsAtOnceEraseOnce(t *testing.T) {
	t.Parallel()
	h, photo, _ := filled(t)
	h.at("2027-03-12").Remove(family.Child, h.Children[0])
	*h.clock = nightOf("2027-09-01")
	for _, err := range town.InParallel(4, func(int) error { return h.handle(t.Context(), nil) }) {
		if err != nil {
			t.Errorf("%v: %s", err, h.log.String())
		}
	}
	holds(t, "after all", h.dump(t), false, photo, "Grandjean")
	if got := h.erasures(t, "2027-09"); len(got) != 3 {
		t.Errorf("audited %q", got)
	}
}

func TestAFileOfWhomNobodyIsLeftGoesWhole(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	h.archives(5)
	made := h.left(t, "2027-05-01")
	merged := made.Household().Merged
	if len(merged) != 1 {
		t.Fatalf("merged are %q", merged)
	}
	codes := h.Issued(made.MadeFamily)
	other := h.Town.NewHome("Zoé")
	h.run(t, nightOf("2032-05-01"))
	if keys := h.partition(t, "C#"+h.Slug+"#F#"+made.ID); len(keys) < 8 {
		t.Fatalf("before its time only %q", keys)
	}
	h.run(t, nightOf("2032-09-01"))
	for _, id := range append(merged, made.ID) {
		if keys := h.partition(t, "C#"+h.Slug+"#F#"+id); len(keys) > 0 {
			t.Errorf("left of %s are %q", id, keys)
		}
	}
	for _, pk := range []string{"#FAMILIES", "#NAMES", "#S#cantine", "#CODES"} {
		for _, key := range h.partition(t, "C#"+h.Slug+pk) {
			if strings.Contains(key, made.ID) || strings.Contains(key, merged[0]) {
				t.Errorf("left is %s %s", pk, key)
			}
		}
	}
	for _, c := range codes {
		if keys := h.partition(t, "CODE#"+c.Hash); len(keys) > 0 {
			t.Errorf("left is the code of %s", c.Guardian)
		}
	}
	if len(codes) < 3 || len(h.Issued(other.MadeFamily)) != 2 {
		t.Errorf("%d codes were issued, %d to another family are left", len(codes), len(h.Issued(other.MadeFamily)))
	}
	if got := h.erasures(t, "2032-09"); !slices.Contains(got, "family all") {
		t.Errorf("audited %q", got)
	}
	if len(other.File().Children) != 1 {
		t.Error("another family is gone too")
	}
	h.run(t, nightOf("2032-09-02"))
}

func TestTheHistoryOfAFileThatWasMergedGoesWithItsMembers(t *testing.T) {
	t.Parallel()
	h := opened(t, "Tom")
	var from town.Home
	h.onTable(t, func() { from = h.Town.NewHome("Zéphyrine") })
	lea := from.Children[0]
	from.Give(lea, "health", map[string]any{"doctor": "Dr Roux"})
	h.merge(t, from, h.Home)
	for _, e := range h.Household().Enrolments { // of the child who leaves, to the day before
		e.Period.To = "2027-03-11"
		_, err := h.MadeFamily.Store.SetEnrolment(t.Context(), h.Household(), e, "agent", town.Now)
		must(t, err)
	}
	h.archives(5)
	h.at("2027-03-12").Remove(family.Child, lea)
	then := h
	then.MadeFamily.Store = from.MadeFamily.Store
	for _, step := range []struct {
		night        calendar.Date
		values, keys int // of its changes; of the child in the old file
	}{
		{"2027-03-13", 1, 1}, {"2027-09-01", 0, 1}, {"2032-09-01", 0, 0},
	} {
		h.run(t, nightOf(step.night))
		keys := slices.DeleteFunc(h.partition(t, "C#"+h.Slug+"#F#"+from.ID), func(sk string) bool { return sk != "FILE#CHILD#"+lea })
		if n := then.sealedOf(t, lea); n != step.values || len(keys) != step.keys {
			t.Errorf("%s: %d values, keys %q", step.night, n, keys)
		}
	}
	holds(t, "in the end", h.dump(t), false, "Zéphyrine")
}

// TestTheFunctionHasTheRightsItNeeds is not parallel: it changes whose key this process uses. It is long ago, before what other
// tests have waiting in the stack's table.
func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := home(t, "Léa", "Tom")
	h.archive("2018-01-01", 3)
	h.Give(h.Children[0], "health", map[string]any{"doctor": "Dr Roux"})
	h.photo(t, h.Children[0])
	h.at("2019-03-12").Remove(family.Child, h.Children[0])
	h.left(t, "2019-03-12")
	h.at("2019-08-01").Join(family.Document, map[string]any{"type": "pai", "about": h.Children[1], "validUntil": "2019-09-20"})
	must(t, h.Env.Store.CloseAccount(t.Context(), h.caller(), h.Secret.Address, nightOf("2019-03-12")))
	town.Rights(t, "erase-expired")
	h.app = h.wire()
	for _, night := range []calendar.Date{"2019-03-13", "2019-09-01", "2022-09-01"} {
		h.run(t, nightOf(night))
	}
	if n := strings.Count(h.log.String(), "failed=0"); n != 12 || len(h.Kept()) > 0 {
		t.Errorf("told %s", h.log.String())
	}
}
