package httpapi

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"preau/shared/api"
)

type said struct {
	Text string `json:"text"`
}

// saying is a use case that answers a text of so many letters.
func saying(n int) Handler {
	return Anyone(func(context.Context, Caller, api.Nothing) (said, error) { return said{strings.Repeat("é", n)}, nil })
}

func TestALongAnswerIsSmallForWhoeverTakesGzip(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, accepted string
		length         int
		compressed     bool
	}{
		{"a browser's wish", "gzip, deflate, br, zstd", 5000, true},
		{"gzip with a quality", "br;q=1.0, gzip;q=0.8", 5000, true},
		{"anything", "*", 5000, true},
		{"in capitals", "GZIP", 5000, true},
		{"gzip least of all", "gzip;q=0", 5000, false},
		{"anything but gzip", "gzip;q=0, *", 5000, false},
		{"something else", "br", 5000, false},
		{"no wish", "", 5000, false},
		{"a short answer", "gzip", 100, false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			response := call(t, saying(c.length), Request{Headers: map[string]string{"accept-encoding": c.accepted}})
			body := response.Body
			if encoding := response.Headers["content-encoding"]; (encoding == "gzip") != c.compressed || response.IsBase64Encoded != c.compressed {
				t.Fatalf("got the encoding %q, base64 %v", encoding, response.IsBase64Encoded)
			}
			if c.compressed {
				if len(body) > c.length/10 || response.Headers["vary"] != "accept-encoding" {
					t.Errorf("%d bytes, vary %q", len(body), response.Headers["vary"])
				}
				body = unpacked(t, body)
			}
			var got said
			if err := json.Unmarshal([]byte(body), &got); err != nil || got.Text != strings.Repeat("é", c.length) {
				t.Errorf("%v: %d letters", err, len(got.Text))
			}
		})
	}
}

func TestAnAnswerThatOpensASessionIsNotCompressed(t *testing.T) {
	t.Parallel()
	h := Anyone(func(context.Context, Caller, api.Nothing) (Session, error) {
		return Opened("u", false, strings.Repeat("a", 5000), "r", 900), nil
	})
	if response := call(t, h, Request{Headers: map[string]string{"accept-encoding": "gzip"}}); response.IsBase64Encoded || len(response.Cookies) != 1 {
		t.Errorf("got %v", response.Headers)
	}
}

func unpacked(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
