// Package refusal is how Préau says no: a typed error with a stable code and a French sentence for the person who asked.
//
// Everything that is not a Refusal is a fault: it is logged once at the edge and shown as "erreur interne".
package refusal

import (
	"errors"
	"time"
)

// Kind says what sort of no it is; the HTTP edge maps it to a status.
type Kind int

// The kinds of refusal.
const (
	Invalid      Kind = iota // the input makes no sense
	Unauthorized             // no valid session
	Forbidden                // a right, but not this role
	NotFound                 // no such thing, or no right to it: the two are told alike
	Conflict                 // the world has moved, or the same key came with another body
	Gone                     // a link that was used or has expired
	TooMany                  // come back later; Wait says when
	Unsupported              // a body that is not JSON
	TooLarge                 // more than we take at once
	Busy                     // nothing was lost; try again
)

// Refusal is a no with its reasons.
type Refusal struct {
	Kind   Kind
	Code   string // stable, snake_case: programs rely on it
	Detail string // French, for the person
	Fields []Field
	Wait   time.Duration  // how long until asking again makes sense; zero: not said
	Metric string         // counted under this name, so that a burst raises an alarm; empty: not counted
	More   map[string]any // members that the problem carries besides, such as both values of a conflict
}

// Field is what is wrong with one input.
type Field struct {
	Field  string `json:"field"` // path in the input: items[0].child
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (r *Refusal) Error() string {
	text := r.Code + ": " + r.Detail
	for _, f := range r.Fields {
		text += " " + f.Field + ": " + f.Code
	}
	return text
}

// New makes a refusal without fields.
func New(kind Kind, code, detail string) *Refusal {
	return &Refusal{Kind: kind, Code: code, Detail: detail}
}

// OfField refuses an input for one of its fields.
func OfField(field, code, detail string) *Refusal {
	return OfFields([]Field{{Field: field, Code: code, Detail: detail}})
}

// OfFields refuses an input for several of its fields.
func OfFields(fields []Field) *Refusal {
	return &Refusal{Kind: Invalid, Code: "invalid_input", Detail: "Certaines informations sont à corriger.", Fields: fields}
}

// With adds a member to the refusal's problem.
func (r *Refusal) With(name string, value any) *Refusal {
	if r.More == nil {
		r.More = map[string]any{}
	}
	r.More[name] = value
	return r
}

// At says which field of the input the refusal is about.
func (r *Refusal) At(field string) *Refusal {
	r.Fields = []Field{{Field: field, Code: r.Code, Detail: r.Detail}}
	return r
}

// Counted counts the refusal under a metric.
func (r *Refusal) Counted(metric string) *Refusal {
	r.Metric = metric
	return r
}

// After says how long to wait before asking again.
func (r *Refusal) After(wait time.Duration) *Refusal {
	r.Wait = wait
	return r
}

// Code is the code of a refusal, or "" for anything else.
func Code(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// Join makes one refusal of several of an input's fields; nil when none of the errors is one. An error that is no refusal
// comes back as it is.
func Join(errs ...error) error {
	var fields []Field
	for _, err := range errs {
		var r *Refusal
		switch {
		case err == nil:
		case errors.As(err, &r):
			fields = append(fields, r.Fields...)
		default:
			return err
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return OfFields(fields)
}
