package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
)

// handle refuses whatever has no route.
func handle(context.Context, httpapi.Caller, api.Nothing) (api.Nothing, error) {
	return api.Nothing{}, refusal.New(refusal.NotFound, "route_not_found", "Cette adresse n’existe pas, ou pas avec cette méthode.")
}
