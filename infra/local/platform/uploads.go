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
	arrivals := make(chan emulators.Arrival, 1024)
	stop := p.Stack.Objects.Observe(func(a emulators.Arrival) {
		select {
		case arrivals <- a:
		case <-p.life.Done():
		}
	})
	p.background.Go(func() {
		defer stop()
		var told sync.WaitGroup
		defer told.Wait()
		for _, a := range p.waitingUploads() {
			told.Go(func() { p.tellOf(a) })
		}
		for {
			select {
			case <-p.life.Done():
				return
			case a := <-arrivals:
				told.Go(func() { p.tellOf(a) })
			}
		}
	})
}

func (p *Platform) waitingUploads() (all []emulators.Arrival) {
	files, err := p.Stack.Objects.Files(catalog.Incoming)
	if err != nil {
		p.options.Report("files that arrived are not told of: " + err.Error())
	}
	for _, f := range files {
		all = append(all, emulators.Arrival{Key: f.Key, Size: f.Size, ETag: f.ETag, At: f.At})
	}
	return all
}

// tellOf reports what nobody waits for.
func (p *Platform) tellOf(a emulators.Arrival) {
	if err := p.sendUpload(p.life, a); err != nil && p.life.Err() == nil {
		p.options.Report(err.Error())
	}
}

// SendUpload tells the functions that wait for files of one that is there, as S3 does through EventBridge, and waits until
// they have handled it. S3 may tell of a file twice.
func (p *Platform) SendUpload(ctx context.Context, key string) error {
	for _, a := range p.waitingUploads() {
		if a.Key == key {
			return p.sendUpload(ctx, a)
		}
	}
	return fmt.Errorf("no file %s has arrived", key)
}

func (p *Platform) sendUpload(ctx context.Context, a emulators.Arrival) (err error) {
	payload, err := json.Marshal(a.Event())
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
