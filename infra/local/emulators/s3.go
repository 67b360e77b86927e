package emulators

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3afero"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/spf13/afero"

	"preau/infra/catalog"
)

// The buckets of a stack.
const (
	filesName  = "files"
	ledgerName = "ledger"
)

// Objects serves S3 and stands in front of gofakes3, which checks nothing by itself. It refuses what the catalog does not
// grant the calling function, holds links to what was signed, keeps the ledger's objects as they were first written, and
// tells of files that arrive.
//
// It corrects of gofakes3: signatures, rights, checksums and lengths, CORS, objects written once, and what a missing object
// answers to a caller who may not list. It knows what Préau uses: objects are put whole or in parts, got, deleted and listed. Versions,
// lifecycle and encryption are the deployed bucket's.
type Objects struct {
	callers callers
	backend gofakes3.Backend
	next    http.Handler
	pages   []string // origins of the pages that may use links
	now     func() time.Time

	mu        sync.RWMutex
	observers []*func(File)
}

// newObjects opens the store with its two buckets. Objects live in dir, or in memory when it is empty.
func newObjects(dir string, who callers, portal string) (*Objects, error) {
	backend, err := s3Backend(dir)
	if err != nil {
		return nil, err
	}
	for _, bucket := range []string{filesName, ledgerName} {
		exists, err := backend.BucketExists(bucket)
		if err == nil && !exists {
			err = backend.CreateBucket(bucket)
		}
		if err != nil {
			return nil, err
		}
	}
	next := gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	return &Objects{callers: who, backend: backend, next: next, pages: pages(portal), now: time.Now}, nil
}

func s3Backend(dir string) (gofakes3.Backend, error) {
	if dir == "" {
		return s3mem.New(), nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return s3afero.MultiBucket(afero.NewBasePathFs(afero.NewOsFs(), dir))
}

// pages are the origins of the portal: a laptop's own name and its address lead to the same pages.
func pages(portal string) []string {
	portal = strings.TrimSuffix(portal, "/")
	return []string{portal, strings.Replace(portal, "//localhost:", "//127.0.0.1:", 1)}
}

// ServeHTTP answers as S3.
func (o *Objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		o.preflight(w, r)
		return
	}
	call, who, refused := o.admit(r)
	if refused == nil {
		refused = o.checkObject(call, who)
	}
	var body []byte
	if refused == nil {
		body, refused = readObject(r)
	}
	if refused != nil {
		refused.write(o.opened(w, r), r)
		return
	}
	answer := o.opened(w, r)
	o.next.ServeHTTP(answer, r)
	answer.begin()
	if call.arrives() && answer.status == http.StatusOK {
		o.tell(File{
			Key: call.key, Size: int64(len(body)), ETag: strings.Trim(answer.Header().Get("ETag"), `"`), At: o.now(),
		})
	}
}

// admit says what a request does and who does it, if they may.
func (o *Objects) admit(r *http.Request) (objectCall, caller, *s3Error) {
	call, refused := readObjectCall(r)
	if refused != nil {
		return call, caller{}, refused
	}
	who, refused := o.caller(r)
	if refused == nil {
		refused = who.mayUseObjects(call)
	}
	return call, who, refused
}

// caller finds who signed a request: in its header, by a key alone, or in its query, with a signature that is checked.
func (o *Objects) caller(r *http.Request) (caller, *s3Error) {
	key := ""
	switch {
	case r.URL.Query().Has("X-Amz-Signature"):
		link, refused := readLink(r)
		if refused == nil {
			refused = link.check(r, o.now())
		}
		if refused != nil {
			return caller{}, refused
		}
		key = link.key
	case r.Header.Get("Authorization") == "":
		return caller{}, accessDenied("Access Denied")
	}
	who, unknown := o.callers.of(r)
	if key != "" {
		who, unknown = o.callers.by(key)
	}
	if unknown != nil {
		return caller{}, &s3Error{http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."}
	}
	return who, nil
}

// checkObject holds the ledger's objects as they are, and hides from who may not list whether an object exists.
func (o *Objects) checkObject(call objectCall, who caller) *s3Error {
	switch {
	case call.bucket == ledgerName && call.right == catalog.DeleteFile:
		return accessDenied("Access Denied because object protected by object lock.")
	case call.bucket == ledgerName && call.right == catalog.PutFile && !call.onlyNew:
		return accessDenied("Access Denied because of an explicit deny in a resource-based policy")
	case call.right == catalog.GetFile && !who.mayList(call.bucket):
		if _, err := o.backend.HeadObject(call.bucket, call.key); err != nil {
			who.report = func(string) {} // it lacks no right that it was meant to have
			return who.deniedObject(objectCall{bucket: call.bucket, right: catalog.ListFiles})
		}
	}
	return nil
}
