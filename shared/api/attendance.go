package api

// AttendanceQuery is GET /v1/collectivities/{slug}/attendance: one day of an activity, or at most seven.
type AttendanceQuery struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Activity string `query:"activity" json:"-" required:"true" max:"40"`
	Date     string `query:"date" json:"-" required:"true" format:"date"`
	To       string `query:"to" json:"-" format:"date"`                // the last day; left out: date alone
	Format   string `query:"format" json:"-" enum:"json,csv,xlsx,pdf"` // left out: json
	Care     string `query:"care" json:"-" enum:"true,false"`          // true: with what carers have to know, for agents with the right to health; left out: false
}

// Attendance is who comes to an activity, day after day.
type Attendance struct {
	Activity PlanningActivity `json:"activity"`
	Care     bool             `json:"care,omitempty"` // the lines tell it: it was asked for, and the agent has the right to health
	Days     []AttendanceDay  `json:"days"`
}

// AttendanceDay is one day of an activity. Who has several things written of them stands in one list only.
type AttendanceDay struct {
	Date    string            `json:"date"`
	Lines   []AttendanceLine  `json:"lines"`   // expected, absent, cancelled, or there without a booking; by name
	Waiting []AttendanceLine  `json:"waiting"` // by age group and rank
	Others  []AttendanceLine  `json:"others"`  // enrolled, and not expected: who comes nevertheless is recorded as present; by name
	Totals  AttendanceTotals  `json:"totals"`
	Options []AttendanceCount `json:"options"` // how many of each option are expected
	Groups  []AttendanceGroup `json:"groups"`  // places of each age group
}

// AttendanceLine is a child on a day.
type AttendanceLine struct {
	Family    string `json:"family"`
	Child     string `json:"child"`
	LastName  string `json:"lastName"`
	FirstName string `json:"firstName"`
	School    string `json:"school,omitempty"`
	Class     string `json:"class,omitempty"`
	Option    string `json:"option,omitempty"`
	Group     string `json:"group"` // age group
	State     string `json:"state" enum:"cancelled,enrolled,requested,booked,absence_requested,absent,waitlisted,refused"`
	Presence  string `json:"presence,omitempty" enum:"present,absent,unbooked"`
	Late      bool   `json:"late,omitempty"`      // booked after the limit
	Due       bool   `json:"due,omitempty"`       // absent after the limit, or without a word: billed unless it is justified
	Justified bool   `json:"justified,omitempty"` // absent for a reason that the town accepted
	Reason    string `json:"reason,omitempty"`    // French: of the justification or of a refusal
	Request   string `json:"request,omitempty"`   // of a day that waits: what a decision names to give it a place
	Rank      int    `json:"rank,omitempty"`      // among those who wait for a place of the age group
	Version   int    `json:"version"`             // of the day, grows with each write; 0: nothing is written of it
	Care      *Care  `json:"care,omitempty"`      // of who is expected or there
}

// AttendanceTotals counts a day's children.
type AttendanceTotals struct {
	Expected int `json:"expected"` // booked, or with an absence that is not decided yet
	Absent   int `json:"absent"`   // with a declared absence
	Present  int `json:"present"`  // of the expected
	Missing  int `json:"missing"`  // of the expected: recorded as absent
	Unbooked int `json:"unbooked"` // came without a booking
	Waiting  int `json:"waiting"`
}

// AttendanceCount is how many children of an option are expected.
type AttendanceCount struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Expected int    `json:"expected"`
}

// AttendanceGroup is the places of an age group on a day. Taken and waiting count those too who come through another
// activity, as a meal does.
type AttendanceGroup struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Expected int    `json:"expected"` // of this activity
	Capacity int    `json:"capacity"` // 0: room for all
	Taken    int    `json:"taken"`
	Free     int    `json:"free"` // of no meaning where there is room for all
	Waiting  int    `json:"waiting"`
}

// AttendanceRecord is PUT /v1/collectivities/{slug}/attendance: who was there, on a day that has come.
type AttendanceRecord struct {
	Slug      string           `path:"slug" json:"-" max:"63"`
	Activity  string           `json:"activity" required:"true" max:"40"`
	Date      string           `json:"date" required:"true" format:"date"`
	Presences []PresenceRecord `json:"presences" required:"true" max:"200"`
}

// PresenceRecord is one child's presence.
type PresenceRecord struct {
	Family   string  `json:"family" required:"true" max:"40"`
	Child    string  `json:"child" required:"true" max:"40"`
	Presence *string `json:"presence" enum:"present,absent"` // null: nothing is known any more
	Version  int     `json:"version,omitempty"`              // of the day that the agent saw; when it has moved, day_changed. Left out: whichever
}

// Justifications is POST /v1/collectivities/{slug}/attendance/justifications.
type Justifications struct {
	Slug     string          `path:"slug" json:"-" max:"63"`
	Activity string          `json:"activity" required:"true" max:"40"`
	Absences []Justification `json:"absences" required:"true" max:"200"`
}

// Justification accepts the reason of an absence, which is not billed then, or takes that back.
type Justification struct {
	Family   string `json:"family" required:"true" max:"40"`
	Child    string `json:"child" required:"true" max:"40"`
	Date     string `json:"date" required:"true" format:"date"`
	Decision string `json:"decision" required:"true" enum:"justify,undo"`
	Reason   string `json:"reason,omitempty" max:"500"` // required to justify; the family reads it
}

// AttendanceRecorded is the outcome of each line, in their order.
type AttendanceRecorded struct {
	Outcomes []AttendanceOutcome `json:"outcomes"`
}

// AttendanceOutcome is a day as it is after a line was taken, or why it was not.
type AttendanceOutcome struct {
	Family    string `json:"family"`
	Child     string `json:"child"`
	Date      string `json:"date"`
	State     string `json:"state,omitempty"`
	Presence  string `json:"presence,omitempty"`
	Justified bool   `json:"justified,omitempty"`
	Version   int    `json:"version"`
	Code      string `json:"code,omitempty"` // why it did not happen
	Detail    string `json:"detail,omitempty"`
}
