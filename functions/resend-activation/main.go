// Command resend-activation has the activation link mailed again.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/captcha"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	secret := keys.Must(ctx)
	a := app{store.Open().Warm(ctx), secret, captcha.Of(secret.Key("captcha")), calendar.Now}
	return httpapi.Anyone(a.handle, httpapi.Accepted)
}
