package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

var update = flag.Bool("update", false, "write testdata/matrix.txt as the functions answer now")

// roles are the columns of the matrix.
var roles = []struct {
	name  string
	agent collectivity.Agent
}{
	{"reader", collectivity.Agent{Role: collectivity.Reader}},
	{"reviewer", collectivity.Agent{Role: collectivity.Reviewer}},
	{"manager", collectivity.Agent{Role: collectivity.Manager}},
	{"reader, health", collectivity.Agent{Role: collectivity.Reader, Health: true}},
	{"reviewer, health", collectivity.Agent{Role: collectivity.Reviewer, Health: true}},
	{"manager, health", collectivity.Agent{Role: collectivity.Manager, Health: true}},
}

// TestWhatEachRoleSees holds every field of every section, and all else of a file, against testdata/matrix.txt: shown, masked, or
// not there (-). go test -update writes it; read what changes.
func TestWhatEachRoleSees(t *testing.T) {
	t.Parallel()
	h := everything(t)
	files := make([]opened, len(roles))
	for i, r := range roles {
		a := h.Agent(r.agent.Role)
		r.agent.Account = a.ID
		if err := h.Town.Store.AppointAgent(t.Context(), r.agent); err != nil {
			t.Fatal(err)
		}
		files[i] = openAs(h.Home, a)
	}
	var table strings.Builder
	head := make([]string, len(roles))
	for i, r := range roles {
		head[i] = r.name
	}
	fmt.Fprintln(&table, line("", head...))
	for _, row := range h.rows() {
		cells := make([]string, len(roles))
		for i := range files {
			cells[i] = row.cell(t, files[i])
		}
		fmt.Fprintln(&table, line(row.name, cells...))
	}
	if *update {
		if err := os.WriteFile("testdata/matrix.txt", []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	was, is := strings.Split(string(golden), "\n"), strings.Split(table.String(), "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || was[i] != is[i] {
			t.Fatalf("line %d differs\ngot\n%s\nwant\n%s", i+1, table.String(), golden)
		}
	}
}

func line(name string, cells ...string) string {
	text := fmt.Sprintf("%-44s", name)
	for _, c := range cells {
		text += fmt.Sprintf("%-18s", c)
	}
	return strings.TrimRight(text, " ")
}

// full is a family of which everything is filled in.
type full struct {
	town.Home
	child, contact string
	given          map[string]any // by section key and field
	documents      map[string]string
}

// everything makes a family with a value in every field, a document of each type, and something that waits in several sections.
func everything(t *testing.T) full {
	t.Helper()
	w := town.New(t)
	h := full{given: map[string]any{}, documents: map[string]string{}}
	w.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{
			"guardian.work.profession": "editable", "guardian.work.employer": "editable", "guardian.phones.work": "required", "guardian.fiscal.scheme": "required",
			"child.health.doctor": "required", "child.authorisations.outings": "required",
		}
		s.Documents = []collectivity.DocumentRule{{Type: "insurance"}, {Type: "pai", When: collectivity.ForPAI}}
	})
	made, err := w.AddFamily(t.Context(), w.Store, seed.Family{
		Name:      "Martin",
		Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: "Martin", Household: "h"}, {Civility: "m", FirstName: "Paul", LastName: "Martin", Household: "h"}},
		Children:  []seed.Child{{FirstName: "Léa", LastName: "Martin", Activities: []string{"cantine"}}, {FirstName: "Noé", LastName: "Martin"}},
		Fill:      h.fill,
	}, w.Activities)
	if err != nil {
		t.Fatal(err)
	}
	h.Home = town.Home{Town: w, MadeFamily: made}
	h.Account = w.Subscriber(made, 0)
	h.ProposeOf(town.Now, h.child, "health", map[string]any{"allergies": []any{map[string]any{"allergen": "arachide"}}, "doctorPhone": "0299000001"})
	h.ProposeOf(town.Now, h.child, "authorisations", map[string]any{"image": false})
	h.ProposeOf(town.Now, h.contact, "contact", map[string]any{"collect": false})
	h.Propose(0, "bank", map[string]any{"iban": "FR1420041010050500013M02606"})
	h.Propose(0, "phones", map[string]any{"mobile": "0698765432"})
	h.write()
	return h
}

// write has agents write a note and orders of a court.
func (h full) write() {
	h.T.Helper()
	f, today := h.MadeFamily.Store, calendar.Date("2026-11-23")
	orders := []family.Order{
		{ID: "force", Kind: family.AddressHidden, Guardian: h.Guardians[1], From: "2026-01-01", Reference: "TJ Rennes, order in force"},
		{ID: "later", Kind: family.MustNotCollect, Person: "Jean Durand", From: today.AddDays(30), Reference: "TJ Rennes, order to come"},
	}
	for _, o := range orders {
		o.RecordedAt, o.RecordedBy, o.Recorder = town.Now, "agent", "Odile Test"
		if err := f.RecordOrder(h.T.Context(), h.Household(), o, time.UTC); err != nil {
			h.T.Fatal(err)
		}
	}
	if err := f.WriteNote(h.T.Context(), family.Note{ID: "note", By: "agent", Author: "Odile Test", At: town.Now, Text: "a note of the office"}); err != nil {
		h.T.Fatal(err)
	}
}

