package family_test

import (
	"slices"
	"strings"
	"testing"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// lacks writes what a guardian of a file still has to give: anne.phones.mobile, lea:insurance.
func lacks(settings collectivity.Settings, file family.File, viewer string, pending ...family.Change) string {
	m, _ := file.Member(viewer)
	var all []string
	for _, g := range family.Missing(settings, file, m, "2026-11-23", pending...) {
		if g.Kind != "" {
			all = append(all, g.Member.ID+":"+g.Kind)
			continue
		}
		all = append(all, g.Member.ID+"."+g.Section.Name+"."+g.Field.Name)
	}
	return strings.Join(all, " ")
}

func requiring(fields ...string) collectivity.Settings {
	s := collectivity.Settings{Fields: map[string]collectivity.Mode{}}
	for _, f := range fields {
		name, mode, _ := strings.Cut(f, "=")
		if mode == "" {
			mode = "required"
		}
		s.Fields[name] = collectivity.Mode(mode)
	}
	return s
}

// whole is the household's file with all that nobody asks for in particular.
func whole() family.File {
	file := household()
	set := func(m *family.Member, section string, values object) {
		if m.Values == nil {
			m.Values = map[string]map[string]any{}
		}
		m.Values[section] = values
	}
	for i := range file.Guardians {
		set(&file.Guardians[i], "identity", object{"firstName": "A", "lastName": "B"})
	}
	set(&file.Guardians[0], "address", object{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"})
	for i := range file.Children {
		set(&file.Children[i], "identity", object{"firstName": "C", "lastName": "B", "birthDate": "2018-05-04"})
	}
	set(&file.Contacts[0], "contact", object{"firstName": "M", "lastName": "B", "phone": "+33612345678", "children": list{"lea"}})
	return file
}

func TestWhatAFileLacks(t *testing.T) {
	t.Parallel()
	waiting := func(section, field string) func(*family.File) {
		return func(f *family.File) {
			f.Guardians[0].Pending = map[string]map[string]string{section: {field: "c"}}
		}
	}
	value := func(section, field string, v any) func(*family.File) {
		return func(f *family.File) {
			if f.Guardians[0].Values[section] == nil {
				f.Guardians[0].Values[section] = object{}
			}
			f.Guardians[0].Values[section][field] = v
		}
	}
	kept := func(f *family.File) {
		f.Guardians[0].Kept = map[string]map[string][]byte{"bank": {"iban": {1}}}
	}
	cases := []struct {
		says     string
		settings collectivity.Settings
		change   func(*family.File)
		viewer   string
		want     string
	}{
		{"nothing that nobody asks for", requiring(), nil, "anne", ""},
		{"a name", requiring(), func(f *family.File) { delete(f.Children[0].Values["identity"], "lastName") }, "anne", "lea.identity.lastName"},
		{"what the town requires, of the household", requiring("guardian.phones.mobile"), nil, "anne", "anne.phones.mobile paul.phones.mobile"},
		{"what the town requires, to who lives elsewhere", requiring("guardian.phones.mobile"), nil, "petit", "petit.phones.mobile"},
		{"what waits for a decision is not missing", requiring("guardian.phones.mobile"), waiting("phones", "mobile"), "anne", "paul.phones.mobile"},
		{"what the town hides, it does not ask for", requiring("guardian.identity.lastName=hidden"), func(f *family.File) { delete(f.Guardians[0].Values["identity"], "lastName") }, "anne", ""},
		{"what the town locks, it does not ask for", requiring("guardian.identity.lastName=shown"), func(f *family.File) { delete(f.Guardians[0].Values["identity"], "lastName") }, "anne", ""},
		{"a section that nobody began", requiring(), func(f *family.File) { delete(f.Guardians[0].Values, "address") }, "anne", ""},
		{"a section that was begun", requiring(), value("bank", "holder", "Anne"), "anne", "anne.bank.iban"},
		{"what is sealed and not opened is there", requiring(), kept, "anne", "anne.bank.holder"},
		{"a section with its maps only is not begun", requiring(), func(f *family.File) { f.Guardians[0].Values["bank"] = object{} }, "anne", ""},
		{"an address that is somebody's", requiring("guardian.address.street", "guardian.address.city"), func(f *family.File) {
			f.Guardians[1].Values["address"] = object{"sameAs": "anne"}
		}, "anne", ""},
		{"an address that is the same as one who left", requiring("guardian.address.street"), func(f *family.File) {
			f.Guardians[1].Values["address"] = object{"sameAs": "gone"}
		}, "anne", "paul.address.street paul.address.postcode paul.address.city"},
		{"addresses that came to be each other's", requiring("guardian.address.street"), func(f *family.File) {
			f.Guardians[0].Values["address"] = object{"sameAs": "paul"}
			f.Guardians[1].Values["address"] = object{"sameAs": "anne"}
		}, "anne", "anne.address.street anne.address.postcode anne.address.city paul.address.street paul.address.postcode paul.address.city"},
		{"one's own consent", requiring("child.authorisations.outings"), nil, "anne", "lea.authorisations.outings tom.authorisations.outings"},
		{"the consent of who holds authority over one of two", requiring("child.authorisations.outings"), nil, "petit", "lea.authorisations.outings"},
		{"no consent of who is no holder", requiring("child.authorisations.outings"), nil, "paul", ""},
		{"a consent that one refused was given an answer", requiring("child.authorisations.outings"), func(f *family.File) {
			for i := range f.Children {
				f.Children[i].Values["authorisations"] = object{"outings@anne": object{"given": false}}
			}
		}, "anne", ""},
		{"a consent that only the other gave", requiring("child.authorisations.outings"), func(f *family.File) {
			f.Children[1].Values["authorisations"] = object{"outings@anne": object{"given": true}}
			f.Children[0].Values["authorisations"] = object{"outings@petit": object{"given": true}}
		}, "anne", "lea.authorisations.outings"},
		{"who the children are to their guardians", requiring("guardian.relations.relation"), nil, "petit", "petit.relations.tom"},
		{"a contact's phone", requiring(), func(f *family.File) { delete(f.Contacts[0].Values["contact"], "phone") }, "anne", "mamie.contact.phone"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			file := whole()
			if c.change != nil {
				c.change(&file)
			}
			if got := lacks(c.settings, file, c.viewer); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// paper is a document about a member.
func paper(kind, about, from, until string) family.Member {
	return family.Member{ID: kind, Target: family.Document, Values: map[string]map[string]any{"document": {"type": kind, "about": about, "validFrom": from, "validUntil": until}}}
}

func TestWhichDocumentsAreMissing(t *testing.T) {
	t.Parallel()
	insured := collectivity.Settings{Documents: []collectivity.DocumentRule{{Type: "insurance", When: collectivity.ForAll}, {Type: "pai", When: collectivity.ForPAI}}}
	pending := func(state family.ChangeState, d family.Member) family.Change {
		c := family.Change{ID: "c", Kind: family.Adds, Target: d.ID, Of: d.Target, Section: "document"}
		for name, v := range d.Values["document"] {
			c.Fields = append(c.Fields, family.FieldChange{Field: name, New: v, State: state})
		}
		return c
	}
	pai := func(f *family.File, child int, value any) {
		f.Children[child].Values["health"] = object{"pai": value}
	}
	cases := []struct {
		says    string
		file    func(*family.File)
		pending []family.Change
		want    string
	}{
		{"each child needs one", func(*family.File) {}, nil, "lea:insurance tom:insurance"},
		{"that of one child is not the other's", func(f *family.File) { f.Add(paper("insurance", "lea", "", "")) }, nil, "tom:insurance"},
		{"that of a parent is no child's", func(f *family.File) { f.Add(paper("insurance", "anne", "", "")) }, nil, "lea:insurance tom:insurance"},
		{"that of another type is none", func(f *family.File) { f.Add(paper("pai", "lea", "", "")) }, nil, "lea:insurance tom:insurance"},
		{"on its first and its last day it is valid", func(f *family.File) {
			f.Add(paper("insurance", "lea", "2026-11-23", ""))
			f.Add(paper("insurance", "tom", "", "2026-11-23"))
		}, nil, ""},
		{"before and after it is not", func(f *family.File) {
			f.Add(paper("insurance", "lea", "2026-11-24", ""))
			f.Add(paper("insurance", "tom", "", "2026-11-22"))
		}, nil, "lea:insurance tom:insurance"},
		{"one that has left does not count", func(f *family.File) {
			gone := paper("insurance", "lea", "", "")
			gone.Left = "2026-11-01"
			f.Add(gone)
		}, nil, "lea:insurance tom:insurance"},
		{"with a PAI, its document too", func(f *family.File) { pai(f, 0, true); pai(f, 1, false) }, nil, "lea:insurance lea:pai tom:insurance"},
		{"one that waits for an agent is not missing", func(*family.File) {}, []family.Change{pending(family.Pending, paper("insurance", "lea", "", ""))}, "tom:insurance"},
		{"one that was refused is", func(*family.File) {}, []family.Change{pending(family.Refused, paper("insurance", "lea", "", ""))}, "lea:insurance tom:insurance"},
		{"one that waits and is over is", func(*family.File) {}, []family.Change{pending(family.Pending, paper("insurance", "lea", "", "2026-01-01"))}, "lea:insurance tom:insurance"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			file := whole()
			file.Documents = nil
			c.file(&file)
			if got := lacks(insured, file, "anne", c.pending...); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAFileIsConfirmedOncePerSchoolYear(t *testing.T) {
	t.Parallel()
	for today, want := range map[calendar.Date]calendar.Date{
		"2026-09-01": "2026-09-01", "2026-11-23": "2026-09-01", "2026-12-31": "2026-09-01", "2027-01-01": "2026-09-01", "2027-08-31": "2026-09-01", "2027-09-01": "2027-09-01", "2028-02-29": "2027-09-01",
	} {
		if got := family.ConfirmFrom(today); got != want {
			t.Errorf("on %s from %s, want %s", today, got, want)
		}
	}
}

func TestWhatTellsOfAdultsIsAskedOfEachHousehold(t *testing.T) {
	t.Parallel()
	settings := collectivity.Settings{Documents: []collectivity.DocumentRule{{Type: "tax_notice", When: collectivity.ForAll}, {Type: "judgment", When: collectivity.ForPAI}}}
	for _, c := range []struct {
		says         string
		about        string
		paul, petit  string
		sheltered    bool
		paiOfOneElse bool
	}{
		{"nobody gave one", "", "paul:tax_notice", "petit:tax_notice", false, false},
		{"one of two who live together did", "anne", "", "petit:tax_notice", false, false},
		{"whose address is hidden did", "anne", "paul:tax_notice", "petit:tax_notice", true, false},
		{"who lives alone did", "petit", "paul:tax_notice", "", false, false},
		{"one about a child counts for nobody", "lea", "paul:tax_notice", "petit:tax_notice", false, false},
		{"a child with a PAI", "anne", "paul:judgment", "petit:tax_notice petit:judgment", false, true},
	} {
		file := whole()
		file.Documents = nil
		file.Guardians[0].Sheltered = c.sheltered
		if c.about != "" {
			file.Add(paper("tax_notice", c.about, "", ""))
		}
		if c.paiOfOneElse {
			file.Children[1].Values["health"] = object{"pai": true}
		}
		if paul, petit := lacks(settings, file, "paul"), lacks(settings, file, "petit"); paul != c.paul || petit != c.petit {
			t.Errorf("%s: paul lacks %q, want %q; petit %q, want %q", c.says, paul, c.paul, petit, c.petit)
		}
	}
}

func TestWhoSeesAPaper(t *testing.T) {
	t.Parallel()
	file := household()
	for _, c := range []struct {
		kind      string
		about     string
		sheltered bool
		seen      []string
	}{
		{"insurance", "lea", false, []string{"anne", "paul", "petit"}},
		{"tax_notice", "lea", false, nil},
		{"address_proof", "lea", false, nil},
		{"judgment", "lea", false, nil},
		{"tax_notice", "anne", false, []string{"anne", "paul"}},
		{"tax_notice", "petit", false, []string{"petit"}},
		{"tax_notice", "anne", true, []string{"anne"}},
		{"tax_notice", "gone", false, nil},
		{"tax_notice", "", false, nil},
	} {
		file.Guardians[0].Sheltered = c.sheltered
		d := paper(c.kind, c.about, "", "")
		s := family.First(family.Document)
		var seen, edits []string
		for _, g := range file.Guardians {
			if file.SeesPaper(g, d) {
				seen = append(seen, g.ID)
			}
			if file.Edits(g, d, s) {
				edits = append(edits, g.ID)
			}
		}
		if !slices.Equal(seen, c.seen) || !slices.Equal(edits, c.seen) {
			t.Errorf("%s about %q (sheltered %v): seen by %v, edited by %v; want %v", c.kind, c.about, c.sheltered, seen, edits, c.seen)
		}
	}
}
