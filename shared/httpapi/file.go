package httpapi

import (
	"encoding/base64"
	"mime"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is the output of the use cases that give a file instead of JSON. Whoever fetched it may keep it, and asks each time
// whether it is still the one. A file without a version is of its moment: it is saved by a person, and kept by nobody on
// its way.
type File struct {
	Type    string // media type: text/calendar; charset=utf-8
	Name    string // under which it may be saved; ASCII where it has a version
	Content []byte
	Version string // of what it says, not of its bytes; letters and figures
}

// OrFile is the output of a use case that answers JSON, or a file to whoever asked for one.
type OrFile[T any] struct {
	JSON T
	File *File
}

func (o OrFile[T]) chosen() any {
	if o.File != nil {
		return *o.File
	}
	return o.JSON
}

// answer writes the file, or that the caller has it already.
func (f File) answer(r Request, response Response, status int) Response {
	if f.Version != "" && f.kept(r, response) {
		response.StatusCode = http.StatusNotModified
		return response
	}
	response.StatusCode = status
	response.Headers["content-type"] = f.Type
	response.Headers["content-disposition"] = f.disposition()
	response.Body = string(f.Content)
	if !utf8.Valid(f.Content) { // an event is JSON
		response.Body, response.IsBase64Encoded = base64.StdEncoding.EncodeToString(f.Content), true
	}
	return response
}

// disposition says under which name the file is saved: at once, unless it has a version. What file systems and headers do
// not take is a hyphen.
func (f File) disposition() string {
	if f.Version != "" {
		return `inline; filename="` + f.Name + `"`
	}
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, f.Name)
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// kept says whether the caller has the file: by RFC 9110's weak comparison, a version stands for all files that say the
// same.
func (f File) kept(r Request, response Response) bool {
	tag := `W/"` + f.Version + `"`
	response.Headers["cache-control"] = "private, no-cache"
	response.Headers["etag"] = tag
	return has(r.Headers["if-none-match"], tag)
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
