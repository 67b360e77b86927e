package emulators

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestEverythingOutlivesARestart writes through one stack and reads through the next one on the same folder.
func TestEverythingOutlivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := func() *Stack {
		root, err := Root()
		if err != nil {
			t.Fatal(err)
		}
		s, err := Start(t.Context(), Options{Modules: root + "/infra/local/emulators", Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	mac := func(s *Stack) (out struct{ Mac string }) {
		call(t, s.Resources.KMS, "TrentService", platform, "GenerateMac", object{"KeyId": s.Resources.MacKey, "MacAlgorithm": "HMAC_SHA_256", "Message": []byte("x")}, &out)
		return out
	}
	unwrapped := func(s *Stack, blob []byte) (out struct{ Plaintext string }) {
		call(t, s.Resources.KMS, "TrentService", platform, "Decrypt", object{"KeyId": s.Resources.SealKey, "CiphertextBlob": blob}, &out)
		return out
	}
	table := "DynamoDB_20120810"

	first := start()
	if !first.Fresh {
		t.Error("a new table is not fresh")
	}
	before := mac(first)
	var dataKey struct {
		Plaintext      string
		CiphertextBlob []byte
	}
	want(t, call(t, first.Resources.KMS, "TrentService", platform, "GenerateDataKey", object{"KeyId": first.Resources.SealKey, "KeySpec": "AES_256"}, &dataKey), "")
	user := pool{t, first.Resources, "restart"}
	user.must("AdminCreateUser", object{"MessageAction": "SUPPRESS"})
	user.must("AdminSetUserPassword", object{"Password": goodPassword, "Permanent": true})
	session := user.signedIn(user.r.CitizenClient).RefreshToken
	want(t, call(t, first.Resources.DynamoDB, table, platform, "PutItem", object{"TableName": tableName, "Item": item("kept")}, nil), "")
	putObject(t, first.Resources, "kept")
	sendMail(t, first.Resources, "first")
	sendMail(t, first.Resources, "second")
	mails := storedMails(t, first.Resources)
	first.Close()
	checkEnded(t, first)
	cutOff(t, dir+"/mails.jsonl")

	second := start()
	defer second.Close()
	if second.Fresh {
		t.Error("a kept table is fresh")
	}
	if before != mac(second) {
		t.Error("the mac key changed")
	}
	want(t, unwrapped(second, dataKey.CiphertextBlob).Plaintext, dataKey.Plaintext)
	user.r = second.Resources
	_, refused := user.refresh(user.r.CitizenClient, session, nil)
	want(t, refused, "")
	var got struct{ Item object }
	call(t, second.Resources.DynamoDB, table, platform, "GetItem", object{"TableName": tableName, "Key": item("kept")}, &got)
	if got.Item == nil {
		t.Error("the item is gone")
	}
	want(t, getObject(t, second.Resources), "kept")
	want(t, storedMails(t, second.Resources), mails)
	sendMail(t, second.Resources, "third")
	second.Close()

	third := start()
	defer third.Close()
	if got := storedMails(t, third.Resources); strings.Count(got, "messageId") != 3 || !strings.Contains(got, "third") {
		t.Errorf("after a mail was cut off: %s", got)
	}
}

func TestAFolderFromBeforeTheSealKeyGetsOneAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/secrets.json"
	old := secrets{CitizenSecret: "citizen", AgentSecret: "agent", MacKey: []byte("mac")}
	if err := writeJSON(file, old); err != nil {
		t.Fatal(err)
	}
	first, err := readSecrets(file)
	if err != nil || first.CitizenSecret != "citizen" || string(first.MacKey) != "mac" || len(first.SealKey) != 32 {
		t.Errorf("got %+v, %v", first, err)
	}
	if again, err := readSecrets(file); err != nil || !bytes.Equal(again.SealKey, first.SealKey) {
		t.Errorf("the next start has another key: %v", err)
	}
}

func sendMail(t *testing.T, r Resources, subject string) {
	t.Helper()
	text := func(s string) object { return object{"Data": s} }
	body, err := json.Marshal(object{
		"FromEmailAddress": r.MailFrom, "Destination": object{"ToAddresses": []string{"parent@example.org"}},
		"Content": object{"Simple": object{"Subject": text(subject), "Body": object{"Text": text("text"), "Html": text("<p>")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.SES+"/v2/email/outbound-emails", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+PlatformKey+"/20260101/eu-west-3/ses/aws4_request")
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
}

func storedMails(t *testing.T, r Resources) string {
	t.Helper()
	res, err := http.Get(r.Mailbox + "/store")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(res.Body)
	return string(body)
}

// cutOff leaves half a mail at the end of the file, as a kill may.
func cutOff(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.WriteString("\n" + `{"messageId":"ha`); err != nil {
		t.Fatal(err)
	}
}

func putObject(t *testing.T, r Resources, body string) {
	t.Helper()
	if got := ask(t, r, s3Request{as: platform, method: http.MethodPut, path: "/files/kept", body: body}); got.status != http.StatusOK {
		t.Fatal(got)
	}
}

func getObject(t *testing.T, r Resources) string {
	t.Helper()
	return ask(t, r, s3Request{as: platform, method: http.MethodGet, path: "/files/kept"}).body
}

// checkEnded sees to it that the stack's programs are gone.
func checkEnded(t *testing.T, s *Stack) {
	t.Helper()
	for _, p := range s.programs {
		select {
		case <-p.Done():
		default:
			t.Errorf("%s still runs", p.name)
		}
	}
	if len(s.programs) != 3 {
		t.Errorf("%d programs were started, want 3", len(s.programs))
	}
}

func TestAProgramThatDiesAtOnceIsReportedWithItsOwnWords(t *testing.T) {
	t.Parallel()
	p, err := startProgram("broken", t.TempDir(), t.TempDir(), nil, "node", "-e", "console.error('no such luck'); process.exit(3)")
	if err != nil {
		t.Fatal(err)
	}
	err = p.ready(t.Context(), "http://127.0.0.1:1")
	if err == nil || !strings.Contains(err.Error(), "no such luck") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
}

func TestAProgramThatEndsWithoutAnErrorIsReportedToo(t *testing.T) {
	t.Parallel()
	p, err := startProgram("brief", t.TempDir(), t.TempDir(), nil, "node", "-e", "")
	if err != nil {
		t.Fatal(err)
	}
	if err = p.ready(t.Context(), "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "(exit status 0)") {
		t.Errorf("got %v", err)
	}
}

func TestAPortInUseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, err = serve(l.Addr().(*net.TCPAddr).Port, http.NotFoundHandler())
	if err == nil || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), "PORT=") {
		t.Errorf("got %v", err)
	}
}

func TestAMissingProgramSaysHowToGetIt(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, program := range []string{"java", "node", "npm"} {
		if _, err := find(program); err == nil || !strings.Contains(err.Error(), "apt install") {
			t.Errorf("%s: got %v", program, err)
		}
	}
	if _, err := Start(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "Java") {
		t.Errorf("the whole stack: got %v", err)
	}
}

func TestAStackThatFailsToStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := &Stack{}
	err = s.start(t.Context(), Options{
		Modules: root + "/infra/local/emulators", MailboxPort: l.Addr().(*net.TCPAddr).Port,
	})
	if err == nil {
		t.Fatal("started on a port in use")
	}
	s.Close()
	checkEnded(t, s)
}
