// Command record-court-order records what a court decided about a family, in force at once.
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
