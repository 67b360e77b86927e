package family_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/shared/calendar"
	"preau/shared/family"
)

type values = map[string]map[string]any

// leaving is a family of which a child, with all that can be kept of one, left in March 2027, and its father in May.
func leaving() (file, gone family.File, changes []family.Change) {
	lea := family.Member{ID: "lea", Target: family.Child, Left: "2027-03-12", Values: values{
		"identity": {"firstName": "Léa", "lastName": "Martin"}, "school": {"school": "Jules-Verne"},
		"photo": {"photo": "fam/u1"}, "authorisations": {"image@anne": map[string]any{"given": true}},
	}, Kept: map[string]map[string][]byte{"health": {"allergies": []byte("sealed")}}}
	paul := family.Member{ID: "paul", Target: family.Guardian, Left: "2027-05-20", Values: values{
		"identity": {"firstName": "Paul"}, "relations": {"lea": "father"}, "fiscal": {"quotient": 512.0},
		"bank": {"holder": "Paul Martin"},
	}, Kept: map[string]map[string][]byte{"bank": {"iban": []byte("sealed")}}}
	anne := family.Member{ID: "anne", Target: family.Guardian, Values: values{"identity": {"firstName": "Anne"}, "relations": {"lea": "mother"}}}
	both := family.Member{ID: "both", Target: family.Contact, Values: values{"contact": {"lastName": "Petit", "children": []any{"lea", "tom"}}}}
	only := family.Member{ID: "only", Target: family.Contact, Values: values{"contact": {"lastName": "Roux", "children": []any{"lea"}}}}
	paper := family.Member{ID: "paper", Target: family.Document, Values: values{"document": {"about": "lea", "file": "fam/u2.pdf"}}}
	tom := family.Member{ID: "tom", Target: family.Child, Values: values{"identity": {"firstName": "Tom"}, "photo": {"photo": "fam/u3"}}}
	file = family.File{Guardians: []family.Member{anne}, Children: []family.Member{tom}, Contacts: []family.Member{both, only}, Documents: []family.Member{paper}}
	gone = family.File{Guardians: []family.Member{paul}, Children: []family.Member{lea}}
	changes = []family.Change{
		decided("c1", lea, "health", family.FieldChange{Field: "allergies", New: []byte("sealed"), State: family.Accepted}),
		decided("c2", lea, "identity", family.FieldChange{Field: "firstName", Old: "Lea", New: "Léa", State: family.Accepted}),
		decided("c3", lea, "photo", family.FieldChange{Field: "photo", Old: "fam/u0", New: "fam/u1", State: family.Accepted}),
		decided("c4", tom, "health", family.FieldChange{Field: "doctor", New: []byte("sealed"), State: family.Refused, Reason: "Illisible"}),
		decided("c5", only, "contact", family.FieldChange{Field: "lastName", New: "Roux", State: family.Accepted}),
	}
	return file, gone, changes
}

func decided(id string, m family.Member, section string, fields ...family.FieldChange) family.Change {
	at := time.Date(2027, 1, 10, 9, 0, 0, 0, time.UTC)
	return family.Change{ID: id, Target: m.ID, Of: m.Target, Section: section, Fields: fields, CreatedAt: at, DecidedAt: at}
}

