package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"preau/infra/catalog"
	"preau/shared/calendar"
	"preau/shared/keys"
	"preau/shared/store"
)

func rotateKey(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("rotate-key", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity that gets a new data key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := sealing()
	if err != nil {
		return err
	}
	k, err := s.RotateKey(ctx, *slug, calendar.Now())
	if err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	fmt.Printf("%s has %d data keys. The newest, %s, seals from %s on; what the others sealed opens as before.\n",
		*slug, len(k.Keys), k.Newest, k.Keys[k.Newest].From.Format(time.RFC3339))
	return nil
}

func eraseKey(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("erase-key", flag.ContinueOnError)
	slug := flags.String("slug", "", "the collectivity whose data keys are erased, all of them")
	confirm := flags.String("confirm", "", "the same once more")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *confirm != *slug {
		return fmt.Errorf("bank, tax and health data of %s will open nowhere again, in no backup either: say -confirm %[1]s", *slug)
	}
	s, err := sealing()
	if err != nil {
		return err
	}
	k, err := s.EraseKeys(ctx, *slug)
	if err != nil {
		return fmt.Errorf("%s: %w", *slug, err)
	}
	fmt.Printf("%s: %d data keys erased at %s. Running functions forget them within 15 minutes.\n", *slug, len(k.Keys), calendar.Now().Format(time.RFC3339))
	return nil
}

func sealing() (*store.Store, error) {
	for _, name := range []string{catalog.EnvKeyring, catalog.EnvSealKey} {
		if os.Getenv(name) == "" {
			return nil, fmt.Errorf("%s is not set", name)
		}
	}
	return store.Open().Sealing(keys.Vault()), nil
}
