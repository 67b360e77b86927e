package httpapi

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"preau/shared/api"
	"preau/shared/refusal"
)

// giving is a use case that gives a file.
func giving(f File, err error) Handler {
	return Anyone(func(context.Context, Caller, api.Nothing) (File, error) { return f, err })
}

var leaflet = File{Type: "text/plain; charset=utf-8", Name: "menu.txt", Content: []byte("lundi : purée"), Version: "v1"}

func TestAFileIsGivenUnlessTheCallerHasIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, ifNoneMatch string
		status            int
	}{
		{"who has none gets it", "", 200},
		{"who has another gets it", `W/"v0"`, 200},
		{"who has this one is told so", `W/"v1"`, 304},
		{"a strong tag compares as a weak one", `"v1"`, 304},
		{"it is one of several", `"v0", W/"v1" , "v2"`, 304},
		{"whatever there is will do", "*", 304},
		{"a tag is compared whole", `W/"v11"`, 200},
		{"a tag has quotes", "v1", 200},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			r := call(t, giving(leaflet, nil), Request{Headers: map[string]string{"if-none-match": c.ifNoneMatch}})
			if r.StatusCode != c.status || r.Headers["etag"] != `W/"v1"` || r.Headers["cache-control"] != "private, no-cache" {
				t.Errorf("got %d %v", r.StatusCode, r.Headers)
			}
			if given := r.Body == "lundi : purée" && r.Headers["content-type"] == leaflet.Type && r.Headers["content-disposition"] == `inline; filename="menu.txt"`; given != (c.status == 200) {
				t.Errorf("got %q, %v", r.Body, r.Headers)
			}
		})
	}
}

func TestBytesThatAreNoTextAreGivenAsBase64(t *testing.T) {
	t.Parallel()
	f := File{Type: "application/pdf", Name: "menu.pdf", Content: []byte{'%', 'P', 'D', 'F', 0xff}, Version: "v1"}
	r := call(t, giving(f, nil), Request{})
	if got, err := base64.StdEncoding.DecodeString(r.Body); !r.IsBase64Encoded || err != nil || string(got) != string(f.Content) {
		t.Errorf("got %q (%v), in base64: %v", got, err, r.IsBase64Encoded)
	}
}

func TestARefusalOfAFileIsAProblemThatNobodyKeeps(t *testing.T) {
	t.Parallel()
	r := call(t, giving(leaflet, refusal.New(refusal.NotFound, "menu_not_found", "Pas de menu.")), Request{Headers: map[string]string{"if-none-match": "*"}})
	if r.StatusCode != 404 || r.Headers["content-type"] != "application/problem+json" || r.Headers["cache-control"] != "no-store" || r.Headers["etag"] != "" {
		t.Errorf("got %d %v", r.StatusCode, r.Headers)
	}
}

// either is a use case that answers JSON, or the file.
func either(f *File) Handler {
	return Anyone(func(context.Context, Caller, api.Nothing) (OrFile[api.Captcha], error) {
		return OrFile[api.Captcha]{api.Captcha{Salt: "sel"}, f}, nil
	})
}

func TestAUseCaseAnswersJSONOrAFile(t *testing.T) {
	t.Parallel()
	r := call(t, either(nil), Request{})
	if r.StatusCode != 200 || r.Headers["content-type"] != "application/json" || !strings.Contains(r.Body, `"salt":"sel"`) {
		t.Errorf("got %d %v %q", r.StatusCode, r.Headers, r.Body)
	}
	f := leaflet
	r = call(t, either(&f), Request{})
	if r.StatusCode != 200 || r.Headers["content-type"] != leaflet.Type || r.Body != "lundi : purée" {
		t.Errorf("got %d %v %q", r.StatusCode, r.Headers, r.Body)
	}
}

func TestAFileWithoutAVersionIsSavedByItsReaderAndKeptByNobody(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"menu.txt":               "attachment; filename=menu.txt",
		"menu du jour.txt":       `attachment; filename="menu du jour.txt"`,
		"purée.txt":              "attachment; filename*=utf-8''pur%C3%A9e.txt",
		"../../etc/passwd":       "attachment; filename=..-..-etc-passwd",
		"a\"; x=\"b.txt":         `attachment; filename="a-; x=-b.txt"`,
		"a\r\nset-cookie: x.txt": `attachment; filename="a--set-cookie- x.txt"`,
	} {
		f := File{Type: "text/plain", Name: name, Content: []byte("purée")}
		r := call(t, giving(f, nil), Request{Headers: map[string]string{"if-none-match": "*"}})
		if r.StatusCode != 200 || r.Headers["cache-control"] != "no-store" || r.Headers["etag"] != "" || r.Headers["content-disposition"] != want {
			t.Errorf("%q: got %d %q, want %q", name, r.StatusCode, r.Headers, want)
		}
	}
}
