package api

// SchoolSettings are what agents set of a school.
type SchoolSettings struct {
	Name     string        `json:"name" required:"true" max:"100"`
	Weekdays []string      `json:"weekdays,omitempty" max:"6" enum:"mon,tue,wed,thu,fri,sat"` // with classes; none: as the town's calendar says
	Classes  []SchoolClass `json:"classes,omitempty" max:"60"`
}

// SchoolClass is a class of a school.
type SchoolClass struct {
	ID    string `json:"id,omitempty" max:"40"` // kept across edits; a new class has none
	Name  string `json:"name" required:"true" max:"100"`
	Level string `json:"level,omitempty" max:"20"` // CP, CE1 …
}

// School is one of the town's schools.
type School struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // grows with each write
	SchoolSettings
}

// NewSchool is POST /v1/collectivities/{slug}/schools.
type NewSchool struct {
	Slug string `path:"slug" json:"-" max:"63"`
	SchoolSettings
}

// SchoolUpdate is PUT /v1/collectivities/{slug}/schools/{school}: the whole of it, as it shall be.
type SchoolUpdate struct {
	Slug    string `path:"slug" json:"-" max:"63"`
	School  string `path:"school" json:"-" max:"40"`
	Version int    `json:"version" required:"true"` // that the agent saw; when it has moved, 409 school_moved with the current one
	SchoolSettings
}
