package api

import "encoding/json"

// ActivitySettings are what agents set of an activity.
type ActivitySettings struct {
	Name     string           `json:"name" required:"true" max:"100"`
	Kind     string           `json:"kind" required:"true" enum:"canteen,morning,evening,wednesday,holidays,other"`
	Options  []ActivityOption `json:"options,omitempty" max:"40"`
	Groups   []AgeGroup       `json:"groups,omitempty" max:"20"`                                     // none: all children share the capacity
	Weekdays []string         `json:"weekdays,omitempty" max:"7" enum:"mon,tue,wed,thu,fri,sat,sun"` // on which it opens
	During   string           `json:"during,omitempty" enum:"school,term,holidays"`                  // which of them: days of school, all outside the school holidays, or those of holidays; left out: all
	Season   Period           `json:"season" required:"true"`
	Closed   []Period         `json:"closed,omitempty" max:"60"`
	Opened   []Period         `json:"opened,omitempty" max:"60"`                  // although its weekdays, the calendar or closed say otherwise
	Starts   string           `json:"starts" required:"true" max:"5"`             // local hour: 11:45
	Ends     string           `json:"ends,omitempty" max:"5"`                     // local hour
	Capacity int              `json:"capacity"`                                   // places a day; 0: room for all
	Decision string           `json:"decision" required:"true" enum:"agent,auto"` // on bookings: by an agent, or at once
	Absences string           `json:"absences,omitempty" enum:"agent,auto"`       // on absences; as on bookings unless said
	Rules    json.RawMessage  `json:"rules,omitempty"`                            // notice rules (/rules.schema.json); none: open until the service starts
	Promote  string           `json:"promote,omitempty" max:"5"`                  // hour of the day before at which places stop going to those who wait
	Requires []string         `json:"requires,omitempty" max:"20"`                // activities of which the child must have one on the same day
	Excludes []string         `json:"excludes,omitempty" max:"20"`                // activities that the child can not have on the same day
	Schools  []string         `json:"schools,omitempty" max:"100"`                // whose children may be enrolled; none: all
	Archived bool             `json:"archived,omitempty"`                         // no longer offered; its past stays

	JustifyDays int `json:"justifyDays,omitempty"` // after an absence, until which its reason may be accepted; 0: no limit
}

// ActivityOption is a formule as agents set it.
type ActivityOption struct {
	ID    string   `json:"id,omitempty" max:"40"` // kept across edits; a new option has none
	Name  string   `json:"name" required:"true" max:"100"`
	Needs []string `json:"needs,omitempty" max:"10"` // activities of which it takes a place too, as a meal does of the canteen's
}

// AgeGroup is children from one age to another on the day, both included.
type AgeGroup struct {
	ID       string `json:"id,omitempty" max:"40"` // kept across edits; a new group has none
	Name     string `json:"name" required:"true" max:"100"`
	From     int    `json:"from"`     // years
	To       int    `json:"to"`       // years
	Capacity int    `json:"capacity"` // places a day; 0: room for all
}

// Period is all days from one to another, both included.
type Period struct {
	From string `json:"from" required:"true" format:"date"`
	To   string `json:"to" required:"true" format:"date"`
}

// Activity is what children come to, as agents see it.
type Activity struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // grows with each write
	ActivitySettings
}

// NewActivity is POST /v1/collectivities/{slug}/activities.
type NewActivity struct {
	Slug string `path:"slug" json:"-" max:"63"`
	ActivitySettings
}

// ActivityUpdate is PUT /v1/collectivities/{slug}/activities/{activity}: the whole of it, as it shall be.
type ActivityUpdate struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Activity string `path:"activity" json:"-" max:"40"`
	Version  int    `json:"version" required:"true"` // that the agent saw; when it has moved, 409 activity_moved with the current one
	ActivitySettings
}

// Simulation is POST /v1/collectivities/{slug}/activities/simulation: when a day, or each of several, may be asked for by
// notice rules that need not be saved.
type Simulation struct {
	Slug     string            `path:"slug" json:"-" max:"63"`
	Rules    json.RawMessage   `json:"rules" required:"true"`
	Activity SimulatedActivity `json:"activity,omitzero"`
	School   string            `json:"school,omitempty" max:"40"` // whose days count; left out: the town's
	Kind     string            `json:"kind" required:"true" enum:"booking,absence"`
	Day      string            `json:"day,omitempty" format:"date"` // this or days
	Days     []string          `json:"days,omitempty" max:"40"`
	At       string            `json:"at,omitempty" format:"instant"` // of asking; left out: now
	Resident *bool             `json:"resident,omitempty"`            // whether the family lives in the town; left out: yes
}

// SimulatedActivity is what rules need to know of an activity.
type SimulatedActivity struct {
	Kind   string `json:"kind,omitempty" enum:"canteen,morning,evening,wednesday,holidays,other"`
	Starts string `json:"starts,omitempty" max:"5"` // local hour: 11:45
}

// Simulated is the answer for the day, or for each of the days.
type Simulated struct {
	Verdict
	Days []DayVerdict `json:"days,omitempty"`
}

// Verdict says whether a day may be asked for at the instant, and the limits, which are exclusive.
type Verdict struct {
	State     string `json:"state,omitempty" enum:"not_open_yet,open,late,closed"`
	Opens     string `json:"opens,omitempty"`     // instant; left out: it was always open
	Closes    string `json:"closes,omitempty"`    // instant; left out: it never opens
	LateUntil string `json:"lateUntil,omitempty"` // instant; left out: nothing is taken after closes
	Surcharge string `json:"surcharge,omitempty"` // as the rules word it
	Text      string `json:"text,omitempty"`      // French, as families read it
}

// DayVerdict is the verdict on one of several days.
type DayVerdict struct {
	Day string `json:"day"`
	Verdict
}
