// Package awsconfig builds aws.Config from what Lambda puts into the environment, and nothing else.
//
// config.LoadDefaultConfig looks for profiles, SSO and metadata services that a Lambda never has; skipping it, and
// parsing five root certificates instead of the system's 140, halves the CPU of a cold start (make bench).
package awsconfig

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	_ "embed"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

//go:embed amazon.pem
var amazonRoots []byte

// Load is the configuration of every client of a process.
var Load = sync.OnceValue(func() aws.Config {
	return aws.Config{
		Region:           os.Getenv("AWS_REGION"),
		Credentials:      aws.CredentialsProviderFunc(credentials),
		HTTPClient:       &http.Client{Transport: transport()},
		RetryMode:        aws.RetryModeStandard,
		RetryMaxAttempts: 4,
	}
})

// Endpoint is where a service answers when it is not AWS: the local platform sets AWS_ENDPOINT_URL_<service>.
func Endpoint(service string) *string {
	if url := os.Getenv("AWS_ENDPOINT_URL_" + service); url != "" {
		return &url
	}
	return nil
}

// credentials are those of the function's role. Lambda renews them by starting a new process.
func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}, nil
}

func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 64
	t.DialTLSContext = dial
	t.ResponseHeaderTimeout = 10 * time.Second
	return t
}

// dial trusts Amazon's own roots first. A server that they do not vouch for is asked again with the system's roots,
// so that a root that Amazon adds one day costs milliseconds and breaks nothing.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&tls.Dialer{Config: amazon()}).DialContext(ctx, network, address)
	if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
		return (&tls.Dialer{}).DialContext(ctx, network, address)
	}
	return conn, err
}

// amazon is one for all connections: the roots are parsed once, and a service that gives tickets is resumed with.
var amazon = sync.OnceValue(func() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(amazonRoots)
	return &tls.Config{RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(0)}
})
