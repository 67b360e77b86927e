// Command accept-invitation makes an invited person an agent.
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
	return httpapi.Anyone(app{store.Open().Warm(ctx), identity.Open(), keys.Must(ctx), calendar.Now}.handle)
}
