// Command operator does what only the host of the service does, on a stage or locally.
//
//	go run ./infra/operator create -slug saint-aubin -name Saint-Aubin -zone B -manager claire.petit@saint-aubin.example -first Claire -last Petit
//	go run ./infra/operator list
//	go run ./infra/operator figures [-slug saint-aubin]
//	go run ./infra/operator suspend -slug saint-aubin
//	go run ./infra/operator resume -slug saint-aubin
//	go run ./infra/operator invite -slug saint-aubin -manager odile.garnier@saint-aubin.example -first Odile -last Garnier
//	go run ./infra/operator reset-authenticator -slug saint-aubin -agent claire.petit@saint-aubin.example
//	go run ./infra/operator export -slug saint-aubin -to saint-aubin-2026-11-23
//	go run ./infra/operator import -from saint-aubin-2026-11-23 [-as saint-aubin-essai]
//	go run ./infra/operator delete -slug saint-aubin [-cancel | [-now] -confirm saint-aubin]
//	go run ./infra/operator unmark -address anne.martin@example.org
//	go run ./infra/operator rotate-key -slug saint-aubin
//	go run ./infra/operator erase-key -slug saint-aubin -confirm saint-aubin
//	go run ./infra/operator verify-audit -slug saint-aubin -from 2026-09-01
//
// create onboards a collectivity and invites its first manager by mail; invite does so again, when the link has expired or nobody is
// left who manages it. suspend closes a collectivity to its families and agents, whose public page says so; workers leave it alone.
// reset-authenticator is for a manager whom no other manager can help. export writes a collectivity whole into a folder, what is
// sealed of it open; import brings it to where its slug is free, sealed under keys of its own, and overwrites nothing. delete marks
// a collectivity, which leaves 30 days later: said again with -confirm, then or with -now, it suspends it and erases everything of it;
// while a job is at work there it erases nothing yet, and says until when. unmark clears our mark of an address that bounced.
// rotate-key and erase-key are for the data keys of sealed fields (infra/stack/README.md); sealing old texts again under a new key
// is not there yet. verify-audit holds a collectivity's audit against its digests, and fails at the first day that is not as it was
// sealed.
//
// It acts with the caller's own AWS credentials (AWS_ACCESS_KEY_ID … in the environment) on what these name, the outputs of the
// stage's data stack: PREAU_TABLE and PREAU_MAC_KEY; for data keys, exports, imports and deletions PREAU_KEYRING and PREAU_SEAL_KEY;
// for figures, exports, imports and deletions PREAU_FILES; for the audit PREAU_LEDGER; for create -sender PREAU_MAIL_FROM, the
// stage's own sender. figures, export and delete read the whole
// table. Without a command, flags are read as those of create, and -unmark ADDRESS as unmark.
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
	"create":              create,
	"list":                list,
	"figures":             figures,
	"suspend":             suspends("suspend", true),
	"resume":              suspends("resume", false),
	"invite":              invite,
	"reset-authenticator": resetAuthenticator,
	"export":              exportTown,
	"import":              importTown,
	"delete":              remove,
	"unmark":              unmark,
	"rotate-key":          rotateKey,
	"erase-key":           eraseKey,
	"verify-audit":        verifyAudit,
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
