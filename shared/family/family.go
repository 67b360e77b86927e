// Package family holds the family file: its members, the fields of each section, and how a change of a section goes from
// a proposal to what is so. Pure rules.
package family

import (
	"slices"
	"strings"
	"time"

	"preau/shared/collectivity"
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

// Change is a proposed edit of one section of one member: only the touched fields, old → new.
type Change struct {
	ID        string
	Target    string // member's id
	Section   string
	By        string // guardian's id
	Body      string // hash of what was proposed
	Fields    []FieldChange
	CreatedAt time.Time
	DecidedAt time.Time
	Withdrawn bool
	Rev       int
}

// FieldChange is one field of a change.
type FieldChange struct {
	Field    string
	Old, New any
	State    ChangeState
	Reason   string
}

// State of the whole change, from its fields.
func (c Change) State() ChangeState {
	if c.Withdrawn {
		return Withdrawn
	}
	var accepted, refused int
	for _, f := range c.Fields {
		switch f.State {
		case Pending:
			return Pending
		case Accepted:
			accepted++
		case Refused:
			refused++
		}
	}
	switch {
	case refused == 0:
		return Accepted
	case accepted == 0:
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

// Propose makes the fields of a change: what differs from the member's values, each valid and editable. Version is the
// file's version that the person saw; where the section moved since, the refusal carries both values.
func Propose(settings collectivity.Settings, m Member, section Section, version int, values map[string]any, formats Formats) ([]FieldChange, error) {
	clean, err := section.read(settings, values, formats)
	if err != nil {
		return nil, err
	}
	if m.Versions[section.Name] > version {
		return nil, moved(m, section, clean)
	}
	var fields []FieldChange
	for _, f := range section.Fields {
		value, touched := clean[f.Name]
		old := m.Value(section.Name, f.Name)
		if !touched || value == old {
			continue
		}
		if change := m.Pending[section.Name][f.Name]; change != "" {
			return nil, refusal.New(refusal.Conflict, "field_pending", "Une modification de ce champ attend déjà une décision. Retirez-la d’abord.").At("values."+f.Name).With("change", change)
		}
		fields = append(fields, FieldChange{Field: f.Name, Old: old, New: value, State: Pending})
	}
	if len(fields) == 0 {
		return nil, refusal.OfField("values", "nothing_changes", "Ces informations sont déjà celles du dossier.")
	}
	return fields, nil
}

// moved tells both values of each touched field that differs.
func moved(m Member, section Section, values map[string]any) error {
	type both struct {
		Field   string `json:"field"`
		Current any    `json:"current"`
		Yours   any    `json:"yours"`
	}
	conflicts := []both{}
	for _, f := range section.Fields {
		if value, ok := values[f.Name]; ok && value != m.Value(section.Name, f.Name) {
			conflicts = append(conflicts, both{f.Name, m.Value(section.Name, f.Name), value})
		}
	}
	no := refusal.New(refusal.Conflict, "version_moved", "Le dossier a changé depuis que vous l’avez ouvert. Vérifiez vos informations et recommencez.")
	return no.With("conflicts", conflicts)
}

// What is refused of a family file.
var (
	ErrUnknown        = refusal.New(refusal.NotFound, "family_not_found", "Ce dossier famille n’existe pas, ou vous n’y êtes pas abonné.")
	ErrChangeUnknown  = refusal.New(refusal.NotFound, "change_not_found", "Cette modification n’existe pas.")
	ErrChangeDecided  = refusal.New(refusal.Conflict, "change_decided", "Cette modification a déjà reçu une décision ou a été retirée.")
	ErrTargetUnknown  = refusal.OfField("target", "member_unknown", "Cette personne ne fait pas partie du dossier.")
	ErrSectionUnknown = refusal.OfField("section", "section_unknown", "Cette rubrique n’existe pas pour cette personne.")
)

// More of what is refused, of changes and decisions.
var (
	ErrNotYours       = refusal.New(refusal.Forbidden, "section_not_yours", "Vous ne pouvez pas modifier cette rubrique pour cette personne.").At("target")
	ErrMemberGone     = refusal.New(refusal.Conflict, "member_gone", "Cette personne ne fait plus partie du dossier.")
	ErrReasonRequired = refusal.New(refusal.Invalid, "reason_required", "Un refus doit être motivé.").At("reason")
)

// FieldMoved means that a field no longer has the value that a change replaces.
type FieldMoved struct {
	Field             string
	Current, Proposed any
}

func (m *FieldMoved) Error() string { return "field moved: " + m.Field }

// Refusal is what the agent is told.
func (m *FieldMoved) Refusal() *refusal.Refusal {
	return refusal.New(refusal.Conflict, "field_moved", "Ce champ a changé depuis la proposition. Comparez les deux valeurs.")
}
