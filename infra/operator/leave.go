package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"preau/infra/catalog"
	"preau/infra/tenant"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// notice is how long a collectivity stays after it was marked: for its families to take their data, and for second thoughts.
const notice = 30 * 24 * time.Hour

// remove marks a collectivity to leave, takes that back, or erases it once its time has come.
func remove(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("delete", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity")
	confirm := flags.String("confirm", "", "the same once more: erase it")
	now := flags.Bool("now", false, "before its notice is over")
	keep := flags.Bool("cancel", false, "it stays after all")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := needs(catalog.EnvTable, catalog.EnvFiles, catalog.EnvKeyring); err != nil {
		return err
	}
	h := tenant.Open()
	t, err := h.Store.Tenant(ctx, *slug)
	if err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	switch {
	case *keep:
		return mark(ctx, h.Store, *slug, "cancel-deletion", time.Time{})
	case *confirm == "" && *now:
		return fmt.Errorf("all of %s would be erased at once: say -confirm %[1]s too", *slug)
	case *confirm == "":
		return markOnce(ctx, h.Store, t)
	case *confirm != *slug:
		return errors.New("-slug and -confirm name two collectivities")
	}
	if err := over(t, *now, calendar.Now()); err != nil {
		return err
	}
	return erase(ctx, h, *slug)
}

func markOnce(ctx context.Context, s *store.Store, t store.Tenant) error {
	if !t.Leaves.IsZero() {
		fmt.Printf("%s leaves on %s already.\n", t.Name, t.Leaves.Format(time.RFC3339))
		return nil
	}
	return mark(ctx, s, t.Slug, "delete", calendar.Now().Add(notice))
}

func mark(ctx context.Context, s *store.Store, slug, action string, leaves time.Time) error {
	t, err := s.Govern(ctx, slug, action, calendar.Now(), func(s *collectivity.Settings) { s.Leaves = leaves })
	if err != nil {
		return fmt.Errorf("%s: %w", slug, err)
	}
	if leaves.IsZero() {
		fmt.Printf("%s stays.\n", t.Name)
		return nil
	}
	fmt.Printf("%s leaves on %s: its public page says so. From then on: delete -slug %s -confirm %[3]s. Until then: delete -slug %[3]s -cancel.\n",
		t.Name, leaves.Format(time.RFC3339), slug)
	return nil
}

// over refuses an erasure whose notice is not over, unless it is to be now.
func over(t store.Tenant, atOnce bool, now time.Time) error {
	switch {
	case atOnce:
		return nil
	case t.Leaves.IsZero():
		return fmt.Errorf("%s is not marked to leave: delete -slug %[1]s first", t.Slug)
	case now.Before(t.Leaves):
		return fmt.Errorf("%s leaves on %s, not before; -now does not wait", t.Slug, t.Leaves.Format(time.RFC3339))
	}
	return nil
}

func erase(ctx context.Context, h tenant.Host, slug string) error {
	asleep, err := h.Store.Operated(slug).Asleep(ctx)
	if err == nil && !asleep {
		_, err = h.Store.Govern(ctx, slug, "delete", calendar.Now(), func(s *collectivity.Settings) { s.Suspended = true })
	}
	if err != nil {
		return err
	}
	e, err := h.Erase(ctx, slug, calendar.Now())
	if busy := (tenant.Busy{}); errors.As(err, &busy) {
		return fmt.Errorf("%s is suspended; %w: run the same command again then", slug, err)
	}
	if err != nil {
		return fmt.Errorf("%s is erased in part; go on with delete -slug %[1]s -now -confirm %[1]s: %w", slug, err)
	}
	fmt.Printf("%s is erased since %s: %d items, %d files, %d rights, %d codes, %d mails, its data keys. %d accounts and sign-ups made there stay their persons'.\n",
		slug, calendar.Now().Format(time.RFC3339), e.Items, e.Files, e.Rights, e.Codes, e.Mails, e.Accounts)
	return nil
}

// exportTown writes a collectivity whole into a folder.
func exportTown(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity")
	to := flags.String("to", "", "folder to be made; what is sealed lies open there")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *to == "" {
		return errors.New("-to names the folder")
	}
	if err := needs(catalog.EnvTable, catalog.EnvFiles, catalog.EnvKeyring, catalog.EnvSealKey); err != nil {
		return err
	}
	t, err := tenant.Open().Export(ctx, *slug, *to, calendar.Now())
	if err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	fmt.Printf("%s: %d items, %d subscriptions and %d files are in %s. Bank, tax and health data lie open there: keep it locked, and erase it when it is not needed any more.\n",
		t.Name, t.Items, t.Subscriptions, t.Files, *to)
	return nil
}

// importTown writes an exported collectivity where it is not.
func importTown(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	from := flags.String("from", "", "folder of an export")
	as := flags.String("as", "", "its slug here; as it was unless said")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := needs(catalog.EnvTable, catalog.EnvFiles, catalog.EnvKeyring, catalog.EnvSealKey); err != nil {
		return err
	}
	t, err := tenant.Open().Import(ctx, *from, *as, calendar.Now())
	if err != nil {
		return err
	}
	fmt.Printf("%s is there as %s: %d items, %d files, %d subscriptions in force again. %d rights stay behind, for their persons have no account here: send codes, and invite agents.\n",
		t.Name, t.Slug, t.Items, t.Files, t.Subscriptions, t.Left)
	return nil
}

// needs refuses to begin without what an act is about.
func needs(variables ...string) error {
	for _, name := range variables {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set", name)
		}
	}
	return nil
}
