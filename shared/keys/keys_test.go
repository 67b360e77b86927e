package keys_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"preau/infra/testkit"
	"preau/shared/keys"
)

var secret = keys.Of([]byte("a root secret of a test, 32 byte"))

// subject is what links are about: an account's id, or an address's key and a sign-up's id.
var subject = rapid.StringMatching(`[0-9a-z-]{1,60}`)

func TestATokenOpensWhatItWasMadeFor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		about, issue := subject.Draw(t, "subject"), rapid.IntRange(0, 1000).Draw(t, "issue")
		got, n, ok := secret.ReadToken("reset", secret.Token("reset", about, issue))
		if !ok || got != about || n != issue {
			t.Fatalf("read %q, issue %d, %v", got, n, ok)
		}
	})
}

func TestATokenThatWasTouchedOpensNothing(t *testing.T) {
	t.Parallel()
	const signs = "ABCXYZabcxyz0189-_.+= \n~é"
	rapid.Check(t, func(t *rapid.T) {
		token := secret.Token("reset", subject.Draw(t, "subject"), rapid.IntRange(0, 20).Draw(t, "issue"))
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		sign := string(rapid.SampledFrom([]rune(signs)).Draw(t, "sign"))
		for says, touched := range map[string]string{
			"a character replaced": token[:at] + sign + token[at+1:],
			"a character more":     token[:at] + sign + token[at:],
			"one more at its end":  token + sign,
			"a character less":     token[:at] + token[at+1:],
			"cut short":            token[:at],
			"in other letters":     strings.ToUpper(token),
		} {
			if _, _, ok := secret.ReadToken("reset", touched); ok && touched != token {
				t.Fatalf("%s: %q opens as %q does", says, touched, token)
			}
		}
	})
}

// TestATokenHasOneSpelling holds because the last character of base64 carries spare bits, and numbers can be written
// in several ways.
func TestATokenHasOneSpelling(t *testing.T) {
	t.Parallel()
	const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	token := secret.Token("reset", "account", 7)
	for _, last := range base64 {
		other := token[:len(token)-1] + string(last)
		if _, _, ok := secret.ReadToken("reset", other); ok && other != token {
			t.Errorf("%q opens as %q does", other, token)
		}
	}
	for _, seven := range []string{"+7", "07", "7 ", "0x7"} {
		if _, _, ok := secret.ReadToken("reset", strings.Replace(token, ".7.", "."+seven+".", 1)); ok {
			t.Errorf("issue %q opens as 7 does", seven)
		}
	}
}

func TestATokenOpensNothingElse(t *testing.T) {
	t.Parallel()
	token := secret.Token("reset", "account", 1)
	cases := []struct {
		says  string
		of    keys.Secret
		kind  string
		token string
	}{
		{"a link of another kind", secret, "email", token},
		{"a link of no kind", secret, "", token},
		{"another service's", keys.Of([]byte("another root secret")), "reset", token},
		{"another account", secret, "reset", strings.Replace(token, "account", "accounts", 1)},
		{"another issue", secret, "reset", strings.Replace(token, ".1.", ".2.", 1)},
		{"its subject and issue shifted", secret, "reset", strings.Replace(token, "account.1", "accoun.t1", 1)},
		{"nothing", secret, "reset", ""},
		{"dots", secret, "reset", ".."},
		{"no hash", secret, "reset", "account.1."},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got, _, ok := c.of.ReadToken(c.kind, c.token); ok {
				t.Errorf("%q opens %q", c.token, got)
			}
		})
	}
}

func TestPurposesShareNoKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, other := rapid.String().Draw(t, "one"), rapid.String().Draw(t, "other")
		if one != other && bytes.Equal(secret.Key(one), secret.Key(other)) {
			t.Fatalf("%q and %q share a key", one, other)
		}
		if len(secret.Key(one)) != 32 || !bytes.Equal(secret.Key(one), secret.Key(one)) {
			t.Fatalf("the key of %q is not always the same 32 bytes", one)
		}
	})
}

func TestTheSameTextHasAnotherHashForEachPurpose(t *testing.T) {
	t.Parallel()
	text := "0123456789AB"
	hashes := map[string]bool{secret.Address(text): true, secret.Code(text): true, string(secret.TOTP(text)): true, secret.Token("reset", text, 0): true, string(secret.Mac("other", text)): true}
	if len(hashes) != 5 {
		t.Errorf("%d different hashes, want 5", len(hashes))
	}
}

func TestPartsCanNotBeSplitOtherwise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringN(0, 4, -1), 0, 4)
		one, other := parts.Draw(t, "one"), parts.Draw(t, "other")
		if bytes.Equal(secret.Mac("p", one...), secret.Mac("p", other...)) != slices.Equal(one, other) {
			t.Fatalf("%q and %q have the same hash", one, other)
		}
	})
}

func TestTheRootSecretIsTheSameInEveryProcess(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	one, err := keys.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := keys.Must(t.Context())
	if one.Address("a@example.org") != other.Address("a@example.org") {
		t.Error("two openings give two secrets")
	}
	if one.Address("a@example.org") == secret.Address("a@example.org") {
		t.Error("the secret does not come from KMS")
	}
}

func TestACalendarsSecretTellsWhoseFeedItOpens(t *testing.T) {
	t.Parallel()
	ids := rapid.StringMatching(`[0-9a-z]{26}`)
	rapid.Check(t, func(t *rapid.T) {
		account, family, issue := ids.Draw(t, "account"), ids.Draw(t, "family"), rapid.IntRange(1, 1<<62).Draw(t, "issue")
		token := secret.Calendar(account, family, issue)
		gotAccount, gotFamily, gotIssue, ok := secret.ReadCalendar(token)
		if !ok || gotAccount != account || gotFamily != family || gotIssue != issue {
			t.Fatalf("read %q, %q, %d, %v", gotAccount, gotFamily, gotIssue, ok)
		}
		if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
			t.Fatalf("%q does not stand in an address as it is", token)
		}
	})
	for _, mailed := range []string{"activation", "reset", "email"} {
		if _, _, _, ok := secret.ReadCalendar(secret.Token(mailed, "account-family", 1)); ok {
			t.Errorf("a link of the kind %s opens a feed", mailed)
		}
	}
}
