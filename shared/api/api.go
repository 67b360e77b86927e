// Package api holds the inputs and outputs of every route as plain Go types. It imports the standard library only.
//
// The tags say all that the edge checks and the OpenAPI document tells:
//
//	path, query, header, cookie   where a value comes from, when not from the body
//	required:"true"               refused when missing or empty
//	max                           characters of a string, items of a list or map
//	format                        date, instant, or key (an idempotency key)
//	enum:"a,b"                    the only values
//	secret:"true"                 never logged, never given back
//
// Dates are written 2026-11-23, instants as RFC 3339 says.
package api

// Nothing is the input or output of a route that has none.
type Nothing struct{}

// List is a page of items. Cursor, when there are more, is what the next call passes on.
type List[T any] struct {
	Items  []T    `json:"items"`
	Cursor string `json:"cursor,omitempty"`
}

// Problem is every refusal of the API, as RFC 9457 says.
type Problem struct {
	Type        string         `json:"type"`
	Title       string         `json:"title"`
	Status      int            `json:"status"`
	Detail      string         `json:"detail"` // French, for the person
	Code        string         `json:"code"`   // stable, for programs
	Errors      []ProblemField `json:"errors,omitempty"`
	Correlation string         `json:"correlationId,omitempty"` // of an internal error: what to tell us
}

// ProblemField is what is wrong with one input.
type ProblemField struct {
	Field  string `json:"field"` // path in the input: items[0].child
	Code   string `json:"code"`
	Detail string `json:"detail"`
}
