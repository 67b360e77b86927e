// Command issue-captcha issues proof-of-work challenges.
package main

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/captcha"
	"preau/shared/httpapi"
	"preau/shared/keys"
)

func main() { httpapi.Start(handler(context.Background())) }

func handler(ctx context.Context) httpapi.Handler {
	return httpapi.Anyone(app{captcha.Of(keys.Must(ctx).Key("captcha")), calendar.Now}.handle)
}
