package emulators

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"preau/infra/catalog"
)

// An s3Request is one call of S3, signed by header as a function's client does, or sent as it stands.
type s3Request struct {
	as      catalog.Function // none: unsigned
	method  string
	path    string // with its query
	body    string
	headers map[string]string
}

type s3Answer struct {
	status int
	code   string // of an error
	body   string
	header http.Header
}

func ask(t *testing.T, r Resources, q s3Request) s3Answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), q.method, r.S3+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	if q.as.Name != "" {
		key := AccessKey(q.as.Name)
		req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20260101/eu-west-3/s3/aws4_request, SignedHeaders=host, Signature=0")
	}
	for name, value := range q.headers {
		req.Header.Set(name, value)
	}
	return answerTo(t, req)
}

func answerTo(t *testing.T, req *http.Request) s3Answer {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := s3Answer{status: res.StatusCode, body: string(body), header: res.Header}
	var e struct{ Code string }
	if res.StatusCode >= 400 && xml.Unmarshal(body, &e) == nil {
		got.code = e.Code
	}
	return got
}

// place is a path in a bucket that no other test uses.
func place(bucket string) string { return "/" + bucket + "/kept/test/" + rand.Text() }

func TestAFunctionDoesToFilesOnlyWhatTheCatalogGrants(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	there := place("files")
	ask(t, r, s3Request{as: platform, method: "PUT", path: there, body: "photo"})
	for _, c := range []struct {
		says   string
		as     catalog.Function
		method string
		path   string
		status int
		code   string
	}{
		{"a granted read is served", linker, "GET", there, 200, ""},
		{"a granted write is served", linker, "PUT", place("files"), 200, ""},
		{"a granted listing is served", keeper, "GET", "/files?list-type=2&prefix=kept/test/", 200, ""},
		{"a granted deletion is served", keeper, "DELETE", place("files"), 204, ""},
		{"a read that is not granted is denied", nothing, "GET", there, 403, "AccessDenied"},
		{"a look at the length that is not granted is denied", nothing, "HEAD", there, 403, ""},
		{"a write that is not granted is denied", nothing, "PUT", place("files"), 403, "AccessDenied"},
		{"a deletion that is not granted is denied", linker, "DELETE", there, 403, "AccessDenied"},
		{"a folder that is not granted is denied", linker, "PUT", "/files/exports/a", 403, "AccessDenied"},
		{"a deletion of several that is not granted is denied", linker, "POST", "/files?delete", 403, "AccessDenied"},
		{"a listing that is not granted is denied", linker, "GET", "/files?list-type=2", 403, "AccessDenied"},
		{"who may list hears that a file is missing", keeper, "GET", place("files"), 404, "NoSuchKey"},
		{"who may not list hears only that it is forbidden", linker, "GET", place("files"), 403, "AccessDenied"},
		{"another bucket is denied", keeper, "GET", place("ledger"), 403, "AccessDenied"},
		{"a bucket of nobody is denied", keeper, "GET", place("other"), 403, "AccessDenied"},
		{"a bucket is made by nobody but the platform", keeper, "PUT", "/test-mine", 403, "AccessDenied"},
		{"an unknown key is nobody", catalog.Function{Name: "stranger"}, "GET", there, 403, "InvalidAccessKeyId"},
		{"an unsigned request is denied", catalog.Function{}, "GET", there, 403, "AccessDenied"},
		{"what Préau does not use is not imitated", keeper, "GET", there + "?acl", 501, "NotImplemented"},
		{"the list of all buckets is nobody's", platform, "GET", "/", 501, "NotImplemented"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, r, s3Request{as: c.as, method: c.method, path: c.path, body: ""}); got.status != c.status || got.code != c.code {
				t.Errorf("got %d %s: %s", got.status, got.code, got.body)
			}
		})
	}
}

