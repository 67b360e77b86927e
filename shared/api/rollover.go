package api

// RolloverChoices are what a manager decides of the move to a school year. All but the year may be left out: classes move up where there
// is one way only, and no enrolment goes on.
type RolloverChoices struct {
	Year       int                `json:"year" required:"true"`           // by its September: 2027 is 2027-2028
	Activities []RolloverActivity `json:"activities,omitempty" max:"100"` // whose enrolments go on; others end by themselves
	Classes    []RolloverClass    `json:"classes,omitempty" max:"1000"`   // where classes go
	Children   []RolloverChild    `json:"children,omitempty" max:"500"`   // who does not go as their class
}

// RolloverActivity is an activity whose enrolments that lasted until summer go on: same weekdays, same formule, standing or not.
type RolloverActivity struct {
	Activity string `json:"activity" required:"true" max:"40"`
	From     string `json:"from,omitempty" format:"date"` // left out: as long as the activity takes place in the year
	To       string `json:"to,omitempty" format:"date"`
}

// RolloverClass is where the children of a class go, or those of one level of it.
type RolloverClass struct {
	School   string `json:"school" required:"true" max:"40"`
	Class    string `json:"class" required:"true" max:"40"`
	Level    string `json:"level,omitempty" enum:"TPS,PS,MS,GS,CP,CE1,CE2,CM1,CM2"` // of a class of several; left out: all of it
	ToSchool string `json:"toSchool,omitempty" max:"40"`                            // left out: the same
	ToClass  string `json:"toClass,omitempty" max:"40"`                             // left out: the only one of the next level, else none yet
	Leave    bool   `json:"leave,omitempty"`                                        // they leave the town's schools
}

// RolloverChild is a child who does not go as its class.
type RolloverChild struct {
	Family string `json:"family" required:"true" max:"40"`
	Child  string `json:"child" required:"true" max:"40"`
	Move   string `json:"move" required:"true" enum:"up,stays,leaves,left"` // left: nothing is done
	School string `json:"school,omitempty" max:"40"`                        // where it goes; left out: as its class, or where it is
	Class  string `json:"class,omitempty" max:"40"`                         // of that school
}

// RolloverPreview is POST /v1/collectivities/{slug}/schools/rollover/preview: what would become of each child. It writes nothing.
type RolloverPreview struct {
	Slug string `path:"slug" json:"-" max:"63"`
	RolloverChoices
}

// RolloverOrder is POST /v1/collectivities/{slug}/schools/rollover: the move to a school year, once. Once it is done only children are
// moved who are named and were left to an agent.
type RolloverOrder struct {
	Slug string `path:"slug" json:"-" max:"63"`
	Key  string `header:"Idempotency-Key" json:"-" format:"key"`
	RolloverChoices
}

// Rollover is what would become of each child of the town.
type Rollover struct {
	Year       int                     `json:"year"`
	Opens      string                  `json:"opens"`         // the day from which on it may be done
	Job        string                  `json:"job,omitempty"` // that did it already, or does
	Counts     RolloverCounts          `json:"counts"`
	Classes    []RolloverClassCount    `json:"classes"`        // by school, class and level
	Activities []RolloverActivityCount `json:"activities"`     // that were chosen
	Children   []RolloverMove          `json:"children"`       // who is left to an agent first
	More       int                     `json:"more,omitempty"` // children beyond those listed
}

// RolloverCounts are numbers of children.
type RolloverCounts struct {
	Up     int `json:"up"`
	Stays  int `json:"stays"`
	Leaves int `json:"leaves"`
	Left   int `json:"left"`  // to an agent
	Moved  int `json:"moved"` // to the year already
}

// RolloverClassCount is where the children of one level of a class would go.
type RolloverClassCount struct {
	From     SchoolPlace    `json:"from"`
	Children int            `json:"children"`
	Goals    []RolloverGoal `json:"goals"`
}

// RolloverGoal is one of the places where some of them go.
type RolloverGoal struct {
	Becomes  string      `json:"becomes" enum:"up,stays,leaves,left,moved"`
	To       SchoolPlace `json:"to"`
	Children int         `json:"children"`
}

// SchoolPlace is a school, class and level, as the town names them.
type SchoolPlace struct {
	School     string `json:"school,omitempty"` // id
	SchoolName string `json:"schoolName,omitempty"`
	Class      string `json:"class,omitempty"` // id; none: yet to be said
	ClassName  string `json:"className,omitempty"`
	Level      string `json:"level,omitempty"`
}

// RolloverActivityCount is what would become of the enrolments at an activity.
type RolloverActivityCount struct {
	Activity string `json:"activity"`
	Name     string `json:"name"`
	From     string `json:"from"`
	To       string `json:"to"`
	Renewed  int    `json:"renewed"`
	Refused  int    `json:"refused"` // that can not go on; each child says why
}

// RolloverMove is what would become of a child.
type RolloverMove struct {
	Family    string            `json:"family"`
	Label     string            `json:"label"`
	Child     string            `json:"child"`
	FirstName string            `json:"firstName"`
	LastName  string            `json:"lastName"`
	Becomes   string            `json:"becomes" enum:"up,stays,leaves,left,moved"`
	Code      string            `json:"code,omitempty"`   // why it is left to an agent
	Detail    string            `json:"detail,omitempty"` // French
	From      SchoolPlace       `json:"from"`
	To        SchoolPlace       `json:"to"`
	Renewed   []string          `json:"renewed,omitempty"` // activities
	Refused   []RolloverRefusal `json:"refused,omitempty"`
}

// RolloverRefusal is an enrolment that can not go on.
type RolloverRefusal struct {
	Activity string `json:"activity"`
	Code     string `json:"code"`
	Detail   string `json:"detail"` // French
}
