package code

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a code made of any random bytes.
func drawn(t *rapid.T) string {
	c, err := New(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), length-1, length-1).Draw(t, "random")))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEverySingleWrongCharacterIsCaught(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		for i := range c {
			for _, wrong := range alphabet {
				typed := c[:i] + string(wrong) + c[i+1:]
				if _, err := Read(typed); (err == nil) != (typed == c) {
					t.Fatalf("%s typed as %s: %v", c, typed, err)
				}
			}
		}
	})
}

func TestEveryExchangeOfTwoCharactersIsCaught(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		for i := range c {
			for j := range i {
				typed := []byte(c)
				typed[i], typed[j] = typed[j], typed[i]
				if _, err := Read(string(typed)); (err == nil) != (string(typed) == c) {
					t.Fatalf("%s typed as %s: %v", c, typed, err)
				}
			}
		}
	})
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		typed := ""
		for _, r := range c {
			same := []string{string(r), strings.ToLower(string(r))}
			switch r {
			case '0':
				same = append(same, "o", "O")
			case '1':
				same = append(same, "i", "I", "l", "L")
			}
			typed += rapid.SampledFrom(same).Draw(t, "character")
			typed += rapid.SampledFrom([]string{"", "", "-", " ", " - ", ".", "_", "/", "–", "—", "\u2011", "\u00a0", "\u202f", "\t", "\r\n", ",", ":", "·", "−", "\u200b"}).Draw(t, "separator")
		}
		if got, err := Read(typed); err != nil || got != c {
			t.Fatalf("%q was read as %q (%v), want %q", typed, got, err, c)
		}
	})
}

func TestWhatIsWrittenInGroupsIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawn(t)
		written := Format(c)
		if len(written) != 14 || written[4] != '-' || written[9] != '-' {
			t.Fatalf("%s is written %s", c, written)
		}
		if got, err := Read(written); err != nil || got != c {
			t.Fatalf("%s was read as %s (%v)", written, got, err)
		}
	})
}

func TestWhatCanNotBeACodeIsRefused(t *testing.T) {
	t.Parallel()
	c, err := New(bytes.NewReader(make([]byte, length)))
	if err != nil {
		t.Fatal(err)
	}
	for says, typed := range map[string]string{
		"nothing":                                 "",
		"separators alone":                        "----",
		"a character too few":                     c[:length-1],
		"a character too many":                    c + "0",
		"a U, which the alphabet has not":         "U" + c[1:],
		"an accent":                               "É" + c[1:],
		"a digit of another script":               "٠" + c[1:],
		"a letter that looks like one of another": "А" + c[1:], // Cyrillic
		"a code twice":                            c + " " + c,
		"a sentence":                              "je ne trouve plus mon code",
	} {
		t.Run(says, func(t *testing.T) {
			if got, err := Read(typed); !errors.Is(err, ErrMalformed) {
				t.Errorf("%q was read as %q (%v)", typed, got, err)
			}
		})
	}
}

func TestReadingNeverFailsOtherwise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		got, err := Read(typed)
		if err == nil && (len(got) != length || strings.Trim(got, alphabet) != "") || err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatalf("%q was read as %q (%v)", typed, got, err)
		}
	})
}

func TestCodesAreDrawnFromAllCharactersAlike(t *testing.T) {
	t.Parallel()
	seen := map[byte]int{}
	for range 2000 {
		c, err := New(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i := range length - 1 {
			seen[c[i]]++
		}
	}
	for _, r := range alphabet { // 687.5 expected, deviation 26: ten deviations are no accident
		if n := seen[byte(r)]; n < 430 || n > 950 {
			t.Errorf("%c was drawn %d times of 22000", r, n)
		}
	}
}

func TestWithoutRandomnessThereIsNoCode(t *testing.T) {
	t.Parallel()
	if c, err := New(strings.NewReader("too short")); err == nil {
		t.Errorf("made %s", c)
	}
}
