// Package files makes links to the bucket of photos, documents and exports, named by PREAU_FILES: signed requests that a browser
// makes in a function's place, for minutes.
//
// S3 holds a request to what was signed: the key, the time and, of a file that is sent, its length, type and SHA-256. A link
// gives no more than the function that signed it may do, and dies with its credentials, which last for hours.
//
// Signing needs no client of S3, which would make a function that only shows files half as large again: files/bucket is that
// client.
package files

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"preau/shared/awsconfig"
)

// Files is the bucket, as links lead to it.
type Files struct {
	root   url.URL // of the bucket
	config aws.Config
	signer *v4.Signer
}

// Open finds the bucket named by PREAU_FILES. It calls nobody.
func Open() *Files {
	return open(os.Getenv("PREAU_FILES"), awsconfig.Load(), awsconfig.Endpoint("S3"))
}

// open finds a bucket by its own host, or under its name at an endpoint.
func open(bucket string, config aws.Config, endpoint *string) *Files {
	root := url.URL{Scheme: "https", Host: bucket + ".s3." + config.Region + ".amazonaws.com", Path: "/"}
	if endpoint != nil {
		scheme, host, _ := strings.Cut(*endpoint, "://")
		root = url.URL{Scheme: scheme, Host: host, Path: "/" + bucket + "/"}
	}
	return &Files{root: root, config: config, signer: v4.NewSigner()}
}

// A Link is a request that its holder may make until its end.
type Link struct {
	URL     string
	Headers map[string]string // to be sent exactly so; a browser sends the length by itself
	Until   time.Time
}

// Sent is a file that somebody is about to send.
type Sent struct {
	Type   string // media type
	Length int64  // bytes, at least 1
	SHA256 string // base64
}

// ErrChecksum refuses what is no SHA-256.
var ErrChecksum = errors.New("not a SHA-256 in base64")

// PutLink lets its holder put one file, and nothing but that file, under a key.
func (f *Files) PutLink(ctx context.Context, key string, s Sent, now time.Time, life time.Duration) (Link, error) {
	if sum, err := base64.StdEncoding.Strict().DecodeString(s.SHA256); err != nil || len(sum) != 32 {
		return Link{}, ErrChecksum
	}
	if s.Length < 1 {
		return Link{}, fmt.Errorf("a link to a file of %d bytes", s.Length)
	}
	headers := map[string]string{"content-type": s.Type, "x-amz-checksum-sha256": s.SHA256}
	r := f.request(http.MethodPut, key, url.Values{}, life)
	r.ContentLength = s.Length // signed as a header
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	signed, err := f.sign(ctx, r, now)
	return Link{URL: signed, Headers: headers, Until: now.Add(life)}, err
}

// Shown is how a browser takes a file.
type Shown struct {
	Type string // media type
	Name string // under which it is saved; empty: it is shown in the page and has none
}

// GetLink lets its holder get one file. No cache keeps what it gives.
func (f *Files) GetLink(ctx context.Context, key string, s Shown, now time.Time, life time.Duration) (Link, error) {
	q := url.Values{"response-content-type": {s.Type}, "response-cache-control": {"no-store"}, "response-content-disposition": {s.disposition()}}
	signed, err := f.sign(ctx, f.request(http.MethodGet, key, q, life), now)
	return Link{URL: signed, Until: now.Add(life)}, err
}

// disposition has a file with a name saved and never opened on the bucket's origin. What file systems do not take is a hyphen.
func (s Shown) disposition() string {
	if s.Name == "" {
		return "inline"
	}
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, s.Name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

func (f *Files) request(method, key string, q url.Values, life time.Duration) *http.Request {
	q.Set("X-Amz-Expires", strconv.Itoa(int(life/time.Second)))
	u := f.root
	u.Path += key
	u.RawPath, u.RawQuery = httpbinding.EscapePath(u.Path, false), q.Encode()
	return &http.Request{Method: method, Header: http.Header{}, URL: &u}
}

func (f *Files) sign(ctx context.Context, r *http.Request, now time.Time) (string, error) {
	who, err := f.config.Credentials.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("sign a link: %w", err)
	}
	signed, _, err := f.signer.PresignHTTP(ctx, who, r, "UNSIGNED-PAYLOAD", "s3", f.config.Region, now, func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = true // S3's paths are escaped once
		o.DisableHeaderHoisting = true  // S3 checks a checksum only where it is a header
	})
	if err != nil {
		return "", fmt.Errorf("sign a link: %w", err)
	}
	return signed, nil
}