// fill gives every field of every section a value that no other has, as far as its kind lets it.
func (h *full) fill(f *family.File, newID func() string) {
	anne, paul, lea, noe := &f.Guardians[0], &f.Guardians[1], &f.Children[0], &f.Children[1]
	h.child, h.contact = lea.ID, newID()
	paul.Values["address"] = map[string]any{"sameAs": anne.ID}
	noe.Values["health"] = map[string]any{"pai": true} // whose document is missing
	contact := family.Member{ID: h.contact, Target: family.Contact, Values: map[string]map[string]any{}}
	for target, m := range map[family.Target]*family.Member{family.Guardian: anne, family.Child: lea, family.Contact: &contact} {
		for _, s := range family.SectionsOf(target) {
			m.Values[s.Name] = map[string]any{}
			for _, field := range s.Fields {
				h.give(m, s, field, anne.ID)
			}
		}
	}
	f.Contacts = []family.Member{contact}
	for _, kind := range family.DocumentTypes {
		h.documents[kind] = newID()
		f.Documents = append(f.Documents, family.Member{ID: h.documents[kind], Target: family.Document, Values: map[string]map[string]any{"document": {
			"type": kind, "about": lea.ID, "validFrom": "2026-09-01", "validUntil": "2027-08-31", "file": "kept-" + kind,
		}}})
	}
}

// give sets a field; whose address another's is, the other parent tells.
func (h *full) give(m *family.Member, s family.Section, f family.Field, guardian string) {
	name, value := f.Name, h.sample(s.Key()+"."+f.Name, f)
	h.given[s.Key()+"."+f.Name] = value
	switch {
	case f.Kind == family.Housemate:
		h.given[s.Key()+"."+f.Name] = guardian
		return
	case s.PerID:
		name = h.child
	case f.Kind == family.Consent:
		name = family.ConsentOf(name, guardian)
	}
	m.Values[s.Name][name] = value
}

// sample is a value of a field; a text is the field's own name.
func (h *full) sample(name string, f family.Field) any {
	switch f.Kind {
	case family.Choice:
		return f.Choices[0]
	case family.Choices:
		return []any{f.Choices[0]}
	case family.PastDate, family.AnyDate:
		return fmt.Sprintf("2019-%02d-%02d", 1+len(h.given)%12, 1+len(h.given)%28)
	case family.Postcode:
		return "35123"
	case family.Phone:
		return fmt.Sprintf("+336000000%02d", len(h.given))
	case family.YesNo:
		return true
	case family.Consent:
		return map[string]any{"given": true, "at": "2026-09-01T08:00:00Z"}
	case family.Amount:
		return 512.5
	case family.Beneficiary:
		return "7654321"
	case family.TaxReference:
		return "98ABCDEFGHIJ1"
	case family.IBAN:
		return "FR7630006000011234567890189"
	case family.BIC:
		return "AGRIFRPPXXX"
	case family.OfChildren:
		return []any{h.child}
	case family.List:
		record := map[string]any{}
		for _, item := range f.Items {
			record[item.Name] = h.sample(name+"."+item.Name, item)
		}
		return []any{record}
	}
	return name
}

// opened is an answer, as text and as it reads.
type opened struct {
	raw  string
	body map[string]any
}

func openAs(h town.Home, agent account.Account) opened {
	h.T.Helper()
	event := town.As(h.Event("open-family-file", nil), agent)
	response, err := newHandler()(h.T.Context(), event)
	if err != nil || response.StatusCode != 200 {
		h.T.Fatalf("got %d %s, %v", response.StatusCode, response.Body, err)
	}
	o := opened{raw: response.Body}
	if err := json.Unmarshal([]byte(o.raw), &o.body); err != nil {
		h.T.Fatal(err)
	}
	return o
}

