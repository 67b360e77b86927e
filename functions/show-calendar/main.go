// Command show-calendar shows the town's calendar and what days are.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx)}.handle)
}
