package importing

import (
	"fmt"
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/tabular"
)

// SchoolStep is a school with its classes, as rows and the town have it.
type SchoolStep struct {
	School  collectivity.School
	Creates bool
	Changes bool
	Lines   []int // places in the report, from 0
}

// SchoolBook gathers the schools that a file tells of, row by row.
type SchoolBook struct {
	Rules
	Lines   []*Line
	Schools []*SchoolStep
}

// Row takes a row.
func (b *SchoolBook) Row(row tabular.Row) {
	rec := b.record(row)
	at := len(b.Lines)
	b.Lines = append(b.Lines, rec.Line)
	name, class, level := rec.texts["school.name"], rec.texts["school.class"], rec.texts["school.level"]
	rec.Who = strings.TrimSpace(name + " " + class)
	rec.Outcome = Same
	switch {
	case name == "" && !rec.Has(Error):
		rec.note(wrong("required", rec.columns["school.name"], "Le nom de l’école manque."))
	case len([]rune(name)) > 100 || len([]rune(class)) > 100:
		rec.note(wrong("too_long", "", "Un nom compte 100 caractères au plus."))
	}
	if rec.Has(Error) {
		rec.Outcome = Wrong
		return
	}
	s := b.school(rec, name)
	s.Lines = append(s.Lines, at)
	b.class(rec, s, class, level)
}

// school is the step of a school, which the town has or not.
func (b *SchoolBook) school(rec record, name string) *SchoolStep {
	for _, s := range b.Schools {
		if b.called(s.School.Names(), name) {
			return s
		}
	}
	s := &SchoolStep{Creates: true, Changes: true, School: collectivity.School{Name: name}}
	i := slices.IndexFunc(b.Town.Schools, func(o collectivity.School) bool { return b.called(o.Names(), name) })
	if i >= 0 {
		s.School, s.Creates, s.Changes = b.Town.Schools[i], false, false
		s.School.Classes = slices.Clone(s.School.Classes)
	} else {
		rec.Outcome = Creates
		rec.note(tell("", "École ajoutée : "+name))
	}
	b.Schools = append(b.Schools, s)
	return s
}

// called says whether a name is one of some, whatever its capitals and accents.
func (b *SchoolBook) called(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return b.Fold(n) == b.Fold(name) })
}

func (b *SchoolBook) class(rec record, s *SchoolStep, name, level string) {
	if name == "" {
		return
	}
	i := slices.IndexFunc(s.School.Classes, func(c collectivity.Class) bool { return b.called(c.Names(), name) })
	switch {
	case i < 0:
		s.School.Classes = append(s.School.Classes, collectivity.Class{Name: name, Level: level})
		rec.note(tell("", "Classe ajoutée : "+name))
		if rec.Outcome == Same {
			rec.Outcome = Creates
		}
	case level != "" && s.School.Classes[i].Level != level:
		rec.note(tell("", fmt.Sprintf("Niveau de %s : « %s » devient « %s »", s.School.Classes[i].Name, s.School.Classes[i].Level, level)))
		s.School.Classes[i].Level = level
		if rec.Outcome == Same {
			rec.Outcome = Updates
		}
	default:
		return
	}
	s.Changes = true
}

// Close gives new schools and classes their ids and holds each school against the town's rules.
func (b *SchoolBook) Close(next func() string) {
	for _, s := range b.Schools {
		before, _ := b.Town.School(s.School.ID)
		s.School = s.School.After(before, next)
		if s.School.ID == "" {
			s.School.ID = next()
		}
		err := b.Town.CheckSchool(s.School)
		if no, is := err.(*refusal.Refusal); is {
			s.Changes = false
			for _, i := range s.Lines {
				b.Lines[i].Outcome = Wrong
				b.Lines[i].note(wrong(no.Fields[0].Code, "", "L’école ne peut pas être enregistrée ainsi. "+no.Fields[0].Detail))
			}
		}
	}
}
