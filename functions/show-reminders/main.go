// Command show-reminders shows how many days ahead a subscriber is reminded of booking limits.
package main

import (
	"context"

	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.RemindersModule).Warm(ctx)}.handle)
}
