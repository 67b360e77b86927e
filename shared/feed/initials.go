package feed

import (
	"strconv"
	"strings"
	"unicode"

	"preau/shared/family"
)

// most letters of a first name that are shown, and never all of it.
const most = 3

// Initials tell a family's children apart in as few letters as will do, by id: L. alone, Lé. and Lo. together. Children
// whom their first letters do not tell apart are numbered in the order given.
func Initials(children []family.Member) map[string]string {
	out := map[string]string{}
	for i, child := range children {
		out[child.ID] = strconv.Itoa(i + 1)
		if name := letters(child); len(name) > 0 {
			out[child.ID] = initial(name, i, children)
		}
	}
	return out
}

func initial(name []string, i int, children []family.Member) string {
	for n := 1; n == 1 || n <= min(most, len(name)-1); n++ {
		if short := strings.Join(name[:n], ""); alone(short, n, i, children) {
			return short + "."
		}
	}
	return name[0] + ". " + strconv.Itoa(i+1)
}

// alone says whether no other child's name begins so.
func alone(short string, n, i int, children []family.Member) bool {
	for j, other := range children {
		name := letters(other)
		if j != i && strings.Join(name[:min(n, len(name))], "") == short {
			return false
		}
	}
	return true
}

// letters of a first name, with the accents that follow them, the first a capital. Spaces and hyphens are none.
func letters(child family.Member) (all []string) {
	for _, r := range child.Text("identity", "firstName") {
		switch {
		case unicode.Is(unicode.Mn, r) && len(all) > 0:
			all[len(all)-1] += string(r)
		case unicode.IsLetter(r) && len(all) == 0:
			all = append(all, string(unicode.ToUpper(r)))
		case unicode.IsLetter(r):
			all = append(all, string(unicode.ToLower(r)))
		}
	}
	return all
}
