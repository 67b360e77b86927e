package main

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"preau/infra/local/emulators"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
)

// solveCaptcha prints a solved captcha of the running platform: what a browser's widget does while a person types.
func solveCaptcha(ctx context.Context) error {
	d, err := demoOf()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.API+"/v1/captcha", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("is make run running? %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	var challenge api.Captcha
	if err := json.NewDecoder(res.Body).Decode(&challenge); err != nil {
		return err
	}
	solution, err := captcha.Solve(captcha.Challenge(challenge))
	if err == nil {
		fmt.Println(solution)
	}
	return err
}

// printTOTP prints the demonstration agent's code of this half minute: what an authenticator app does.
func printTOTP() error {
	d, err := demoOf()
	if err != nil {
		return err
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(d.Agent.TOTPSecret)
	if err == nil {
		fmt.Println(account.TOTP(secret, account.TOTPStep(time.Now())))
	}
	return err
}

func demoOf() (demonstration, error) {
	root, err := emulators.Root()
	if err != nil {
		return demonstration{}, err
	}
	d, err := readDemo(root)
	if err == nil && d.API == "" {
		err = errors.New("no demonstration town yet: make run makes it")
	}
	return d, err
}
