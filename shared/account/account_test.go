package account

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/shared/refusal"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestAnAddressIsTakenOnlyIfItCanBeMailedTo(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, typed, read string }{
		{"as it is", "anne@example.org", "anne@example.org"},
		{"in lower case", "Anne.Martin@Example.ORG", "anne.martin@example.org"},
		{"without the spaces around it", " anne@example.org\t", "anne@example.org"},
		{"with a tag", "anne+ecole@example.org", "anne+ecole@example.org"},
		{"with an apostrophe", "o'neill@example.org", "o'neill@example.org"},
		{"with the longest mailbox name", strings.Repeat("a", 64) + "@example.org", strings.Repeat("a", 64) + "@example.org"},
		{"not without an at sign", "anne.example.org", ""},
		{"not without a mailbox", "@example.org", ""},
		{"not without a domain", "anne@", ""},
		{"not with a domain of one label", "anne@localhost", ""},
		{"not with an empty label", "anne@example..org", ""},
		{"not with a hyphen at a label's end", "anne@example-.org", ""},
		{"not with a label of 64 characters", "anne@" + strings.Repeat("a", 64) + ".org", ""},
		{"not with a mailbox of 65 characters", strings.Repeat("a", 65) + "@example.org", ""},
		{"not with an accent, which SES does not mail to", "zoé@example.org", ""},
		{"not with two at signs", "anne@martin@example.org", ""},
		{"not with a name before it", "Anne <anne@example.org>", ""},
		{"not in brackets", "<anne@example.org>", ""},
		{"not with a comment", "anne@example.org (Anne)", ""},
		{"not with another one", "anne@example.org, paul@example.org", ""},
		{"not with a header behind it", "anne@example.org\r\nBcc: paul@example.org", ""},
		{"not with quotes", `"anne martin"@example.org`, ""},
		{"not with a number for a domain", "anne@[127.0.0.1]", ""},
		{"not longer than 254 characters", "anne@" + strings.Repeat("abcdefghi.", 25) + "org", ""},
		{"not empty", "", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			got, err := ReadEmail("email", c.typed)
			if got != c.read || (err == nil) != (c.read != "") {
				t.Errorf("%q was read as %q (%v)", c.typed, got, err)
			}
			if err != nil && fieldOf(err) != "email email_invalid" {
				t.Errorf("refused as %s", fieldOf(err))
			}
		})
	}
}

func TestAnAddressThatWasReadIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`[ a-zA-Z0-9.+'@é"<>-]{0,20}@[a-zA-Z0-9.-]{0,20}`).Draw(t, "typed")
		read, err := ReadEmail("email", typed)
		if err != nil {
			return
		}
		again, err := ReadEmail("email", strings.ToUpper(read))
		if err != nil || again != read {
			t.Fatalf("%q was read as %q, then as %q (%v)", typed, read, again, err)
		}
	})
}

func TestAPasswordIsTakenOnlyIfItProtects(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, password, code string }{
		{"twelve characters", "douze signes", ""},
		{"128 characters", strings.Repeat("ab", 64), ""},
		{"accents count as one character each", "éàüôéàüôéàüô", ""},
		{"any sign may be in it", "a“€😀 🇫🇷/\\<>&\"'", ""},
		{"eleven characters", "onze signes", "password_short"},
		{"none", "", "password_short"},
		{"129 characters", strings.Repeat("ab", 64) + "c", "password_long"},
		{"one character twelve times", "aaaaaaaaaaaa", "password_weak"},
		{"one accented character twelve times", "éééééééééééé", "password_weak"},
		{"its owner's address", "anne@example.org", "password_weak"},
		{"its owner's address in it", "my Anne@Example.org 1", "password_weak"},
		{"a space before it", " douze signes", "password_spaces"},
		{"a space behind it", "douze signes ", "password_spaces"},
		{"a line break", "douze\nsignes", "control_character"},
		{"a tabulator", "douze\tsignes", "control_character"},
		{"a separator of lines", "douze\u2028signes", "control_character"},
		{"a character that can not be seen", "douze\x00signes", "control_character"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			err := CheckPassword("password", c.password, "anne@example.org")
			want := ""
			if c.code != "" {
				want = "password " + c.code
			}
			if fieldOf(err) != want {
				t.Errorf("got %q, want %q", fieldOf(err), want)
			}
		})
	}
}

