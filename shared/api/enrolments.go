package api

// Enrolment lets a child use an activity between two dates.
type Enrolment struct {
	ID        string   `json:"id"`
	Family    string   `json:"family"`
	Label     string   `json:"label"` // of the family
	Child     string   `json:"child"`
	ChildName string   `json:"childName"`
	Activity  string   `json:"activity"`
	From      string   `json:"from"`
	To        string   `json:"to"`
	Weekdays  []string `json:"weekdays,omitempty"` // none: every day that the activity opens
	Standing  bool     `json:"standing,omitempty"` // its days are booked ahead
	Option    string   `json:"option,omitempty"`   // of a standing one: what is booked
}

// EnrolmentsQuery is GET /v1/collectivities/{slug}/enrolments: those at an activity, of a family (and one of its children),
// or of a class.
type EnrolmentsQuery struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Activity string `query:"activity" json:"-" max:"40"`
	Family   string `query:"family" json:"-" max:"40"`
	Child    string `query:"child" json:"-" max:"40"`
	School   string `query:"school" json:"-" max:"40"`
	Class    string `query:"class" json:"-" max:"40"`
	Cursor   string `query:"cursor" json:"-" max:"400"`
}

// NewEnrolments is POST /v1/collectivities/{slug}/enrolments: a list of children, or all children of a class.
type NewEnrolments struct {
	Slug     string         `path:"slug" json:"-" max:"63"`
	Items    []NewEnrolment `json:"items,omitempty" max:"100"`
	School   string         `json:"school,omitempty" max:"40"` // with a class: all of its children, each as the rest says
	Class    string         `json:"class,omitempty" max:"40"`
	Activity string         `json:"activity,omitempty" max:"40"`
	From     string         `json:"from,omitempty" format:"date"`
	To       string         `json:"to,omitempty" format:"date"`
	Weekdays []string       `json:"weekdays,omitempty" max:"7" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Standing bool           `json:"standing,omitempty"`
	Option   string         `json:"option,omitempty" max:"40"`
}

// NewEnrolment is one child to be enrolled.
type NewEnrolment struct {
	Family   string   `json:"family" required:"true" max:"40"`
	Child    string   `json:"child" required:"true" max:"40"`
	Activity string   `json:"activity" required:"true" max:"40"`
	From     string   `json:"from" required:"true" format:"date"`
	To       string   `json:"to" required:"true" format:"date"`
	Weekdays []string `json:"weekdays,omitempty" max:"7" enum:"mon,tue,wed,thu,fri,sat,sun"` // none: every day that the activity opens
	Standing bool     `json:"standing,omitempty"`                                            // its days are booked ahead
	Option   string   `json:"option,omitempty" max:"40"`                                     // of a standing one: what is booked
}

// EnrolmentOutcomes are the outcomes of each child asked for, in their order.
type EnrolmentOutcomes struct {
	Outcomes []EnrolmentOutcome `json:"outcomes"`
}

// EnrolmentOutcome is what became of one child asked for.
type EnrolmentOutcome struct {
	Family    string `json:"family"`
	Child     string `json:"child"`
	Activity  string `json:"activity"`
	State     string `json:"state" enum:"enrolled,refused"`
	Enrolment string `json:"enrolment,omitempty"` // that was made, or that stands in the way
	Code      string `json:"code,omitempty"`
	Detail    string `json:"detail,omitempty"` // French
}

// EnrolmentUpdate is PUT /v1/collectivities/{slug}/enrolments/{enrolment}: its last day and its weekdays, as they shall be.
type EnrolmentUpdate struct {
	Slug      string   `path:"slug" json:"-" max:"63"`
	Enrolment string   `path:"enrolment" json:"-" max:"80"`
	To        string   `json:"to" required:"true" format:"date"`
	Weekdays  []string `json:"weekdays,omitempty" max:"7" enum:"mon,tue,wed,thu,fri,sat,sun"` // none: every day that the activity opens
}

// UpdatedEnrolment is an enrolment as it is now, with the days that are booked and that it no longer covers: they stay
// booked until somebody says otherwise.
type UpdatedEnrolment struct {
	Enrolment
	Outside []string `json:"outside"` // dates from today on
}
