package api

// ShareChild is POST /v1/collectivities/{slug}/families/{family}/children: a child of another file is put into this one too.
type ShareChild struct {
	Slug      string            `path:"slug" json:"-" max:"63"`
	Family    string            `path:"family" json:"-" max:"40"`
	Child     string            `json:"child" required:"true" max:"40"`
	From      string            `json:"from" required:"true" max:"40"` // the file that it is in
	Relations map[string]string `json:"relations,omitempty" max:"20"`  // of this file's guardians to the child, by guardian: mother, father, legal_guardian…
}

// SharedChild is a child of two files.
type SharedChild struct {
	Family  string `json:"family"`
	Child   string `json:"child"`
	From    string `json:"from"`
	Version int    `json:"version"` // of both files by now
}

// SharedChildPath is DELETE /v1/collectivities/{slug}/families/{family}/children/{child}: the child leaves this file, and stays in
// its other household's.
type SharedChildPath struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
	Child  string `path:"child" json:"-" max:"40"`
}

// UnsharedChild is a child of one file again.
type UnsharedChild struct {
	Family  string `json:"family"` // that it is in no more
	Child   string `json:"child"`
	Home    string `json:"home"`    // the file that it stays in
	Version int    `json:"version"` // of both files by now
}

// Departure is POST /v1/collectivities/{slug}/families/{family}/departures: children or guardians, or the whole family, have left.
type Departure struct {
	Slug    string   `path:"slug" json:"-" max:"63"`
	Family  string   `path:"family" json:"-" max:"40"`
	Members []string `json:"members,omitempty" max:"30"` // none: the whole family
	On      string   `json:"on" required:"true" format:"date"`
	Reason  string   `json:"reason,omitempty" max:"200"`
}

// Departed is who has left a file.
type Departed struct {
	Family  string   `json:"family"`
	On      string   `json:"on"`
	Members []string `json:"members"` // that left by this; who had left before is not among them
	Whole   bool     `json:"whole"`   // nobody stays
}