func TestTheLedgerIsWrittenOnceAndNeverErased(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	there, onlyNew := place("ledger"), map[string]string{"If-None-Match": "*"}
	if got := ask(t, r, s3Request{as: clerk, method: "PUT", path: there, body: "first", headers: onlyNew}); got.status != 200 {
		t.Fatal(got)
	}
	for _, c := range []struct {
		says    string
		as      catalog.Function
		method  string
		path    string
		headers map[string]string
		status  int
		code    string
	}{
		{"what is there is not written again", clerk, "PUT", there, onlyNew, 412, "PreconditionFailed"},
		{"a put that does not ask is refused", clerk, "PUT", there, nil, 403, "AccessDenied"},
		{"a put that does not ask is refused on a free key too", clerk, "PUT", place("ledger"), nil, 403, "AccessDenied"},
		{"not even the platform replaces", platform, "PUT", there, nil, 403, "AccessDenied"},
		{"nobody deletes", clerk, "DELETE", there, nil, 403, "AccessDenied"},
		{"not even the platform", platform, "DELETE", there, nil, 403, "AccessDenied"},
		{"nor several at once", platform, "POST", "/ledger?delete", nil, 403, "AccessDenied"},
		{"a function without the ledger does not read it", keeper, "GET", there, nil, 403, "AccessDenied"},
		{"nor write it", keeper, "PUT", place("ledger"), onlyNew, 403, "AccessDenied"},
		{"a missing digest is missing", clerk, "GET", place("ledger"), nil, 404, "NoSuchKey"},
		{"digests are listed", clerk, "GET", "/ledger?list-type=2&prefix=kept/test/", nil, 200, ""},
		{"a function with the ledger has no files", clerk, "GET", place("files"), nil, 403, "AccessDenied"},
	} {
		t.Run(c.says, func(t *testing.T) {
			if got := ask(t, r, s3Request{as: c.as, method: c.method, path: c.path, body: "second", headers: c.headers}); got.status != c.status || got.code != c.code {
				t.Errorf("got %d %s: %s", got.status, got.code, got.body)
			}
		})
	}
	if got := ask(t, r, s3Request{as: clerk, method: "GET", path: there}); got.body != "first" {
		t.Errorf("the ledger holds %q", got.body)
	}
}

// signedLink makes a link as the SDK does, for a method, with headers that are signed.
func signedLink(t *testing.T, to string, as catalog.Function, at time.Time, life time.Duration, method, body string, headers map[string]string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, to, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	q := req.URL.Query()
	q.Set("X-Amz-Expires", strconv.Itoa(int(life/time.Second)))
	req.URL.RawQuery = q.Encode()
	signed, _, err := v4.NewSigner().PresignHTTP(t.Context(), aws.Credentials{AccessKeyID: AccessKey(as.Name), SecretAccessKey: "local"},
		req, "UNSIGNED-PAYLOAD", "s3", Region, at, func(o *v4.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = true, true })
	if err != nil {
		t.Fatal(err)
	}
	if req.URL, err = url.Parse(signed); err != nil {
		t.Fatal(err)
	}
	return req
}

func sha(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestALinkLetsInExactlyWhatWasSigned(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	for _, c := range []struct {
		says   string
		as     catalog.Function
		aged   time.Duration // of the link, which lives for a minute
		change func(*http.Request)
		status int
		code   string
	}{
		{"what was signed is taken", linker, 0, nil, 200, ""},
		{"a link of almost a minute is taken", linker, 50 * time.Second, nil, 200, ""},
		{"a link over its time is refused", linker, 2 * time.Minute, nil, 403, "AccessDenied"},
		{"a link of tomorrow is refused", linker, -24 * time.Hour, nil, 403, "AccessDenied"},
		{"a link of who may not put is refused", reader, 0, nil, 403, "AccessDenied"},
		{"a link of nobody is refused", catalog.Function{Name: "stranger"}, 0, nil, 403, "InvalidAccessKeyId"},
		{"another key is refused", linker, 0, func(q *http.Request) { q.URL.Path += "x" }, 403, "SignatureDoesNotMatch"},
		{"another method is refused", linker, 0, func(q *http.Request) { q.Method = "GET" }, 403, "SignatureDoesNotMatch"},
		{"another type is refused", linker, 0, func(q *http.Request) { q.Header.Set("Content-Type", "text/html") }, 403, "SignatureDoesNotMatch"},
		{"no type is refused", linker, 0, func(q *http.Request) { q.Header.Del("Content-Type") }, 403, "SignatureDoesNotMatch"},
		{"another checksum is refused", linker, 0, func(q *http.Request) { q.Header.Set("X-Amz-Checksum-Sha256", sha("other")) }, 403, "SignatureDoesNotMatch"},
		{"no checksum is refused", linker, 0, func(q *http.Request) { q.Header.Del("X-Amz-Checksum-Sha256") }, 403, "SignatureDoesNotMatch"},
		{"other bytes of the same length are refused", linker, 0, func(q *http.Request) { send(q, "pHoto") }, 400, "BadDigest"},
		{"more bytes are refused", linker, 0, func(q *http.Request) { send(q, "photo and more") }, 403, "SignatureDoesNotMatch"},
		{"fewer bytes are refused", linker, 0, func(q *http.Request) { send(q, "pho") }, 403, "SignatureDoesNotMatch"},
		{"bytes without a length are refused", linker, 0, func(q *http.Request) { q.ContentLength = -1 }, 403, "SignatureDoesNotMatch"},
		{"a header that S3 heeds and nobody signed is refused", linker, 0, func(q *http.Request) { q.Header.Set("X-Amz-Acl", "public-read") }, 403, "AccessDenied"},
		{"a longer life is refused", linker, 2 * time.Minute, inQuery("X-Amz-Expires", "600"), 403, "SignatureDoesNotMatch"},
		{"a life over a week is refused", linker, 0, inQuery("X-Amz-Expires", "604801"), 400, "AuthorizationQueryParametersError"},
		{"a life of nothing is refused", linker, 0, inQuery("X-Amz-Expires", "0"), 400, "AuthorizationQueryParametersError"},
		{"fewer signed headers are refused", linker, 0, inQuery("X-Amz-SignedHeaders", "host"), 403, "AccessDenied"},
		{"another member of the query is refused", linker, 0, inQuery("response-content-type", "text/html"), 403, "SignatureDoesNotMatch"},
		{"a spoiled signature is refused", linker, 0, inQuery("X-Amz-Signature", strings.Repeat("0", 64)), 403, "SignatureDoesNotMatch"},
		{"a signature of no time is refused", linker, 0, inQuery("X-Amz-Date", ""), 400, "AuthorizationQueryParametersError"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			req := signedLink(t, r.S3+place("files"), c.as, time.Now().Add(-c.aged), time.Minute, "PUT", "photo",
				map[string]string{"Content-Type": "image/jpeg", "X-Amz-Checksum-Sha256": sha("photo")})
			if c.change != nil {
				c.change(req)
			}
			if got := answerTo(t, req); got.status != c.status || got.code != c.code {
				t.Errorf("got %d %s: %s", got.status, got.code, got.body)
			}
		})
	}
}

