package rollover

import (
	"fmt"
	"slices"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Choices are a manager's: what no rule can know. The zero value of all but the year works: classes move up where there is one way
// only, and no enrolment goes on.
type Choices struct {
	Year       Year
	Activities []Renewal   // whose enrolments go on; others end by themselves
	Classes    []Way       // where classes go
	Children   []Exception // who does not go as their class
	Only       bool        // nobody but these children: the others have moved
}

// Renewal is an activity whose enrolments go on in the new year.
type Renewal struct {
	Activity string
	calendar.Period
}

// Way is where the children of a class go, or those of one level of it.
type Way struct {
	School, Class     string
	Level             Level // "": all of the class
	ToSchool, ToClass string
	Leave             bool // they leave the town's schools
}

// Exception is a child who does not go as its class.
type Exception struct {
	Family, Child string
	Move          Becomes // Up, Stays, Leaves, or Left: nothing is done
	School, Class string  // where it goes; "": as its class, or where it is
}

// Check refuses choices that name what the town does not have, or that make no sense, each with its path.
func (ch Choices) Check(c collectivity.Configuration) error {
	k := &checking{Choices: ch, town: c}
	for i, r := range ch.Activities {
		k.renewal(fmt.Sprintf("activities[%d]", i), i, r)
	}
	for i, w := range ch.Classes {
		k.way(fmt.Sprintf("classes[%d]", i), i, w)
	}
	for i, e := range ch.Children {
		k.exception(fmt.Sprintf("children[%d]", i), i, e)
	}
	return k.err()
}

// CheckChildren refuses exceptions for children who are not there.
func (ch Choices) CheckChildren(there func(family, child string) bool) error {
	k := &checking{Choices: ch}
	for i, e := range ch.Children {
		if !there(e.Family, e.Child) {
			k.no(fmt.Sprintf("children[%d].child", i), "child_unknown", "Cet enfant ne fait pas partie de ce dossier.")
		}
	}
	return k.err()
}

// checking gathers what is wrong with choices.
type checking struct {
	Choices
	town  collectivity.Configuration
	wrong []refusal.Field
}

func (k *checking) no(path, code, detail string) {
	k.wrong = append(k.wrong, refusal.Field{Field: path, Code: code, Detail: detail})
}

func (k *checking) err() error {
	if len(k.wrong) == 0 {
		return nil
	}
	return refusal.OfFields(k.wrong)
}

func (k *checking) renewal(path string, i int, r Renewal) {
	a, known := k.town.Activity(r.Activity)
	switch {
	case !known || a.Archived:
		k.no(path+".activity", "activity_unknown", "Cette activité n’existe pas ou n’est plus proposée.")
		return
	case slices.ContainsFunc(k.Activities[:i], func(o Renewal) bool { return o.Activity == r.Activity }):
		k.no(path+".activity", "duplicate", "Cette activité figure deux fois.")
	}
	p := k.Year.Of(a, r.Period)
	switch {
	case p.From < k.Year.First() || p.From > k.Year.Last():
		k.no(path+".from", "out_of_year", fmt.Sprintf("Indiquez un jour de l’année scolaire %s.", k.Year))
	case p.To > k.Year.Last():
		k.no(path+".to", "out_of_year", fmt.Sprintf("Indiquez un jour de l’année scolaire %s.", k.Year))
	case a.Season.To < k.Year.First():
		k.no(path+".activity", "out_of_season", fmt.Sprintf("Les dates de l’activité « %s » ne couvrent pas encore l’année scolaire %s.", a.Name, k.Year))
	case p.To < p.From:
		k.no(path+".to", "period_reversed", "La période finit avant de commencer.")
	}
}

// Of is the period of the year in which enrolments at an activity go on: as it was said, else as long as the activity takes place.
func (y Year) Of(a collectivity.Activity, p calendar.Period) calendar.Period {
	if p.From == "" {
		p.From = max(y.First(), a.Season.From)
	}
	if p.To == "" {
		p.To = min(y.Last(), a.Season.To)
	}
	return p
}

func (k *checking) way(path string, i int, w Way) {
	from, ok := k.place(path, ".school", ".class", w.School, w.Class)
	if !ok {
		return
	}
	if w.Class == "" {
		k.no(path+".class", "required", "Ce champ est obligatoire.")
		return
	}
	if slices.ContainsFunc(k.Classes[:i], func(o Way) bool { return o.School == w.School && o.Class == w.Class && o.Level == w.Level }) {
		k.no(path+".class", "duplicate", "Cette classe figure deux fois.")
	}
	going := LevelsOf(from.Class)
	if w.Level != "" {
		if !teaches(from.Class, w.Level) {
			k.no(path+".level", "level_not_of_class", fmt.Sprintf("La classe « %s » n’a pas ce niveau.", from.Class.Name))
			return
		}
		going = []Level{w.Level}
	}
	switch {
	case w.Leave && (w.ToSchool != "" || w.ToClass != ""):
		k.no(path+".leave", "leaves_or_goes", "Ces enfants partent, ou rejoignent une classe : pas les deux à la fois.")
	case !w.Leave && w.ToSchool == "" && w.ToClass == "":
		k.no(path+".toClass", "required", "Indiquez où vont ces enfants.")
	case !w.Leave:
		k.goal(path, w, going)
	}
}

// goal checks that the class that children go to is of the levels that they come to.
func (k *checking) goal(path string, w Way, going []Level) {
	school := w.ToSchool
	if school == "" {
		school = w.School
	}
	to, ok := k.place(path, ".toSchool", ".toClass", school, w.ToClass)
	if !ok || to.Class.ID == "" {
		return
	}
	for _, l := range going {
		next, goes := l.Next()
		switch {
		case !goes:
			k.no(path+".toClass", "last_level", fmt.Sprintf("Après le %s, les enfants quittent l’école primaire. Nommez ceux qui restent un à un.", l))
		case !teaches(to.Class, next):
			k.no(path+".toClass", "level_mismatch", fmt.Sprintf("La classe « %s » n’a pas le niveau %s.", to.Class.Name, next))
		}
	}
}

// place finds a school and one of its classes; "": none of them.
func (k *checking) place(path, schoolField, classField, schoolID, classID string) (p Place, ok bool) {
	if p.School, ok = k.town.School(schoolID); !ok {
		k.no(path+schoolField, "school_unknown", "Cette école n’existe pas.")
		return p, false
	}
	if classID == "" {
		return p, true
	}
	if p.Class, ok = p.School.Class(classID); ok {
		return p, true
	}
	if slices.ContainsFunc(k.town.Schools, func(s collectivity.School) bool { _, there := s.Class(classID); return there }) {
		k.no(path+classField, "class_of_other_school", fmt.Sprintf("Cette classe n’est pas de l’école « %s ».", p.School.Name))
	} else {
		k.no(path+classField, "class_unknown", "Cette classe n’existe pas.")
	}
	return p, false
}

func (k *checking) exception(path string, i int, e Exception) {
	if slices.ContainsFunc(k.Children[:i], func(o Exception) bool { return o.Child == e.Child }) {
		k.no(path+".child", "duplicate", "Cet enfant figure deux fois.")
	}
	goes := e.Move == Up || e.Move == Stays
	switch {
	case !goes && (e.School != "" || e.Class != ""):
		k.no(path+".move", "leaves_or_goes", "Un enfant qui part, ou dont rien n’est décidé, ne rejoint pas de classe.")
	case e.Class != "" && e.School == "":
		k.no(path+".school", "required", "Indiquez l’école de la classe.")
	case e.School != "":
		k.place(path, ".school", ".class", e.School, e.Class)
	}
}
