package emulators

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
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
	known := hmacKey{plain: []byte("Jefe")}.of([]byte("what do ya want for nothing?"))
	want(t, hex.EncodeToString(known), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
}

func TestTheSealKeyWrapsForThoseWhoSealAndForOneTown(t *testing.T) {
	t.Parallel()
	r := running(t).Resources
	const kmsTarget = "TrentService"
	town := object{catalog.SealContext: "ville"}
	var made struct{ Plaintext, CiphertextBlob []byte }
	generate := object{"KeyId": r.SealKey, "KeySpec": "AES_256", "EncryptionContext": town}
	want(t, call(t, r.KMS, kmsTarget, sealer, "GenerateDataKey", generate, &made), "")
	with := func(changes object) object {
		in := object{"KeyId": r.SealKey, "CiphertextBlob": made.CiphertextBlob, "EncryptionContext": town}
		maps.Copy(in, changes)
		return in
	}
	touched := bytes.Clone(made.CiphertextBlob)
	touched[len(touched)/2]++
	for _, c := range []struct {
		name      string
		as        catalog.Function
		operation string
		in        object
		want      string
	}{
		{"a function that seals unwraps", sealer, "Decrypt", with(nil), ""},
		{"the blob says which key wrapped it", sealer, "Decrypt", with(object{"KeyId": ""}), ""},
		{"the platform unwraps", platform, "Decrypt", with(nil), ""},
		{"a function that does not seal is denied to wrap", signer, "GenerateDataKey", generate, "AccessDeniedException"},
		{"a function that does not seal is denied to unwrap", signer, "Decrypt", with(nil), "AccessDeniedException"},
		{"a function that seals makes no macs", sealer, "GenerateMac", object{"KeyId": r.MacKey, "MacAlgorithm": "HMAC_SHA_256", "Message": []byte("x")}, "AccessDeniedException"},
		{"a function that seals encrypts nothing else", sealer, "Encrypt", with(nil), "AccessDeniedException"},
		{"a key that is not bound to a town is denied", sealer, "GenerateDataKey", object{"KeyId": r.SealKey, "KeySpec": "AES_256"}, "AccessDeniedException"},
		{"unwrapping for no town is denied", sealer, "Decrypt", with(object{"EncryptionContext": object{}}), "AccessDeniedException"},
		{"a context of more than a town is denied", sealer, "Decrypt", with(object{"EncryptionContext": object{catalog.SealContext: "ville", "more": "x"}}), "AccessDeniedException"},
		{"another town's key does not unwrap", sealer, "Decrypt", with(object{"EncryptionContext": object{catalog.SealContext: "autre-ville"}}), "InvalidCiphertextException"},
		{"a touched blob does not unwrap", sealer, "Decrypt", with(object{"CiphertextBlob": touched}), "InvalidCiphertextException"},
		{"no blob does not unwrap", sealer, "Decrypt", with(object{"CiphertextBlob": nil}), "InvalidCiphertextException"},
		{"another key does not exist", sealer, "Decrypt", with(object{"KeyId": "other"}), "NotFoundException"},
		{"the mac key wraps nothing", sealer, "GenerateDataKey", object{"KeyId": r.MacKey, "KeySpec": "AES_256", "EncryptionContext": town}, "InvalidKeyUsageException"},
		{"the seal key makes no macs", signer, "GenerateMac", object{"KeyId": r.SealKey, "MacAlgorithm": "HMAC_SHA_256", "Message": []byte("x")}, "InvalidKeyUsageException"},
		{"another kind of key is refused", sealer, "GenerateDataKey", object{"KeyId": r.SealKey, "KeySpec": "AES_128", "EncryptionContext": town}, "ValidationException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out struct{ Plaintext []byte }
			want(t, call(t, r.KMS, kmsTarget, c.as, c.operation, c.in, &out), c.want)
			if served := c.want == ""; served != bytes.Equal(out.Plaintext, made.Plaintext) {
				t.Errorf("served: %v, and it gives the key: %v", served, !served)
			}
		})
	}
	var again struct{ Plaintext, CiphertextBlob []byte }
	call(t, r.KMS, kmsTarget, sealer, "GenerateDataKey", generate, &again)
	if bytes.Equal(again.Plaintext, made.Plaintext) || len(made.Plaintext) != 32 || bytes.Contains(made.CiphertextBlob, made.Plaintext) {
		t.Error("each key is another one, of 32 bytes, and lies in no blob")
	}
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
