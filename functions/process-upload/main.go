// Command process-upload looks at a file that a family sent, cleans it and proposes it to the town.
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
	lambda.Start(app{store.Open().Sealing(keys.Vault()), bucket.Open(), background.Log(), calendar.Now}.handle)
}
