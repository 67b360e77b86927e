package api

// FamilyFile is GET /v1/families/{family}, as one guardian may see it.
type FamilyFile struct {
	Family       string           `json:"family"`
	Version      int              `json:"version"`
	Collectivity CollectivityName `json:"collectivity"`
	Label        string           `json:"label"`
	Guardians    []Guardian       `json:"guardians"`
	Children     []Child          `json:"children"`
	Documents    []Document       `json:"documents"`
	Pending      []Change         `json:"pending"`
	Missing      []Missing        `json:"missing"`
	Confirmation Confirmation     `json:"confirmation"`
	Sections     []Section        `json:"sections"` // what the collectivity shows and lets edit
}

// Guardian is an adult of the file. A section that the caller may not see is absent; one that holds nothing yet is {}.
type Guardian struct {
	ID       string           `json:"id"`
	You      bool             `json:"you,omitempty"`
	Identity map[string]any   `json:"identity,omitzero"`
	Address  map[string]any   `json:"address,omitzero"`
	Phones   map[string]any   `json:"phones,omitzero"`
	Work     map[string]any   `json:"work,omitzero"`
	Fiscal   map[string]any   `json:"fiscal,omitzero"`
	Bank     map[string]any   `json:"bank,omitzero"` // the IBAN and BIC masked
	Children []GuardianOfWhom `json:"relations,omitempty"`
}

// GuardianOfWhom is a guardian's relation to a child.
type GuardianOfWhom struct {
	Child    string `json:"child"`
	Relation string `json:"relation"`
	Holder   bool   `json:"holder"` // of parental authority
}

// Child is a child of the file.
type Child struct {
	ID             string                   `json:"id"`
	FirstName      string                   `json:"firstName"`
	LastName       string                   `json:"lastName"`
	BirthDate      string                   `json:"birthDate,omitempty"`
	BirthPlace     string                   `json:"birthPlace,omitempty"`
	Sex            string                   `json:"sex,omitempty"`
	School         string                   `json:"school,omitempty"`
	Level          string                   `json:"level,omitempty"`
	Class          string                   `json:"class,omitempty"`
	Shared         bool                     `json:"shared,omitempty"` // the child is in the file of another household too
	Photo          *Photo                   `json:"photo,omitempty"`
	Authorisations map[string]Authorisation `json:"authorisations"`
	Health         map[string]any           `json:"health,omitzero"`
	Contacts       []map[string]any         `json:"contacts"` // {id, lastName, firstName, link, phone, …}
}

// Photo is a child's photo by short-lived links.
type Photo struct {
	Small string `json:"small"` // 160 pixels
	Large string `json:"large"` // 640 pixels
}

// Authorisation is what holders of parental authority said of one thing, and whether it holds.
type Authorisation struct {
	Holds    bool           `json:"holds"`
	Joint    bool           `json:"joint"`              // it takes the yes of every holder
	Declared bool           `json:"declared,omitempty"` // a withdrawal that no agent has looked at yet counts already
	Said     []AuthorisedBy `json:"said"`
	Yours    *bool          `json:"yours,omitempty"` // what the caller said
}

// AuthorisedBy is what one holder said, and when.
type AuthorisedBy struct {
	Guardian string `json:"guardian"`
	Name     string `json:"name"`
	Given    bool   `json:"given"`
	At       string `json:"at,omitempty"`
}

// Document is a paper of the family.
type Document struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	About      string `json:"about"` // a guardian's or child's id
	ValidFrom  string `json:"validFrom,omitempty"`
	ValidUntil string `json:"validUntil,omitempty"`
	Expired    bool   `json:"expired"`
}

// Missing is something that the collectivity requires and the file does not hold.
type Missing struct {
	Target   string `json:"target"`             // a member's id
	Section  string `json:"section"`            // as in sections
	Field    string `json:"field,omitempty"`    // none: a document
	Document string `json:"document,omitempty"` // its type
	Detail   string `json:"detail"`             // French: Il manque : vaccins de Léa
}

// Confirmation tells whether the file was confirmed for the current school year.
type Confirmation struct {
	Due bool   `json:"due"`
	On  string `json:"on,omitempty"` // the last one
	By  string `json:"by,omitempty"` // guardian
}

// ConfirmFile is POST /v1/families/{family}/confirmation: "mes informations sont toujours exactes".
type ConfirmFile struct {
	Family  string `path:"family" json:"-" max:"40"`
	Version int    `json:"version" required:"true"` // the file's version that the person saw
}

// Section is a group of fields of a member that are edited together.
type Section struct {
	Target string  `json:"target"` // guardian, child, contact or document
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
	Max      int      `json:"max,omitempty"`   // characters
	Joint    bool     `json:"joint,omitempty"` // of an authorisation: it takes every holder of parental authority
	Items    []Field  `json:"items,omitempty"` // of a list: the fields of each record
}

// NewChange is POST /v1/families/{family}/changes: an edit of a member's section, or a member to be added or removed.
type NewChange struct {
	Family  string         `path:"family" json:"-" max:"40"`
	Target  string         `json:"target,omitempty" max:"40"` // a member's id; none: somebody is added
	Section string         `json:"section,omitempty" max:"40"`
	Version int            `json:"version" required:"true"` // the file's version that the person saw
	Values  map[string]any `json:"values,omitempty" max:"50"`
	Add     string         `json:"add,omitempty" enum:"guardian,child,contact"` // who is added, with the values of their first section
	Remove  bool           `json:"remove,omitempty"`                            // the target leaves the file
	Key     string         `header:"Idempotency-Key" json:"-" format:"key"`
}

// Change is a proposed edit of one section.
type Change struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind,omitempty"` // add or remove; none: an edit
	Target    string        `json:"target"`
	Of        string        `json:"of"` // what the target is: guardian, child, contact, document
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
	File   string `json:"file,omitempty"` // of a photo or document that waits: a link to it that ends soon
}

// ChangesQuery is GET /v1/families/{family}/changes. With target, section and field it is the history of a field.
type ChangesQuery struct {
	Family  string `path:"family" json:"-" max:"40"`
	State   string `query:"state" json:"-" enum:"pending,accepted,refused,partly,withdrawn"`
	Target  string `query:"target" json:"-" max:"40"`
	Section string `query:"section" json:"-" max:"40"`
	Field   string `query:"field" json:"-" max:"80"`
	Cursor  string `query:"cursor" json:"-" max:"400"`
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
	Family  string `json:"family"`
	Label   string `json:"label"` // of the family
	Member  string `json:"member"`
	Decides bool   `json:"decides"` // the agent may decide it; of what they may not see, there are no fields

	About Section           `json:"about"`           // of which it is, as far as the agent may see it
	Names map[string]string `json:"names,omitempty"` // of those whom it names by their ids: children, guardians
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
