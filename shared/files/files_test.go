package files_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/shared/files"
)

func sum(body string) string {
	s := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(s[:])
}

func key(name string) string { return "kept/test/" + rand.Text() + name }

// follow makes the request of a link as a browser does.
func follow(t *testing.T, method string, l files.Link, body string) (status int, answer string, header http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, l.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range l.Headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header
}

func TestAFileGoesByOneLinkAndComesByAnother(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	f := files.Open()
	for _, name := range []string{"", "/a.jpg", " é+&=@:,;$ 'x'(1)!~.pdf", "%41%2f", "//twice"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := key(name)
			put, err := f.PutLink(t.Context(), at, files.Sent{Type: "image/jpeg", Length: 5, SHA256: sum("photo")}, time.Now(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if status, answer, _ := follow(t, "PUT", put, "photo"); status != 200 {
				t.Fatalf("put: %d %s", status, answer)
			}
			get, err := f.GetLink(t.Context(), at, files.Shown{Type: "image/jpeg"}, time.Now(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if status, answer, _ := follow(t, "GET", get, ""); status != 200 || answer != "photo" {
				t.Errorf("get: %d %s", status, answer)
			}
		})
	}
}

func TestALinkTakesNothingButTheFileThatWasAnnounced(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	f := files.Open()
	for _, c := range []struct {
		says   string
		change func(*files.Link)
		body   string
		age    time.Duration
		want   string
	}{
		{"other bytes", nil, "pHoto", 0, "BadDigest"},
		{"a longer file", nil, "photo and more", 0, "SignatureDoesNotMatch"},
		{"a shorter file", nil, "pho", 0, "SignatureDoesNotMatch"},
		{"an empty file", nil, "", 0, "SignatureDoesNotMatch"},
		{"another type", func(l *files.Link) { l.Headers["content-type"] = "text/html" }, "photo", 0, "SignatureDoesNotMatch"},
		{"another checksum", func(l *files.Link) { l.Headers["x-amz-checksum-sha256"] = sum("pHoto") }, "pHoto", 0, "SignatureDoesNotMatch"},
		{"no checksum", func(l *files.Link) { delete(l.Headers, "x-amz-checksum-sha256") }, "pHoto", 0, "SignatureDoesNotMatch"},
		{"another key", func(l *files.Link) { l.URL = strings.Replace(l.URL, "?", "x?", 1) }, "photo", 0, "SignatureDoesNotMatch"},
		{"a file too late", nil, "photo", time.Hour, "Request has expired"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			l, err := f.PutLink(t.Context(), key(""), files.Sent{Type: "image/jpeg", Length: 5, SHA256: sum("photo")}, time.Now().Add(-c.age), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(&l)
			}
			if status, answer, _ := follow(t, "PUT", l, c.body); status < 400 || !strings.Contains(answer, c.want) {
				t.Errorf("got %d %s", status, answer)
			}
		})
	}
}

func TestAFileIsShownUnderTheNameAndTypeThatWereSigned(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	f, at := files.Open(), key("")
	put, err := f.PutLink(t.Context(), at, files.Sent{Type: "application/pdf", Length: 5, SHA256: sum("photo")}, time.Now(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	follow(t, "PUT", put, "photo")
	for _, c := range []struct{ says, name, want string }{
		{"without a name it is shown in the page", "", "inline"},
		{"with a name it is saved", "vaccins.pdf", "attachment; filename=vaccins.pdf"},
		{"a name with accents is saved whole", "carnet de Léa.pdf", "attachment; filename*=utf-8''carnet%20de%20L%C3%A9a.pdf"},
		{"a name can not end the header", "a\"; b\r\nc: d.pdf", `attachment; filename="a-; b--c- d.pdf"`},
		{"a name is no path", "../../etc/passwd", "attachment; filename=..-..-etc-passwd"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			get, err := f.GetLink(t.Context(), at, files.Shown{Type: "image/png", Name: c.name}, time.Now(), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			_, _, header := follow(t, "GET", get, "")
			if header.Get("Content-Disposition") != c.want || header.Get("Content-Type") != "image/png" || header.Get("Cache-Control") != "no-store" {
				t.Errorf("got %v", header)
			}
		})
	}
}

func TestALinkSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	l, err := files.Open().GetLink(t.Context(), "photos/a", files.Shown{Type: "image/jpeg"}, now, 90*time.Second)
	if err != nil || !l.Until.Equal(now.Add(90*time.Second)) || !strings.Contains(l.URL, "X-Amz-Expires=90&") {
		t.Errorf("got %+v, %v", l, err)
	}
}

func TestAnImpossibleFileIsNotAnnounced(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	for says, s := range map[string]files.Sent{
		"no checksum":              {Type: "image/jpeg", Length: 5},
		"a short checksum":         {Type: "image/jpeg", Length: 5, SHA256: sum("photo")[:20]},
		"a hexadecimal checksum":   {Type: "image/jpeg", Length: 5, SHA256: strings.Repeat("0a", 32)},
		"a checksum with a line":   {Type: "image/jpeg", Length: 5, SHA256: sum("photo") + "\r\nx: y"},
		"a file of no bytes":       {Type: "image/jpeg", Length: 0, SHA256: sum("")},
		"a file of negative bytes": {Type: "image/jpeg", Length: -1, SHA256: sum("")},
	} {
		if l, err := files.Open().PutLink(t.Context(), "incoming/a", s, time.Now(), time.Minute); err == nil {
			t.Errorf("%s: got a link to %s", says, l.URL)
		}
	}
}

func TestAnEventSaysWhichFileArrived(t *testing.T) {
	t.Parallel()
	got, err := files.ReadArrival([]byte(`{"version":"0","bucket":{"name":"files"},"object":{"key":"incoming/a b+é%2F","size":5,"etag":"x","sequencer":"1"},"reason":"PutObject"}`))
	if want := (files.Arrived{Key: "incoming/a b+é%2F", Length: 5}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"", "{}", `{"object":{"size":5}}`, `{"object":"x"}`, "null"} {
		if got, err := files.ReadArrival([]byte(bad)); err == nil {
			t.Errorf("%q names %+v", bad, got)
		}
	}
}
