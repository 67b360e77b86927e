// Package importing makes families, schools and enrolments of a town out of the rows of a table that other software wrote. Pure rules:
// which column says what, what each row means, which family of the town it is about, and what that would change. Whatever is not
// sure is left to an agent, with a French sentence that says where.
package importing

import (
	"slices"

	"preau/shared/refusal"
)

// Sort is what an import is of.
type Sort string

// The sorts of import. Families are with their guardians and children: a row tells of one child, or one guardian, or all of a family.
const (
	Families   Sort = "families"
	Schools    Sort = "schools"    // with their classes
	Enrolments Sort = "enrolments" // of children who are there
)

// Sorts are all of them.
var Sorts = []Sort{Families, Schools, Enrolments}

// Level says how much a note weighs.
type Level string

// The levels, from most to least.
const (
	Error   Level = "error"   // the row, and with it its family, is not imported
	Warning Level = "warning" // it is, but somebody should look
	Info    Level = "info"    // what changes
)

// Note is something to be told about a row.
type Note struct {
	Level  Level
	Code   string
	Column string // heading of the column in the file; "": the row
	Detail string // French
}

// Outcome is what becomes, or would become, of a row.
type Outcome string

// The outcomes of a row.
const (
	Creates Outcome = "created"   // something is added
	Updates Outcome = "updated"   // something that is there is completed or changed
	Same    Outcome = "unchanged" // all of it is there already
	Left    Outcome = "left"      // to the agent: which family it is about is not sure
	Wrong   Outcome = "error"
)

// Line is what the report says of a row.
type Line struct {
	Line    int // in the file, the columns' names being the first
	Who     string
	Outcome Outcome
	Notes   []Note
}

func (l *Line) note(n Note) {
	if !slices.Contains(l.Notes, n) {
		l.Notes = append(l.Notes, n)
	}
}

// Has says whether the line has a note of a level.
func (l Line) Has(level Level) bool {
	return slices.ContainsFunc(l.Notes, func(n Note) bool { return n.Level == level })
}

// Counts are how many rows had each outcome, and how much of each kind is added.
type Counts struct {
	Planned                                                                       int // families, schools or families with enrolments that something is to be done of
	Rows, Created, Updated, Unchanged, Left, Errors, Warnings                     int
	NewFamilies, NewGuardians, NewChildren, NewEnrolments, NewSchools, NewClasses int
}

// Add counts a line.
func (c *Counts) Add(l Line) {
	c.Rows++
	*map[Outcome]*int{Creates: &c.Created, Updates: &c.Updated, Same: &c.Unchanged, Left: &c.Left, Wrong: &c.Errors}[l.Outcome]++
	if l.Has(Warning) {
		c.Warnings++
	}
}

func wrong(code, column, detail string) Note { return Note{Error, code, column, detail} }
func warn(code, column, detail string) Note  { return Note{Warning, code, column, detail} }
func tell(column, detail string) Note        { return Note{Info, "changes", column, detail} }

// failure is a refusal of a whole file.
func failure(code, detail string) *refusal.Refusal { return refusal.New(refusal.Invalid, code, detail) }
