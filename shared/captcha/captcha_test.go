package captcha

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	issuer = Of([]byte("a key of the tests"))
)

// payload is what the widget sends, before base64.
type payload = map[string]any

func solved(t *testing.T, by Captcha, nonce byte) payload {
	t.Helper()
	challenge, err := by.Issue([]byte{11: nonce}, noon)
	if err != nil {
		t.Fatal(err)
	}
	solution, err := Solve(challenge)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(solution)
	if err != nil {
		t.Fatal(err)
	}
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func written(t *testing.T, p payload) string {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func TestASolutionIsGoodUntilItsChallengeExpires(t *testing.T) {
	t.Parallel()
	solution := written(t, solved(t, issuer, 0))
	cases := []struct {
		says string
		at   time.Time
		good bool
	}{
		{"at once", noon, true},
		{"to the last second", noon.Add(Life - time.Second), true},
		{"not from its end on", noon.Add(Life), false},
		{"not a year later", noon.AddDate(1, 0, 0), false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			name, until, err := issuer.Check(solution, c.at)
			if (err == nil) != c.good || err != nil && !errors.Is(err, ErrWrong) {
				t.Fatalf("got %v", err)
			}
			if c.good && (name == "" || !until.Equal(noon.Add(Life))) {
				t.Errorf("it is named %q and ends at %s", name, until)
			}
		})
	}
}

func TestAForgedSolutionIsNone(t *testing.T) {
	t.Parallel()
	good, other := solved(t, issuer, 1), solved(t, issuer, 2)
	salt, number := good["salt"].(string), strconv.FormatFloat(good["number"].(float64), 'f', 0, 64)
	whole, before := strings.TrimSuffix(salt, delimiter), strings.TrimSuffix(salt, delimiter)
	later := before[:len(before)-1]
	with := func(pairs ...any) payload {
		p := maps.Clone(good)
		for i := 0; i < len(pairs); i += 2 {
			p[pairs[i].(string)] = pairs[i+1]
		}
		return p
	}
	rest, err := strconv.Atoi(number[1:])
	if err != nil || len(number) < 2 {
		t.Fatalf("the number %s can not be split", number)
	}
	for says, p := range map[string]payload{
		"another number":                                   with("number", good["number"].(float64)+1),
		"a negative number":                                with("number", -1),
		"no number":                                        with("number", nil),
		"a text for a number":                              with("number", number),
		"the salt of another challenge":                    with("salt", other["salt"]),
		"the signature of another challenge":               with("signature", other["signature"]),
		"another challenge under its signature":            with("challenge", other["challenge"]),
		"a signature in capitals":                          with("signature", strings.ToUpper(good["signature"].(string))),
		"no signature":                                     with("signature", ""),
		"another algorithm":                                with("algorithm", "SHA-512"),
		"no algorithm":                                     with("algorithm", ""),
		"a later end":                                      with("salt", later+"9"+delimiter),
		"an end that takes digits from the number":         with("salt", salt+number[:1], "number", rest),
		"an end that takes them and is closed again":       with("salt", salt+number[:1]+delimiter, "number", rest),
		"an end without its delimiter, and digits from it": with("salt", whole+number[:1], "number", rest),
		"a second end":                                     with("salt", salt+"expires=99999999999&"),
		"no end":                                           with("salt", "000000000000000000000000&"),
		"no salt":                                          with("salt", ""),
		"nothing of it":                                    {},
	} {
		t.Run(says, func(t *testing.T) {
			if _, _, err := issuer.Check(written(t, p), noon); !errors.Is(err, ErrWrong) {
				t.Errorf("got %v", err)
			}
		})
	}
	for says, typed := range map[string]string{"no base64": "%%%", "no JSON": base64.StdEncoding.EncodeToString([]byte("{")), "empty": "", "an array": base64.StdEncoding.EncodeToString([]byte("[]"))} {
		t.Run(says, func(t *testing.T) {
			if _, _, err := issuer.Check(typed, noon); !errors.Is(err, ErrWrong) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestASolutionOfAnotherIssuerIsNone(t *testing.T) {
	t.Parallel()
	solution := written(t, solved(t, Of([]byte("another key")), 3))
	if _, _, err := issuer.Check(solution, noon); !errors.Is(err, ErrWrong) {
		t.Errorf("got %v", err)
	}
}

// TestAllSpellingsOfASolutionHaveOneName: otherwise one solution could be spent once per spelling.
func TestAllSpellingsOfASolutionHaveOneName(t *testing.T) {
	t.Parallel()
	p := solved(t, issuer, 4)
	name, _, err := issuer.Check(written(t, p), noon)
	if err != nil {
		t.Fatal(err)
	}
	p["took"], p["test"] = 1234, true // members that the widget adds
	again, _, err := issuer.Check(written(t, p), noon)
	if err != nil || again != name {
		t.Errorf("named %q and %q (%v)", name, again, err)
	}
}

func TestEachChallengeHasItsOwnNumberAndName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for nonce := range 100 {
		c, err := issuer.Issue([]byte{11: byte(nonce)}, noon)
		if err != nil {
			t.Fatal(err)
		}
		if seen[c.Signature] || seen[c.Challenge] || c.MaxNumber != work || c.Algorithm != "SHA-256" {
			t.Fatalf("got %+v", c)
		}
		seen[c.Signature], seen[c.Challenge] = true, true
	}
}

// TestTheNumberIsNeverNought: nobody can prove to have found a nought.
func TestTheNumberIsNeverNought(t *testing.T) {
	t.Parallel()
	for nonce := range 2000 {
		if n := issuer.number(strconv.Itoa(nonce)); n < 1 || n > work {
			t.Fatalf("got %d", n)
		}
	}
	if issuer.number("a") == Of([]byte("another key")).number("a") {
		t.Error("the number does not depend on the key")
	}
}

func TestWhatHasNoSolutionIsNotSolved(t *testing.T) {
	t.Parallel()
	if s, err := Solve(Challenge{Challenge: "none", MaxNumber: 10}); err == nil {
		t.Errorf("solved by %s", s)
	}
}
