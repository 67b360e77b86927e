// Command show-job says how far long work is, and gives short-lived links to what it made.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx), files.Open(), calendar.Now}.handle)
}
