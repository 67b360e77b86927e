package importing

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/tabular"
)

// Rules are what rows are read with.
type Rules struct {
	Of      Sort
	Columns []string // of the file
	Mapping Mapping
	Town    collectivity.Configuration
	Formats family.Formats // Phone among them
	Fold    Fold
}

// Ignored are the fields of the mapping that the town does not ask families for, so that none of it is imported.
func (r Rules) Ignored() (all []string) {
	for _, f := range FieldsOf(r.Of) {
		if _, mapped := r.Mapping[f.Name]; mapped && r.hidden(f) {
			all = append(all, f.Name)
		}
	}
	return all
}

func (r Rules) hidden(f Field) bool {
	if f.Section == "" {
		return false
	}
	section, field := f.rule(f.target())
	return section.Mode(r.Town.Settings, field) == collectivity.Hidden
}

func (f Field) target() family.Target {
	if strings.HasPrefix(f.Name, "child.") {
		return family.Child
	}
	return family.Guardian
}

// record is a row by its fields.
type record struct {
	*Line
	texts   map[string]string // by field
	columns map[string]string // heading, by field
}

// record reads a row's cells.
func (r Rules) record(row tabular.Row) record {
	out := record{Line: &Line{Line: row.Line}, texts: map[string]string{}, columns: map[string]string{}}
	for name, s := range r.Mapping {
		if s.Column == "" {
			out.texts[name] = s.Value
			continue
		}
		out.columns[name] = s.Column
		at := slices.Index(r.Columns, s.Column)
		if at < 0 || at >= len(row.Cells) {
			continue
		}
		switch c := row.Cells[at]; {
		case c.Broken:
			out.note(wrong("cell_broken", s.Column, "La cellule contient une erreur du tableur ("+c.Text+")."))
		case c.Formula:
			out.note(wrong("cell_formula", s.Column, "La cellule contient une formule, ou un texte qui commence comme une formule (= + - @). Remplacez-la par sa valeur."))
		default:
			out.texts[name] = c.Text
		}
	}
	if extra := len(row.Cells); extra > len(r.Columns) {
		out.note(wrong("cell_extra", "", fmt.Sprintf("La ligne compte %d cellules, la première ligne du fichier %d : une valeur contient sans doute le séparateur.", extra, len(r.Columns))))
	}
	return out
}

// has says whether some field of a person, or a family, is filled in.
func (r record) has(prefix string) bool {
	for name, text := range r.texts {
		if text != "" && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// essential are the fields of whose mistakes nobody can make anything.
var essential = []string{"lastName", "firstName"}

// values reads what a row says of a person, by section and field. What makes no sense is left out with a warning; of names, and of a
// child's birth date, it is an error. An american date refuses the file.
func (r Rules) values(rec record, who string, of family.Target) (map[string]map[string]any, error) {
	out := map[string]map[string]any{}
	for _, f := range FieldsOf(r.Of) {
		name, is := strings.CutPrefix(f.Name, who+".")
		text := rec.texts[f.Name]
		if !is || f.Section == "" || text == "" || name == "relation" || r.hidden(f) {
			continue
		}
		value, code, detail, err := r.value(f, of, text)
		var american errAmerican
		if errors.As(err, &american) {
			return nil, american.in(rec.Line.Line, rec.columns[f.Name])
		}
		switch {
		case code == "" && value != nil:
			if out[f.Section] == nil {
				out[f.Section] = map[string]any{}
			}
			out[f.Section][f.Field] = value
		case code == "":
		case slices.Contains(essential, name) || of == family.Child && name == "birthDate":
			rec.note(wrong(code, rec.columns[f.Name], "« "+text+" » : "+detail))
		default:
			rec.note(warn(code, rec.columns[f.Name], "« "+text+" » n’est pas repris. "+detail))
		}
	}
	return out, nil
}

func (r Rules) value(f Field, of family.Target, text string) (value any, code, detail string, err error) {
	_, rule := f.rule(of)
	switch rule.Kind {
	case family.Choice:
		text = r.choice(f.Field, text)
	case family.PastDate, family.AnyDate:
		if text, err = readDay(text, r.Formats.Today); err != nil {
			return nil, "", "", err
		}
	}
	value, code, detail = rule.Read(whole(rule.Kind, text), r.Formats)
	return value, code, detail, nil
}

// place names a child's school and class as the town does, and warns of those that it does not know.
func (r Rules) place(rec record, values map[string]map[string]any) {
	place := values["school"]
	name, _ := place["school"].(string)
	if name == "" || len(r.Town.Schools) == 0 {
		return
	}
	school, known := r.Town.SchoolOf(name)
	if !known {
		rec.note(warn("school_unknown", rec.columns["child.school"], "« "+name+" » n’est pas une école de la collectivité : créez-la, ou importez d’abord les écoles."))
		return
	}
	place["school"] = school.Name
	called, _ := place["class"].(string)
	if class, known := school.ClassOf(called); known {
		place["class"] = class.Name
	} else if called != "" && len(school.Classes) > 0 {
		rec.note(warn("class_unknown", rec.columns["child.class"], "« "+called+" » n’est pas une classe de « "+school.Name+" »."))
	}
}