// find is the value at a path: guardians.0.bank.iban, documents.<id>.type; nil if there is none.
func (o opened) find(path ...string) any {
	var v any = o.body
	for _, name := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i := slices.IndexFunc(in, func(one any) bool {
				m, _ := one.(map[string]any)
				return m["id"] == name
			})
			if i < 0 {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// A row is one thing of the file: how to find it, and what it is in full.
type row struct {
	name  string
	paths [][]string
	want  any // nil: whatever is there
	has   func(opened) bool
}

func (r row) cell(t *testing.T, o opened) string {
	t.Helper()
	if r.has != nil {
		return map[bool]string{true: "shown", false: "-"}[r.has(o)]
	}
	for _, path := range r.paths {
		v := o.find(path...)
		switch {
		case v == nil:
		case r.want == nil || fmt.Sprint(v) == fmt.Sprint(r.want):
			return "shown"
		default:
			r.notIn(t, o)
			return "masked"
		}
	}
	r.notIn(t, o)
	return "-"
}

// notIn: what is not shown stands nowhere in the answer.
func (r row) notIn(t *testing.T, o opened) {
	t.Helper()
	text, ok := r.want.(string)
	if telling := ok && (strings.Contains(text, ".") || len(text) > 10); telling && strings.Contains(o.raw, text) {
		t.Errorf("%s is hidden or masked, and %s stands in the answer", r.name, text)
	}
}

// rows are all fields of all sections, and what else a file tells.
func (h full) rows() (all []row) {
	for _, s := range family.Sections {
		if s.Target == family.Document {
			continue
		}
		for _, f := range s.Fields {
			all = append(all, h.row(s, f))
		}
	}
	for _, kind := range family.DocumentTypes {
		for _, f := range []string{"type", "about", "validUntil"} {
			all = append(all, row{name: "document " + kind + ", " + f, paths: [][]string{{"documents", h.documents[kind], f}}})
		}
		all = append(all, row{name: "document " + kind + ", file", has: func(o opened) bool { return strings.Contains(o.raw, "kept-"+kind) }})
	}
	contains := func(list string, parts ...string) func(opened) bool {
		return func(o opened) bool {
			of, _ := o.body[list].([]any)
			return slices.ContainsFunc(of, func(one any) bool {
				text := fmt.Sprint(one)
				return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) })
			})
		}
	}
	for _, what := range []struct {
		name, list string
		parts      []string
	}{
		{"a change of telephones waits", "pending", []string{"section:phones"}},
		{"a change of telephones, its values", "pending", []string{"section:phones", "+33698765432"}},
		{"a change of bank details waits", "pending", []string{"section:bank"}},
		{"a change of bank details, masked", "pending", []string{"section:bank", "•••• 2606"}},
		{"a change of bank details, in full", "pending", []string{"FR1420041010050500013M02606"}},
		{"a change of health waits", "pending", []string{"section:health"}},
		{"a change of health, its fields", "pending", []string{"section:health", "allergies"}},
		{"a change of health, its values", "pending", []string{"section:health", "arachide"}},
		{"they decide on telephones", "pending", []string{"section:phones", "decides:true"}},
		{"they decide on bank details", "pending", []string{"section:bank", "decides:true"}},
		{"they decide on health", "pending", []string{"section:health", "decides:true"}},
		{"declared: an allergy", "declared", []string{"field:allergies"}},
		{"declared: not a doctor’s telephone", "declared", []string{"field:doctorPhone"}},
		{"declared: a consent withdrawn", "declared", []string{"field:image@"}},
		{"declared: a collector withdrawn", "declared", []string{"field:collect"}},
		{"missing: a telephone", "missing", []string{"section:phones"}},
		{"missing: the régime", "missing", []string{"section:fiscal"}},
		{"missing: a doctor", "missing", []string{"field:doctor"}},
		{"missing: a consent", "missing", []string{"section:authorisations"}},
		{"missing: an insurance", "missing", []string{"document:insurance"}},
		{"missing: a PAI’s document", "missing", []string{"document:pai"}},
		{"sections: bank details", "sections", []string{"name:bank"}},
		{"sections: health", "sections", []string{"name:health"}},
		{"an order in force", "orders", []string{"kind:address_hidden"}},
		{"an order in force, its court", "orders", []string{"TJ Rennes, order in force"}},
		{"an order to come", "orders", []string{"kind:must_not_collect"}},
		{"notes", "notes", []string{"a note of the office"}},
	} {
		all = append(all, row{name: what.name, has: contains(what.list, what.parts...)})
	}
	return append(all, row{name: "that health is hidden", has: func(o opened) bool { return o.body["healthHidden"] == true }})
}

// row of a field: where an answer has it.
func (h full) row(s family.Section, f family.Field) row {
	r := row{name: s.Key() + "." + f.Name, want: h.given[s.Key()+"."+f.Name]}
	switch {
	case f.Kind == family.Housemate:
		r.paths = [][]string{{"guardians", h.Guardians[1], s.Name, f.Name}}
	case s.PerID:
		r.has = func(o opened) bool {
			return strings.Contains(fmt.Sprint(o.find("guardians", h.Guardians[0], "relations")), h.child)
		}
	case s.Target == family.Guardian:
		r.paths = [][]string{{"guardians", h.Guardians[0], s.Name, f.Name}}
	case s.Target == family.Contact:
		r.paths = [][]string{{"children", h.child, "contacts", h.contact, f.Name}}
	case f.Kind == family.Attached:
		r.paths, r.want = [][]string{{"children", h.child, "photo", "small"}}, nil
	case f.Kind == family.Consent:
		r.paths, r.want = [][]string{{"children", h.child, "authorisations", f.Name}}, nil
	default:
		r.paths = [][]string{{"children", h.child, s.Name, f.Name}, {"children", h.child, f.Name}}
	}
	return r
}
