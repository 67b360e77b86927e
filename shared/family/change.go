package family

import (
	"time"

	"preau/shared/refusal"
)

// ChangeState of a change or of one of its fields.
type ChangeState string

// The states of a change; partly is of a whole change only.
const (
	Pending   ChangeState = "pending"
	Accepted  ChangeState = "accepted"
	Refused   ChangeState = "refused"
	Partly    ChangeState = "partly"
	Withdrawn ChangeState = "withdrawn"
)

// Change is a proposed edit of one section of one member: only the touched fields, old → new.
type Change struct {
	ID        string
	Target    string // member's id
	Section   string
	By        string // guardian's id
	Body      string // hash of what was proposed
	Fields    []FieldChange
	CreatedAt time.Time
	DecidedAt time.Time // or withdrawn; zero while a field is pending
	Rev       int       // grows with each decision
}

// FieldChange is one field of a change.
type FieldChange struct {
	Field    string
	Old, New any
	State    ChangeState
	Reason   string
}

// State of the whole change, from its fields: pending while one of them is, withdrawn when what was left was taken back.
func (c Change) State() ChangeState {
	count := map[ChangeState]int{}
	for _, f := range c.Fields {
		count[f.State]++
	}
	switch {
	case count[Pending] > 0:
		return Pending
	case count[Withdrawn] > 0:
		return Withdrawn
	case count[Refused] == 0:
		return Accepted
	case count[Accepted] == 0:
		return Refused
	}
	return Partly
}

// Reason is the first reason given for a refusal.
func (c Change) Reason() string {
	for _, f := range c.Fields {
		if f.Reason != "" {
			return f.Reason
		}
	}
	return ""
}

// What is refused of a change.
var (
	ErrChangeUnknown = refusal.New(refusal.NotFound, "change_not_found", "Cette modification n’existe pas.")
	ErrChangeDecided = refusal.New(refusal.Conflict, "change_decided", "Cette modification a déjà reçu une décision ou a été retirée.")
)
