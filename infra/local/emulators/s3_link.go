package emulators

import (
	"context"
	"crypto/hmac"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A link is a signed request: its signature travels in the query, and binds the method, the path, the rest of the query and
// the headers that it names.
type link struct {
	key       string // access key
	region    string
	at        time.Time
	life      time.Duration
	headers   []string // signed, in lower case
	signature string
}

const (
	linkTime = "20060102T150405Z"
	longest  = 7 * 24 * time.Hour // that a link lives on AWS
	skew     = 15 * time.Minute   // by which clocks may differ
)

// readLink reads the parts of a signature from a query.
func readLink(r *http.Request) (l link, refused *s3Error) {
	q := r.URL.Query()
	scope := strings.Split(q.Get("X-Amz-Credential"), "/")
	at, badTime := time.Parse(linkTime, q.Get("X-Amz-Date"))
	seconds, badLife := strconv.Atoi(q.Get("X-Amz-Expires"))
	l = link{
		at: at, life: time.Duration(seconds) * time.Second, signature: q.Get("X-Amz-Signature"),
		headers: strings.Split(q.Get("X-Amz-SignedHeaders"), ";"),
	}
	if q.Get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" || badTime != nil || badLife != nil || l.life <= 0 || l.life > longest ||
		len(scope) != 5 || scope[1] != at.Format("20060102") || scope[3] != "s3" || scope[4] != "aws4_request" || !slices.Contains(l.headers, "host") {
		return l, badLink("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
	}
	l.key, l.region = scope[0], scope[2]
	if l.region != Region {
		return l, badLink("Error parsing the X-Amz-Credential parameter; the region '" + l.region + "' is wrong; expecting '" + Region + "'")
	}
	return l, nil
}

// check refuses a request that is not the one that was signed, or comes at another time.
func (l link) check(r *http.Request, now time.Time) *s3Error {
	switch {
	case now.After(l.at.Add(l.life)):
		return accessDenied("Request has expired")
	case now.Before(l.at.Add(-skew)):
		return accessDenied("Request is not valid yet")
	case l.unsigned(r.Header) != "":
		return accessDenied("There were headers present in the request which were not signed: " + l.unsigned(r.Header))
	case !hmac.Equal([]byte(l.sign(r, secretKey)), []byte(l.signature)):
		return &s3Error{
			http.StatusForbidden, "SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		}
	}
	return nil
}

// unsigned names a header that S3 heeds and the signature does not bind.
func (l link) unsigned(h http.Header) string {
	for name := range h {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") && !slices.Contains(l.headers, lower) {
			return lower
		}
	}
	return ""
}

// sign computes what the signature of a request must be.
func (l link) sign(r *http.Request, secret string) string {
	signed := &http.Request{Method: r.Method, URL: without(r.URL, "X-Amz-Signature"), Host: r.Host, Header: http.Header{}}
	for _, name := range l.headers {
		switch values := r.Header.Values(name); {
		case name == "content-length":
			signed.ContentLength = r.ContentLength
		case len(values) > 0:
			signed.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	again, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: l.key, SecretAccessKey: secret},
		signed, "UNSIGNED-PAYLOAD", "s3", l.region, l.at, func(o *v4.SignerOptions) {
			o.DisableURIPathEscaping = true // S3's paths are escaped once
			o.DisableHeaderHoisting = true
		})
	if err != nil {
		return ""
	}
	_, signature, _ := strings.Cut(again, "&X-Amz-Signature=")
	return signature
}

func without(u *url.URL, name string) *url.URL {
	bare, q := *u, u.Query()
	q.Del(name)
	bare.RawQuery = q.Encode()
	return &bare
}
