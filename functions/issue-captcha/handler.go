package main

import (
	"context"
	"crypto/rand"
	"time"

	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/httpapi"
)

type app struct {
	captcha captcha.Captcha
	now     func() time.Time
}

// handle issues a challenge: GET /v1/captcha.
func (a app) handle(context.Context, httpapi.Caller, api.Nothing) (api.Captcha, error) {
	nonce := make([]byte, 12)
	rand.Read(nonce)
	challenge, err := a.captcha.Issue(nonce, a.now())
	return api.Captcha(challenge), err
}
