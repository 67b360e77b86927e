package api

// CalendarSettings are what agents set of the town's days.
type CalendarSettings struct {
	Zone       string              `json:"zone" required:"true" max:"40"`                                   // of school holidays: A, B, C, corsica …
	Region     string              `json:"region,omitempty" max:"40"`                                       // whose public holidays are kept besides the national ones: alsace-moselle, reunion …
	Weekdays   []string            `json:"weekdays" required:"true" max:"6" enum:"mon,tue,wed,thu,fri,sat"` // of school
	Exceptions []CalendarException `json:"exceptions,omitempty" max:"200"`                                  // the last one that covers a day decides
}

// CalendarException closes days that would be open, or opens days that would be closed.
type CalendarException struct {
	From   string `json:"from" required:"true" format:"date"`
	To     string `json:"to" required:"true" format:"date"`
	Name   string `json:"name,omitempty" max:"100"`
	Open   bool   `json:"open,omitempty"`                         // an exceptional opening; a closure otherwise
	Counts string `json:"counts,omitempty" enum:"school,working"` // what it is about; school and town hall unless said
}

// TownCalendar is the town's calendar. Where the town keeps none yet, its zone is empty.
type TownCalendar struct {
	Version int `json:"version"` // of all settings together
	CalendarSettings
	Zones []string      `json:"zones"` // that have a school calendar
	Days  []CalendarDay `json:"days,omitempty"`
}

// CalendarDay is what a day is, for a school and the town.
type CalendarDay struct {
	Date          string `json:"date"`
	School        bool   `json:"school"`                  // classes
	Working       bool   `json:"working"`                 // jour ouvré
	PublicHoliday string `json:"publicHoliday,omitempty"` // French name
	Holidays      string `json:"holidays,omitempty"`      // French name of the school holidays
	Closure       string `json:"closure,omitempty"`       // name of the town's exception
	Opening       string `json:"opening,omitempty"`       // name of the town's exception
	Known         bool   `json:"known"`                   // whether the school holidays around the day are published
}

// TownCalendarQuery is GET /v1/collectivities/{slug}/calendar. With from and to, at most 366 days, it tells each of them.
type TownCalendarQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	From   string `query:"from" json:"-" format:"date"`
	To     string `query:"to" json:"-" format:"date"`
	School string `query:"school" json:"-" max:"40"` // whose days; left out: the town's
}

// TownCalendarUpdate is PUT /v1/collectivities/{slug}/calendar.
type TownCalendarUpdate struct {
	Slug    string `path:"slug" json:"-" max:"63"`
	Version int    `json:"version" required:"true"` // that the agent saw; when it has moved, 409 calendar_moved with the current one
	CalendarSettings
}
