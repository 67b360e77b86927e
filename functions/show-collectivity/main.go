// Command show-collectivity shows what anyone may know of a collectivity.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{store: store.Open().Warm(ctx)}.handle, httpapi.Cached)
}
