package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"preau/infra/catalog"
	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/schooldays"
)

// order is a collectivity to be made.
type order struct {
	slug, name, fullName string
	timezone, zone       string // of clocks, and of school holidays
	sender               string // address that its mails come from; "": the portal's
	manager, first, last string
}

func create(ctx context.Context, args []string) error {
	var o order
	flags := flag.NewFlagSet("create", flag.ContinueOnError)
	flags.StringVar(&o.slug, "slug", "", "the collectivity's name in addresses: saint-aubin")
	flags.StringVar(&o.name, "name", "", "its name as people read it")
	flags.StringVar(&o.fullName, "full-name", "", "its name in legal texts: Commune de Saint-Aubin")
	flags.StringVar(&o.timezone, "time-zone", "Europe/Paris", "where its clocks are")
	flags.StringVar(&o.zone, "zone", "", "of its school holidays: A, B, C, corsica …; its manager may set it later")
	flags.StringVar(&o.sender, "sender", "", "address that its mails come from, at the domain of "+catalog.EnvMailFrom+"; the portal's unless said")
	flags.StringVar(&o.manager, "manager", "", "e-mail address of its first manager, who is invited by mail")
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
	first := invitation(env, email, o.first, o.last)
	if _, err := env.Store.CreateCollectivity(ctx, settings(o, env.Now), first); err != nil {
		return err
	}
	fmt.Printf("%s is there: %s/%s\nIts manager %s is invited by mail; the link is good until %s.\n",
		o.name, os.Getenv(catalog.EnvPortal), o.slug, email, first.Until().Format(time.RFC3339))
	return nil
}

// settings are those of the new collectivity: usual ones, which hold until its manager sets others.
func settings(o order, now time.Time) collectivity.Settings {
	s := seed.DefaultSettings(o.slug, o.name)
	s.FullName, s.Timezone, s.TermsSince = o.fullName, o.timezone, now
	s.Mail.Address = strings.ToLower(o.sender)
	if o.zone != "" {
		s.Calendar = schooldays.Settings{Zone: o.zone, Weekdays: schooldays.FourDays}
	}
	return s
}

func invitation(env seed.Env, email, first, last string) collectivity.Invitation {
	return collectivity.Invitation{ID: env.Secret.Address(email), Email: email, FirstName: first, LastName: last, At: env.Now}
}

func check(o order) (email string, err error) {
	if !collectivity.GoodSlug(o.slug) {
		return "", errors.New("-slug takes small letters, figures and inner hyphens: saint-aubin")
	}
	if o.name == "" || o.first == "" || o.last == "" {
		return "", errors.New("-name, -first and -last are needed")
	}
	if _, err := calendar.Zone(o.timezone); err != nil {
		return "", fmt.Errorf("-time-zone: %w", err)
	}
	if o.zone != "" {
		if _, err := schooldays.New(schooldays.Settings{Zone: o.zone, Weekdays: schooldays.FourDays}, schooldays.Published()); err != nil {
			return "", fmt.Errorf("-zone: %w", err)
		}
	}
	if err := checkSender(o.sender, os.Getenv(catalog.EnvMailFrom)); err != nil {
		return "", err
	}
	return account.ReadEmail("manager", o.manager)
}

// checkSender refuses an address that SES would not send from: one at another domain than the portal's own.
func checkSender(sender, portal string) error {
	if sender == "" {
		return nil
	}
	read, err := account.ReadEmail("sender", sender)
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(read, "@")
	if _, own, _ := strings.Cut(strings.ToLower(portal), "@"); own == "" || domain != own {
		return fmt.Errorf("-sender is at the domain of %s (%q), which SES has proved", catalog.EnvMailFrom, portal)
	}
	return nil
}
