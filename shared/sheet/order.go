package sheet

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Compare orders names as French lists do: capitals and accents do not count, until nothing else tells two apart.
func Compare(a, b string) int {
	if n := strings.Compare(bare(a), bare(b)); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

var parted = strings.NewReplacer("œ", "oe", "æ", "ae", "’", "'")

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(parted.Replace(strings.ToLower(s))))
}
