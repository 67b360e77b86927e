// Command change-email has a link mailed to the caller's new address.
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
	a := app{store.Open().Warm(ctx), identity.Open(), calendar.Now}
	return httpapi.SignedIn(a.handle, httpapi.Accepted)
}
