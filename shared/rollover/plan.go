package rollover

import (
	"slices"
	"strconv"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// Becomes is what becomes of a child.
type Becomes string

// What becomes of children. Moved have been brought to the year already; Left are left to an agent, with a code; Apart are not of
// school age, or of whom nobody asked.
const (
	Up     Becomes = "up"
	Stays  Becomes = "stays"
	Leaves Becomes = "leaves"
	Left   Becomes = "left"
	Moved  Becomes = "moved"
	Apart  Becomes = "apart"
)

// Place is where a child is at school, or will be. A school or class without id is none that the town has; a class without id
// at its end is yet to be said.
type Place struct {
	School collectivity.School
	Class  collectivity.Class
	Level  Level
}

// Move is what becomes of one child.
type Move struct {
	Becomes  Becomes
	Code     string // of why it is left to an agent
	From, To Place
}

// Detail is the French sentence of a move's code.
func (m Move) Detail() string { return details[m.Code] }

var details = map[string]string{
	"level_unknown":   "Son niveau ne se lit pas dans le dossier.",
	"school_unknown":  "Son école n’est pas une école de la collectivité.",
	"already_there":   "Son niveau est déjà celui des enfants de son âge à la prochaine rentrée : arrivé pour celle-ci, ou en avance.",
	"school_open":     "Plusieurs écoles, ou aucune, ont le niveau suivant : indiquez où va sa classe.",
	"level_mismatch":  "La classe choisie n’a pas le niveau où il arrive.",
	"child_shared":    "Il quitte l’école mais figure dans deux dossiers : retirez-le d’abord de l’un d’eux.",
	"enrolled_ahead":  "Il quitte l’école mais il est déjà inscrit à une activité de la nouvelle année scolaire.",
	"own_family":      "Un agent ne décide pas pour sa propre famille : un autre gestionnaire s’en charge.",
	"set_aside":       "Vous l’avez mis de côté.",
	"already_leaving": "Son départ est prévu.",
}

// Planning decides what becomes of children, by what a town has set and a manager chose.
type Planning struct {
	Choices
	town       collectivity.Configuration
	exceptions map[string]Exception // by child
	own        map[string]bool      // by family
}

// New is the planning of a town's choices; own are the families that are the manager's own.
func New(c collectivity.Configuration, ch Choices, own map[string]bool) Planning {
	p := Planning{Choices: ch, town: c, exceptions: map[string]Exception{}, own: own}
	for _, e := range ch.Children {
		p.exceptions[e.Child] = e
	}
	return p
}

// Child is what becomes of a child of a family, whose enrolments these are.
func (p Planning) Child(familyID string, m family.Member, enrolments []booking.Enrolment) Move {
	e, named := p.exceptions[m.ID]
	move := Move{From: p.at(m)}
	move.To = move.From
	switch {
	case m.Placed == int(p.Year) && m.Leaving != "":
		move.Becomes, move.Code = Moved, "already_leaving"
		return move
	case m.Placed == int(p.Year):
		move.Becomes = Moved
		return move
	case p.Only && !named:
		move.Becomes = Apart
		return move
	case p.own[familyID]:
		return move.left("own_family")
	case e.Move == Left:
		return move.left("set_aside")
	}
	if named {
		return p.leaver(p.exception(move, e), m, enrolments)
	}
	return p.leaver(p.usual(move, m), m, enrolments)
}

func (m Move) left(code string) Move {
	m.Becomes, m.Code, m.To = Left, code, m.From
	return m
}

// at is where a child is by its file. A child without a level has that of its class, if that has one only.
func (p Planning) at(m family.Member) (at Place) {
	at.School, _ = p.town.SchoolOf(m.Text("school", "school"))
	at.Class, _ = at.School.ClassOf(m.Text("school", "class"))
	level, known := LevelOf(m.Text("school", "level"))
	if known {
		at.Level = level
	} else if all := LevelsOf(at.Class); m.Text("school", "level") == "" && at.Class.ID != "" && len(all) == 1 {
		at.Level = all[0]
	}
	return at
}

// usual is what becomes of a child of whom nobody said anything else than of its class.
func (p Planning) usual(move Move, m family.Member) Move {
	years, known := p.grown(m)
	switch {
	case known && years < Level("PS").Age() && m.Text("school", "level") == "" && move.From.School.ID == "":
		move.Becomes = Apart
		return move
	case move.From.Level == "":
		return move.left("level_unknown")
	case move.From.School.ID == "":
		return move.left("school_unknown")
	case known && years <= move.From.Level.Age():
		return move.left("already_there")
	}
	w := p.way(move.From)
	next, goes := move.From.Level.Next()
	if w.Leave || !goes {
		move.Becomes = Leaves
		return move
	}
	move.Becomes, move.To.Level = Up, next
	if w.ToSchool == "" && w.ToClass == "" {
		return p.find(move)
	}
	if w.ToSchool != "" {
		move.To.School, _ = p.town.School(w.ToSchool)
	}
	return p.into(move, w.ToClass)
}

// grown is how old a child becomes in the calendar year in which the new school year begins; known is false where nobody knows its
// birth date.
func (p Planning) grown(m family.Member) (years int, known bool) {
	born := m.Text("identity", "birthDate")
	if len(born) < len("2018") {
		return 0, false
	}
	year, err := strconv.Atoi(born[:4])
	return int(p.Year) - year, err == nil
}

// way is where the children of a class go: what was said of their level comes before what was said of all of it.
func (p Planning) way(from Place) (way Way) {
	for _, w := range p.Classes {
		if from.Class.ID != "" && w.School == from.School.ID && w.Class == from.Class.ID && (w.Level == from.Level || w.Level == "" && way.Level == "") {
			way = w
		}
	}
	return way
}

// exception is what becomes of a child of whom the manager said it.
func (p Planning) exception(move Move, e Exception) Move {
	move.Becomes = e.Move
	if e.Move == Leaves {
		return move
	}
	if move.From.Level == "" {
		return move.left("level_unknown")
	}
	if e.Move == Up {
		next, goes := move.From.Level.Next()
		if !goes {
			return move.left("level_mismatch")
		}
		move.To.Level = next
	}
	if e.School != "" {
		move.To.School, _ = p.town.School(e.School)
		return p.into(move, e.Class)
	}
	if move.From.School.ID == "" {
		return move.left("school_unknown")
	}
	if e.Move == Stays {
		return move // where it is, whatever its class is called
	}
	return p.find(move)
}

// into has a child join a class of the school that it goes to; "": the only one of its level, or none yet.
func (p Planning) into(move Move, class string) Move {
	if class == "" {
		move.To.Class = only(move.To)
		return move
	}
	move.To.Class, _ = move.To.School.Class(class)
	if !teaches(move.To.Class, move.To.Level) {
		return move.left("level_mismatch")
	}
	return move
}

// find looks for where a child goes who moves up: to the only class of its level at its school, else to the only school that has
// the level. Where its school has several such classes, its class is yet to be said.
func (p Planning) find(move Move) Move {
	if hasLevel(move.To.School, move.To.Level) {
		move.To.Class = only(move.To)
		return move
	}
	var schools []collectivity.School
	for _, s := range p.town.Schools {
		if hasLevel(s, move.To.Level) {
			schools = append(schools, s)
		}
	}
	if len(schools) != 1 {
		return move.left("school_open")
	}
	move.To.School = schools[0]
	move.To.Class = only(move.To)
	return move
}

func hasLevel(s collectivity.School, l Level) bool { return len(of(s, l)) > 0 }

// of are the classes of a school that have a level.
func of(s collectivity.School, l Level) (classes []collectivity.Class) {
	for _, c := range s.Classes {
		if slices.Contains(LevelsOf(c), l) {
			classes = append(classes, c)
		}
	}
	return classes
}

// only is the one class of a place's level at its school; none where there are several, or none.
func only(at Place) (class collectivity.Class) {
	if classes := of(at.School, at.Level); len(classes) == 1 {
		return classes[0]
	}
	return class
}

// leaver leaves to an agent whose departure could not be recorded.
func (p Planning) leaver(move Move, m family.Member, enrolments []booking.Enrolment) Move {
	if move.Becomes != Leaves {
		return move
	}
	move.To = Place{}
	ahead := slices.ContainsFunc(enrolments, func(e booking.Enrolment) bool { return e.Child == m.ID && e.Period.From > p.Year.Eve() })
	switch {
	case m.Other != "":
		return move.left("child_shared")
	case ahead:
		return move.left("enrolled_ahead")
	}
	return move
}
