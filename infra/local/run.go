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
	fmt.Println("Starting Préau…")
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
	return serve(ctx, p, s.root, started)
}

// serve says where to click and waits until ctx ends or the platform breaks.
func serve(ctx context.Context, p *platform.Platform, root string, started time.Time) error {
	whole, broken := context.WithCancelCause(ctx)
	defer broken(nil)
	go func() {
		select {
		case err := <-p.Stack.Ended():
			broken(fmt.Errorf("%w. Nothing works without it: run make run again", err))
		case <-whole.Done():
		}
	}()
	d, err := demonstrate(whole, p, root)
	if err == nil {
		d.print(os.Stdout, p, time.Since(started))
		p.RunSchedules()
		<-whole.Done()
	}
	switch {
	case ctx.Err() != nil: // as asked
		fmt.Println("\nStopping…")
		return nil
	case whole.Err() != nil:
		return context.Cause(whole)
	}
	return err
}

// portalPort reads PORT.
func portalPort() (int, error) {
	text := os.Getenv("PORT")
	if text == "" {
		return defaultPort, nil
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1024 || port > 65534 {
		return 0, fmt.Errorf("PORT=%s will not do: give a number between 1024 and 65534", text)
	}
	return port, nil
}

// complain tells the developer in one line what went wrong.
func complain(line string) {
	fmt.Fprintf(os.Stderr, "%s ! %s\n", time.Now().Format(time.TimeOnly), line)
}
