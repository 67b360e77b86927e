// Command preview-mails shows samples of the town's mails.
package main

import (
	"context"
	"os"

	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Warm(ctx), os.Getenv("PREAU_PORTAL"), calendar.Now}.handle)
}
