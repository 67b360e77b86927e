// Command show-desk shows an agent what they may do, what opens today, and how much waits.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx), calendar.Now}.handle)
}
