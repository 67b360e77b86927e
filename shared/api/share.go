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
