// Command erase-expired erases what may no longer be kept, and reminds families of documents that end.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/files/bucket"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), bucket.Open(), background.Log(), calendar.Now}.handle) }