func TestANameIsTakenOnlyIfItIsOne(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, typed, read string }{
		{"as it is", "Anne", "Anne"},
		{"with accents, hyphen and apostrophe", "Anne-Zoé d’Œuf", "Anne-Zoé d’Œuf"},
		{"in another script", "Αννα", "Αννα"},
		{"with its spaces folded", "  Anne \t Marie\r\n", "Anne Marie"},
		{"not empty", "", ""},
		{"not of spaces", " \t ", ""},
		{"not without a letter", "1234 -", ""},
		{"not an address", "http://example.org", ""},
		{"not an e-mail address", "anne@example.org", ""},
		{"not with markup", "<b>Anne</b>", ""},
		{"not with a template", "{{Anne}}", ""},
		{"not with a character that can not be seen", "An\x00ne", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			got, err := ReadName("lastName", c.typed)
			if err != nil {
				got = ""
			}
			if got != c.read || (err == nil) != (c.read != "") {
				t.Errorf("%q was read as %q (%v)", c.typed, got, err)
			}
			if err != nil && fieldOf(err) != "lastName name_invalid" {
				t.Errorf("refused as %s", fieldOf(err))
			}
		})
	}
}

func TestAnActivationLink(t *testing.T) {
	t.Parallel()
	a := Attempt{Links: []time.Time{noon, noon.Add(20 * time.Hour)}}
	activated := a
	activated.Activated = true
	cases := []struct {
		says    string
		attempt Attempt
		issue   int
		at      time.Time
		code    string
	}{
		{"is good at once", a, 0, noon, ""},
		{"is good to its last moment", a, 0, noon.Add(24*time.Hour - 1), ""},
		{"has expired after 24 hours", a, 0, noon.Add(24 * time.Hour), "link_expired"},
		{"sent again is good longer", a, 1, noon.Add(44*time.Hour - 1), ""},
		{"sent again expires in its turn", a, 1, noon.Add(44 * time.Hour), "link_expired"},
		{"that was never sent is none", a, 2, noon, "link_expired"},
		{"before the first is none", a, -1, noon, "link_expired"},
		{"of an activated sign-up was used", activated, 0, noon, "link_used"},
		{"of an activated sign-up was used even when it has expired", activated, 0, noon.Add(48 * time.Hour), "link_used"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := refusal.Code(c.attempt.ActivationDue(c.issue, c.at)); got != c.code {
				t.Errorf("got %q, want %q", got, c.code)
			}
		})
	}
}

func TestALinkThatIsReplacedByTheNext(t *testing.T) {
	t.Parallel()
	open, used := Link{Issue: 2, At: noon}, Link{Issue: 2}
	cases := []struct {
		says  string
		link  Link
		issue int
		at    time.Time
		code  string
	}{
		{"is good at once", open, 2, noon, ""},
		{"is good to its last moment", open, 2, noon.Add(time.Hour - 1), ""},
		{"has expired then", open, 2, noon.Add(time.Hour), "link_expired"},
		{"has expired when a later one was sent", open, 1, noon, "link_expired"},
		{"was used", used, 2, noon, "link_used"},
		{"was used, so was the one before", used, 1, noon, "link_used"},
		{"was never sent", Link{}, 0, noon, "link_used"},
		{"was not sent yet", open, 3, noon, "link_used"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := refusal.Code(c.link.Good(c.issue, time.Hour, c.at)); got != c.code {
				t.Errorf("got %q, want %q", got, c.code)
			}
		})
	}
}

func TestACognitoUserStandsForItsAccount(t *testing.T) {
	t.Parallel()
	if c := CallerOf("01abc.q7xw", true); c != (Caller{Account: "01abc", User: "01abc.q7xw", Agent: true}) {
		t.Errorf("got %+v", c)
	}
	if c := CallerOf("", false); c != (Caller{}) {
		t.Errorf("got %+v", c)
	}
}

// fieldOf is the one field that an error refuses, with its code.
func fieldOf(err error) string {
	if r, ok := err.(*refusal.Refusal); ok && len(r.Fields) == 1 {
		return r.Fields[0].Field + " " + r.Fields[0].Code
	}
	if err != nil {
		return "a fault: " + err.Error()
	}
	return ""
}

func TestAnAccountKnowsWhichAddressEachChangeReplaced(t *testing.T) {
	t.Parallel()
	a := Account{Email: "0@example.org"}
	for n := 1; n <= maxFormer+1; n++ {
		a.NewEmailLink.Issue = 2 * n // every other link was never confirmed
		a.FormerEmails, a.Email = a.Leaving(), fmt.Sprintf("%d@example.org", n)
	}
	for issue, want := range map[int]string{2: "", 3: "", 4: "1@example.org", 2 * (maxFormer + 1): "10@example.org"} {
		if got := a.Former(issue); got != want {
			t.Errorf("change %d replaced %q, want %q", issue, got, want)
		}
	}
}
