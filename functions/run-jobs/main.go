// Command run-jobs does long work that agents asked for.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() {
	a := app{store.Open().Sealing(keys.Vault()), bucket.Open(), keys.Must(context.Background()), os.Getenv("PREAU_PORTAL"), volume, background.Log(), calendar.Now}
	lambda.Start(a.handle)
}