// said is what goes, in short: "lea: health allergies", "lea whole", "c1: 0", "c5 whole".
func said(x family.Expiry) (all []string) {
	for _, m := range x.Members {
		if m.Whole {
			all = append(all, m.Member.ID+" whole")
			continue
		}
		for _, section := range slices.Sorted(maps.Keys(m.Fields)) {
			all = append(all, m.Member.ID+": "+section+" "+strings.Join(m.Fields[section], " "))
		}
	}
	for _, c := range x.Changes {
		line := fmt.Sprint(c.Change.ID, ": ", c.Fields)
		if c.Whole {
			line = c.Change.ID + " whole"
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

// without is a file after what has expired of it went.
func without(file family.File, x family.Expiry) family.File {
	var out family.File
	for _, m := range file.Members() {
		i := slices.IndexFunc(x.Members, func(e family.ExpiredMember) bool { return e.Member.ID == m.ID })
		if i < 0 {
			out.Add(m)
			continue
		}
		if x.Members[i].Whole {
			continue
		}
		for section, fields := range x.Members[i].Fields {
			for _, f := range fields {
				delete(m.Values[section], f)
				delete(m.Kept[section], f)
			}
		}
		out.Add(m)
	}
	return out
}

func changesWithout(changes []family.Change, x family.Expiry) (out []family.Change) {
	for _, c := range changes {
		i := slices.IndexFunc(x.Changes, func(e family.ExpiredChange) bool { return e.Change.ID == c.ID })
		if i >= 0 && x.Changes[i].Whole {
			continue
		}
		if i >= 0 {
			for _, f := range x.Changes[i].Fields {
				c.Fields[f].Old, c.Fields[f].New = nil, nil
			}
		}
		out = append(out, c)
	}
	return out
}

func TestWhatIsKeptOfThoseWhoLeftGoesByItsClassDayByDay(t *testing.T) {
	t.Parallel()
	file, gone, changes := leaving()
	for _, step := range []struct {
		today   calendar.Date
		archive int
		goes    []string
		next    calendar.Date
		files   []string
	}{
		{"2027-08-31", 0, nil, "2027-09-01", nil},
		{
			"2027-09-01", 0,
			[]string{"c1: [0]", "c3: [0]", "c5 whole", "lea: authorisations image@anne", "lea: health allergies", "lea: photo photo", "only whole", "paper whole"},
			"2028-07-21",
			[]string{"fam/u0", "fam/u1", "fam/u2.pdf"},
		},
		{"2027-09-01", 0, nil, "2028-07-21", nil}, // again: nothing more
		{"2028-07-20", 0, nil, "2028-07-21", nil},
		{"2028-07-21", 0, []string{"paul: bank holder iban"}, "2028-09-01", nil},
		{"2033-01-01", 0, nil, "2033-09-01", nil}, // without an agreement names stay, and the town may sign one
		{"2033-01-01", 6, nil, "2033-03-13", nil},
		{"2032-03-12", 5, nil, "2032-03-13", nil},
		{"2032-03-13", 5, []string{"anne: relations lea", "c1 whole", "c2 whole", "c3 whole", "lea whole", "paul: relations lea"}, "2032-05-21", nil},
		{"2032-05-21", 5, []string{"paul: identity firstName"}, "2032-09-01", nil},
		{"2037-12-31", 5, nil, "2038-01-01", nil},
		{"2038-01-01", 5, []string{"paul whole"}, "", nil},
	} {
		x := family.Expired(file, gone, changes, step.archive, step.today)
		if diff := cmp.Diff(step.goes, said(x)); diff != "" {
			t.Errorf("%s, %d years (-want +got):\n%s", step.today, step.archive, diff)
		}
		if x.Next != step.next || x.Whole {
			t.Errorf("%s, %d years: again on %q, want %q; whole %v", step.today, step.archive, x.Next, step.next, x.Whole)
		}
		if diff := cmp.Diff(step.files, slices.Sorted(maps.Keys(x.Attachments()))); diff != "" {
			t.Errorf("%s: files (-want +got):\n%s", step.today, diff)
		}
		file, gone, changes = without(file, x), without(gone, x), changesWithout(changes, x)
	}
	if len(file.Members()) != 3 || len(gone.Members()) != 0 {
		t.Errorf("left are %v and %v", file.Members(), gone.Members())
	}
}

func TestAFileGoesWholeWithTheLastOfItsMembers(t *testing.T) {
	t.Parallel()
	child := family.Member{ID: "lea", Target: family.Child, Left: "2027-03-12", Values: values{"identity": {"firstName": "Léa"}}}
	guardian := family.Member{ID: "anne", Target: family.Guardian, Left: "2027-05-01", Values: values{"identity": {"firstName": "Anne"}}}
	gone := family.File{Guardians: []family.Member{guardian}, Children: []family.Member{child}}
	for _, c := range []struct {
		says  string
		file  family.File
		gone  family.File
		today calendar.Date
		whole bool
	}{
		{"while something is kept of one of them it stays", family.File{}, gone, "2032-03-20", false},
		{"then it goes", family.File{}, gone, "2032-05-02", true},
		{"also where a run before was cut short", family.File{}, family.File{}, "2032-05-02", true},
		{"never while somebody is in it", family.File{Guardians: []family.Member{{ID: "paul", Target: family.Guardian}}}, gone, "2032-05-02", false},
	} {
		if got := family.Expired(c.file, c.gone, nil, 5, c.today).Whole; got != c.whole {
			t.Errorf("%s: whole %v", c.says, got)
		}
	}
}

func TestATaxReferenceGoesWithItsQuotientOrTheSchoolYear(t *testing.T) {
	t.Parallel()
	holds := family.Member{ID: "anne", Target: family.Guardian, Kept: map[string]map[string][]byte{"fiscal": {"taxReference": []byte("sealed")}}}
	proven := family.Member{ID: "anne", Target: family.Guardian, Values: values{"fiscal": {"quotient": 512.0}}}
	reference := family.FieldChange{Field: "taxReference", New: []byte("sealed"), State: family.Accepted}
	waits := reference
	waits.State = family.Pending
	for _, c := range []struct {
		says   string
		member family.Member
		field  family.FieldChange
		today  calendar.Date
		goes   []string
		next   calendar.Date
	}{
		{"given in January, it is there in June", holds, reference, "2027-06-30", nil, "2027-09-01"},
		{"and gone on 1 September, with the history", holds, reference, "2027-09-01", []string{"anne: fiscal taxReference", "c1: [0]"}, ""},
		{"once the quotient is accepted, the history forgets it", proven, reference, "2027-01-11", []string{"c1: [0]"}, ""},
		{"one that waits for a decision waits with it", proven, waits, "2027-06-30", nil, "2027-09-01"},
		{"but not beyond the school year", proven, waits, "2027-09-01", []string{"c1: [0]"}, ""},
	} {
		change := decided("c1", c.member, "fiscal", c.field)
		x := family.Expired(family.File{Guardians: []family.Member{c.member}}, family.File{}, []family.Change{change}, 0, c.today)
		if diff := cmp.Diff(c.goes, said(x)); diff != "" || x.Next != c.next {
			t.Errorf("%s (-want +got):\n%s again on %q, want %q", c.says, diff, x.Next, c.next)
		}
	}
}

func TestWhatWasNeverTakenIntoTheFileGoesByTheDayOfItsDecision(t *testing.T) {
	t.Parallel()
	anne := family.File{Guardians: []family.Member{{ID: "anne", Target: family.Guardian}}}
	paper := family.Change{
		ID: "c1", Kind: family.Adds, Target: "u7", Of: family.Document, Section: "document", CreatedAt: time.Date(2027, 1, 10, 9, 0, 0, 0, time.UTC), DecidedAt: time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC),
		Fields: []family.FieldChange{{Field: "file", New: "fam/u7.pdf", State: family.Refused}},
	}
	if x := family.Expired(anne, family.File{}, []family.Change{paper}, 0, "2027-08-31"); len(x.Changes) > 0 || x.Next != "2027-09-01" {
		t.Errorf("in its school year: %v, again on %s", said(x), x.Next)
	}
	x := family.Expired(anne, family.File{}, []family.Change{paper}, 0, "2027-09-01")
	if diff := cmp.Diff([]string{"c1 whole"}, said(x)); diff != "" || x.Attachments()["fam/u7.pdf"] != "document" {
		t.Errorf("after it (-want +got):\n%s %v", diff, x.Attachments())
	}
	paper.Fields[0].State, paper.DecidedAt = family.Pending, time.Time{}
	if x := family.Expired(anne, family.File{}, []family.Change{paper}, 0, "2030-09-01"); len(x.Changes) > 0 {
		t.Errorf("while an agent has to decide: %v", said(x))
	}
}

func TestADocumentGoesWithTheSchoolYearInWhichItEnds(t *testing.T) {
	t.Parallel()
	paper := func(until string, pending map[string]map[string]string) family.File {
		held := map[string]any{"about": "tom", "file": "fam/u1.pdf"}
		if until != "" {
			held["validUntil"] = until
		}
		return family.File{
			Children:  []family.Member{{ID: "tom", Target: family.Child}},
			Documents: []family.Member{{ID: "u1", Target: family.Document, Values: values{"document": held}, Pending: pending}},
		}
	}
	longer := map[string]map[string]string{"document": {"validUntil": "c9"}}
	for _, c := range []struct {
		says  string
		file  family.File
		today calendar.Date
		goes  []string
		next  calendar.Date
	}{
		{"while it is valid, it stays", paper("2027-11-30", nil), "2027-09-01", nil, "2028-09-01"},
		{"after its end, to the end of the school year", paper("2026-11-30", nil), "2027-08-31", nil, "2027-09-01"},
		{"then it goes", paper("2026-11-30", nil), "2027-09-01", []string{"u1 whole"}, ""},
		{"without an end it stays", paper("", nil), "2040-09-01", nil, ""},
		{"while a longer validity waits for an agent, it stays", paper("2026-11-30", longer), "2027-09-01", nil, "2028-09-01"},
	} {
		x := family.Expired(c.file, family.File{}, nil, 0, c.today)
		if diff := cmp.Diff(c.goes, said(x)); diff != "" || x.Next != c.next {
			t.Errorf("%s (-want +got):\n%s again on %q, want %q", c.says, diff, x.Next, c.next)
		}
	}
}

// How long values are kept, class by class, in the words of docs/retention.md.
func TestEachClassKeepsUntilItsLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		class   family.Class
		left    calendar.Date
		archive int
		last    calendar.Date
	}{
		{family.SchoolYear, "2027-03-12", 0, "2027-08-31"},
		{family.SchoolYear, "2027-08-31", 0, "2027-08-31"},
		{family.SchoolYear, "2027-09-01", 0, "2028-08-31"},
		{family.Bank, "2027-03-12", 0, "2028-05-12"},
		{family.Billing, "2027-03-12", 0, "2037-12-31"},
		{family.Paper, "2027-12-01", 0, "2028-08-31"},
		{family.UntilQuotient, "2027-03-12", 0, "2027-08-31"},
		{family.Record, "2027-03-12", 5, "2032-03-12"},
		{family.Record, "2027-03-12", 0, ""},
	} {
		last, ends := c.class.KeptUntil(c.left, c.archive)
		if ends != (c.last != "") || ends && last != c.last {
			t.Errorf("%q, left %s, archive %d: %s %v", c.class, c.left, c.archive, last, ends)
		}
	}
}

