// Command show-bank-details shows a guardian their own bank details unmasked.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.FamilyModule).Sealing(keys.Vault()).Warm(ctx), calendar.Now}.handle)
}
