package family_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/refusal"
)

var (
	asked = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
	later = asked.Add(48 * time.Hour)
)

// change touches both names of anne.
func change() family.Change {
	return family.Change{ID: "f-1", Target: "anne", Section: "identity", CreatedAt: asked, Fields: []family.FieldChange{
		{Field: "lastName", Old: "Martin", New: "Morel", State: family.Pending},
		{Field: "firstName", Old: "Anne", New: "Anna", State: family.Pending},
	}}
}

func states(c family.Change) string {
	all := []string{string(c.State()) + ":"}
	for _, f := range c.Fields {
		all = append(all, strings.TrimSpace(string(f.State)+" "+f.Reason))
	}
	return strings.Join(all, " ")
}

func TestAVerdictDecidesWholeOrPerField(t *testing.T) {
	t.Parallel()
	yes := func(fields ...string) family.Verdict { return family.Verdict{Accept: true, Fields: fields} }
	no := func(reason string, fields ...string) family.Verdict {
		return family.Verdict{Fields: fields, Reason: reason}
	}
	withdrawn, err := change().Withdraw(later)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		says     string
		change   family.Change
		verdicts []family.Verdict
		want     string
	}{
		{"accepted whole", change(), []family.Verdict{yes()}, "accepted: accepted accepted"},
		{"refused whole", change(), []family.Verdict{no("Illisible.")}, "refused: refused Illisible. refused Illisible."},
		{"one field leaves the other pending", change(), []family.Verdict{yes("lastName")}, "pending: accepted pending"},
		{"field by field", change(), []family.Verdict{yes("lastName"), no("Illisible.", "firstName")}, "partly: accepted refused Illisible."},
		{"what is left", change(), []family.Verdict{no("Illisible.", "lastName"), yes()}, "partly: refused Illisible. accepted"},
		{"an acceptance keeps no reason", change(), []family.Verdict{{Accept: true, Reason: "parfait"}}, "accepted: accepted accepted"},
		{"a refusal needs a reason", change(), []family.Verdict{no("")}, "reason_required"},
		{"spaces are no reason", change(), []family.Verdict{no(" \n ")}, "reason_required"},
		{"a field of another change", change(), []family.Verdict{yes("lastName", "birthName")}, "unknown_field"},
		{"decided already", change(), []family.Verdict{yes(), no("Trop tard.")}, "change_decided"},
		{"a field decided already", change(), []family.Verdict{yes("lastName"), no("Trop tard.", "lastName")}, "change_decided"},
		{"withdrawn", withdrawn, []family.Verdict{yes()}, "change_decided"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := c.change
			var err error
			for _, v := range c.verdicts {
				if got, _, err = got.Decide(anne(), v, later); err != nil {
					break
				}
			}
			is := states(got)
			if err != nil {
				is = refusal.Code(err)
			}
			if is != c.want {
				t.Errorf("got %s, want %s", is, c.want)
			}
			if settled := !got.DecidedAt.IsZero(); settled != (got.State() != family.Pending) {
				t.Errorf("%s, decided at %v", got.State(), got.DecidedAt)
			}
		})
	}
}

func TestAFieldThatMovedIsNotAcceptedButMayBeRefused(t *testing.T) {
	t.Parallel()
	m := anne()
	m.Values["identity"]["firstName"] = "Annick"
	_, _, err := change().Decide(m, family.Verdict{Accept: true}, later)
	var moved *family.FieldMoved
	if !errors.As(err, &moved) || fmt.Sprint(*moved) != "{firstName Annick Anna}" || refusal.Code(err) != "field_moved" {
		t.Errorf("got %v", err)
	}
	if _, decided, err := change().Decide(m, family.Verdict{Accept: true, Fields: []string{"lastName"}}, later); err != nil || len(decided) != 1 {
		t.Errorf("the other field: %v %v", decided, err)
	}
	if c, _, err := change().Decide(m, family.Verdict{Reason: "Non."}, later); err != nil || c.State() != family.Refused {
		t.Errorf("refused: %s %v", states(c), err)
	}
}

func TestWithdrawingTakesBackWhatIsPending(t *testing.T) {
	t.Parallel()
	half, _, err := change().Decide(anne(), family.Verdict{Accept: true, Fields: []string{"lastName"}}, asked)
	if err != nil {
		t.Fatal(err)
	}
	c, err := half.Withdraw(later)
	if err != nil || states(c) != "withdrawn: accepted withdrawn" || !c.DecidedAt.Equal(later) {
		t.Errorf("got %s %v", states(c), err)
	}
	if states(half) != "pending: accepted pending" {
		t.Errorf("the change that was read became %s", states(half))
	}
	if _, err := c.Withdraw(later); !errors.Is(err, family.ErrChangeDecided) {
		t.Errorf("again: %v", err)
	}
}

