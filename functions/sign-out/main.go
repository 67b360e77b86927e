// Command sign-out ends a session.
package main

import (
	"context"

	"preau/shared/httpapi"
	"preau/shared/identity"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{identity.Open()}.handle, httpapi.NoContent)
}
