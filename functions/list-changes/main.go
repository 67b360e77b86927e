// Command list-changes lists a family's changes, newest first.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).Warm(ctx)}.handle)
}
