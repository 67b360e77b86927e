package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strconv"
	"strings"
)

// worthwhile is the length, in bytes, from which an answer is compressed: below it the saving is less than a packet.
const worthwhile = 1400

// compress makes a long JSON answer small for whoever takes gzip: neither an HTTP API nor a CloudFront that caches nothing
// does so. A month of a planning is a twentieth then. An answer that opens a session is left as it is: nothing secret is
// compressed beside what a caller chose (BREACH).
func compress(r Request, response Response) Response {
	if len(response.Body) < worthwhile || len(response.Cookies) > 0 || !TakesGzip(r.Headers["accept-encoding"]) {
		return response
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	_, _ = w.Write([]byte(response.Body)) // memory takes all
	_ = w.Close()
	response.Body, response.IsBase64Encoded = base64.StdEncoding.EncodeToString(out.Bytes()), true
	response.Headers["content-encoding"], response.Headers["vary"] = "gzip", "accept-encoding"
	return response
}

// TakesGzip reads an Accept-Encoding (RFC 9110, 12.5.3): gzip or anything, unless of no quality.
func TakesGzip(accepted string) bool {
	anything := false
	for one := range strings.SplitSeq(accepted, ",") {
		coding, parameters, _ := strings.Cut(strings.TrimSpace(one), ";")
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(parameters), "q="), 64)
		takes := err != nil || q > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip":
			return takes
		case "*":
			anything = takes
		}
	}
	return anything
}
