package keys_test

import (
	"testing"

	"pgregory.net/rapid"

	"preau/shared/code"
	"preau/shared/keys"
)

func TestAnIssueGivesAGuardianTheSameCodeEachTimeAndAnotherTheirOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		issue, guardian := subject.Draw(t, "issue"), subject.Draw(t, "guardian")
		c := secret.IssuedCode(issue, guardian, 0)
		if read, err := code.Read(code.Format(c)); err != nil || read != c {
			t.Fatalf("%s is read as %s, %v", c, read, err)
		}
		if again := secret.IssuedCode(issue, guardian, 0); again != c {
			t.Fatalf("%s, then %s", c, again)
		}
		for says, other := range map[string]string{
			"another issue":               secret.IssuedCode(issue+"x", guardian, 0),
			"another guardian":            secret.IssuedCode(issue, guardian+"x", 0),
			"its parts shifted":           secret.IssuedCode(issue+guardian[:1], guardian[1:], 0),
			"its parts exchanged":         secret.IssuedCode(guardian+"-", issue, 0),
			"another draw":                secret.IssuedCode(issue, guardian, 1),
			"another service's":           keys.Of([]byte("another root secret")).IssuedCode(issue, guardian, 0),
			"that of the hash it lies at": secret.Code(c),
		} {
			if other == c {
				t.Fatalf("%s is the same code", says)
			}
		}
	})
}
