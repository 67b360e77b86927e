package api

// MergePreviewQuery is POST /v1/collectivities/{slug}/families/merges/preview.
type MergePreviewQuery struct {
	Slug string `path:"slug" json:"-" max:"63"`
	From string `json:"from" required:"true" max:"40"` // the family that goes into the other
	Into string `json:"into" required:"true" max:"40"` // the family that stays
}

// MergeOrder is POST /v1/collectivities/{slug}/families/merges: what a preview showed. Where a file has moved since, 409
// version_moved.
type MergeOrder struct {
	Slug        string `path:"slug" json:"-" max:"63"`
	From        string `json:"from" required:"true" max:"40"`
	Into        string `json:"into" required:"true" max:"40"`
	FromVersion int    `json:"fromVersion" required:"true"`
	IntoVersion int    `json:"intoVersion" required:"true"`
}

// Merge is what becomes, or became, of a file that is merged into another.
type Merge struct {
	From       MergedFile        `json:"from"`
	Into       MergedFile        `json:"into"`
	Guardians  []MergedMember    `json:"guardians"`
	Children   []MergedMember    `json:"children"`
	Contacts   []MergedMember    `json:"contacts"`
	Documents  []MergedMember    `json:"documents"`
	Enrolments []MergedEnrolment `json:"enrolments"`
	Obstacles  []MergeObstacle   `json:"obstacles"` // none: it can be done
}

// MergedFile is one of the two.
type MergedFile struct {
	Family  string `json:"family"`
	Label   string `json:"label"`
	Version int    `json:"version"`
}

// MergedMember is what becomes of a member of the file that goes.
type MergedMember struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Outcome string   `json:"outcome"`           // moved; same: the other file has them already
	Same    string   `json:"same,omitempty"`    // as whom
	Takes   []string `json:"takes,omitempty"`   // French: what the other file lacked of them and gets
	Differs []string `json:"differs,omitempty"` // French: what both say, and not the same: the other file's stays
}

// MergedEnrolment is what becomes of an enrolment.
type MergedEnrolment struct {
	ID       string `json:"id"`
	Child    string `json:"child"` // first name
	Activity string `json:"activity"`
	From     string `json:"from"`
	To       string `json:"to"`
	Outcome  string `json:"outcome"` // moved: from today on; left: it is past, and stays where its days are
}

// MergeObstacle is why two files can not be merged.
type MergeObstacle struct {
	Code   string `json:"code"`
	Detail string `json:"detail"` // French
}
