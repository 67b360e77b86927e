package rollover

import (
	"slices"
	"strings"
	"unicode"

	"preau/shared/collectivity"
)

// Level is a level of nursery or primary school: PS, CE1. A class may have several.
type Level string

// levels in their order (Code de l'éducation, D321-2); the toute petite section comes before the first cycle.
var levels = []Level{"TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2"}

// spelledOut are levels as some files write them.
var spelledOut = map[string]Level{
	"TOUTEPETITESECTION": "TPS", "PETITESECTION": "PS", "MOYENNESECTION": "MS", "GRANDESECTION": "GS", "COURSPRÉPARATOIRE": "CP", "COURSPREPARATOIRE": "CP",
}

// LevelOf reads a level: CE1, ce 1, Petite section.
func LevelOf(text string) (Level, bool) {
	name := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if l, known := spelledOut[name]; known {
		return l, true
	}
	return Level(name), slices.Contains(levels, Level(name))
}

// LevelsOf are the levels of a class, by what the town has set or else by its name: those of « CE1-CE2 B » are CE1 and CE2. None: it
// says nothing of them.
func LevelsOf(c collectivity.Class) []Level {
	if found := levelsIn(c.Level); len(found) > 0 {
		return found
	}
	return levelsIn(c.Name)
}

func levelsIn(text string) (found []Level) {
	if l, whole := LevelOf(text); whole {
		return []Level{l}
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, w := range words {
		if l, known := LevelOf(w); known && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

// Next is the level after one; none after CM2: the child leaves primary school.
func (l Level) Next() (Level, bool) {
	i := slices.Index(levels, l) + 1
	if i == 0 || i == len(levels) {
		return "", false
	}
	return levels[i], true
}

// Age is how old children of a level become in the calendar year in which its school year begins (Code de l'éducation, D113-1 and
// L131-5: three in PS, six in CP).
func (l Level) Age() int { return slices.Index(levels, l) + 2 }

// teaches says whether a class may be of a level: it has the level, or says nothing of its levels.
func teaches(c collectivity.Class, l Level) bool {
	all := LevelsOf(c)
	return len(all) == 0 || slices.Contains(all, l)
}
