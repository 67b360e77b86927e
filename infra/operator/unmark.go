package main

import (
	"context"
	"flag"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/calendar"
)

func unmark(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("unmark", flag.ContinueOnError)
	address := flags.String("address", "", "e-mail address that is to get mails again")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return clearMark(ctx, *address)
}

func clearMark(ctx context.Context, address string) error {
	email, err := account.ReadEmail("unmark", address)
	if err != nil {
		return err
	}
	env, err := seed.Open(ctx, calendar.Now())
	if err != nil {
		return err
	}
	return env.Store.UnmarkBounced(ctx, env.Secret.Address(email))
}
