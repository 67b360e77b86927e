// Command book-for-family takes what a family asks an agent for on the telephone.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx), calendar.Now}.handle, httpapi.Created)
}
