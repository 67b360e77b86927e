// Command request-upload makes a signed link to send a photo or a document to.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.DocumentsModule).Sealing(keys.Vault()).Warm(ctx), files.Open(), calendar.Now}.handle, httpapi.Created)
}
