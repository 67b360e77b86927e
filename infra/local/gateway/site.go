package gateway

import (
	"net/http"
	"os"
	"path"
	"strings"

	"preau/infra/catalog"
)

// secure sets the headers that CloudFront adds to every answer; without HSTS, which is for https.
func (g *Gateway) secure(h http.Header) {
	h.Set("Content-Security-Policy", catalog.ContentPolicy(g.Files))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
}

// cacheOf is how long a browser keeps a file: for good where the name changes with the content, else until it has asked again.
func cacheOf(name string) string {
	if strings.HasPrefix(name, "/assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
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
	http.ServeContent(w, r, name, info.ModTime(), file)
}
