// Command show-planning shows a family's days between two dates.
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
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.PlanningModule).Warm(ctx), calendar.Now}.handle)
}
