// Command show-care-sheet shows carers what to know of the children of a day: health, consents, who may collect them.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).Warm(ctx), files.Open(), calendar.Now}.handle)
}