func send(q *http.Request, body string) {
	q.Body, q.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

func inQuery(name, value string) func(*http.Request) {
	return func(q *http.Request) {
		all := q.URL.Query()
		all.Set(name, value)
		q.URL.RawQuery = all.Encode()
	}
}

func TestALinkShowsAFileUnderTheNameAndTypeThatWereSigned(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	there := place("files") + " é+.pdf"
	there = (&url.URL{Path: there}).EscapedPath()
	ask(t, r, s3Request{as: platform, method: "PUT", path: there, body: "%PDF", headers: map[string]string{"Content-Type": "text/plain"}})
	q := url.Values{"response-content-type": {"application/pdf"}, "response-content-disposition": {`attachment; filename="a b.pdf"`}, "response-cache-control": {"no-store"}}
	got := answerTo(t, signedLink(t, r.S3+there+"?"+q.Encode(), linker, time.Now(), time.Minute, "GET", "", nil))
	if got.status != 200 || got.body != "%PDF" || got.header.Get("Content-Type") != "application/pdf" ||
		got.header.Get("Content-Disposition") != `attachment; filename="a b.pdf"` || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %+v", got)
	}
}

// AWS publishes one link with all that it was made from: "Authenticating Requests: Using Query Parameters".
func TestTheSignatureIsTheOneThatAWSPublishes(t *testing.T) {
	t.Parallel()
	const published = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
	req, err := http.NewRequest(http.MethodGet, "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Expires=86400", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := link{key: "AKIAIOSFODNN7EXAMPLE", region: "us-east-1", at: time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC), headers: []string{"host"}}
	if got := l.sign(req, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"); got != published {
		t.Errorf("got %s", got)
	}
}

func TestAnObjectIsWholeOrRefused(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	for says, c := range map[string]struct {
		sum  string
		code string
	}{
		"the right checksum is taken":       {sha("photo"), ""},
		"no checksum is taken":              {"", ""},
		"another checksum is refused":       {sha("other"), "BadDigest"},
		"what is no checksum is refused":    {"photo", "InvalidRequest"},
		"a checksum cut short is refused":   {sha("photo")[:40], "InvalidRequest"},
		"a checksum of nothing is refused":  {sha(""), "BadDigest"},
		"a hexadecimal checksum is refused": {strings.Repeat("0a", 32), "InvalidRequest"},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			there := place("files")
			got := ask(t, r, s3Request{as: keeper, method: "PUT", path: there, body: "photo", headers: map[string]string{"X-Amz-Checksum-Sha256": c.sum}})
			if got.code != c.code {
				t.Errorf("got %d %s", got.status, got.code)
			}
			if is := ask(t, r, s3Request{as: keeper, method: "GET", path: there}); (is.status == 200) != (c.code == "") {
				t.Errorf("afterwards %d", is.status)
			}
		})
	}
}

