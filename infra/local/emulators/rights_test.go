package emulators

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"preau/infra/catalog"
)

func TestTheMacKeyComputesForThoseWhoMayDeriveTheSecret(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	const kmsTarget = "TrentService"
	in := func(key, algorithm string, message []byte) object {
		return object{"KeyId": key, "MacAlgorithm": algorithm, "Message": message}
	}
	good := in(r.MacKey, "HMAC_SHA_256", []byte("derive"))
	for _, c := range []struct {
		name      string
		as        catalog.Function
		operation string
		in        object
		want      string
	}{
		{"a function with the secret is served", signer, "GenerateMac", good, ""},
		{"the platform is served", platform, "GenerateMac", good, ""},
		{"a function without the secret is denied", reader, "GenerateMac", good, "AccessDeniedException"},
		{"a function may do nothing else", signer, "Decrypt", good, "AccessDeniedException"},
		{"another key does not exist", signer, "GenerateMac", in("other", "HMAC_SHA_256", []byte("x")), "NotFoundException"},
		{"another algorithm is refused", signer, "GenerateMac", in(r.MacKey, "HMAC_SHA_512", []byte("x")), "InvalidKeyUsageException"},
		{"a message over 4096 bytes is refused", signer, "GenerateMac", in(r.MacKey, "HMAC_SHA_256", make([]byte, 4097)), "ValidationException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want(t, call(t, r.KMS, kmsTarget, c.as, c.operation, c.in, nil), c.want)
		})
	}
	mac := func(message string) string {
		var out struct{ Mac []byte }
		call(t, r.KMS, kmsTarget, signer, "GenerateMac", in(r.MacKey, "HMAC_SHA_256", []byte(message)), &out)
		return string(out.Mac)
	}
	first, again := mac("a"), mac("a")
	if first != again || first == mac("b") || len(first) != sha256.Size {
		t.Error("the same message has one mac, another message another, of 32 bytes")
	}
	// RFC 4231, test case 2
	known := kms{key: []byte("Jefe")}.mac([]byte("what do ya want for nothing?"))
	want(t, hex.EncodeToString(known), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
}

func TestOnlyThoseWhoMaySendMailDo(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	body, err := json.Marshal(object{
		"FromEmailAddress": r.MailFrom,
		"Destination":      object{"ToAddresses": []string{"rights@example.org"}},
		"Content":          object{"Simple": object{"Subject": object{"Data": "Bonjour"}, "Body": object{"Text": object{"Data": "…"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		as     catalog.Function
		path   string
		status int
		kind   string
	}{
		{"a function with the right sends", mailer, "/v2/email/outbound-emails", 200, ""},
		{"the platform sends", platform, "/v2/email/outbound-emails", 200, ""},
		{"a function without the right is denied", reader, "/v2/email/outbound-emails", 403, "AccessDeniedException"},
		{"the right to send is not the right to write templates", mailer, "/v2/email/templates", 403, "AccessDeniedException"},
		{"an unknown key is nobody", catalog.Function{Name: "stranger"}, "/v2/email/outbound-emails", 403, "UnrecognizedClientException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.SES+c.path, bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+AccessKey(c.as.Name)+"/20260101/eu-west-3/ses/aws4_request")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			if res.StatusCode != c.status || res.Header.Get("X-Amzn-Errortype") != c.kind {
				answer, _ := io.ReadAll(res.Body)
				t.Errorf("got %s %s: %s", res.Status, res.Header.Get("X-Amzn-Errortype"), answer)
			}
		})
	}
}

func TestTheMailboxPageIsForEverybody(t *testing.T) {
	t.Parallel()
	res, err := http.Get(running(t).Resources.Mailbox + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, _ := io.ReadAll(res.Body)
	if res.StatusCode != 200 || !strings.Contains(string(page), "<html") {
		t.Errorf("got %s: %.100s", res.Status, page)
	}
}

func TestTheBucketKeepsAnObject(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	for _, method := range []string{http.MethodPut, http.MethodGet} {
		req, err := http.NewRequestWithContext(t.Context(), method, r.S3+"/"+r.Bucket+"/photo.jpg", strings.NewReader("photo"))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != 200 || (method == http.MethodGet && string(body) != "photo") {
			t.Errorf("%s: %s %q", method, res.Status, body)
		}
	}
}
