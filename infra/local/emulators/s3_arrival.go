package emulators

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Observe has f see every file that arrives under catalog.Incoming, from many goroutines at once, until stop is called.
func (o *Objects) Observe(f func(File)) (stop func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.observers = append(o.observers, &f)
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.observers = slices.DeleteFunc(slices.Clone(o.observers), func(x *func(File)) bool { return x == &f })
	}
}

func (o *Objects) tell(arrived File) {
	o.mu.RLock()
	observers := o.observers
	o.mu.RUnlock()
	for _, f := range observers {
		(*f)(arrived)
	}
}

// Event is what EventBridge hands to the functions that wait for files when this one arrives: S3's own "Object Created", keys as they are.
func (f File) Event() events.EventBridgeEvent {
	detail, err := json.Marshal(map[string]any{
		"version": "0", "bucket": map[string]string{"name": filesName},
		"object":     map[string]any{"key": f.Key, "size": f.Size, "etag": f.ETag, "sequencer": fmt.Sprintf("%016X", f.At.UnixNano())},
		"request-id": rand.Text()[:16], "requester": Account, "source-ip-address": "127.0.0.1", "reason": "PutObject",
	})
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return events.EventBridgeEvent{
		Version: "0", ID: rand.Text(), DetailType: "Object Created", Source: "aws.s3", AccountID: Account,
		Time: f.At.UTC().Truncate(time.Second), Region: Region, Resources: []string{"arn:aws:s3:::" + filesName}, Detail: detail,
	}
}
