package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"preau/infra/local/emulators"
	"preau/infra/local/platform"
	"preau/infra/seed"
)

// A demonstration is what somebody needs to try the service.
type demonstration struct {
	Portal  string `json:"portal"`
	API     string `json:"api"`
	Mailbox string `json:"mailbox"`
	seed.Demo
}

// demonstrate fills a fresh table with the demonstration town. The codes are only known now, so they are kept in
// .local/demo.json for the next start.
func demonstrate(ctx context.Context, p *platform.Platform, root string) (demonstration, error) {
	d, err := readDemo(root)
	if err != nil {
		return d, err
	}
	if p.Fresh {
		fmt.Println("Making the demonstration town…")
		if d.Demo, err = plant(ctx, p); err != nil {
			return d, fmt.Errorf("make the demonstration town: %w", err)
		}
	}
	d.Portal, d.API, d.Mailbox = p.Resources.Portal, p.Resources.Portal, p.Resources.Mailbox // the API answers under /v1 of the portal
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return d, err
	}
	return d, os.WriteFile(demoFile(root), append(body, '\n'), 0o600)
}

func readDemo(root string) (d demonstration, err error) {
	body, err := os.ReadFile(demoFile(root))
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(body, &d)
}

// plant makes the town as the platform: seed reads the environment, like a function.
func plant(ctx context.Context, p *platform.Platform) (demo seed.Demo, err error) {
	variables := p.Resources.Variables()
	maps.Copy(variables, p.Resources.AWS(emulators.PlatformKey))
	for name, value := range variables {
		if err := os.Setenv(name, value); err != nil {
			return demo, err
		}
	}
	e, err := seed.Open(ctx, time.Now())
	if err != nil {
		return demo, err
	}
	return seed.MakeDemo(ctx, e)
}

// print says in plain words where to click.
func (d demonstration) print(w io.Writer, p *platform.Platform, took time.Duration) {
	out := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	out("")
	out("Préau is ready (%.1f s).", took.Seconds())
	out("")
	out("  Portal:   %s/%s   for families", d.Portal, d.Collectivity)
	out("  Agents:   %s/%s/agents", d.Portal, d.Collectivity)
	out("  API:      %s/v1", d.API)
	out("            %s/openapi.json describes it", d.Portal)
	out("  Mails:    %s", d.Mailbox)
	out("            every mail that Préau sends arrives here, activation links too")
	out("")
	widest := 0
	for _, f := range d.Families {
		widest = max(widest, utf8.RuneCountInString(f.Label))
	}
	for _, f := range d.Families {
		out("  Family:   %-*s   subscriber code: %s", widest, f.Label, f.Code)
	}
	if d.Parent.Email != "" {
		out("  Parent:   %s   password: %s   subscribed already", d.Parent.Email, d.Parent.Password)
	}
	out("  Agent:    %s    password: %s", d.Agent.Email, d.Agent.Password)
	if d.Agent.TOTPSecret != "" {
		out("            TOTP secret: %s   for an authenticator app, or: go run ./infra/local totp", d.Agent.TOTPSecret)
		out("            a manager who may read health data too")
	}
	out("")
	out("  Logs:     %s", filepath.Join(relative(p.Logs), "<function>.log"))
	if len(p.Missing) > 0 {
		out("  Missing:  %s", strings.Join(p.Missing, ", ")+" (no program)")
	}
	out("")
	out("To begin: open the portal, « Créer un compte », and have a code at hand; or README.md, \"Try it with curl\".")
	out("Ctrl-C stops everything; what you did stays until make reset.")
	out("")
}

func relative(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(dir, path); err == nil {
		return short
	}
	return path
}
