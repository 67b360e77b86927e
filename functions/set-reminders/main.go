// Command set-reminders has a subscriber reminded of booking limits by mail, or no more.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.RemindersModule).Warm(ctx), calendar.Now}.handle)
}
