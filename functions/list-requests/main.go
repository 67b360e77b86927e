// Command list-requests lists a family's requests, newest first.
package main

import (
	"context"

	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.RequestsModule).Warm(ctx)}.handle)
}
