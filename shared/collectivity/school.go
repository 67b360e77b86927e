package collectivity

import (
	"slices"
	"strings"

	"preau/shared/calendar"
)

// School is one of the town's schools, with its own week.
type School struct {
	ID, Name string
	Weekdays []calendar.Weekday // with classes; none: as the town's calendar says
	Classes  []Class
	Version  int // grows with each write
}

// Class of a school.
type Class struct{ ID, Name, Level string }

// SchoolOf finds a school as family files name it: by its id or its name.
func (c Configuration) SchoolOf(name string) (School, bool) {
	i := slices.IndexFunc(c.Schools, func(s School) bool { return s.ID == name || strings.EqualFold(s.Name, name) })
	if i < 0 {
		return School{}, false
	}
	return c.Schools[i], true
}

// ClassOf finds a class as family files name it.
func (s School) ClassOf(name string) (Class, bool) {
	i := slices.IndexFunc(s.Classes, func(c Class) bool { return c.ID == name || strings.EqualFold(c.Name, name) })
	if i < 0 {
		return Class{}, false
	}
	return s.Classes[i], true
}
