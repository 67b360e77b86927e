// Command create-import makes a signed link to send a file to, to be imported.
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
	return httpapi.SignedIn(app{store.Open().Warm(ctx), files.Open(), calendar.Now}.handle, httpapi.Created)
}
