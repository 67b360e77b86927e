// Command create-calendar-link makes the caller's link to a calendar feed of a family's days.
package main

import (
	"context"
	"os"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	a := app{store.Open().InModule(collectivity.CalendarModule).Warm(ctx), keys.Must(ctx), os.Getenv("PREAU_PORTAL"), calendar.Now}
	return httpapi.SignedIn(a.handle, httpapi.Created)
}
