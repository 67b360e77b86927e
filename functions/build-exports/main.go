// Command build-exports puts together what persons asked to have exported.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() {
	a := app{store.Open().Sealing(keys.Vault()), bucket.Open(), background.Log(), calendar.Now}
	lambda.Start(a.handle)
}
