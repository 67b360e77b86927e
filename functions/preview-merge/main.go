// Command preview-merge says what would become of two files of one family if they were merged.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).Warm(ctx), calendar.Now}.handle)
}
