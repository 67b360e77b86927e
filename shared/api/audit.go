package api

// AuditQuery is GET /v1/collectivities/{slug}/audit: who did and read what, newest first. Of a month or a day of the town;
// neither: this month.
type AuditQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Month  string `query:"month" json:"-" max:"7"` // 2026-11
	Day    string `query:"day" json:"-" format:"date"`
	Family string `query:"family" json:"-" max:"40"`
	Agent  string `query:"agent" json:"-" max:"40"` // an account
	Action string `query:"action" json:"-" max:"40"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// AuditList is a page of acts, newest first.
type AuditList struct {
	Items  []AuditRecord `json:"items"`
	Cursor string        `json:"cursor,omitempty"`
	Since  string        `json:"since,omitempty"` // of a first page: the oldest month of which something is kept, 2026-11
}

// AuditRecord is one act. A page of a filtered list may hold few of them, or none, and have a cursor all the same.
type AuditRecord struct {
	At          string         `json:"at"`
	Account     string         `json:"account"`        // who did it
	Name        string         `json:"name,omitempty"` // of an agent of the town; none: a subscriber, or no longer an agent
	Action      string         `json:"action"`         // a use case: decide-changes
	Label       string         `json:"label"`          // French
	About       string         `json:"about"`          // a kind and an id
	What        string         `json:"what,omitempty"`
	Details     []string       `json:"details,omitempty"` // French: what the label does not say
	Family      string         `json:"family,omitempty"`
	FamilyLabel string         `json:"familyLabel,omitempty"`
	Member      string         `json:"member,omitempty"`
	Section     string         `json:"section,omitempty"`
	Fields      []AuditedField `json:"fields,omitempty"`
}

// AuditedField tells of a field without its values: keyed hashes of them, none where there was nothing.
type AuditedField struct {
	Field  string `json:"field"`
	State  string `json:"state,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// ConsultationsQuery is GET /v1/families/{family}/consultations.
type ConsultationsQuery struct {
	Family string `path:"family" json:"-" max:"40"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// Consultation is an agent's reading of the health of children of the family, or of bank details in full.
type Consultation struct {
	At    string   `json:"at"`
	Agent string   `json:"agent"` // name
	Label string   `json:"label"` // French: by what the agent read
	What  []string `json:"what"`  // French
	Of    []string `json:"of"`    // first names
}
