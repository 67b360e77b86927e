package platform

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
)

// The functions of the test platform; all are the recorder.
var functions = []catalog.Function{
	named("stream-reader", catalog.Function{Trigger: catalog.Trigger{Stream: "MAIL"}}),
	named("scheduled", catalog.Function{Trigger: catalog.Trigger{Every: 200 * time.Millisecond}}),
	named("fired-by-hand", catalog.Function{Trigger: catalog.Trigger{Every: 24 * time.Hour}}),
	named("daily", catalog.Function{Trigger: catalog.Trigger{Every: 24 * time.Hour}}),
	named("mail-watcher", catalog.Function{Trigger: catalog.Trigger{MailEvents: true}}),
	named("upload-watcher", catalog.Function{Trigger: catalog.Trigger{Uploads: true}}),
	{Name: "upload-failer", Memory: 128, Timeout: 10 * time.Second, Table: []catalog.Operation{catalog.Get}, Trigger: catalog.Trigger{Uploads: true}},
	{Name: "show-me", Memory: 128, Timeout: 10 * time.Second},
	{Name: "without-right", Memory: 128, Timeout: 10 * time.Second, Table: []catalog.Operation{catalog.Get}},
	{Name: "not-written-yet", Memory: 128, Timeout: 10 * time.Second},
}

func named(name string, f catalog.Function) catalog.Function {
	f.Name, f.Memory, f.Timeout, f.Table = name, 128, 10*time.Second, []catalog.Operation{catalog.Put}
	return f
}

// programs has the recorder under the name of each function but the last.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "recorder-")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(dir, "recorder"), "./testdata/recorder")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	for _, f := range functions[:len(functions)-1] {
		if err := os.Link(filepath.Join(dir, "recorder"), filepath.Join(dir, f.Name)); err != nil {
			return "", err
		}
	}
	return dir, nil
})

// running is the platform that the tests of this package share.
var running = sync.OnceValues(func() (*Platform, error) {
	dir, err := programs()
	if err != nil {
		return nil, err
	}
	return Start(context.Background(), Options{Functions: functions, Programs: dir, Report: reports.add})
})

// reports are the lines that the developer is told.
var reports lines

type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

func (l *lines) has(line string) bool { return l.count(line) > 0 }

// count says how many lines begin so.
func (l *lines) count(beginning string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.all {
		if strings.HasPrefix(line, beginning) {
			n++
		}
	}
	return n
}

