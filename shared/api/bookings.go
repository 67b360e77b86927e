package api

// PlanningQuery is GET /v1/families/{family}/planning: at most 366 days.
type PlanningQuery struct {
	Family   string   `path:"family" json:"-" max:"40"`
	From     string   `query:"from" json:"-" required:"true" format:"date"`
	To       string   `query:"to" json:"-" required:"true" format:"date"`
	Child    []string `query:"child" json:"-" max:"20"`
	Activity []string `query:"activity" json:"-" max:"50"`
}

// Planning is a family's days between two dates.
type Planning struct {
	From       string             `json:"from"`
	To         string             `json:"to"`
	Children   []PlanningChild    `json:"children"`
	Activities []PlanningActivity `json:"activities"`
	Days       []PlanningDay      `json:"days"`
	Legend     []Legend           `json:"legend"` // the states that these days are in, in the order of a legend
}

// Legend says a state as families read it.
type Legend struct {
	State string `json:"state"`
	Label string `json:"label"`
}

// PlanningChild is a child in the planning.
type PlanningChild struct {
	ID        string `json:"id"`
	FirstName string `json:"firstName"`
	Colour    string `json:"colour"` // CSS colour, stable per child, apart for colour-blind eyes
}

// PlanningActivity is an activity in the planning.
type PlanningActivity struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Options []Option `json:"options"`
}

// Option is a formule of an activity: one per child and day.
type Option struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// PlanningDay is one child's day at one activity.
type PlanningDay struct {
	Date     string   `json:"date"`
	Child    string   `json:"child"`
	Activity string   `json:"activity"`
	Option   string   `json:"option,omitempty"`
	State    string   `json:"state" enum:"closed,cancelled,enrolled,requested,booked,absence_requested,absent,waitlisted,refused"`
	Presence string   `json:"presence,omitempty" enum:"present,absent,unbooked"`
	Charge   string   `json:"charge,omitempty" enum:"normal,late,none,due,waived"`
	Actions  []string `json:"actions"`           // book, absent, cancel
	Until    string   `json:"until,omitempty"`   // instant at which the actions close
	Code     string   `json:"code,omitempty"`    // why nothing can be done: past, too_late, booked_elsewhere…
	Reason   string   `json:"reason,omitempty"`  // French: why nothing can be done, or why it was refused
	Rank     int      `json:"rank,omitempty"`    // of a day that waits for a place: 1 is next
	Rule     string   `json:"rule,omitempty"`    // French: until when, as the notice rule says
	Late     bool     `json:"late,omitempty"`    // acting now has its price: a booking is charged as late, an absence is billed
	Request  string   `json:"request,omitempty"` // the request that a cancel withdraws
}

// NewRequest is POST /v1/families/{family}/requests.
type NewRequest struct {
	Family string `path:"family" json:"-" max:"40"`
	Key    string `header:"Idempotency-Key" json:"-" format:"key"`
	Asking
}

// RequestForFamily is POST /v1/collectivities/{slug}/families/{family}/requests: what an agent asks for in a family's place.
type RequestForFamily struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
	Key    string `header:"Idempotency-Key" json:"-" format:"key"`
	Asking
	Overbook bool `json:"overbook,omitempty"` // book although there is no place left
}

// Asking is what a request asks for.
type Asking struct {
	Kind     string        `json:"kind" required:"true" enum:"booking,absence"`
	Items    []RequestItem `json:"items" required:"true" max:"50"`
	From     string        `json:"from" required:"true" format:"date"`
	To       string        `json:"to" required:"true" format:"date"`
	Weekdays []string      `json:"weekdays,omitempty" max:"7" enum:"mon,tue,wed,thu,fri,sat,sun"`
	Weeks    string        `json:"weeks,omitempty" enum:"every,odd,even"`
	Comment  string        `json:"comment,omitempty" max:"1000"`
}

// RequestItem is a child at an activity.
type RequestItem struct {
	Child    string `json:"child" required:"true" max:"40"`
	Activity string `json:"activity" required:"true" max:"40"`
	Option   string `json:"option,omitempty" max:"40"`
}

