// Command list-changes lists a family's changes, newest first.
package main

import (
	"context"

	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.FamilyModule).Sealing(keys.Vault()).Warm(ctx)}.handle)
}