func TestMain(m *testing.M) {
	code := m.Run()
	if p, err := running(); err == nil {
		p.Close()
	}
	if dir, err := programs(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func start(t *testing.T) *Platform {
	t.Helper()
	p, err := running()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func table(t *testing.T, p *Platform, operation string, in object, out any) {
	t.Helper()
	if err := emulators.DynamoDB(p.Resources.DynamoDB).Call(t.Context(), operation, in, out); err != nil {
		t.Fatal(err)
	}
}

// recorded waits until a function has kept an event that holds the text.
func recorded(t *testing.T, p *Platform, function, text string) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var out struct {
			Items []struct{ Event struct{ S string } }
		}
		table(t, p, "Query", object{
			"TableName": p.Resources.Table, "KeyConditionExpression": "PK = :p",
			"ExpressionAttributeValues": object{":p": object{"S": "RECORD#" + function}},
		}, &out)
		for _, item := range out.Items {
			if strings.Contains(item.Event.S, text) {
				return item.Event.S
			}
		}
	}
	t.Fatalf("%s never got an event with %q", function, text)
	return ""
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func TestANewItemReachesTheFunctionThatReadsTheStream(t *testing.T) {
	t.Parallel()
	p := start(t)
	key := rand.Text()
	table(t, p, "PutItem", object{"TableName": p.Resources.Table, "Item": object{"PK": object{"S": key}, "SK": object{"S": "MAIL"}}}, nil)
	var e events.DynamoDBEvent
	if err := json.Unmarshal([]byte(recorded(t, p, "stream-reader", key)), &e); err != nil || e.Records[0].EventName != "INSERT" {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestAScheduleFiresByItself(t *testing.T) {
	t.Parallel()
	recorded(t, start(t), "scheduled", `"detail-type":"Scheduled Event"`)
}

func TestAScheduleIsFiredByHand(t *testing.T) {
	t.Parallel()
	p := start(t)
	status, answer := post(t, p.URL()+"/_local/run/fired-by-hand", "")
	if status != http.StatusOK || !strings.Contains(answer, "aws.events") {
		t.Errorf("got %d %s", status, answer)
	}
	recorded(t, p, "fired-by-hand", "rule/fired-by-hand")
	if status, _ := post(t, p.URL()+"/_local/run/nobody", ""); status != http.StatusNotFound {
		t.Errorf("an unknown function: %d", status)
	}
}

func TestAMailEventComesAsSESSendsItThroughSNS(t *testing.T) {
	t.Parallel()
	p := start(t)
	for _, c := range []struct{ body, address, want string }{
		{`{"kind":"bounce","address":"gone@example.org"}`, "gone@example.org", `"bounceType":"Permanent"`},
		{`{"kind":"bounce","address":"full@example.org","transient":true}`, "full@example.org", `"bounceType":"Transient"`},
		{`{"kind":"complaint","address":"angry@example.org"}`, "angry@example.org", `"eventType":"Complaint"`},
	} {
		if status, answer := post(t, p.URL()+"/_local/mail-event", c.body); status != http.StatusNoContent {
			t.Errorf("%s: %d %s", c.body, status, answer)
		}
		var e events.SNSEvent
		if err := json.Unmarshal([]byte(recorded(t, p, "mail-watcher", c.address)), &e); err != nil {
			t.Fatal(err)
		}
		if got := e.Records[0].SNS.Message; !strings.Contains(got, c.want) || e.Records[0].EventSource != "aws:sns" {
			t.Errorf("%s came as %s", c.body, got)
		}
	}
	if status, _ := post(t, p.URL()+"/_local/mail-event", `{"kind":"applause","address":"a@example.org"}`); status != http.StatusBadGateway {
		t.Errorf("an event of no kind: %d", status)
	}
}

func TestAFunctionIsHeldToItsRights(t *testing.T) {
	t.Parallel()
	status, answer := post(t, start(t).URL()+"/_local/run/without-right", "")
	if status != http.StatusBadGateway || !strings.Contains(answer, "not authorized to perform: dynamodb:PutItem") {
		t.Errorf("got %d %s", status, answer)
	}
	if !reports.has("without-right may not dynamodb:PutItem: infra/catalog/functions.go grants rights") {
		t.Error("the developer is not told")
	}
}

func TestSchedulesRunOnceWhenAsked(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.RunSchedules()
	recorded(t, p, "daily", `"detail-type":"Scheduled Event"`)
}

func TestAMissingProgramIsNamed(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(start(t).Missing); got != "[not-written-yet]" {
		t.Errorf("got %s", got)
	}
}

func TestASessionOfThePoolOpensTheAPI(t *testing.T) {
	t.Parallel()
	p := start(t)
	get := func(token string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL()+"/v1/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	name := rand.Text()
	token := session(t, p.Resources, name)
	if status, body := get(token); status != http.StatusOK || !strings.Contains(body, `"username":"`+name+`"`) {
		t.Errorf("got %d %s", status, body)
	}
	if status, body := get(token[:len(token)-8] + "AAAAAAAA"); status != http.StatusUnauthorized {
		t.Errorf("a spoiled token: %d %s", status, body)
	}
}

// session makes a user and gives its access token.
func session(t *testing.T, r emulators.Resources, name string) string {
	t.Helper()
	pool := awsjson.Client{URL: r.Cognito, Prefix: "AWSCognitoIdentityProviderService", Key: emulators.PlatformKey, HTTP: http.DefaultClient}
	call := func(operation string, in object, out any) {
		t.Helper()
		in["UserPoolId"] = r.Pool
		if err := pool.Call(t.Context(), operation, in, out); err != nil {
			t.Fatal(err)
		}
	}
	var client struct{ UserPoolClient struct{ ClientSecret string } }
	call("DescribeUserPoolClient", object{"ClientId": r.CitizenClient}, &client)
	call("AdminCreateUser", object{"Username": name, "MessageAction": "SUPPRESS"}, nil)
	call("AdminSetUserPassword", object{"Username": name, "Password": "trois petits chats", "Permanent": true}, nil)
	mac := hmac.New(sha256.New, []byte(client.UserPoolClient.ClientSecret))
	mac.Write([]byte(name + r.CitizenClient))
	var out struct{ AuthenticationResult struct{ AccessToken string } }
	call("AdminInitiateAuth", object{"ClientId": r.CitizenClient, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": object{
		"USERNAME": name, "PASSWORD": "trois petits chats", "SECRET_HASH": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	}}, &out)
	return out.AuthenticationResult.AccessToken
}

func TestExpiredItemsAreDeletedAndOthersStay(t *testing.T) {
	t.Parallel()
	p := start(t)
	pk, now := rand.Text(), time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for sk, expires := range map[string]int64{"past": now.Unix() - 1, "now": now.Unix(), "later": now.Unix() + 1, "never": 0} {
		item := object{"PK": object{"S": pk}, "SK": object{"S": sk}}
		if expires != 0 {
			item["expires"] = object{"N": fmt.Sprint(expires)}
		}
		table(t, p, "PutItem", object{"TableName": p.Resources.Table, "Item": item}, nil)
	}
	if n, err := expireAt(t.Context(), emulators.DynamoDB(p.Resources.Streams), p.Resources.Table, now); n != 1 || err != nil {
		t.Errorf("deleted %d, %v", n, err)
	}
	var left struct {
		Items []struct{ SK struct{ S string } }
	}
	table(t, p, "Query", object{
		"TableName": p.Resources.Table, "KeyConditionExpression": "PK = :p", "ExpressionAttributeValues": object{":p": object{"S": pk}},
	}, &left)
	if got := fmt.Sprint(left.Items); got != "[{{later}} {{never}} {{now}}]" {
		t.Errorf("left %s", got)
	}
}
