package emulators

import (
	"net/http"
	"slices"
	"strings"

	"preau/infra/catalog"
)

// An objectCall is what one request does. key is empty for the bucket itself.
type objectCall struct {
	bucket, key string
	right       catalog.FileRight // that it takes; empty: only the platform may
	onlyNew     bool              // a put that no object may be replaced by
	partly      bool              // part of a put, or its begin or end
}

// known are the members of a query that the local S3 understands, besides those of signatures and answers' headers.
var known = []string{
	"x-id", "delete", "list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type", "fetch-owner",
	"uploads", "uploadId", "partNumber", // of files that are put in parts
}

// readObjectCall reads path and query. What Préau does not use is refused, so that a test does not rely on an imitation.
func readObjectCall(r *http.Request) (objectCall, *s3Error) {
	for name := range r.URL.Query() {
		if !slices.Contains(known, name) && !strings.HasPrefix(name, "X-Amz-") && !strings.HasPrefix(name, "response-") {
			return objectCall{}, notImplemented(name)
		}
	}
	if r.Header.Get("X-Amz-Copy-Source") != "" {
		return objectCall{}, notImplemented("CopyObject")
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	call := objectCall{bucket: bucket, key: key, onlyNew: r.Header.Get("If-None-Match") == "*"}
	call.partly = r.URL.Query().Has("uploads") || r.URL.Query().Has("uploadId")
	var understood bool
	if call.right, understood = rightOf(r, bucket, key); !understood {
		return call, notImplemented(r.Method + " " + r.URL.Path)
	}
	return call, nil
}

// rightOf is the right that a request takes.
func rightOf(r *http.Request, bucket, key string) (right catalog.FileRight, understood bool) {
	onBucket := bucket != "" && key == ""
	switch r.Method {
	case http.MethodGet:
		if onBucket {
			return catalog.ListFiles, true
		}
		return catalog.GetFile, bucket != ""
	case http.MethodHead:
		return catalog.GetFile, key != ""
	case http.MethodPut:
		if onBucket {
			return "", true
		}
		return catalog.PutFile, bucket != ""
	case http.MethodDelete:
		if onBucket {
			return "", true
		}
		return catalog.DeleteFile, bucket != ""
	case http.MethodPost:
		if key != "" {
			return catalog.PutFile, r.URL.Query().Has("uploads") || r.URL.Query().Has("uploadId")
		}
		return catalog.DeleteFile, onBucket && r.URL.Query().Has("delete")
	}
	return "", false
}

// arrives says whether the call puts a file where functions wait for it.
func (c objectCall) arrives() bool {
	return c.bucket == filesName && c.right == catalog.PutFile && !c.partly && strings.HasPrefix(c.key, catalog.Incoming)
}

func (c objectCall) arn() string {
	arn := "arn:aws:s3:::" + c.bucket
	if c.key != "" {
		arn += "/" + c.key
	}
	return arn
}

// ledgerRights are what a function with the ledger may do there.
var ledgerRights = []catalog.FileRight{catalog.GetFile, catalog.PutFile, catalog.ListFiles}

// mayUseObjects refuses a call that the catalog does not grant.
func (c caller) mayUseObjects(call objectCall) *s3Error {
	granted := c.platform
	switch call.bucket {
	case filesName:
		granted = granted || slices.Contains(c.function.Files, call.right) && reaches(c.function, call.key)
	case ledgerName:
		granted = granted || c.function.Ledger && slices.Contains(ledgerRights, call.right)
	}
	if granted {
		return nil
	}
	return c.deniedObject(call)
}

// mayList says whether the caller hears that an object is missing.
func (c caller) mayList(bucket string) bool {
	return c.platform || bucket == ledgerName || slices.Contains(c.function.Files, catalog.ListFiles)
}

func (c caller) deniedObject(call objectCall) *s3Error {
	return accessDenied(c.denied("s3:"+string(call.right), call.arn()).Message)
}

// reaches says whether a function's rights hold for a key. What is listed or deleted many at a time names none here.
func reaches(f catalog.Function, key string) bool {
	return key == "" || slices.ContainsFunc(f.Folders, func(folder string) bool { return strings.HasPrefix(key, folder) })
}
