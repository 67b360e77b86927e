package emulators

import (
	"crypto/rand"
	"encoding/xml"
	"io"
	"net/http"
)

// An s3Error is a refusal in S3's form.
type s3Error struct {
	Status  int
	Code    string
	Message string
}

func accessDenied(message string) *s3Error {
	return &s3Error{http.StatusForbidden, "AccessDenied", message}
}

func badLink(message string) *s3Error {
	return &s3Error{http.StatusBadRequest, "AuthorizationQueryParametersError", message}
}

func notImplemented(what string) *s3Error {
	return &s3Error{http.StatusNotImplemented, "NotImplemented", what + " is not part of the local S3"}
}

// write answers with the error. What the caller still sends is read and dropped, so that it sees the answer.
func (e *s3Error) write(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, mostObject))
	id := rand.Text()
	w.Header().Set("X-Amz-Request-Id", id)
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(e.Status)
	if r.Method == http.MethodHead {
		return
	}
	_, _ = io.WriteString(w, xml.Header)
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName                 xml.Name `xml:"Error"`
		Code, Message, Resource string
		ID                      string `xml:"RequestId"`
	}{Code: e.Code, Message: e.Message, Resource: r.URL.Path, ID: id})
}
