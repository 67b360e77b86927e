// Command show-logo shows a collectivity's logo.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{store.Open().Warm(ctx)}.handle)
}
