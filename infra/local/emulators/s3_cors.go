package emulators

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"preau/infra/catalog"
)

// preflight answers a browser that asks whether a page may send what it wants to, by the bucket's rule.
func (o *Objects) preflight(w http.ResponseWriter, r *http.Request) {
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	bucket, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket != filesName || !slices.Contains(o.pages, origin) || !slices.Contains(catalog.FileMethods, method) || !allowed(r.Header.Get("Access-Control-Request-Headers")) {
		refused := s3Error{http.StatusForbidden, "AccessForbidden", "CORSResponse: This CORS request is not allowed."}
		refused.write(w, r)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", strings.Join(catalog.FileMethods, ", "))
	h.Set("Access-Control-Allow-Headers", strings.Join(catalog.FileHeaders, ", "))
	h.Set("Access-Control-Max-Age", strconv.Itoa(int(time.Hour/time.Second)))
	h.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
}

func allowed(headers string) bool {
	for name := range strings.SplitSeq(headers, ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(catalog.FileHeaders, name) {
			return false
		}
	}
	return true
}

// opened is the answer to a request, which a page of the portal may read and no other.
func (o *Objects) opened(w http.ResponseWriter, r *http.Request) *objectAnswer {
	origin := r.Header.Get("Origin")
	if !slices.Contains(o.pages, origin) {
		origin = ""
	}
	return &objectAnswer{ResponseWriter: w, origin: origin, status: http.StatusOK}
}

// An objectAnswer is an answer whose CORS header is ours: gofakes3 opens its own to everybody.
type objectAnswer struct {
	http.ResponseWriter
	origin string
	status int
	begun  bool
}

// WriteHeader sends the status.
func (a *objectAnswer) WriteHeader(status int) {
	if a.begun {
		return // gofakes3 says it again where it ends an answer
	}
	a.begin()
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (a *objectAnswer) Write(p []byte) (int, error) {
	a.begin()
	return a.ResponseWriter.Write(p)
}

func (a *objectAnswer) begin() {
	if a.begun {
		return
	}
	a.begun = true
	a.Header().Del("Access-Control-Allow-Origin")
	if a.origin != "" {
		a.Header().Set("Access-Control-Allow-Origin", a.origin)
		a.Header().Set("Vary", "Origin")
	}
}
