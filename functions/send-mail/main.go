// Command send-mail sends the outbox: new mails from the table's stream, and on a schedule those that are due again.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/keys"
	"preau/shared/mail"
	"preau/shared/store"
)

func main() {
	a := app{store.Open().Sealing(keys.Vault()), keys.Must(context.Background()), mail.Open(), os.Getenv("PREAU_PORTAL"), background.Log(), calendar.Now}
	lambda.Start(a.handle)
}