// Request is what a parent asked for and what became of each day.
type Request struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind"`
	State     string        `json:"state"` // pending, accepted, refused, partly, withdrawn
	CreatedAt string        `json:"createdAt"`
	From      string        `json:"from"`
	To        string        `json:"to"`
	Items     []RequestItem `json:"items"`
	Comment   string        `json:"comment,omitempty"`
	Progress  Progress      `json:"progress"`
	Days      []RequestDay  `json:"days"`
}

// Progress says how far a request is written: all its days at once, or some while it is worked off.
type Progress struct {
	Done    bool `json:"done"`
	Settled int  `json:"settled"`
	Total   int  `json:"total"`
}

// RequestDay is one day's own outcome.
type RequestDay struct {
	Date     string `json:"date"`
	Child    string `json:"child"`
	Activity string `json:"activity"`
	Option   string `json:"option,omitempty"`
	State    string `json:"state"`
	Code     string `json:"code,omitempty"`
	Detail   string `json:"detail,omitempty"`
	Charge   string `json:"charge,omitempty" enum:"late,due"` // where it is not the usual one: a surcharge, or an absence that is billed
}

// RequestPreview says what would become of a request if it were sent now.
type RequestPreview struct {
	Kind string       `json:"kind"`
	Days []RequestDay `json:"days"`
}

// RequestsQuery is GET /v1/families/{family}/requests.
type RequestsQuery struct {
	Family   string `path:"family" json:"-" max:"40"`
	Child    string `query:"child" json:"-" max:"40"`
	Activity string `query:"activity" json:"-" max:"40"`
	Kind     string `query:"kind" json:"-" enum:"booking,absence"`
	State    string `query:"state" json:"-" enum:"pending,accepted,refused,partly,withdrawn"`
	From     string `query:"from" json:"-" format:"date"` // requests about a day from here on
	To       string `query:"to" json:"-" format:"date"`   // and up to here
	Cursor   string `query:"cursor" json:"-" max:"400"`
}

// RequestPath is GET and DELETE /v1/families/{family}/requests/{request}.
type RequestPath struct {
	Family  string `path:"family" json:"-" max:"40"`
	Request string `path:"request" json:"-" max:"120"`
}

// PendingRequestsQuery is GET /v1/collectivities/{slug}/requests, oldest first. A page may show fewer than there are, while
// its cursor leads on.
type PendingRequestsQuery struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Activity string `query:"activity" json:"-" max:"40"`
	Kind     string `query:"kind" json:"-" enum:"booking,absence"`
	From     string `query:"from" json:"-" format:"date"` // with a day that waits for a decision from here on
	To       string `query:"to" json:"-" format:"date"`   // and up to here
	Cursor   string `query:"cursor" json:"-" max:"400"`
}

// PendingRequest is a request with days that wait for an agent.
type PendingRequest struct {
	Request
	Family   string         `json:"family"`
	Label    string         `json:"label"`
	Children []PendingChild `json:"children"` // that it is for
}

// PendingChild is a child that a request is for.
type PendingChild struct {
	ID        string `json:"id"`
	LastName  string `json:"lastName"`
	FirstName string `json:"firstName"`
}

// RequestDecisions is POST /v1/collectivities/{slug}/requests/decisions.
type RequestDecisions struct {
	Slug      string            `path:"slug" json:"-" max:"63"`
	Decisions []RequestDecision `json:"decisions" required:"true" max:"50"`
}

// RequestDecision accepts or refuses the pending days of a request; date, child and activity narrow it down.
type RequestDecision struct {
	Request  string `json:"request" required:"true" max:"120"`
	Date     string `json:"date,omitempty" format:"date"`
	Child    string `json:"child,omitempty" max:"40"`
	Activity string `json:"activity,omitempty" max:"40"`
	Decision string `json:"decision" required:"true" enum:"accept,refuse"`
	Reason   string `json:"reason,omitempty" max:"500"` // required to refuse
	Overbook bool   `json:"overbook,omitempty"`         // accept although there is no place left
}
