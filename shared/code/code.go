// Package code makes and reads subscriber codes (code abonné famille): the secret that a town hall posts to a guardian.
//
// A code is 11 random characters of Crockford's base 32 (55 bits) and a check character, written in groups of four:
// 7K3M-Q2XA-9TRQ. The check character is a weighted sum over GF(32), so that every single wrong character and every
// exchange of two characters is caught before anything is looked up.
package code

import (
	"errors"
	"io"
	"strings"
	"unicode"
)

// alphabet is Crockford's base 32: no I, L, O, U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const length = 12

// ErrMalformed means that the text can not be a code: a character, its length or its check character is wrong.
var ErrMalformed = errors.New("not a subscriber code")

// New draws a code from random, which must be a cryptographic source.
func New(random io.Reader) (string, error) {
	drawn := make([]byte, length-1)
	if _, err := io.ReadFull(random, drawn); err != nil {
		return "", err
	}
	code := make([]byte, 0, length)
	for _, b := range drawn {
		code = append(code, alphabet[b%32])
	}
	return string(append(code, check(code))), nil
}

// Read brings what a person typed to the code's own form: capitals, O as 0, I and L as 1, any separators dropped.
func Read(typed string) (string, error) {
	code := make([]byte, 0, length)
	for _, r := range strings.ToUpper(typed) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue // a separator, whatever it is
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		}
		if r > 'Z' || !strings.ContainsRune(alphabet, r) || len(code) == length {
			return "", ErrMalformed
		}
		code = append(code, byte(r))
	}
	if len(code) != length || check(code[:length-1]) != code[length-1] {
		return "", ErrMalformed
	}
	return string(code), nil
}

// Format writes a code in groups of four.
func Format(code string) string { return code[:4] + "-" + code[4:8] + "-" + code[8:] }

// check sums value × 2^position over GF(32). The weights 2^1 … 2^11 differ, which is what catches exchanges.
func check(code []byte) byte {
	sum, weight := byte(0), byte(2)
	for _, c := range code {
		sum ^= multiply(byte(strings.IndexByte(alphabet, c)), weight)
		weight = multiply(weight, 2)
	}
	return alphabet[sum]
}

// multiply is the product in GF(2^5) modulo x^5 + x^2 + 1.
func multiply(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		if a <<= 1; a&32 != 0 {
			a ^= 37
		}
	}
	return p
}
