// Command change-password changes the caller's password and ends the other sessions.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx), identity.Open(), calendar.Now}.handle)
}
