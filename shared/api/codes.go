package api

// CodeIssue is POST /v1/collectivities/{slug}/codes: whom to issue subscriber codes to, and to print letters for. One guardian of a
// family, families, or a selection of the town's: of a school or class, or all. Who is subscribed needs none.
type CodeIssue struct {
	Slug      string         `path:"slug" json:"-" max:"63"`
	Key       string         `header:"Idempotency-Key" json:"-" format:"key"`
	Guardian  string         `json:"guardian,omitempty" max:"40"` // of the one family named
	Families  []string       `json:"families,omitempty" max:"500"`
	Selection *CodeSelection `json:"selection,omitempty"`
	Codes     string         `json:"codes,omitempty" enum:"missing,expired,all"` // to guardians without a code that opens, to those whose last one expired unused, or to all, which closes those before; left out: missing, to one guardian all
}

// CodeSelection is a part of the town's families.
type CodeSelection struct {
	School            string `json:"school,omitempty" max:"40"`
	Class             string `json:"class,omitempty" max:"40"`
	WithoutSubscriber bool   `json:"withoutSubscriber,omitempty"` // families in which nobody is subscribed
}

// CodesQuery is GET /v1/collectivities/{slug}/codes: the codes that were issued, by family.
type CodesQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `query:"family" json:"-" max:"40"`
	Job    string `query:"job" json:"-" max:"40"` // that issued them
	State  string `query:"state" json:"-" enum:"open,used,expired,revoked,replaced"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// Codes is a page of issued codes. A page of a filtered list may hold few of them, or none, and have a cursor all the same.
type Codes struct {
	Items  []IssuedCode `json:"items"`
	Counts *CodeCounts  `json:"counts,omitempty"` // of the whole town; with the first page of it
	Cursor string       `json:"cursor,omitempty"`
}

// IssuedCode is a subscriber code as agents know it: never by its letters, which only its letter has.
type IssuedCode struct {
	ID           string `json:"id"`
	Family       string `json:"family"`
	FamilyLabel  string `json:"familyLabel,omitempty"`
	Guardian     string `json:"guardian"`
	GuardianName string `json:"guardianName,omitempty"`
	State        string `json:"state" enum:"open,used,expired,revoked,replaced"`
	IssuedAt     string `json:"issuedAt"`
	Until        string `json:"until"`               // it opens nothing from then on
	PrintedAt    string `json:"printedAt,omitempty"` // its letter was made
	ByHand       bool   `json:"byHand,omitempty"`    // that letter bears no address
	UsedAt       string `json:"usedAt,omitempty"`
	Job          string `json:"job"` // that issued it
}

// CodeCounts is how far the town's families are.
type CodeCounts struct {
	Issued                    int `json:"issued"`
	Letters                   int `json:"letters"` // that were made
	Open                      int `json:"open"`
	Used                      int `json:"used"`
	Expired                   int `json:"expired"`
	Revoked                   int `json:"revoked"` // or replaced by another
	Families                  int `json:"families"`
	FamiliesWithoutSubscriber int `json:"familiesWithoutSubscriber"`
}

// CodePath is DELETE /v1/collectivities/{slug}/codes/{code}.
type CodePath struct {
	Slug string `path:"slug" json:"-" max:"63"`
	Code string `path:"code" json:"-" max:"130"`
}
