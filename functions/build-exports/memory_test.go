package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit/town"
)

// warehouse is an S3 with a document of 10 MB under every key, which weighs what it is sent and keeps nothing of it.
func warehouse(t *testing.T) (url string, received *atomic.Int64) {
	t.Helper()
	received = &atomic.Int64{}
	block := make([]byte, 1<<20)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		switch {
		case r.Method == http.MethodGet:
			w.Header().Set("Content-Length", fmt.Sprint(10<<20))
			for range 10 {
				_, _ = w.Write(block)
			}
		case r.Method == http.MethodPost && r.URL.Query().Has("uploads"):
			fmt.Fprint(w, `<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>`)
		case r.Method == http.MethodPost:
			fmt.Fprint(w, `<CompleteMultipartUploadResult><ETag>"all"</ETag></CompleteMultipartUploadResult>`)
		default:
			received.Add(n)
			w.Header().Set("ETag", `"part"`)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, received
}

// TestAnExportOf200MegabytesIsNeverHeld is not parallel: it weighs the process.
func TestAnExportOf200MegabytesIsNeverHeld(t *testing.T) {
	d := opened(t, "Léa")
	for n := range 20 {
		if n%10 == 0 { // a day's uploads of a family are bounded
			d.Env.Now = d.Env.Now.Add(24 * time.Hour)
		}
		d.Papers("other", d.Children[0], "%PDF")
	}
	url, received := warehouse(t)
	d = d.within(t, map[string]string{"AWS_ENDPOINT_URL_S3": url})
	d.ask(t, d.Account)
	weigh := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	runtime.GC()
	before, most, over := weigh(), uint64(0), make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-over:
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, weigh())
			}
		}
	}()
	began := time.Now()
	d.run(t)
	close(over)
	<-done
	grown := int64(most-before) >> 20
	t.Logf("%d MB were sent in %v, the heap grew by %d MB at most", received.Load()>>20, time.Since(began).Round(time.Millisecond), grown)
	if received.Load() < 200<<20 || grown > 64 {
		t.Errorf("%d MB were sent, the heap grew by %d MB", received.Load()>>20, grown)
	}
	if e := d.state(t, d.Account); !e.Ready(town.Now) || !strings.HasSuffix(e.File(d.Account.ID), ".zip") {
		t.Errorf("it is %+v", e)
	}
}