func TestAContactGoesWithTheLastChildEvenIfAnotherWasErasedBefore(t *testing.T) {
	t.Parallel()
	rose := func(children ...any) family.Member {
		return family.Member{ID: "rose", Target: family.Contact, Values: values{"contact": {"lastName": "Petit", "children": children}}}
	}
	tom := family.Member{ID: "tom", Target: family.Child, Values: values{"identity": {"firstName": "Tom"}}}
	left, elsewhere := tom, family.Member{ID: "lea", Target: family.Child, Other: "f2", Elsewhere: true}
	left.Left = "2031-03-12"
	for _, c := range []struct {
		says       string
		file, gone family.File
		goes       bool
	}{
		{"the other child left", family.File{Contacts: []family.Member{rose("lea", "tom")}}, family.File{Children: []family.Member{left}}, true},
		{"the other child is there", family.File{Children: []family.Member{tom}, Contacts: []family.Member{rose("lea", "tom")}}, family.File{}, false},
		{"the other child's data lies elsewhere", family.File{Children: []family.Member{elsewhere}, Contacts: []family.Member{rose("lea", "tom")}}, family.File{Children: []family.Member{left}}, false},
		{"it concerned the erased child alone", family.File{Children: []family.Member{tom}, Contacts: []family.Member{rose("lea")}}, family.File{}, true},
		{"it names no child", family.File{Children: []family.Member{tom}, Contacts: []family.Member{rose()}}, family.File{}, false},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			x := family.Expired(c.file, c.gone, nil, 0, "2031-09-01")
			if got := slices.Contains(said(x), "rose whole"); got != c.goes {
				t.Errorf("goes: %v, %q", got, said(x))
			}
		})
	}
}
