package awsconfig_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	ses "github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"preau/shared/awsconfig"
)

// quick is what a quick function has before it must answer.
const quick = 9500 * time.Millisecond

// deaf serves with what answers from the second call on, and leaves the first one unanswered. It counts the calls.
func deaf(t *testing.T, answer string) (url string, calls *atomic.Int32) {
	t.Helper()
	calls = &atomic.Int32{}
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			<-over
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(over) })
	return server.URL, calls
}

func TestAConnectionThatDiedIsReplacedBeforeAQuickFunctionGivesUp(t *testing.T) {
	t.Parallel()
	for says, config := range map[string]func() aws.Config{"the table's and KMS's": awsconfig.Load, "Cognito's and SES's": awsconfig.LoadPatient} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			url, calls := deaf(t, `{"Mac":"AA=="}`)
			ctx, cancel := context.WithTimeout(t.Context(), quick)
			defer cancel()
			client := kms.NewFromConfig(local(config()), func(o *kms.Options) { o.BaseEndpoint = &url })
			if _, err := client.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: new("k"), MacAlgorithm: "HMAC_SHA_256", Message: []byte("m")}); err != nil {
				t.Errorf("after %d calls: %v", calls.Load(), err)
			}
		})
	}
}

func TestAServerThatNeverShakesHandsIsGivenUp(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never speaks
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), quick)
	defer cancel()
	client := kms.NewFromConfig(local(awsconfig.Load()), func(o *kms.Options) {
		o.BaseEndpoint, o.RetryMaxAttempts = new("https://"+listener.Addr().String()), 1
	})
	_, err = client.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: new("k"), MacAlgorithm: "HMAC_SHA_256", Message: []byte("m")})
	if err == nil || ctx.Err() != nil {
		t.Errorf("got %v, %v", err, ctx.Err())
	}
}

func TestALetterWhoseAnswerIsLostIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]struct {
		first http.HandlerFunc
		calls int32
		sent  bool
	}{
		"the connection broke":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 1, false},
		"SES has a fault":         {refuse("InternalServiceErrorException", 500), 2, true},
		"SES asks to slow down":   {refuse("TooManyRequestsException", 429), 2, true},
		"SES refuses what it got": {refuse("MessageRejected", 400), 1, false},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if calls.Add(1) == 1 {
					c.first(w, r)
					return
				}
				_, _ = io.WriteString(w, `{"MessageId":"1"}`)
			}))
			t.Cleanup(server.Close)
			client := sesv2.NewFromConfig(local(awsconfig.LoadPatient()), func(o *sesv2.Options) {
				o.BaseEndpoint, o.Retryer = &server.URL, awsconfig.OnlyAnswered()
			})
			_, err := client.SendEmail(t.Context(), &sesv2.SendEmailInput{Content: &ses.EmailContent{}})
			if calls.Load() != c.calls || (err == nil) != c.sent {
				t.Errorf("sent %d times: %v", calls.Load(), err)
			}
		})
	}
}

func refuse(kind string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", kind)
		w.WriteHeader(status)
	}
}

// local is a configuration with an identity: no test here needs a real one.
func local(c aws.Config) aws.Config {
	c.Region = "eu-west-3"
	c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "k", SecretAccessKey: "s"}, nil
	})
	return c
}
