// Command subscribe attaches the caller to a family file by a subscriber code.
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
	a := app{store.Open().Warm(ctx), keys.Must(ctx), calendar.Now}
	return httpapi.SignedIn(a.handle, httpapi.Created)
}
