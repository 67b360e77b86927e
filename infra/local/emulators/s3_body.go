package emulators

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
)

// mostObject is how large an object may be here, in bytes; S3 itself takes 5 GB at once.
const mostObject = 256 << 20

// readObject reads the body of a put, no further than its announced length, and holds it to its checksum. The request then
// carries it again.
func readObject(r *http.Request) ([]byte, *s3Error) {
	if r.Method != http.MethodPut {
		return nil, nil
	}
	switch {
	case r.ContentLength < 0:
		return nil, &s3Error{http.StatusLengthRequired, "MissingContentLength", "You must provide the Content-Length HTTP header."}
	case r.ContentLength > mostObject:
		return nil, &s3Error{http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, r.ContentLength))
	if err != nil || int64(len(body)) != r.ContentLength {
		return nil, &s3Error{http.StatusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, checkSum(r.Header.Get("X-Amz-Checksum-Sha256"), body)
}

// checkSum holds a body to its SHA-256, if one was said.
func checkSum(said string, body []byte) *s3Error {
	if said == "" {
		return nil
	}
	sum := sha256.Sum256(body)
	switch decoded, err := base64.StdEncoding.DecodeString(said); {
	case err != nil || len(decoded) != len(sum):
		return &s3Error{http.StatusBadRequest, "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid."}
	case !bytes.Equal(decoded, sum[:]):
		return &s3Error{http.StatusBadRequest, "BadDigest", "The SHA256 you specified did not match the calculated checksum."}
	}
	return nil
}
