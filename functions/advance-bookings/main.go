// Command advance-bookings gives free places to those who wait, works large requests off and carries out events.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), background.Log(), calendar.Now}.handle) }
