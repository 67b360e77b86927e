package account

import (
	"strings"
	"testing"
)

func TestADeviceIsKnownByTwoWords(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0":                                                           "Firefox Windows",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36":                      "Chrome Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1":    "Safari iPhone",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/128.0 Mobile/15E148 Safari/604.1":     "Chrome iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0":              "Edge Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":                      "Safari Mac",
		"Mozilla/5.0 (Linux; Android 13; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": "Samsung Android",
		"curl/8.5.0":                             "",
		"":                                       "",
		"Chrome":                                 "Chrome",
		strings.Repeat("Firefox <script>", 1000): "Firefox",
	} {
		if got := Device(agent); got != want {
			t.Errorf("%.60s: %q, want %q", agent, got, want)
		}
	}
}

func TestASessionsNameDoesNotTellItsToken(t *testing.T) {
	t.Parallel()
	if a, b := SessionID("one"), SessionID("other"); a == b || len(a) != 32 || strings.Contains(a, "one") {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestAnAuthenticatorAppTakesItsSecretByHandOrByQRCode(t *testing.T) {
	t.Parallel()
	typed, address := Enrolment(rfc, "odile@saint-aubin.example")
	if typed != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" {
		t.Errorf("typed %s", typed)
	}
	if want := "otpauth://totp/Pr%C3%A9au:odile@saint-aubin.example?issuer=Pr%C3%A9au&secret=" + typed; address != want {
		t.Errorf("got %s, want %s", address, want)
	}
}

func TestEachLossOfAnAuthenticatorGivesAnotherSecret(t *testing.T) {
	t.Parallel()
	first, second := Account{ID: "a"}, Account{ID: "a", TOTPIssue: 1}
	if first.Authenticator() != "a" || second.Authenticator() == first.Authenticator() || (Account{ID: "a", TOTPIssue: 2}).Authenticator() == second.Authenticator() {
		t.Errorf("%q, %q", first.Authenticator(), second.Authenticator())
	}
	if first.Enrolling() || !(Account{TOTPLink: Link{Issue: 1, At: noon}}).Enrolling() || (Account{TOTPLink: Link{Issue: 1}}).Enrolling() {
		t.Error("enrolling is not told by the open link")
	}
}
