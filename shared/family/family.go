// Package family holds the family file: its members, the fields of each section, and how a change of a section goes from
// a proposal to what is so. Pure rules.
package family

import (
	"slices"
	"strings"

	"preau/shared/refusal"
)

// File is a household's file at a collectivity.
type File struct {
	ID, Label string
	Version   int // grows with each accepted change
	Guardians []Member
	Children  []Member
}

// Member is a guardian or a child of a file.
type Member struct {
	ID        string
	Target    Target
	Values    map[string]map[string]any    // section → field → value
	Versions  map[string]int               // section → the file's version at its last change
	Pending   map[string]map[string]string // section → field → the change that proposes it
	Household string                       // of a guardian: those of one household see each other's address and phones
	Relations map[string]string            // of a guardian: child → relation
	Account   string                       // of a guardian: the subscribed account
}

// Value of a field, or nil.
func (m Member) Value(section, field string) any { return m.Values[section][field] }

// Text of a field, or "".
func (m Member) Text(section, field string) string {
	s, _ := m.Values[section][field].(string)
	return s
}

// Name is how a member is called.
func (m Member) Name() string {
	return strings.TrimSpace(m.Text("identity", "firstName") + " " + m.Text("identity", "lastName"))
}

// Member finds a member of the file by id.
func (f File) Member(id string) (Member, bool) {
	for _, m := range slices.Concat(f.Guardians, f.Children) {
		if m.ID == id {
			return m, true
		}
	}
	return Member{}, false
}

// Sees says whether a guardian may see a section of a member: their own, what all may see, and the private sections of
// guardians of the same household. Separated parents do not see each other's address and phones.
func Sees(viewer, member Member, section Section) bool {
	return !section.Private || viewer.ID == member.ID || member.Target == Child || viewer.Household != "" && viewer.Household == member.Household
}

// Edits says whether a guardian may propose a change of a section of a member: what they may see, but of other adults
// only within one household.
func Edits(viewer, member Member, section Section) bool {
	return Sees(viewer, member, section) && (member.Target == Child || viewer.ID == member.ID || viewer.Household != "" && viewer.Household == member.Household)
}

// MaskedLabel is what a code's holder sees of a family's name before confirming: its first letter.
func MaskedLabel(label string) string {
	words := strings.Fields(label)
	for i, w := range words {
		if i == 0 && strings.EqualFold(w, "famille") {
			continue
		}
		r := []rune(w)
		words[i] = string(r[0]) + strings.Repeat("•", 5)
	}
	return strings.Join(words, " ")
}

// ErrUnknown refuses a family file that is not there, or that the caller has no right to: the two are told alike.
var ErrUnknown = refusal.New(refusal.NotFound, "family_not_found", "Ce dossier famille n’existe pas, ou vous n’y êtes pas abonné.")
