package api

// NewEvent is POST /v1/collectivities/{slug}/events: a closure, a strike or an outing of some days.
type NewEvent struct {
	Slug       string   `path:"slug" json:"-" max:"63"`
	Key        string   `header:"Idempotency-Key" json:"-" format:"key"`
	Kind       string   `json:"kind" required:"true" enum:"closure,strike,outing"`
	Effect     string   `json:"effect" required:"true" enum:"cancel,reopen"` // booked days are cancelled, or absences are taken until an hour
	Name       string   `json:"name" required:"true" max:"100"`              // as families read it
	Text       string   `json:"text,omitempty" max:"1000"`                   // what else families are told
	From       string   `json:"from" required:"true" format:"date"`
	To         string   `json:"to" required:"true" format:"date"`
	Activities []string `json:"activities,omitempty" max:"50"` // none: all
	Schools    []string `json:"schools,omitempty" max:"100"`   // whose children it is about; none: all
	Classes    []string `json:"classes,omitempty" max:"200"`   // of those schools; none: all
	Until      string   `json:"until,omitempty" max:"5"`       // of reopen: the hour until which an absence is taken, 09:00
	DayBefore  bool     `json:"dayBefore,omitempty"`           // that hour is of the day before
}

// Event is what the town declared of some days, and how far it is carried out.
type Event struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind" enum:"closure,strike,outing"`
	Effect     string   `json:"effect" enum:"cancel,reopen"`
	Name       string   `json:"name"`
	Text       string   `json:"text,omitempty"`
	From       string   `json:"from"`
	To         string   `json:"to"`
	Activities []string `json:"activities"`
	Schools    []string `json:"schools"`
	Classes    []string `json:"classes"`
	Until      string   `json:"until,omitempty"`
	DayBefore  bool     `json:"dayBefore,omitempty"`
	CreatedAt  string   `json:"createdAt"`
	RevokedAt  string   `json:"revokedAt,omitempty"`
	Progress   Progress `json:"progress"` // of families that may be concerned: their days are written and they are told; of its revocation, once it is revoked
	Affected   int      `json:"affected"` // of those, whose days it changed or reopened, so far
}

// EventsQuery is GET /v1/collectivities/{slug}/events: by last day, the latest first.
type EventsQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// EventPath is DELETE /v1/collectivities/{slug}/events/{event}.
type EventPath struct {
	Slug  string `path:"slug" json:"-" max:"63"`
	Event string `path:"event" json:"-" max:"40"`
}
