package importing

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"preau/shared/refusal"
)

// Source is where the value of a field comes from: a column, by its heading, or the same value in every row.
type Source struct {
	Column string `dynamodbav:",omitempty"`
	Value  string `dynamodbav:",omitempty"`
}

// Mapping says where each field comes from. Fields that it does not name are not imported.
type Mapping map[string]Source

// Fold brings a name to the form in which names are compared: without capitals, accents and signs, its words a space apart.
type Fold func(string) string

// whose are the words by which a heading says whose it is. The longer come first.
var whose = []struct{ words, of string }{
	{"representant legal 1", "guardian1"},
	{"representant legal 2", "guardian2"},
	{"responsable legal 1", "guardian1"},
	{"responsable legal 2", "guardian2"},
	{"resp legal 1", "guardian1"},
	{"resp legal 2", "guardian2"},
	{"responsable 1", "guardian1"},
	{"responsable 2", "guardian2"},
	{"representant 1", "guardian1"},
	{"representant 2", "guardian2"},
	{"parent 1", "guardian1"},
	{"parent 2", "guardian2"},
	{"resp 1", "guardian1"},
	{"resp 2", "guardian2"},
	{"parent1", "guardian1"},
	{"parent2", "guardian2"},
	{"resp1", "guardian1"},
	{"resp2", "guardian2"},
	{"rl1", "guardian1"},
	{"rl2", "guardian2"},
	{"r1", "guardian1"},
	{"r2", "guardian2"},
	{"p1", "guardian1"},
	{"p2", "guardian2"},
	{"representant legal", "guardian1"},
	{"responsable legal", "guardian1"},
	{"responsable", "guardian1"},
	{"conjoint", "guardian2"},
	{"parent", "guardian1"},
	{"mere", "guardian1"},
	{"pere", "guardian2"},
	{"adulte", "guardian1"},
	{"enfant", "child"},
	{"eleve", "child"},
	{"famille", "family"},
	{"foyer", "family"},
	{"dossier", "family"},
}

// articles say nothing in a heading.
var articles = []string{"de", "du", "des", "la", "le", "les", "l", "d", "s"}

// Guess finds the field that each column most likely says, beginning with those that the town used before.
func Guess(of Sort, columns []string, before Mapping, fold Fold) Mapping {
	out := Mapping{}
	taken := map[string]bool{}
	for name, s := range before {
		if _, known := FieldOf(of, name); known && (s.Column == "" || slices.Contains(columns, s.Column)) {
			out[name], taken[s.Column] = s, true
		}
	}
	heads := make([]heading, len(columns))
	for i, c := range columns {
		heads[i] = read(c, fold)
	}
	for i, h := range heads {
		if columns[i] == "" || taken[columns[i]] {
			continue
		}
		for _, name := range h.names(of, heads) {
			if _, used := out[name]; !used {
				out[name] = Source{Column: columns[i]}
				break
			}
		}
	}
	return out
}

// heading is what a column's name says: whose, and what.
type heading struct {
	whole, of, what string
}

func read(column string, fold Fold) heading {
	words := strings.Fields(fold(column))
	h := heading{whole: strings.Join(words, " ")}
	rest := " " + strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(articles, w) }), " ") + " "
	for _, w := range whose {
		before, after, found := strings.Cut(rest, " "+w.words+" ")
		if w.of == "family" && (strings.TrimSpace(before) == "nom" || strings.TrimSpace(before) == "situation") {
			continue // le nom de famille
		}
		if w.of == "child" && (strings.TrimSpace(before) == "lien" || strings.HasSuffix(before, " avec")) {
			continue // le lien avec l’enfant
		}
		if found {
			h.of, rest = w.of, " "+strings.TrimSpace(before+" "+after)+" "
			break
		}
	}
	h.what = strings.Join(strings.Fields(rest), " ")
	return h
}

