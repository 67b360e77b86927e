// Package schooldays says of each day what it is for a school and its town: a day of school, a working day, a public
// holiday, a day of the school holidays or of term.
//
// Public holidays are computed. School holidays are data by zone (breaks.json, or the operator's own in its place): where
// that data says nothing, days have only their weekday. A town adds its closures and exceptional openings, and each school
// its own week of 4 or 4.5 days. All of it is about days, never about hours: no change of the clocks moves anything.
package schooldays

import (
	"slices"

	"preau/shared/calendar"
)

// The school weeks that are usual. A school may have another: with Saturday instead of Wednesday, say.
var (
	FourDays     = []calendar.Weekday{"mon", "tue", "thu", "fri"}
	FourAndAHalf = []calendar.Weekday{"mon", "tue", "wed", "thu", "fri"}
)

// Settings are what a collectivity says of its days, for one of its schools.
type Settings struct {
	Zone       string             `json:"zone"`             // A, B, C, corsica, or one that the operator's data adds
	Region     Region             `json:"region,omitempty"` // whose public holidays are kept besides the national ones
	Weekdays   []calendar.Weekday `json:"weekdays"`         // of the school
	Exceptions []Exception        `json:"exceptions,omitempty"`
}

// Exception closes days that would be open, or opens days that would be closed. The last one that covers a day decides.
type Exception struct {
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Name   string        `json:"name,omitempty"`
	Open   bool          `json:"open,omitempty"`   // an exceptional opening; a closure otherwise
	Counts Counts        `json:"counts,omitempty"` // what it is about; school and town hall unless said
}

// Counts names what an exception is about.
type Counts string

// What an exception may be about.
const (
	Both    Counts = ""
	School  Counts = "school"
	Working Counts = "working"
)

// Calendar is the days of one school and its town. The zero value knows no school days and no holidays; New makes one.
type Calendar struct {
	region     Region
	weekdays   []calendar.Weekday
	exceptions []Exception
	zone       Zone
}

// Public says whether the day is a public holiday.
func (c Calendar) Public(d calendar.Date) bool { return PublicHoliday(d, c.region) != "" }

// Working says whether the day is a jour ouvré: Monday to Friday, no public holiday, unless the town says otherwise.
func (c Calendar) Working(d calendar.Date) bool {
	return c.worked(d, d.Weekday() != "sat" && d.Weekday() != "sun")
}

// Workable says whether the day is a jour ouvrable: Monday to Saturday, no public holiday, unless the town says otherwise.
func (c Calendar) Workable(d calendar.Date) bool { return c.worked(d, d.Weekday() != "sun") }

// Open says whether anything may take place on the day, whatever its weekday: no public holiday and no closure of the town.
func (c Calendar) Open(d calendar.Date) bool { return c.worked(d, true) }

func (c Calendar) worked(d calendar.Date, usual bool) bool {
	if open, said := c.said(d, Working); said {
		return open
	}
	return usual && !c.Public(d)
}

// School says whether the school has classes on the day.
func (c Calendar) School(d calendar.Date) bool {
	if open, said := c.said(d, School); said {
		return open
	}
	return slices.Contains(c.weekdays, d.Weekday()) && !c.Public(d) && !c.zone.off(d)
}

// said is what the town's own exceptions say of a day, if anything.
func (c Calendar) said(d calendar.Date, of Counts) (open, said bool) {
	for _, e := range slices.Backward(c.exceptions) {
		if e.From <= d && d <= e.To && (e.Counts == of || e.Counts == Both) {
			return e.Open, true
		}
	}
	return false, false
}

// Covers says whether the data on school holidays says anything of a day. Where it does not, no day is a holiday.
func (c Calendar) Covers(d calendar.Date) bool { return c.zone.From <= d && d <= c.zone.To }
