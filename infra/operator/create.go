package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net/url"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

type order struct{ slug, name, zone, manager, first, last string }

func create(ctx context.Context, args []string) error {
	var o order
	flags := flag.NewFlagSet("create", flag.ContinueOnError)
	flags.StringVar(&o.slug, "slug", "", "the collectivity's name in addresses: saint-aubin")
	flags.StringVar(&o.name, "name", "", "its name as people read it")
	flags.StringVar(&o.zone, "zone", "Europe/Paris", "its time zone")
	flags.StringVar(&o.manager, "manager", "", "e-mail address of its first manager")
	flags.StringVar(&o.first, "first", "", "the manager's first name")
	flags.StringVar(&o.last, "last", "", "the manager's last name")
	address := flags.String("unmark", "", "do what the command unmark does, and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *address != "" {
		return clearMark(ctx, *address)
	}
	return onboard(ctx, o)
}

func onboard(ctx context.Context, o order) error {
	email, err := check(o)
	if err != nil {
		return err
	}
	env, err := seed.Open(ctx, calendar.Now())
	if err != nil {
		return err
	}
	settings := seed.DefaultSettings(o.slug, o.name)
	settings.Timezone = o.zone
	town, err := env.Store.CreateCollectivity(ctx, settings)
	if err != nil {
		return err
	}
	_, secret, err := env.AddAgent(ctx, town, email, rand.Text(), account.Person{FirstName: o.first, LastName: o.last}, collectivity.Manager)
	if err != nil {
		return fmt.Errorf("the collectivity is made, its manager is not: %w", err)
	}
	fmt.Printf("%s is there. Its manager %s:\n  1. adds this to an authenticator app: otpauth://totp/%s?secret=%s&issuer=%s\n  2. chooses a password by « mot de passe oublié »\n",
		o.name, email, url.PathEscape("Préau:"+email), secret, url.QueryEscape("Préau"))
	return nil
}

func check(o order) (email string, err error) {
	if !collectivity.GoodSlug(o.slug) {
		return "", errors.New("-slug takes small letters, figures and inner hyphens: saint-aubin")
	}
	if o.name == "" || o.first == "" || o.last == "" {
		return "", errors.New("-name, -first and -last are needed")
	}
	if _, err := calendar.Zone(o.zone); err != nil {
		return "", err
	}
	return account.ReadEmail("manager", o.manager)
}
