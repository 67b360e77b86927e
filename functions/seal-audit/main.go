// Command seal-audit seals each town's audit, day by day, into a chain of digests.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/store"
)

func main() {
	lambda.Start(app{store.Open().Collectivities, bucket.OpenLedger(), background.Log(), calendar.Now}.handle)
}
