package api

// FamilySearch is GET /v1/collectivities/{slug}/families: families by names, by a subscriber code, or by both.
type FamilySearch struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Query  string `query:"q" json:"-" max:"100"`   // beginnings of names, two letters at least: of guardians, of children, of the file
	Code   string `query:"code" json:"-" max:"40"` // a subscriber code as it was typed
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// FoundFamily is a family that a search finds.
type FoundFamily struct {
	Family    string       `json:"family"`
	Label     string       `json:"label"`
	Guardians []string     `json:"guardians"` // their names
	Children  []FoundChild `json:"children"`
}

// FoundChild is a child of a family that a search finds.
type FoundChild struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	BirthDate string `json:"birthDate,omitempty"`
}

// AgentFamilyPath is GET /v1/collectivities/{slug}/families/{family}.
type AgentFamilyPath struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
}

// OpenedFile is a family file as an agent may see it: sections that their role does not let them see are absent.
type OpenedFile struct {
	Family       string           `json:"family"`
	Version      int              `json:"version"`
	Label        string           `json:"label"`
	Guardians    []OpenedGuardian `json:"guardians"`
	Children     []OpenedChild    `json:"children"`
	Documents    []Document       `json:"documents"`
	Pending      []FamilyChange   `json:"pending"`
	Declared     []Declared       `json:"declared"` // what counts for carers before an agent has decided
	Missing      []Missing        `json:"missing"`
	Confirmation Confirmation     `json:"confirmation"`
	Sections     []Section        `json:"sections"`               // those that the agent may see
	Orders       []CourtOrder     `json:"orders"`                 // for readers those in force, without the court
	Notes        []Note           `json:"notes"`                  // for reviewers and managers
	HealthHidden bool             `json:"healthHidden,omitempty"` // the agent has no right to health
}

// OpenedGuardian is an adult of the file as agents see them.
type OpenedGuardian struct {
	Guardian
	Household  string `json:"household,omitempty"` // those of one household are told of each other
	Subscribed bool   `json:"subscribed"`          // an account is subscribed for them
}

// OpenedChild is a child of the file as agents see it.
type OpenedChild struct {
	Child
	OtherFamily string `json:"otherFamily,omitempty"` // the file of its other household
}

// FamilyChange is a change of a family's file as an agent may see it.
type FamilyChange struct {
	Change
	Member  string `json:"member"`           // name of whom it is about
	Hidden  bool   `json:"hidden,omitempty"` // the agent may not see its values
	Decides bool   `json:"decides"`          // it waits, and the agent may decide it
}

// Declared is a field of a change that counts for carers at once, "déclaré, non vérifié": a consent or a collector withdrawn, an
// allergy or a treatment added.
type Declared struct {
	Change  string `json:"change"`
	Target  string `json:"target"`
	Member  string `json:"member"` // name of the target
	Section string `json:"section"`
	Field   string `json:"field"`
	Label   string `json:"label"`
	Old     any    `json:"old"`
	New     any    `json:"new"`
}

// FamilyChangesQuery is GET /v1/collectivities/{slug}/families/{family}/changes. With target, section and field it is the history
// of a field.
type FamilyChangesQuery struct {
	Slug    string `path:"slug" json:"-" max:"63"`
	Family  string `path:"family" json:"-" max:"40"`
	State   string `query:"state" json:"-" enum:"pending,accepted,refused,partly,withdrawn"`
	Target  string `query:"target" json:"-" max:"40"`
	Section string `query:"section" json:"-" max:"40"`
	Field   string `query:"field" json:"-" max:"80"`
	Cursor  string `query:"cursor" json:"-" max:"400"`
}

// GuardianPath is GET /v1/families/{family}/guardians/{guardian}/bank.
type GuardianPath struct {
	Family   string `path:"family" json:"-" max:"40"`
	Guardian string `path:"guardian" json:"-" max:"40"`
}

// BankReveal is POST /v1/collectivities/{slug}/families/{family}/bank.
type BankReveal struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Family   string `path:"family" json:"-" max:"40"`
	Guardian string `json:"guardian" required:"true" max:"40"`
	Reason   string `json:"reason" required:"true" max:"200"` // kept in the audit
}

// BankDetails are a guardian's, in full. That somebody was shown them is recorded.
type BankDetails struct {
	Guardian string         `json:"guardian"`
	Bank     map[string]any `json:"bank"` // holder, iban, bic, rum, mandateDate, mandateType; {}: none
}
