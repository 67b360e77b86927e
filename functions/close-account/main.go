// Command close-account closes the caller's account.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	a := app{store.Open().Warm(ctx), identity.Open(), keys.Must(ctx), calendar.Now}
	return httpapi.SignedIn(a.handle, httpapi.NoContent)
}
