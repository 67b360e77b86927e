package api

// NewOrder is POST /v1/collectivities/{slug}/families/{family}/orders: what a court decided, in force from its day on.
type NewOrder struct {
	Slug      string `path:"slug" json:"-" max:"63"`
	Family    string `path:"family" json:"-" max:"40"`
	Key       string `header:"Idempotency-Key" json:"-" format:"key"`
	Kind      string `json:"kind" required:"true" enum:"no_access,address_hidden,no_authority,must_not_collect"`
	Guardian  string `json:"guardian,omitempty" max:"40"` // whom it is about
	Person    string `json:"person,omitempty" max:"100"`  // of must_not_collect, instead of a guardian: a name
	Child     string `json:"child,omitempty" max:"40"`    // of must_not_collect; none: all children of the file
	From      string `json:"from" required:"true" format:"date"`
	Until     string `json:"until,omitempty" format:"date"` // the last day; none: until it is lifted
	Reference string `json:"reference" required:"true" max:"200"`
}

// OrderPath is DELETE /v1/collectivities/{slug}/families/{family}/orders/{order}.
type OrderPath struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
	Order  string `path:"order" json:"-" max:"40"`
}

// CourtOrder is a court's decision about a family, as agents see it.
type CourtOrder struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Label      string `json:"label"` // French
	Guardian   string `json:"guardian,omitempty"`
	Person     string `json:"person,omitempty"`
	Child      string `json:"child,omitempty"`
	From       string `json:"from"`
	Until      string `json:"until,omitempty"`
	Reference  string `json:"reference"`
	InForce    bool   `json:"inForce"` // today
	RecordedAt string `json:"recordedAt"`
	RecordedBy string `json:"recordedBy"` // an agent's name
	LiftedAt   string `json:"liftedAt,omitempty"`
}

// NewNote is POST /v1/collectivities/{slug}/families/{family}/notes.
type NewNote struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
	Key    string `header:"Idempotency-Key" json:"-" format:"key"`
	Text   string `json:"text" required:"true" max:"2000"`
}

// NotePath is DELETE /v1/collectivities/{slug}/families/{family}/notes/{note}.
type NotePath struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Family string `path:"family" json:"-" max:"40"`
	Note   string `path:"note" json:"-" max:"40"`
}

// Note is what an agent wrote about a family, for agents only.
type Note struct {
	ID     string `json:"id"`
	Author string `json:"author"` // an agent's name
	At     string `json:"at"`
	Text   string `json:"text"`
}
