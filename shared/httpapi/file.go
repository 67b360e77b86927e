package httpapi

import (
	"encoding/base64"
	"net/http"
	"strings"
	"unicode/utf8"
)

// File is the output of the use cases that give a file instead of JSON. Whoever fetched it may keep it, and asks each time
// whether it is still the one.
type File struct {
	Type    string // media type: text/calendar; charset=utf-8
	Name    string // under which it may be saved; ASCII
	Content []byte
	Version string // of what it says, not of its bytes; letters and figures
}

// answer writes the file, or that the caller has it already: by RFC 9110's weak comparison, a version stands for all
// files that say the same.
func (f File) answer(r Request, response Response, status int) Response {
	tag := `W/"` + f.Version + `"`
	response.Headers["cache-control"] = "private, no-cache"
	response.Headers["etag"] = tag
	if has(r.Headers["if-none-match"], tag) {
		response.StatusCode = http.StatusNotModified
		return response
	}
	response.StatusCode = status
	response.Headers["content-type"] = f.Type
	response.Headers["content-disposition"] = `inline; filename="` + f.Name + `"`
	response.Body = string(f.Content)
	if !utf8.Valid(f.Content) { // an event is JSON
		response.Body, response.IsBase64Encoded = base64.StdEncoding.EncodeToString(f.Content), true
	}
	return response
}

// has says whether a tag is among those of an If-None-Match.
func has(list, tag string) bool {
	for known := range strings.SplitSeq(list, ",") {
		known = strings.TrimSpace(known)
		if known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
