package files

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Deployed there is no endpoint of our own: a link leads to the bucket's own host, which the content policy names.
func TestDeployedLinksLeadToTheBucketsOwnHost(t *testing.T) {
	t.Parallel()
	config := aws.Config{Region: "eu-west-3", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "ASIA", SecretAccessKey: "secret", SessionToken: "token+/="}, nil
	})}
	l, err := open("preau-prod-files", config, nil).GetLink(t.Context(), "photos/a", Shown{Type: "image/jpeg"},
		time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Host != "preau-prod-files.s3.eu-west-3.amazonaws.com" || u.Path != "/photos/a" || u.Scheme != "https" {
		t.Errorf("got %s, %v", l.URL, err)
	}
	if q := u.Query(); q.Get("X-Amz-Security-Token") != "token+/=" || !strings.HasPrefix(q.Get("X-Amz-Credential"), "ASIA/20261123/eu-west-3/s3/") {
		t.Errorf("got %v", q)
	}
}
