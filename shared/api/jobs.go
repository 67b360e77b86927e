package api

// Job is long work that an agent asked for: letters, an import, a list to take away.
type Job struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`  // French
	Author    string    `json:"author"` // who asked for it
	State     string    `json:"state" enum:"waiting,running,done,failed"`
	Done      int       `json:"done"`             // of total
	Total     int       `json:"total,omitempty"`  // not known yet where it is missing
	Code      string    `json:"code,omitempty"`   // why it failed
	Detail    string    `json:"detail,omitempty"` // French
	CreatedAt string    `json:"createdAt"`
	StartsAt  string    `json:"startsAt,omitempty"` // it waits until then
	EndedAt   string    `json:"endedAt,omitempty"`
	Files     []JobFile `json:"files"`              // what it made, once it is done; none any more a week later
	FilesEnd  string    `json:"filesEnd,omitempty"` // until when they are there; missing: it made none
}

// JobFile is something that a job made.
type JobFile struct {
	Name  string `json:"name"`            // under which it is saved
	Type  string `json:"type"`            // media type
	Count int    `json:"count"`           // of the letters or rows that it holds
	URL   string `json:"url,omitempty"`   // of show-job: to be fetched at once
	Until string `json:"until,omitempty"` // the link's end
}

// JobsQuery is GET /v1/collectivities/{slug}/jobs: those that the agent could have asked for, newest first.
type JobsQuery struct {
	Slug   string `path:"slug" json:"-" max:"63"`
	Cursor string `query:"cursor" json:"-" max:"400"`
}

// JobPath is GET /v1/collectivities/{slug}/jobs/{job}.
type JobPath struct {
	Slug string `path:"slug" json:"-" max:"63"`
	Job  string `path:"job" json:"-" max:"40"`
}
