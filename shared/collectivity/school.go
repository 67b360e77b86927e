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
	Former   []string // names that it had, which family files may still say
	Version  int      // grows with each write
}

// Class of a school.
type Class struct {
	ID, Name, Level string
	Former          []string // names that it had, which family files may still say
}

// Names are what family files may call the school by: its id, its name, and those that it had.
func (s School) Names() []string { return append([]string{s.ID, s.Name}, s.Former...) }

// Names are what family files may call the class by.
func (c Class) Names() []string { return append([]string{c.ID, c.Name}, c.Former...) }

// says finds a name whatever its case.
func says(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(name)) })
}

// SchoolOf finds a school as family files name it.
func (c Configuration) SchoolOf(name string) (School, bool) {
	i := slices.IndexFunc(c.Schools, func(s School) bool { return says(s.Names(), name) })
	if i < 0 {
		return School{}, false
	}
	return c.Schools[i], true
}

// ClassOf finds a class as family files name it.
func (s School) ClassOf(name string) (Class, bool) {
	i := slices.IndexFunc(s.Classes, func(c Class) bool { return says(c.Names(), name) })
	if i < 0 {
		return Class{}, false
	}
	return s.Classes[i], true
}