// TestAnyDecisionsEndInOneState: whatever comes in whatever order, a field is decided once, and the change is pending
// exactly as long as one of its fields is.
func TestAnyDecisionsEndInOneState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := change()
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			before := slices.Clone(c.Fields)
			next, touched := step(t, c)
			for i, f := range before {
				if f.State != family.Pending && next.Fields[i] != f {
					t.Fatalf("%+v was decided and became %+v", f, next.Fields[i])
				}
				if f != next.Fields[i] && !slices.Contains(touched, f.Field) {
					t.Fatalf("%s was touched", f.Field)
				}
			}
			if pending := slices.ContainsFunc(next.Fields, func(f family.FieldChange) bool { return f.State == family.Pending }); pending != (next.State() == family.Pending) || pending != next.DecidedAt.IsZero() {
				t.Fatalf("%s at %v", states(next), next.DecidedAt)
			}
			c = next
		}
	})
}

// step decides or withdraws, and names the fields that may have changed.
func step(t *rapid.T, c family.Change) (next family.Change, touched []string) {
	both := []string{"lastName", "firstName"}
	if rapid.IntRange(0, 4).Draw(t, "withdraw") == 0 {
		next, _ = c.Withdraw(later)
		return next, both
	}
	v := family.Verdict{Accept: rapid.Bool().Draw(t, "accept"), Reason: "Non."}
	if touched = both; rapid.Bool().Draw(t, "one field") {
		touched = []string{rapid.SampledFrom(both).Draw(t, "field")}
		v.Fields = touched
	}
	next, decided, err := c.Decide(anne(), v, later)
	if (err == nil) != (len(decided) > 0) {
		t.Fatalf("decided %v, %v", decided, err)
	}
	return next, touched
}

func TestWhatNobodyHasToDecide(t *testing.T) {
	t.Parallel()
	settings := collectivity.Settings{Sections: map[string]collectivity.Decision{}}
	for _, s := range family.Sections {
		settings.Sections[s.Key()] = collectivity.AtOnce
	}
	for says, c := range map[string]struct {
		change family.Change
		want   bool
	}{
		"telephones":                {family.Change{Of: family.Guardian, Section: "phones"}, true},
		"who is a child's parent":   {family.Change{Of: family.Guardian, Section: "relations"}, false},
		"a contact who is added":    {family.Change{Kind: family.Adds, Of: family.Contact, Section: "contact"}, true},
		"a contact who is removed":  {family.Change{Kind: family.Removes, Of: family.Contact, Section: family.Membership}, true},
		"a child who is added":      {family.Change{Kind: family.Adds, Of: family.Child, Section: "identity"}, false},
		"a guardian who is removed": {family.Change{Kind: family.Removes, Of: family.Guardian, Section: family.Membership}, false},
	} {
		if got := c.change.AtOnce(settings); got != c.want {
			t.Errorf("%s: at once %v", says, got)
		}
	}
}

func TestAChangeMentionsThoseWhomItNames(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says   string
		change family.Change
		want   string
	}{
		{"nobody, where its values are their own", family.Change{Of: family.Guardian, Section: "phones", Fields: []family.FieldChange{{Field: "mobile", New: "+33612345678"}}}, "[]"},
		{"who proposed it", family.Change{By: "anne", Of: family.Guardian, Section: "phones"}, "[anne]"},
		{"the child of a relation", family.Change{By: "anne", Of: family.Guardian, Section: "relations", Fields: []family.FieldChange{{Field: "lea", New: "mother"}}}, "[anne lea]"},
		{"the guardian of a consent, once", family.Change{By: "anne", Of: family.Child, Section: "authorisations", Fields: []family.FieldChange{{Field: "image@anne", New: true}, {Field: "outings@anne", New: true}}}, "[anne]"},
		{"the children of a contact, those of before too", family.Change{Of: family.Contact, Section: "contact", Fields: []family.FieldChange{{Field: "children", Old: []any{"tom"}, New: []any{"lea", "noe"}}, {Field: "lastName", New: "Roux"}}}, "[lea noe tom]"},
		{"whose address it is", family.Change{Of: family.Guardian, Section: "address", Fields: []family.FieldChange{{Field: "sameAs", New: "marc"}}}, "[marc]"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := fmt.Sprint(c.change.Mentions()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
