// Command operator onboards a collectivity and its first manager, on a stage or locally, and clears our mark of an address
// that bounced.
//
//	go run ./infra/operator -unmark anne.martin@example.org
//	go run ./infra/operator -slug saint-aubin -name Saint-Aubin -manager claire.petit@saint-aubin.example -first Claire -last Petit
//
// It acts with the caller's own AWS credentials (AWS_ACCESS_KEY_ID … in the environment) on what PREAU_TABLE, PREAU_POOL
// and PREAU_MAC_KEY name: the outputs of the stage's data stack. The manager chooses a password by "mot de passe oublié";
// the authenticator's address is printed once and stored nowhere.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"regexp"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

type order struct{ slug, name, zone, manager, first, last, unmark string }

func main() {
	var o order
	flag.StringVar(&o.slug, "slug", "", "the collectivity's name in addresses: saint-aubin")
	flag.StringVar(&o.name, "name", "", "its name as people read it")
	flag.StringVar(&o.zone, "zone", "Europe/Paris", "its time zone")
	flag.StringVar(&o.manager, "manager", "", "e-mail address of its first manager")
	flag.StringVar(&o.first, "first", "", "the manager's first name")
	flag.StringVar(&o.last, "last", "", "the manager's last name")
	flag.StringVar(&o.unmark, "unmark", "", "e-mail address that is to get mails again; nothing else is done")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "operator:", err)
		os.Exit(1)
	}
}

// slugs are what addresses and keys can hold.
var slugs = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func run(ctx context.Context, o order) error {
	if o.unmark != "" {
		return unmark(ctx, o.unmark)
	}
	return onboard(ctx, o)
}

func unmark(ctx context.Context, address string) error {
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
	if !slugs.MatchString(o.slug) || len(o.slug) > 63 {
		return "", errors.New("-slug takes lower-case letters, digits and single hyphens: saint-aubin")
	}
	if o.name == "" || o.first == "" || o.last == "" {
		return "", errors.New("-name, -first and -last are needed")
	}
	if _, err := calendar.Zone(o.zone); err != nil {
		return "", err
	}
	return account.ReadEmail("manager", o.manager)
}
