package mail_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"os"
	"strings"
	"sync"
	"testing"

	"preau/infra/testkit"
	"preau/shared/collectivity"
	"preau/shared/mail"
)

func letter(to string) mail.Letter {
	e := mail.Envelope{To: to, Portal: "https://portail.example", Town: collectivity.Settings{Slug: "saint-aubin", Name: "Saint-Aubin", Timezone: "Europe/Paris"}}
	return e.HasAccount()
}

func TestALetterArrivesInTheCollectivitysName(t *testing.T) {
	t.Parallel()
	r := testkit.Stack(t)
	for _, c := range []struct{ name, town, service, wantName, wantReply string }{
		{"with accents, and answers to the service", "Communauté d’Évry", "Enfance@evry.example ", "Communauté d’Évry", "enfance@evry.example"},
		{"with quotes and commas", `Mairie "Saint-Aubin", centre`, "", `Mairie "Saint-Aubin", centre`, ""},
		{"with a line break that would be a header", "Saint-Aubin\r\nBcc: x@evil.example", "x@evil.example\r\nBcc: y@evil.example", "Saint-Aubin Bcc: x@evil.example", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := letter(testkit.Address(t))
			l.Town.Name, l.Town.Contact.Email = c.town, c.service
			l.Subject = "Bonjour\r\nBcc: x@evil.example"
			if err := opened(t, nil).Send(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			got := testkit.AwaitMails(t, l.To, 1)[0]
			from, err := netmail.ParseAddress(got.From)
			if err != nil || from.Name != c.wantName || from.Address != r.MailFrom {
				t.Errorf("from %q: %+v, %v", got.From, from, err)
			}
			if strings.Join(got.ReplyTo, ",") != c.wantReply || len(got.To) != 1 {
				t.Errorf("answers go to %q, to %q", got.ReplyTo, got.To)
			}
			if strings.ContainsAny(got.From+got.Subject, "\r\n") {
				t.Errorf("a header has two lines: %q, %q", got.From, got.Subject)
			}
			if !strings.Contains(got.HTML, "Un compte existe") || !strings.Contains(got.Text, "Un compte existe") {
				t.Error("the letter has both forms")
			}
		})
	}
}

var opening sync.Mutex

// opened opens a sender in an environment that differs from the stack's.
func opened(t *testing.T, environment map[string]string) *mail.Sender {
	t.Helper()
	testkit.Stack(t)
	opening.Lock()
	defer opening.Unlock()
	for name, value := range environment {
		before := os.Getenv(name)
		_ = os.Setenv(name, value)
		defer func() { _ = os.Setenv(name, before) }()
	}
	return mail.Open()
}

// answering stands for SES where the emulator never says what SES does.
func answering(t *testing.T, answer http.HandlerFunc) (url string) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAFailureNamesItsReasonAndNeverTheReader(t *testing.T) {
	t.Parallel()
	s := opened(t, map[string]string{"AWS_ENDPOINT_URL_SESV2": answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", "MessageRejected")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message":"Email address is not verified: ana@example.org"}`)
	})})
	err := s.Send(t.Context(), letter("ana@example.org"))
	if err == nil || !strings.Contains(err.Error(), "MessageRejected") || strings.Contains(err.Error(), "ana@") {
		t.Errorf("got %v", err)
	}
}

// TestALetterWhoseAnswerIsLostIsHandedOverOnce: SES may have taken it, and knows no token against a second copy.
func TestALetterWhoseAnswerIsLostIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	r := testkit.Stack(t)
	to := testkit.Address(t)
	s := opened(t, map[string]string{"AWS_ENDPOINT_URL_SESV2": testkit.Losing(t, r.SES, func(string, []byte) bool { return true })})
	if err := s.Send(t.Context(), letter(to)); err == nil {
		t.Error("it counts as sent")
	}
	if n := len(testkit.Mails(t, to)); n != 1 {
		t.Errorf("%d copies", n)
	}
}

func TestALetterCarriesItsKindAndTheConfigurationSetIfThereIsOne(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]string{"with a set": "preau-mail", "without one": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bodies := make(chan string, 1)
			s := opened(t, map[string]string{"PREAU_MAIL_CONFIG": set, "AWS_ENDPOINT_URL_SESV2": answering(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				bodies <- string(body)
				_, _ = io.WriteString(w, `{"MessageId":"1"}`)
			})})
			if err := s.Send(t.Context(), letter("ana@example.org")); err != nil {
				t.Fatal(err)
			}
			body := <-bodies
			if !strings.Contains(body, `{"Name":"kind","Value":"has-account"}`) || !strings.Contains(body, `"Charset":"UTF-8"`) {
				t.Errorf("kind and charset are missing: %s", body)
			}
			if got := strings.Contains(body, `"ConfigurationSetName":"preau-mail"`); got != (set != "") || set == "" && strings.Contains(body, "ConfigurationSetName") {
				t.Errorf("the configuration set is wrong: %s", body)
			}
		})
	}
}
