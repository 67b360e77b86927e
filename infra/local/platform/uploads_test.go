package platform

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

func putFile(t *testing.T, p *Platform, key string) {
	t.Helper()
	r := p.Resources
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, r.S3+"/"+r.Files+"/"+key, strings.NewReader("photo"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+emulators.PlatformKey+"/20260101/eu-west-3/s3/aws4_request")
	res, err := http.DefaultClient.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	_ = res.Body.Close()
}

func TestAFileThatArrivesStartsTheFunctionsThatWaitForOne(t *testing.T) {
	t.Parallel()
	p := start(t)
	key := catalog.Incoming + rand.Text()
	putFile(t, p, key)
	var e events.EventBridgeEvent
	if err := json.Unmarshal([]byte(recorded(t, p, "upload-watcher", key)), &e); err != nil {
		t.Fatal(err)
	}
	if e.Source != "aws.s3" || e.DetailType != "Object Created" || !strings.Contains(string(e.Detail), `"key":"`+key+`"`) {
		t.Errorf("it got %+v", e)
	}

	const denied, failed = "upload-failer may not dynamodb:PutItem", "upload-failer failed: Unhandled"
	for end := time.Now().Add(30 * time.Second); reports.count(failed) == 0 && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	if tries, told := reports.count(denied), reports.count(failed); tries != 3 || told != 1 {
		t.Errorf("a function that fails was tried %d times, and %d reports were made", tries, told)
	}

	status, answer := post(t, p.URL()+"/_local/upload/"+key, "")
	if again := reports.count(denied); status != http.StatusBadGateway || !strings.Contains(answer, "upload-failer failed") || again != 6 {
		t.Errorf("told once more: %d %s, tried %d times in all", status, answer, again)
	}
	if status, answer := post(t, p.URL()+"/_local/upload/incoming/never", ""); status != http.StatusBadGateway || !strings.Contains(answer, "incoming/never") {
		t.Errorf("a file that never arrived: %d %s", status, answer)
	}
}

func TestAFileThatArrivedWhileNobodyListenedIsToldOfAtTheNextStart(t *testing.T) {
	t.Parallel()
	programs, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	root, err := emulators.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir, key := t.TempDir(), catalog.Incoming+rand.Text()
	alone, err := emulators.Start(t.Context(), emulators.Options{Modules: root + "/infra/local/emulators", Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	putFile(t, &Platform{Resources: alone.Resources}, key)
	alone.Close()

	watcher := named("upload-watcher", catalog.Function{Trigger: catalog.Trigger{Uploads: true}})
	p, err := Start(t.Context(), Options{Dir: dir, Functions: []catalog.Function{watcher}, Programs: programs})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	recorded(t, p, "upload-watcher", key)
}
