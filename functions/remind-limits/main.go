// Command remind-limits has subscribers who asked for it reminded of booking limits that close soon.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), background.Log(), calendar.Now}.handle) }
