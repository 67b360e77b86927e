// Command sign-out ends a session.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{store.Open().Warm(ctx), identity.Open()}.handle, httpapi.NoContent)
}
