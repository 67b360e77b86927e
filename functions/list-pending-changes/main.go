// Command list-pending-changes lists the changes that wait for a decision, oldest first.
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
