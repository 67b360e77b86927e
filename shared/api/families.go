package api

// FamilyFile is GET /v1/families/{family}, as one guardian may see it.
type FamilyFile struct {
	Family       string           `json:"family"`
	Version      int              `json:"version"`
	Collectivity CollectivityName `json:"collectivity"`
	Label        string           `json:"label"`
	Guardians    []Guardian       `json:"guardians"`
	Children     []Child          `json:"children"`
	Pending      []Change         `json:"pending"`
	Sections     []Section        `json:"sections"` // what the collectivity shows and lets edit
}

// Guardian is an adult of the file. A section that the caller may not see is absent; one that holds nothing yet is {}.
type Guardian struct {
	ID       string           `json:"id"`
	You      bool             `json:"you,omitempty"`
	Identity map[string]any   `json:"identity,omitzero"`
	Address  map[string]any   `json:"address,omitzero"`
	Phones   map[string]any   `json:"phones,omitzero"`
	Children []GuardianOfWhom `json:"relations,omitempty"`
}

// GuardianOfWhom is a guardian's relation to a child.
type GuardianOfWhom struct {
	Child    string `json:"child"`
	Relation string `json:"relation"`
}

// Child is a child of the file.
type Child struct {
	ID        string           `json:"id"`
	FirstName string           `json:"firstName"`
	LastName  string           `json:"lastName"`
	BirthDate string           `json:"birthDate,omitempty"`
	Sex       string           `json:"sex,omitempty"`
	School    string           `json:"school,omitempty"`
	Level     string           `json:"level,omitempty"`
	Class     string           `json:"class,omitempty"`
	Contacts  []map[string]any `json:"contacts"`
}

// Section is a group of fields of a member that are edited together.
type Section struct {
	Target string  `json:"target"` // guardian or child
	Name   string  `json:"name"`
	Label  string  `json:"label"` // French
	Fields []Field `json:"fields"`
}

// Field is one field of a section, with what the collectivity allows.
type Field struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"` // French
	Kind     string   `json:"kind"`
	Choices  []string `json:"choices,omitempty"`
	Editable bool     `json:"editable"`
	Required bool     `json:"required"`
}

// NewChange is POST /v1/families/{family}/changes.
type NewChange struct {
	Family  string         `path:"family" json:"-" max:"40"`
	Target  string         `json:"target" required:"true" max:"40"` // a guardian's or child's id
	Section string         `json:"section" required:"true" max:"40"`
	Version int            `json:"version" required:"true"` // the file's version that the person saw
	Values  map[string]any `json:"values" required:"true" max:"50"`
	Key     string         `header:"Idempotency-Key" json:"-" format:"key"`
}

// Change is a proposed edit of one section.
type Change struct {
	ID        string        `json:"id"`
	Target    string        `json:"target"`
	Section   string        `json:"section"`
	State     string        `json:"state"` // pending, accepted, refused, partly, withdrawn
	Fields    []FieldChange `json:"fields"`
	By        string        `json:"by,omitempty"` // the guardian who proposed it
	CreatedAt string        `json:"createdAt"`
	DecidedAt string        `json:"decidedAt,omitempty"`
	Reason    string        `json:"reason,omitempty"`
}

// FieldChange is old → new of one field.
type FieldChange struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Old    any    `json:"old"`
	New    any    `json:"new"`
	State  string `json:"state"` // pending, accepted, refused, withdrawn
	Reason string `json:"reason,omitempty"`
}

// ChangesQuery is GET /v1/families/{family}/changes.
type ChangesQuery struct {
	Family string `path:"family" json:"-" max:"40"`
	State  string `query:"state" json:"-" enum:"pending,accepted,refused,partly,withdrawn"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// ChangePath is DELETE /v1/families/{family}/changes/{change}.
type ChangePath struct {
	Family string `path:"family" json:"-" max:"40"`
	Change string `path:"change" json:"-" max:"80"`
}

// PendingQuery is what agents list: GET /v1/collectivities/{slug}/changes, oldest first.
type PendingQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// PendingChange is a change that waits for an agent.
type PendingChange struct {
	Change
	Family string `json:"family"`
	Label  string `json:"label"` // of the family
	Member string `json:"member"`
}

// ChangeDecisions is POST /v1/collectivities/{slug}/changes/decisions.
type ChangeDecisions struct {
	Slug      string           `path:"slug" json:"-" max:"63"`
	Decisions []ChangeDecision `json:"decisions" required:"true" max:"50"`
}

// ChangeDecision accepts or refuses a change, whole or some of its fields.
type ChangeDecision struct {
	Change   string   `json:"change" required:"true" max:"80"`
	Fields   []string `json:"fields,omitempty" max:"50"` // none: all that is pending
	Decision string   `json:"decision" required:"true" enum:"accept,refuse"`
	Reason   string   `json:"reason,omitempty" max:"1000"` // required to refuse
}

// Decided is the outcome of each decision, in their order.
type Decided struct {
	Outcomes []Outcome `json:"outcomes"`
}

// Outcome is what became of one decision.
type Outcome struct {
	ID     string `json:"id"` // of the change or request
	Date   string `json:"date,omitempty"`
	Child  string `json:"child,omitempty"`
	Field  string `json:"field,omitempty"`
	State  string `json:"state"`
	Code   string `json:"code,omitempty"` // why it did not happen
	Detail string `json:"detail,omitempty"`

	Activity string `json:"activity,omitempty"`
	Current  any    `json:"current,omitempty"`  // of a field that has moved
	Proposed any    `json:"proposed,omitempty"` // the same
}
