package main

import (
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/family"
	"preau/shared/store"
	"preau/shared/views"
)

// cares is what carers have to know of each child who comes, whichever household's day it is.
type cares map[booking.Place]api.Care

// caresOf turns what was read into what is shown, and tells of whose health.
func caresOf(attendance store.Attendance, all []store.Cared) (cares, views.CareRead) {
	care, read := cares{}, views.CareRead{}
	for _, one := range all {
		c := views.Care(attendance.Town.Configuration.Settings, one)
		care[one.Day.Place] = c
		read.Add(one, c)
	}
	return care, read
}

// unverified marks what no agent has looked at yet.
const unverified = "déclaré, non vérifié"

func marked(text string, m api.CareMark) string {
	if m.Declared {
		return text + " (" + unverified + ")"
	}
	return text
}

// ofHealth is what a part of a child's health says; nothing where nothing is known of it.
func ofHealth(part func(api.CareHealth) []string) func(api.Care) []string {
	return func(c api.Care) []string {
		if c.Health == nil {
			return nil
		}
		return part(*c.Health)
	}
}

func allergies(h api.CareHealth) (all []string) {
	for _, a := range h.Allergies {
		said := a.Allergen
		if a.Consequence != "" {
			said += " (" + a.Consequence + ")"
		}
		if a.Treatment != "" {
			said += ", conduite à tenir : " + a.Treatment
		}
		all = append(all, marked(said, a.CareMark))
	}
	return all
}

func diet(h api.CareHealth) (all []string) {
	field := fieldOf(family.Child, "health", "diet")
	for _, d := range h.Diet {
		all = append(all, marked(field.Wording(d.Text), d.CareMark))
	}
	return all
}

// treatment tells of a PAI, and of what is to be taken.
func treatment(h api.CareHealth) (all []string) {
	if h.PAI != nil {
		all = append(all, marked("PAI", *h.PAI))
	}
	return append(all, texts("Traitement : ", h.Medication)...)
}

func advice(h api.CareHealth) []string { return texts("", h.Advice) }

func texts(name string, of []api.CareText) (all []string) {
	for _, t := range of {
		all = append(all, marked(name+t.Text, t.CareMark))
	}
	return all
}

// health is all of it in one cell, for paper.
func health(h api.CareHealth) (all []string) {
	for _, a := range allergies(h) {
		all = append(all, "Allergie : "+a)
	}
	all = append(all, treatment(h)...)
	if meals := diet(h); len(meals) > 0 {
		all = append(all, "Repas : "+strings.ToLower(strings.Join(meals, ", ")))
	}
	return append(all, texts("Recommandation : ", h.Advice)...)
}

// allowed lists the authorisations that hold, and those that were just withdrawn.
func allowed(c api.Care) (all []string) {
	section, _ := family.SectionOf(family.Child, "authorisations")
	for _, f := range section.Fields {
		switch a := c.Authorisations[f.Name]; {
		case a.Holds:
			all = append(all, marked(f.Label, a.CareMark))
		case a.Declared:
			all = append(all, marked(f.Label+" : retiré", a.CareMark))
		}
	}
	return all
}

// collectors are whom the child may be given to: its guardians, whom no court keeps from it, and those whom they named.
func collectors(c api.Care) (all []string) {
	relation := fieldOf(family.Guardian, "relations", "relation")
	for _, g := range c.Guardians {
		if !g.Court {
			all = append(all, named(g, strings.ToLower(relation.Wording(g.Relation))))
		}
	}
	for _, p := range c.Collectors {
		all = append(all, named(p, p.Link))
	}
	return all
}

// notCollectors are whom the child must not be given to.
func notCollectors(c api.Care) (all []string) {
	for _, p := range c.NotToCollect {
		why := []string{p.Link}
		if p.Court {
			why = append(why, "décision de justice")
		}
		if p.Declared {
			why = append(why, unverified)
		}
		all = append(all, named(p, why...))
	}
	return all
}

// named is how an adult is called, and what there is to say of them.
func named(p api.CarePerson, said ...string) string {
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	if len(said) == 0 {
		return p.Name
	}
	return p.Name + " (" + strings.Join(said, ", ") + ")"
}

// bulleted tells on paper, where texts take several lines, where each begins.
func bulleted(of func(api.Care) []string) func(api.Care) []string {
	return func(c api.Care) []string {
		all := of(c)
		for i := range all {
			all[i] = "• " + all[i]
		}
		return all
	}
}

func fieldOf(target family.Target, section, name string) family.Field {
	s, _ := family.SectionOf(target, section)
	f, _ := s.Field(name)
	return f
}
