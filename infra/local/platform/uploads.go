package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

// watchUploads starts functions for files that arrive, until the platform stops. Files that still lie there from before are
// told of again: nobody may have been there to hear of them.
func (p *Platform) watchUploads() {
	arrivals := make(chan emulators.File, 1024)
	stop := p.Stack.Objects.Observe(func(f emulators.File) {
		select {
		case arrivals <- f:
		case <-p.life.Done():
		}
	})
	p.background.Go(func() {
		defer stop()
		var told sync.WaitGroup
		defer told.Wait()
		for _, f := range p.waitingUploads() {
			told.Go(func() { p.tellOf(f) })
		}
		for {
			select {
			case <-p.life.Done():
				return
			case f := <-arrivals:
				told.Go(func() { p.tellOf(f) })
			}
		}
	})
}

func (p *Platform) waitingUploads() []emulators.File {
	files, err := p.Stack.Objects.Files(catalog.Incoming)
	if err != nil {
		p.options.Report("files that arrived are not told of: " + err.Error())
	}
	return files
}

// tellOf reports what nobody waits for.
func (p *Platform) tellOf(f emulators.File) {
	if err := p.sendUpload(p.life, f); err != nil && p.life.Err() == nil {
		p.options.Report(err.Error())
	}
}

// SendUpload tells the functions that wait for files of one that is there, as S3 does through EventBridge, and waits until
// they have handled it. S3 may tell of a file twice.
func (p *Platform) SendUpload(ctx context.Context, key string) error {
	for _, f := range p.waitingUploads() {
		if f.Key == key {
			return p.sendUpload(ctx, f)
		}
	}
	return fmt.Errorf("no file %s has arrived", key)
}

func (p *Platform) sendUpload(ctx context.Context, f emulators.File) (err error) {
	payload, err := json.Marshal(f.Event())
	if err != nil {
		return err
	}
	for _, f := range p.options.Functions {
		if f.Trigger.Uploads && p.Functions.Has(f.Name) {
			err = errors.Join(err, p.deliver(ctx, f.Name, payload))
		}
	}
	return err
}