// names are the fields that a heading may mean, the likeliest first.
func (h heading) names(of Sort, all []heading) (names []string) {
	for _, who := range h.whom(of, all) {
		for _, f := range FieldsOf(of) {
			prefix, _, _ := strings.Cut(f.Name, ".")
			what := h.what
			if h.of == "family" && prefix == "family" && what == "" {
				what = "numero"
			}
			if prefix == who && (slices.Contains(f.calls, what) || h.whole != what && slices.Contains(f.calls, h.whole)) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// whom are those whom a heading may be about. Names alone are the child's where adults are named otherwise, and the adult's where
// children are.
func (h heading) whom(of Sort, all []heading) []string {
	switch {
	case of == Schools:
		return []string{"school"}
	case of == Enrolments && h.of == "":
		return []string{"enrolment", "child", "family"}
	case h.of != "":
		return []string{h.of}
	}
	if slices.Contains(childBase[3].calls, h.what) {
		return []string{"child", "guardian1"} // a birth date
	}
	if slices.ContainsFunc(all, func(o heading) bool { return o.of == "child" && (o.what == "nom" || o.what == "prenom") }) {
		return []string{"guardian1", "child", "family"}
	}
	if slices.ContainsFunc(all, func(o heading) bool { return strings.HasPrefix(o.of, "guardian") }) {
		return []string{"child", "guardian1", "family"}
	}
	if slices.ContainsFunc(all, func(o heading) bool { return o.what == "ecole" || o.what == "classe" || o.what == "niveau" }) {
		return []string{"child", "guardian1", "family"}
	}
	return []string{"guardian1", "child", "family"}
}

// Check refuses a mapping that names what is not there, names a column twice, or lacks what rows mean nothing without. Each mistake has
// its path in the API: mapping.child.lastName.
func (m Mapping) Check(of Sort, columns []string) error {
	var mistakes []refusal.Field
	add := func(name, code, detail string) {
		mistakes = append(mistakes, refusal.Field{Field: "mapping." + name, Code: code, Detail: detail})
	}
	used := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		s := m[name]
		switch _, known := FieldOf(of, name); {
		case !known:
			add(name, "field_unknown", "Cette information ne s’importe pas.")
		case (s.Column == "") == (s.Value == ""):
			add(name, "source_invalid", "Indiquez une colonne, ou une valeur pour toutes les lignes.")
		case s.Column != "" && !slices.Contains(columns, s.Column):
			add(name, "column_unknown", "Le fichier n’a pas de colonne « "+s.Column+" ».")
		case s.Column != "" && used[s.Column] != "":
			add(name, "column_twice", "La colonne « "+s.Column+" » est déjà utilisée.")
		}
		used[s.Column] = name
	}
	for _, f := range m.missing(of) {
		add(f.Name, "column_missing", "La colonne « "+f.Label+" » manque : indiquez laquelle c’est, ou complétez le fichier.")
	}
	if len(mistakes) > 0 {
		return refusal.OfFields(mistakes)
	}
	return nil
}

// missing are the fields without which a sort of import says nothing.
func (m Mapping) missing(of Sort) (all []Field) {
	need := func(names ...string) {
		for _, name := range names {
			if _, there := m[name]; !there {
				f, _ := FieldOf(of, name)
				all = append(all, f)
			}
		}
	}
	has := func(prefix string) bool {
		for name := range m {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	}
	switch of {
	case Schools:
		need("school.name")
	case Enrolments:
		if _, numbered := m["child.id"]; !numbered {
			need("child.lastName", "child.firstName")
		}
		need("enrolment.activity", "enrolment.from", "enrolment.to")
	case Families:
		child, adult := has("child."), has("guardian1.")
		if child || !adult {
			need("child.lastName", "child.firstName")
		}
		_, numbered := m["family.id"]
		if adult || !numbered {
			need("guardian1.lastName", "guardian1.firstName")
		}
		if has("guardian2.") {
			need("guardian2.lastName", "guardian2.firstName")
		}
	}
	return all
}

// ReadColumns are the headings of a file, each once and none empty: a heading that comes again bears its place.
func ReadColumns(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		base := name
		for n := 2; name != "" && slices.Contains(out, name); n++ {
			name = fmt.Sprintf("%s (%d)", base, n)
		}
		out = append(out, name)
	}
	if !slices.ContainsFunc(out, func(n string) bool { return n != "" }) {
		return nil, failure("columns_unnamed", "La première ligne du fichier doit nommer les colonnes.")
	}
	return out, nil
}