func TestAPageOfThePortalMayUseLinksAndNoOther(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	for _, c := range []struct {
		says, origin, path, method, headers string
		status                              int
	}{
		{"the portal may put", portal, "/files/a", "PUT", "content-type,x-amz-checksum-sha256", 200},
		{"the portal by its address may", "http://127.0.0.1:8080", "/files/a", "PUT", "Content-Type", 200},
		{"the portal may get", portal, "/files/a", "GET", "", 200},
		{"another site may not", "https://elsewhere.example", "/files/a", "PUT", "", 403},
		{"another port is another site", "http://localhost:8081", "/files/a", "PUT", "", 403},
		{"a page of no site may not", "null", "/files/a", "PUT", "", 403},
		{"nobody deletes from a page", portal, "/files/a", "DELETE", "", 403},
		{"other headers are not for pages", portal, "/files/a", "PUT", "x-amz-acl", 403},
		{"the ledger is not for pages", portal, "/ledger/a", "GET", "", 403},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := ask(t, r, s3Request{method: "OPTIONS", path: c.path, headers: map[string]string{
				"Origin": c.origin, "Access-Control-Request-Method": c.method, "Access-Control-Request-Headers": c.headers,
			}})
			opened := got.header.Get("Access-Control-Allow-Origin") == c.origin
			if got.status != c.status || opened != (c.status == 200) {
				t.Errorf("got %d %v", got.status, got.header)
			}
		})
	}
	for origin, want := range map[string]string{portal: portal, "https://elsewhere.example": "", "": ""} {
		for _, method := range []string{"PUT", "GET"} {
			got := ask(t, r, s3Request{as: keeper, method: method, path: place("files"), headers: map[string]string{"Origin": origin}})
			if opened := got.header.Get("Access-Control-Allow-Origin"); opened != want {
				t.Errorf("%s from %q opens to %q", method, origin, opened)
			}
		}
	}
}

func TestAFileThatArrivesIsToldOfAsEventBridgeDoes(t *testing.T) {
	t.Parallel()
	s := running(t)
	var mu sync.Mutex
	var told []File
	t.Cleanup(s.Objects.Observe(func(a File) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, a)
	}))
	mine := rand.Text()
	for _, c := range []struct {
		path    string
		headers map[string]string
	}{
		{"/files/incoming/" + mine + "/é+.jpg", nil},
		{"/files/kept/" + mine, nil},
		{"/ledger/incoming/" + mine, map[string]string{"If-None-Match": "*"}},
		{"/files/incoming/" + mine + "/spoiled", map[string]string{"X-Amz-Checksum-Sha256": sha("other")}},
	} {
		ask(t, s.Resources, s3Request{as: platform, method: "PUT", path: c.path, body: "photo", headers: c.headers})
	}
	mu.Lock()
	defer mu.Unlock()
	var arrived []File
	for _, a := range told {
		if strings.Contains(a.Key, mine) {
			arrived = append(arrived, a)
		}
	}
	if len(arrived) != 1 {
		t.Fatalf("told of %+v", arrived)
	}
	payload, err := json.Marshal(arrived[0].Event())
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		Source     string `json:"source"`
		DetailType string `json:"detail-type"`
		Detail     struct {
			Bucket struct{ Name string }
			Object struct {
				Key, ETag string
				Size      int
			}
		} `json:"detail"`
	}
	if err := json.Unmarshal(payload, &e); err != nil {
		t.Fatal(err)
	}
	const md5 = "5ae0c1c8a5260bc7b6648f6fbd115c35" // of "photo"
	if e.Source != "aws.s3" || e.DetailType != "Object Created" || e.Detail.Bucket.Name != "files" ||
		e.Detail.Object.Key != "incoming/"+mine+"/é+.jpg" || e.Detail.Object.Size != 5 || e.Detail.Object.ETag != md5 {
		t.Errorf("got %s", payload)
	}
}

func TestFilesWhoseTimeIsOverAreDeletedAndOthersStay(t *testing.T) {
	t.Parallel()
	for says, dir := range map[string]string{"in memory": "", "in a folder": t.TempDir()} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			o, err := newObjects(dir, newCallers(nil, nil), portal)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"incoming/a/b", "exports/a", "kept/a/b/c"} {
				if _, err := o.backend.PutObject("files", key, map[string]string{}, strings.NewReader("x"), 1, nil); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range []struct {
				after time.Duration
				left  string
			}{
				{23 * time.Hour, "exports/a incoming/a/b kept/a/b/c"},
				{25 * time.Hour, "exports/a kept/a/b/c"},
				{7*24*time.Hour - time.Hour, "exports/a kept/a/b/c"},
				{8 * 24 * time.Hour, "kept/a/b/c"},
				{10_000 * time.Hour, "kept/a/b/c"},
			} {
				if _, err := o.Expire(time.Now().Add(c.after)); err != nil {
					t.Fatal(err)
				}
				var left []string
				all, err := o.Files("")
				for _, f := range all {
					left = append(left, f.Key)
				}
				if got := strings.Join(left, " "); err != nil || got != c.left {
					t.Errorf("after %s: %s, %v", c.after, got, err)
				}
			}
		})
	}
}
