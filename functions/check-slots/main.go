// Command check-slots holds the counters of places against what is booked.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), background.Log(), calendar.Now}.handle) }
