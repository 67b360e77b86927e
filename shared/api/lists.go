package api

// ListRequest is POST /v1/collectivities/{slug}/exports: a list to take away, as billing software reads it.
type ListRequest struct {
	Slug     string `path:"slug" json:"-" max:"63"`
	Key      string `header:"Idempotency-Key" json:"-" format:"key"`
	List     string `json:"list" required:"true" enum:"families,children,subscriptions,bookings,attendance"`
	Format   string `json:"format" required:"true" enum:"csv,xlsx"`
	From     string `json:"from,omitempty" format:"date"` // of bookings and attendance, a year at most
	To       string `json:"to,omitempty" format:"date"`
	Activity string `json:"activity,omitempty" max:"40"` // of bookings and attendance; left out: all of the agent's
}
