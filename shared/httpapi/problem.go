package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"

	"preau/shared/refusal"
)

// status maps each kind of refusal to HTTP.
var status = map[refusal.Kind]int{
	refusal.Invalid:      http.StatusBadRequest,
	refusal.Unauthorized: http.StatusUnauthorized,
	refusal.Forbidden:    http.StatusForbidden,
	refusal.NotFound:     http.StatusNotFound,
	refusal.Conflict:     http.StatusConflict,
	refusal.Gone:         http.StatusGone,
	refusal.TooMany:      http.StatusTooManyRequests,
	refusal.Unsupported:  http.StatusUnsupportedMediaType,
	refusal.TooLarge:     http.StatusRequestEntityTooLarge,
	refusal.Busy:         http.StatusServiceUnavailable,
}

// titles are the French names of the statuses that we answer.
var titles = map[int]string{
	http.StatusBadRequest:            "Demande incorrecte",
	http.StatusUnauthorized:          "Connexion nécessaire",
	http.StatusForbidden:             "Accès refusé",
	http.StatusNotFound:              "Introuvable",
	http.StatusConflict:              "La situation a changé",
	http.StatusGone:                  "Lien périmé",
	http.StatusTooManyRequests:       "Trop d’essais",
	http.StatusUnsupportedMediaType:  "Format non pris en charge",
	http.StatusRequestEntityTooLarge: "Demande trop volumineuse",
	http.StatusServiceUnavailable:    "Service occupé",
	http.StatusInternalServerError:   "Erreur interne",
}

// problem writes an error as RFC 9457 says. Internal text stays inside.
func problem(ctx context.Context, response Response, r Request, err error) Response {
	no := refusalOf(ctx, err)
	members := map[string]any{}
	for name, value := range no.More {
		members[name] = value
	}
	code := statusOf(no)
	members["type"] = "about:blank"
	members["title"] = titles[code]
	members["status"] = code
	members["detail"] = no.Detail
	members["code"] = no.Code
	if len(no.Fields) > 0 {
		members["errors"] = no.Fields
	}
	if no.Wait > 0 {
		seconds := strconv.Itoa(int(math.Ceil(no.Wait.Seconds())))
		response.Headers["retry-after"] = seconds
	}
	if code == http.StatusInternalServerError {
		members["correlationId"] = r.RequestContext.RequestID
	}
	body, _ := json.Marshal(members) // strings, numbers and what refusals carry
	response.StatusCode = code
	response.Headers["cache-control"] = "no-store"
	response.Headers["content-type"] = "application/problem+json"
	response.Body = string(body)
	return response
}

// internal is what a person is told of a fault.
var internal = &refusal.Refusal{Kind: -1, Code: "internal_error", Detail: "Une erreur interne est survenue. Réessayez ; si elle persiste, donnez-nous le numéro ci-joint."}

// busy is what a person is told when time ran out: every write is whole or absent, and asking again is safe.
var busy = refusal.New(refusal.Busy, "try_again", "Le service est très demandé. Réessayez dans quelques instants : rien n’est perdu.").After(5e9)

func refusalOf(ctx context.Context, err error) *refusal.Refusal {
	var no *refusal.Refusal
	switch {
	case errors.As(err, &no):
		return no
	case cut(ctx, err):
		return busy
	}
	return internal
}

func statusOf(no *refusal.Refusal) int {
	if code, ok := status[no.Kind]; ok {
		return code
	}
	return http.StatusInternalServerError
}
