package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"preau/infra/seed"
	"preau/infra/tenant"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// table prints rows in columns.
func table(rows [][]string) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range rows {
		_, _ = fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	return w.Flush()
}

// list prints every collectivity and how it stands.
func list(ctx context.Context, args []string) error {
	if err := flag.NewFlagSet("list", flag.ContinueOnError).Parse(args); err != nil {
		return err
	}
	rows := [][]string{{"SLUG", "NAME", "STATE"}}
	s := store.Open()
	err := each(ctx, s, func(slug string) error {
		t, err := s.Tenant(ctx, slug)
		rows = append(rows, []string{slug, t.Name, state(t)})
		return err
	})
	if err != nil {
		return err
	}
	return table(rows)
}

// each goes through the slugs of all collectivities.
func each(ctx context.Context, s *store.Store, do func(slug string) error) error {
	for cursor := ""; ; {
		towns, next, err := s.Collectivities(ctx, cursor)
		if err != nil {
			return err
		}
		for _, t := range towns {
			if err := do(t.Slug()); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

func state(t store.Tenant) string {
	var all []string
	if t.Suspended {
		all = append(all, "suspended")
	}
	if !t.Leaves.IsZero() {
		all = append(all, "leaves on "+t.Leaves.Format(time.DateOnly))
	}
	if len(all) == 0 {
		return "open"
	}
	return strings.Join(all, ", ")
}

// suspends is the command that closes a collectivity to its families and agents, or opens it again.
func suspends(name string, suspended bool) func(ctx context.Context, args []string) error {
	return func(ctx context.Context, args []string) error {
		flags := flag.NewFlagSet(name, flag.ContinueOnError)
		slug := flags.String("slug", "", "the collectivity")
		if err := flags.Parse(args); err != nil {
			return err
		}
		t, err := store.Open().Govern(ctx, *slug, name, calendar.Now(), func(s *collectivity.Settings) { s.Suspended = suspended })
		if err != nil {
			return fmt.Errorf("%s: %w", *slug, err)
		}
		fmt.Printf("%s: %s.\n", t.Name, state(t))
		return nil
	}
}

// figures prints what there is of each collectivity, or of one.
func figures(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("figures", flag.ContinueOnError)
	slug := flags.String("slug", "", "one collectivity; all unless said")
	if err := flags.Parse(args); err != nil {
		return err
	}
	all, err := tenant.Open().Figures(ctx)
	if err != nil {
		return err
	}
	if *slug != "" && all[*slug] == nil {
		return fmt.Errorf("%s: %w", *slug, collectivity.ErrUnknown)
	}
	rows := [][]string{{"SLUG", "ACCOUNTS", "FAMILIES", "AGENTS", "REQUESTS", "MAILS (30 DAYS)", "TABLE", "FILES", "BYTES OF FILES"}}
	var names []string
	for name := range all {
		if *slug == "" || name == *slug {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		f := all[name]
		rows = append(rows, []string{
			name, fmt.Sprint(f.Accounts), fmt.Sprint(f.Families), fmt.Sprint(f.Agents), fmt.Sprint(f.Requests), fmt.Sprint(f.Mails),
			megabytes(f.ItemBytes), fmt.Sprint(f.Files), megabytes(f.FileBytes),
		})
	}
	return table(rows)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// invite has a manager invited: after the first one's link has expired, or all were lost.
func invite(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("invite", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity")
	manager := flags.String("manager", "", "e-mail address of who is to manage it")
	first := flags.String("first", "", "first name")
	last := flags.String("last", "", "last name")
	if err := flags.Parse(args); err != nil {
		return err
	}
	email, err := account.ReadEmail("manager", *manager)
	if err != nil {
		return err
	}
	if *first == "" || *last == "" {
		return errors.New("-first and -last are needed")
	}
	env, err := seed.Open(ctx, calendar.Now())
	if err != nil {
		return err
	}
	if _, err := env.Store.Tenant(ctx, *slug); err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	sent, err := env.Store.InviteManager(ctx, *slug, invitation(env, email, *first, *last), env.Now)
	if err != nil {
		return err
	}
	fmt.Printf("%s is invited by mail; the link is good until %s.\n", email, sent.Until().Format(time.RFC3339))
	return nil
}

// resetAuthenticator is for a manager who lost theirs and has no other manager to ask.
func resetAuthenticator(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("reset-authenticator", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity")
	agent := flags.String("agent", "", "e-mail address of the agent")
	if err := flags.Parse(args); err != nil {
		return err
	}
	email, err := account.ReadEmail("agent", *agent)
	if err != nil {
		return err
	}
	env, err := seed.Open(ctx, calendar.Now())
	if err != nil {
		return err
	}
	owner, err := env.Store.Claimed(ctx, env.Secret.Address(email))
	if err == nil {
		err = env.Store.RenewAuthenticator(ctx, *slug, owner, env.Now)
	}
	if err != nil {
		return fmt.Errorf("%s at %s: %w", email, *slug, err)
	}
	fmt.Printf("The authenticator of %s opens nothing any more. A link to enrol another is on its way.\n", email)
	return nil
}
