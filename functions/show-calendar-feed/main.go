// Command show-calendar-feed gives a family's days to calendars that know a secret link.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{store.Open().InModule(collectivity.CalendarModule).Warm(ctx), keys.Must(ctx), calendar.Now}.handle)
}
