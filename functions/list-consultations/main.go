// Command list-consultations lists who of the town read a family's health data.
package main

import (
	"context"

	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.FamilyModule).Warm(ctx)}.handle)
}
