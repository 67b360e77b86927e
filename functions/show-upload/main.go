// Command show-upload says what became of a photo or document that was sent.
package main

import (
	"context"

	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.DocumentsModule).Warm(ctx)}.handle)
}
