package gateway

import (
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"

	"preau/infra/catalog"
	"preau/shared/httpapi"
)

// secure sets the headers that CloudFront adds to every answer; without HSTS, which is for https.
func (g *Gateway) secure(h http.Header) {
	h.Set("Content-Security-Policy", catalog.ContentPolicy(g.Files))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	for name, value := range catalog.SiteHeaders {
		h.Set(name, value)
	}
}

// cacheOf is how long a browser keeps a file: for good where the name changes with the content, else until it has asked again.
func cacheOf(name string) string {
	if kept(name) {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// kept says whether a file's name changes with its content.
func kept(name string) bool { return strings.HasPrefix(name, "/assets/") }

// servePacked sends scripts and styles as small as CloudFront does, so that what is measured here holds there.
func servePacked(w http.ResponseWriter, name string, file io.Reader) {
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Vary", "Accept-Encoding")
	packed := gzip.NewWriter(w)
	_, _ = io.Copy(packed, file) // a browser that has gone needs no answer
	_ = packed.Close()
}

// serveSite serves a file, or the single page for a path that names none.
func (g *Gateway) serveSite(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	name := path.Clean(r.URL.Path)
	if !strings.Contains(path.Base(name), ".") {
		name = "/index.html"
	}
	file, err := os.OpenInRoot(g.Site, strings.TrimPrefix(name, "/"))
	if err != nil {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		http.Error(w, "Not Found", http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", cacheOf(name))
	if kept(name) && httpapi.TakesGzip(r.Header.Get("Accept-Encoding")) {
		servePacked(w, name, file)
		return
	}
	http.ServeContent(w, r, name, info.ModTime(), file)
}
