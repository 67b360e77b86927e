package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"preau/infra/local/platform"
)

// defaultPort is the portal's; the mailbox has the next one.
const defaultPort = 8080

// run starts the platform on its folder and keeps it until ctx ends.
func run(ctx context.Context) error {
	started := time.Now()
	s, err := openState()
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.discardHalfMade(); err != nil {
		return err
	}
	port, err := portalPort()
	if err != nil {
		return err
	}
	p, err := platform.Start(ctx, platform.Options{
		Root: s.root, Dir: s.dir, Logs: filepath.Join(s.root, ".local", "logs"), Port: port, MailboxPort: port + 1,
		Progress: os.Stdout, Report: complain,
	})
	if err != nil {
		return err
	}
	defer p.Close()
	d, err := demonstrate(ctx, p, s.root)
	if err != nil {
		return err
	}
	d.print(os.Stdout, p, time.Since(started))
	<-ctx.Done()
	fmt.Println("\nStopping…")
	return nil
}

// portalPort reads PORT.
func portalPort() (int, error) {
	text := os.Getenv("PORT")
	if text == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65534 {
		return 0, fmt.Errorf("PORT=%s is no port: give a number between 1024 and 65534", text)
	}
	return port, nil
}

// complain tells the developer in one line what went wrong.
func complain(line string) {
	fmt.Fprintf(os.Stderr, "%s ! %s\n", time.Now().Format(time.TimeOnly), line)
}
