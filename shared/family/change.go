package family

import (
	"slices"
	"strings"
	"time"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// ChangeState of a change or of one of its fields.
type ChangeState string

// The states of a change; partly is of a whole change only.
const (
	Pending   ChangeState = "pending"
	Accepted  ChangeState = "accepted"
	Refused   ChangeState = "refused"
	Partly    ChangeState = "partly"
	Withdrawn ChangeState = "withdrawn"
)

// ChangeKind says what a change is about.
type ChangeKind string

// The kinds of change. An addition or a removal is decided whole.
const (
	Touches ChangeKind = ""
	Adds    ChangeKind = "add"
	Removes ChangeKind = "remove"
)

// Removed is the field, and Membership the section, of a change that removes a member.
const (
	Membership = "member"
	Removed    = "removed"
)

// Change is a proposed edit of one section of one member, only the touched fields, old → new; or a member to be added, with the
// fields of its first section, or to be removed.
type Change struct {
	ID        string
	Kind      ChangeKind `dynamodbav:",omitempty"`
	Target    string     // member's id
	Of        Target     // what kind of member
	Section   string
	By        string // guardian's id; "": an agent of the town
	Body      string // hash of what was proposed
	Fields    []FieldChange
	CreatedAt time.Time
	DecidedAt time.Time // or withdrawn; zero while a field is pending
	Rev       int       // grows with each decision
}

// FieldChange is one field of a change.
type FieldChange struct {
	Field    string
	Old, New any
	State    ChangeState
	Reason   string

	SealedReason string `dynamodbav:",omitempty"` // of a sealed field, as the table holds it; base64
}

// State of the whole change, from its fields: pending while one of them is, withdrawn when what was left was taken back.
func (c Change) State() ChangeState {
	count := map[ChangeState]int{}
	for _, f := range c.Fields {
		count[f.State]++
	}
	switch {
	case count[Pending] > 0:
		return Pending
	case count[Withdrawn] > 0:
		return Withdrawn
	case count[Refused] == 0:
		return Accepted
	case count[Accepted] == 0:
		return Refused
	}
	return Partly
}

// Reason is the first reason given for a refusal.
func (c Change) Reason() string {
	for _, f := range c.Fields {
		if f.Reason != "" {
			return f.Reason
		}
	}
	return ""
}

// About is the section that a change is about. Its name is that of the member's own where a member is removed.
func (c Change) About() (Section, bool) {
	if c.Kind == Removes {
		return First(c.Of), true
	}
	return SectionOf(c.Of, c.Section)
}

// Added is the member that an accepted addition makes.
func (c Change) Added(version int) Member {
	values := map[string]any{}
	for _, f := range c.Fields {
		if f.New != nil {
			values[f.Field] = f.New
		}
	}
	return Member{ID: c.Target, Target: c.Of, Values: map[string]map[string]any{c.Section: values}, Versions: map[string]int{c.Section: version}}
}

// Mentions are the ids of those whom the change names: who proposed it, whose consent or relation it is, and whom its values name.
func (c Change) Mentions() (ids []string) {
	s, _ := c.About()
	if c.By != "" {
		ids = append(ids, c.By)
	}
	for _, f := range c.Fields {
		if _, who, of := strings.Cut(f.Field, "@"); of {
			ids = append(ids, who)
		}
		if s.PerID {
			ids = append(ids, f.Field)
		}
		if kind, _ := s.Field(f.Field); kind.Kind == Housemate || kind.Kind == OfChildren || kind.Kind == OfFile {
			ids = append(append(ids, idsIn(f.Old)...), idsIn(f.New)...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// idsIn are the ids in a value: one, or a list of them.
func idsIn(value any) (ids []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			ids = append(ids, idsIn(one)...)
		}
	}
	return ids
}

// AtOnce says whether a collectivity has nobody decide the change. Guardians and children come and go by an agent's decision
// only, and nobody makes themselves a holder of parental authority.
func (c Change) AtOnce(settings collectivity.Settings) bool {
	section, _ := c.About()
	return !section.PerID && settings.Decision(section.Key()) == collectivity.AtOnce && (c.Kind == Touches || c.Of == Contact || c.Of == Document)
}

// What is refused of a change.
var (
	ErrChangeUnknown = refusal.New(refusal.NotFound, "change_not_found", "Cette modification n’existe pas.")
	ErrChangeDecided = refusal.New(refusal.Conflict, "change_decided", "Cette modification a déjà reçu une décision ou a été retirée.")
)
