// Command operator does what only the host of the service does, on a stage or locally.
//
//	go run ./infra/operator create -slug saint-aubin -name Saint-Aubin -manager claire.petit@saint-aubin.example -first Claire -last Petit
//	go run ./infra/operator unmark -address anne.martin@example.org
//	go run ./infra/operator rotate-key -slug saint-aubin
//	go run ./infra/operator erase-key -slug saint-aubin -confirm saint-aubin
//	go run ./infra/operator verify-audit -slug saint-aubin -from 2026-09-01
//
// create onboards a collectivity and its first manager, who chooses a password by "mot de passe oublié"; the authenticator's
// address is printed once and stored nowhere. unmark clears our mark of an address that bounced. rotate-key and erase-key are
// for the data keys of sealed fields (infra/stack/README.md); sealing old texts again under a new key is not there yet.
// verify-audit holds a collectivity's audit against its digests, and fails at the first day that is not as it was sealed.
//
// It acts with the caller's own AWS credentials (AWS_ACCESS_KEY_ID … in the environment) on what PREAU_TABLE, PREAU_POOL and
// PREAU_MAC_KEY name, for data keys PREAU_KEYRING and PREAU_SEAL_KEY, for the audit PREAU_LEDGER: the outputs of the stage's data stack. Without a command,
// flags are read as those of create, and -unmark ADDRESS as unmark.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "operator:", err)
		os.Exit(1)
	}
}

var commands = map[string]func(ctx context.Context, args []string) error{
	"create":       create,
	"unmark":       unmark,
	"rotate-key":   rotateKey,
	"erase-key":    eraseKey,
	"verify-audit": verifyAudit,
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return create(ctx, args)
	}
	command, known := commands[args[0]]
	if !known {
		return fmt.Errorf("no command is called %s; there are: %s", args[0], strings.Join(slices.Sorted(maps.Keys(commands)), ", "))
	}
	return command(ctx, args[1:])
}
