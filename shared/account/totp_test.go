package account

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var rfc = []byte("12345678901234567890")

// TestTheCodesAreThoseOfRFC6238 takes the vectors of its appendix B for SHA-1; six digits are the last of its eight.
func TestTheCodesAreThoseOfRFC6238(t *testing.T) {
	t.Parallel()
	for second, eight := range map[int64]string{
		59:          "94287082",
		1111111109:  "07081804",
		1111111111:  "14050471",
		1234567890:  "89005924",
		2000000000:  "69279037",
		20000000000: "65353130",
	} {
		if got := TOTP(rfc, TOTPStep(time.Unix(second, 0))); got != eight[2:] {
			t.Errorf("at %d: got %s, want %s", second, got, eight[2:])
		}
	}
}

func TestAnAuthenticatorsCode(t *testing.T) {
	t.Parallel()
	now := TOTPStep(noon)
	cases := []struct {
		says  string
		given string
		last  int64
		step  int64
		ok    bool
	}{
		{"is good in its half minute", TOTP(rfc, now), 0, now, true},
		{"is good a half minute late", TOTP(rfc, now-1), 0, now - 1, true},
		{"is good a half minute early", TOTP(rfc, now+1), 0, now + 1, true},
		{"is too late after that", TOTP(rfc, now-2), 0, 0, false},
		{"is too early before that", TOTP(rfc, now+2), 0, 0, false},
		{"works once", TOTP(rfc, now), now, 0, false},
		{"does not work after a later one", TOTP(rfc, now-1), now, 0, false},
		{"works after an earlier one", TOTP(rfc, now+1), now, now + 1, true},
		{"is not empty", "", 0, 0, false},
		{"is not cut short", TOTP(rfc, now)[:5], 0, 0, false},
		{"is not longer", TOTP(rfc, now) + "0", 0, 0, false},
		{"is not another's", TOTP([]byte("another"), now), 0, 0, false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if step, ok := CheckTOTP(rfc, c.given, c.last, noon); step != c.step || ok != c.ok {
				t.Errorf("got step %d, %v; want %d, %v", step, ok, c.step, c.ok)
			}
		})
	}
}

func TestACodeAlwaysHasSixDigits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := TOTP(rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "secret"), rapid.Int64Min(0).Draw(t, "step"))
		if len(code) != 6 {
			t.Fatalf("got %q", code)
		}
	})
}
