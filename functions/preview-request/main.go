// Command preview-request says what would become of a request, without taking it.
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
	return httpapi.SignedIn(app{store.Open().InModule(collectivity.RequestsModule).Warm(ctx), calendar.Now}.handle)
}
