package family

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// SettingsMistakes are what is wrong with what a collectivity sets of family files, by its path in the API:
// fields.guardian.work.employer.
func SettingsMistakes(s collectivity.Settings) (all []refusal.Field) {
	add := func(path, code, detail string) {
		all = append(all, refusal.Field{Field: path, Code: code, Detail: detail})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		field, known := named(name)
		switch mode := s.Fields[name]; {
		case !known:
			add("fields."+name, "field_unknown", "Cette rubrique n’existe pas.")
		case !slices.Contains(modes, mode):
			add("fields."+name, "mode_unknown", "Valeurs possibles : hidden, shown, editable, required.")
		case field.Needed && (mode == collectivity.Hidden || mode == collectivity.Shown):
			add("fields."+name, "field_needed", "Sans cette information, la rubrique ne peut pas être remplie.")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Sections)) {
		switch d := s.Sections[name]; {
		case !slices.ContainsFunc(Sections, func(s Section) bool { return s.Key() == name }):
			add("sections."+name, "section_unknown", "Cette rubrique n’existe pas.")
		case name == "guardian.relations" && d == collectivity.AtOnce:
			add("sections."+name, "decision_needed", "Un agent vérifie toujours qui exerce l’autorité parentale.")
		case d != collectivity.ByAgent && d != collectivity.AtOnce:
			add("sections."+name, "decision_unknown", "Valeurs possibles : agent, auto.")
		}
	}
	return append(all, documentMistakes(s.Documents)...)
}

var modes = []collectivity.Mode{collectivity.Hidden, collectivity.Shown, collectivity.Editable, collectivity.Required}

func documentMistakes(rules []collectivity.DocumentRule) (all []refusal.Field) {
	for i, r := range rules {
		at := fmt.Sprintf("documents[%d]", i)
		switch {
		case !slices.Contains(DocumentTypes, r.Type):
			all = append(all, refusal.Field{Field: at + ".type", Code: "type_unknown", Detail: "Ce type de document n’existe pas."})
		case r.When != collectivity.ForAll && r.When != collectivity.ForPAI:
			all = append(all, refusal.Field{Field: at + ".when", Code: "when_unknown", Detail: "Valeurs possibles : pai, ou rien."})
		case slices.ContainsFunc(rules[:i], func(o collectivity.DocumentRule) bool { return o.Type == r.Type }):
			all = append(all, refusal.Field{Field: at, Code: "duplicate", Detail: "Ce document figure deux fois."})
		}
	}
	return all
}

// named finds a field by its name in the settings.
func named(name string) (Field, bool) {
	for _, s := range Sections {
		for _, f := range s.Fields {
			if s.Key()+"."+f.Name == name {
				return f, true
			}
		}
	}
	return Field{}, false
}

// Usual is the mode of a field where a collectivity says nothing.
func (f Field) Usual() collectivity.Mode {
	mode := cmp.Or(f.Default, collectivity.Editable)
	if mode == collectivity.Editable && f.Needed {
		return collectivity.Required
	}
	return mode
}
