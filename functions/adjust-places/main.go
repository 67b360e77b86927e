// Command adjust-places brings the places of activities to days that were booked while they changed.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), background.Log(), calendar.Now}.handle) }
