// Package family holds the family file: its members, the fields of each section, who sees them and for how long, and how a
// change goes from a proposal to what is so. Pure rules.
package family

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// File is a household's file at a collectivity.
type File struct {
	ID, Label string
	External  string // number of the family in the software that it was imported from
	Version   int    // grows with each accepted change
	Guardians []Member
	Children  []Member
	Contacts  []Member
	Documents []Member
	Adding    map[string]Target // members proposed, by the change that proposes them

	Confirmed   calendar.Date // when a guardian last said that all of it is exact
	ConfirmedBy string        // that guardian
}

// Member is a guardian, a child, a contact or a document of a file.
type Member struct {
	ID        string
	Target    Target
	Values    map[string]map[string]any    // section → field → value; of sealed fields, those that were opened
	Kept      map[string]map[string][]byte `dynamodbav:"-"` // section → sealed field → as the table holds it
	Versions  map[string]int               // section → the file's version at its last change
	Pending   map[string]map[string]string // section → field → the change that proposes it
	Household string                       `dynamodbav:",omitempty"` // of a guardian: those of one household see each other's address and phones
	Account   string                       // of a guardian: the subscribed account
	Left      calendar.Date                `dynamodbav:",omitempty"` // no longer in the file from this day on
	Orders    []Hold                       `dynamodbav:",omitempty"` // of a guardian: what courts decided
	Barred    bool                         `dynamodbav:"-"`          // of a guardian: a court lets them see nothing; see Under
	Sheltered bool                         `dynamodbav:"-"`          // of a guardian: a court hides their address from everybody else
	NoHolder  bool                         `dynamodbav:"-"`          // of a guardian: a court took their parental authority

	Other     string `dynamodbav:",omitempty"` // of a child of two files: the other family
	Elsewhere bool   `dynamodbav:",omitempty"` // of such a child: its data lies in the other family's file
	Home      string `dynamodbav:"-"`          // the family in whose file it lies, if not this one

	As    string     `dynamodbav:",omitempty"` // of a child whose file was merged into another: who it is there, if it was there already
	Since *time.Time `dynamodbav:",omitempty"` // of a child whose data lies elsewhere: when it was put into this file too

	External string        `dynamodbav:",omitempty"` // their number in the software that they were imported from
	Placed   int           `dynamodbav:",omitempty"` // of a child: the school year, by its September, that the town's last move brought it to
	Leaving  calendar.Date `dynamodbav:",omitempty"` // of such a child: its last day, where it leaves the town's schools
}

// Value of a field, or nil.
func (m Member) Value(section, field string) any { return m.Values[section][field] }

// Has says whether a field holds something, opened or not.
func (m Member) Has(section, field string) bool {
	return m.Values[section][field] != nil || m.Kept[section][field] != nil
}

// Text of a field, or "".
func (m Member) Text(section, field string) string {
	s, _ := m.Values[section][field].(string)
	return s
}

// Name is how a member is called.
func (m Member) Name() string {
	section := "identity"
	if m.Target == Contact {
		section = "contact"
	}
	return strings.TrimSpace(m.Text(section, "firstName") + " " + m.Text(section, "lastName"))
}

// Relation of a guardian to a child, or "".
func (m Member) Relation(child string) string { return m.Text("relations", child) }

// Holder says whether a guardian holds parental authority over a child: by their relation, unless a court decided otherwise
// (Code civil, 371-1 and 373-1).
func (m Member) Holder(child string) bool {
	r := m.Relation(child)
	return m.Left == "" && !m.NoHolder && (r == "mother" || r == "father" || r == "legal_guardian")
}

// About says whether a contact or a document concerns a member.
func (m Member) About(id string) bool {
	children, _ := m.Value("contact", "children").([]any)
	return slices.Contains(children, any(id)) || m.Text("document", "about") == id
}

// Members lists all of a file.
func (f File) Members() []Member {
	return slices.Concat(f.Guardians, f.Children, f.Contacts, f.Documents)
}

// Member finds a member of the file by id.
func (f File) Member(id string) (Member, bool) {
	for _, of := range [][]Member{f.Guardians, f.Children, f.Contacts, f.Documents} {
		for _, m := range of {
			if m.ID == id {
				return m, true
			}
		}
	}
	return Member{}, false
}

// Lives is the guardian whose address a guardian's is: themselves, or the one whose it is said to be the same as, if that one is
// still in the file.
func (f File) Lives(m Member) Member {
	at := m
	for range f.Guardians {
		same := slices.IndexFunc(f.Guardians, func(g Member) bool { return g.ID == at.Text("address", "sameAs") })
		if same < 0 {
			return at
		}
		if at = f.Guardians[same]; at.ID == m.ID {
			break // two links, accepted one after the other, that form a ring
		}
	}
	return m
}

// Add puts a member among those of its kind.
func (f *File) Add(m Member) {
	of := map[Target]*[]Member{Guardian: &f.Guardians, Child: &f.Children, Contact: &f.Contacts, Document: &f.Documents}[m.Target]
	*of = append(*of, m)
}

// Same says whether two values are alike. A consent is the same whenever it was given.
func Same(a, b any) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}

func plain(v any) any {
	if consent, ok := v.(map[string]any); ok {
		if given, ok := consent["given"]; ok {
			return given
		}
	}
	return v
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

// What is refused of a file.
var (
	ErrUnknown       = refusal.New(refusal.NotFound, "family_not_found", "Ce dossier famille n’existe pas, ou vous n’y êtes pas abonné.")
	ErrMemberUnknown = refusal.New(refusal.NotFound, "member_not_found", "Cette personne ou ce document ne fait pas partie du dossier.")
)
