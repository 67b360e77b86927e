// Command preview-invitation says what an invitation gives.
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
	return httpapi.Anyone(app{store.Open().Warm(ctx), keys.Must(ctx), calendar.Now}.handle)
}
