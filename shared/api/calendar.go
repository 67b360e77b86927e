package api

// CalendarLink is the caller's link to a calendar feed of a family's days: opt-in, one per account and family.
type CalendarLink struct {
	Active bool   `json:"active"`
	URL    string `json:"url,omitempty"` // secret: whoever has it reads the feed, without signing in
	Since  string `json:"since,omitempty"`
}

// CalendarPath is GET /v1/calendar/{token}, with or without .ics at its end.
type CalendarPath struct {
	Token string `path:"token" json:"-" secret:"true"`
}
