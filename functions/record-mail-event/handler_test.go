package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/keys"
	"preau/shared/store"
)

type desk struct {
	app
	log *bytes.Buffer
}

func opened(t *testing.T) desk {
	t.Helper()
	testkit.Stack(t)
	secret, err := keys.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := desk{log: &bytes.Buffer{}}
	testkit.Within(t, nil, func() { d.app = app{store.Open(), secret, slog.New(slog.NewJSONHandler(d.log, nil)), town.Clock} })
	return d
}

// sample is events/record-mail-event.json about an address.
func sample(t *testing.T, address string) events.SNSEvent {
	t.Helper()
	raw, err := os.ReadFile("../../events/record-mail-event.json")
	if err != nil {
		t.Fatal(err)
	}
	var e events.SNSEvent
	if err := json.Unmarshal(bytes.ReplaceAll(raw, []byte("Ana.Martin@example.org"), []byte(address)), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func (d desk) bounced(t *testing.T, address string, at time.Time) bool {
	t.Helper()
	yes, err := d.store.Bounced(t.Context(), d.secret.Address(address), at)
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

func bounce(kind, to string) string {
	return `{"eventType":"Bounce","bounce":{"bounceType":"` + kind + `","bouncedRecipients":[{"emailAddress":"` + to + `","action":"failed"}]}}`
}

func TestWhatSESTellsOfAnAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		message string // about ADDRESS; "": the sample's
		marked  bool
	}{
		{"the sample's permanent bounce marks it", "", true},
		{"it is read out of a header's form", bounce("Permanent", "Ana <ADDRESS>"), true},
		{"a complaint marks it", `{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"ADDRESS"}],"complaintFeedbackType":"abuse"}}`, true},
		{"a full mailbox does not", bounce("Transient", "ADDRESS"), false},
		{"an undetermined bounce does not", bounce("Undetermined", "ADDRESS"), false},
		{"a delivery does not", `{"eventType":"Delivery","delivery":{"recipients":["ADDRESS"]}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, address := opened(t), testkit.Address(t)
			spelled := "P" + address[1:]
			e := sample(t, spelled)
			if c.message != "" {
				e.Records[0].SNS.Message = strings.ReplaceAll(c.message, "ADDRESS", spelled)
			}
			if err := d.handle(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if got := d.bounced(t, address, town.Now); got != c.marked {
				t.Errorf("marked: %v, want %v", got, c.marked)
			}
			if got := strings.Contains(d.log.String(), `"MailBounced":1`); got != c.marked {
				t.Errorf("counted: %v, want %v: %s", got, c.marked, d.log)
			}
			if strings.Contains(d.log.String(), "@") {
				t.Errorf("the log tells an address: %s", d.log)
			}
		})
	}
}

func TestTheSameEventTwiceIsAsOnce(t *testing.T) {
	t.Parallel()
	d, address := opened(t), testkit.Address(t)
	for range 2 {
		if err := d.handle(t.Context(), sample(t, address)); err != nil {
			t.Fatal(err)
		}
	}
	if !d.bounced(t, address, town.Now.Add(29*24*time.Hour)) || d.bounced(t, address, town.Now.Add(31*24*time.Hour)) {
		t.Error("the mark lasts thirty days")
	}
}

func TestTheSentenceThatConnectsATopicIsIgnored(t *testing.T) {
	t.Parallel()
	d := opened(t)
	e := sample(t, testkit.Address(t))
	e.Records[0].SNS.Message = "Successfully validated SNS topic for Amazon SES event publishing."
	if err := d.handle(t.Context(), e); err != nil || !strings.Contains(d.log.String(), `"ignored":1`) {
		t.Errorf("answered %v: %s", err, d.log)
	}
}

func TestAnAddressThatIsNoneIsAFaultAndKeepsNoOtherFromItsMark(t *testing.T) {
	t.Parallel()
	d, address := opened(t), testkit.Address(t)
	e := sample(t, address)
	e.Records[0].SNS.Message = bounce("Permanent", `no address"},{"emailAddress":"`+address)
	if err := d.handle(t.Context(), e); err == nil || strings.Contains(err.Error(), "no address") {
		t.Errorf("answered %v", err)
	}
	if !d.bounced(t, address, town.Now) {
		t.Error("the other address is not marked")
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) { // not parallel: it changes whose key this process uses
	d, address := opened(t), testkit.Address(t)
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("record-mail-event"))
	if err := d.handle(t.Context(), sample(t, address)); err != nil {
		t.Error(err)
	}
}
