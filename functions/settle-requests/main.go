// Command settle-requests finishes requests whose writing was cut short.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), background.Log(), calendar.Now}.handle) }
