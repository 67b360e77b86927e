// Command erase-users erases sign-ups never activated and credentials that no account uses any more.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/identity"
	"preau/shared/store"
)

func main() { lambda.Start(app{store.Open(), identity.Open(), background.Log(), calendar.Now}.handle) }
