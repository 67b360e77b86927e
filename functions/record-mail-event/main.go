// Command record-mail-event marks the addresses that SES says bounced for good or complained.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() {
	lambda.Start(app{store.Open(), keys.Must(context.Background()), background.Log(), calendar.Now}.handle)
}
