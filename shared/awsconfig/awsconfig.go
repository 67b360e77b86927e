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

// How long each part of a call may take. A quick function has 9.5 s for everything: one connection that died while Lambda
// slept must leave time for the SDK to try again on a new one.
const (
	dialWait    = time.Second     // a connection with its TLS handshake
	quickWait   = 2 * time.Second // the first byte from the table or KMS, which answer within milliseconds
	patientWait = 5 * time.Second // from Cognito, which hashes passwords, or SES

	// InitWait bounds each call that a starting process makes: Lambda gives the start 10 s.
	InitWait = 3 * time.Second
)

// Load is the configuration of the clients of the table and of KMS.
var Load = sync.OnceValue(func() aws.Config { return config(quickWait) })

// LoadPatient is the configuration of the clients of Cognito and SES.
var LoadPatient = sync.OnceValue(func() aws.Config { return config(patientWait) })

func config(wait time.Duration) aws.Config {
	return aws.Config{
		Region:           os.Getenv("AWS_REGION"),
		Credentials:      aws.CredentialsProviderFunc(credentials),
		HTTPClient:       &http.Client{Transport: transport(wait)},
		RetryMode:        aws.RetryModeStandard,
		RetryMaxAttempts: maxAttempts,
	}
}

const maxAttempts = 4

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

func transport(wait time.Duration) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 64
	t.DialContext = (&net.Dialer{Timeout: dialWait}).DialContext
	t.DialTLSContext = dial
	t.ResponseHeaderTimeout = wait
	return t
}

// dial trusts Amazon's own roots first. A server that they do not vouch for is asked again with the system's roots,
// so that a root that Amazon adds one day costs milliseconds and breaks nothing.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := dialWith(ctx, amazon(), network, address)
	if unknown := (x509.UnknownAuthorityError{}); errors.As(err, &unknown) {
		return dialWith(ctx, nil, network, address)
	}
	return conn, err
}

func dialWith(ctx context.Context, trust *tls.Config, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWait)
	defer cancel()
	return (&tls.Dialer{Config: trust}).DialContext(ctx, network, address)
}

// amazon is one for all connections: the roots are parsed once, and a service that gives tickets is resumed with.
var amazon = sync.OnceValue(func() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(amazonRoots)
	return &tls.Config{RootCAs: roots, ClientSessionCache: tls.NewLRUClientSessionCache(0)}
})
