package api

// RemindersUpdate is PUT /v1/families/{family}/reminders.
type RemindersUpdate struct {
	Family string `path:"family" json:"-" max:"40"`
	Days   *int   `json:"days" required:"true"` // 1 to 7: limits that close within as many days are told each evening; 0: none is
}

// Reminders are what the subscriber wants to be reminded of by mail: days of enrolled children for which nothing is booked or
// asked while their booking limit comes near.
type Reminders struct {
	Days int `json:"days"` // ahead; 0: no reminders
}
