package family

import (
	"slices"
	"strings"
	"time"

	"preau/shared/refusal"
)

// Verdict is what an agent says of a change.
type Verdict struct {
	Accept bool
	Fields []string // none: all that are pending
	Reason string   // of a refusal
}

// Decide is the change after a verdict, and those of its fields that the verdict is about. A field whose value is no
// longer the one that the change replaces can not be accepted (FieldMoved): the agent sees both and refuses, or the
// parent proposes again.
func (c Change) Decide(m Member, v Verdict, now time.Time) (after Change, decided []FieldChange, err error) {
	if err := v.check(c); err != nil {
		return c, nil, err
	}
	after = c
	after.Fields = slices.Clone(c.Fields)
	if c.Kind != Touches && len(v.Fields) > 0 {
		return c, nil, ErrWholeOnly
	}
	for i, f := range c.Fields {
		if f.State != Pending || len(v.Fields) > 0 && !slices.Contains(v.Fields, f.Field) {
			continue
		}
		if current := m.Value(c.Section, f.Field); v.Accept && c.Kind == Touches && !Same(current, f.Old) {
			return c, nil, &FieldMoved{Field: f.Field, Current: current, Proposed: f.New}
		}
		after.Fields[i].State, after.Fields[i].Reason = v.of()
		decided = append(decided, after.Fields[i])
	}
	if len(decided) == 0 {
		return c, nil, ErrChangeDecided
	}
	return after.settled(now), decided, nil
}

// check refuses a verdict that no change, or not this one, can get.
func (v Verdict) check(c Change) error {
	if !v.Accept && strings.TrimSpace(v.Reason) == "" {
		return ErrReasonRequired
	}
	for _, name := range v.Fields {
		if !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Field == name }) {
			return ErrFieldUnknown
		}
	}
	return nil
}

// of is what the verdict makes of a field. An acceptance needs no reason, and keeps none.
func (v Verdict) of() (ChangeState, string) {
	if v.Accept {
		return Accepted, ""
	}
	return Refused, strings.TrimSpace(v.Reason)
}

// Accept is the change with all its fields accepted, where nobody has to decide.
func (c Change) Accept() Change {
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		c.Fields[i].State = Accepted
	}
	return c.settled(c.CreatedAt)
}

// Withdraw takes back what is still pending; what was decided before stays.
func (c Change) Withdraw(now time.Time) (Change, error) {
	if c.State() != Pending {
		return c, ErrChangeDecided
	}
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		if c.Fields[i].State == Pending {
			c.Fields[i].State = Withdrawn
		}
	}
	return c.settled(now), nil
}

func (c Change) settled(now time.Time) Change {
	if c.State() != Pending {
		c.DecidedAt = now
	}
	return c
}

// FieldMoved means that a field no longer has the value that a change replaces.
type FieldMoved struct {
	Field             string
	Current, Proposed any
}

func (m *FieldMoved) Error() string { return "field moved: " + m.Field }

// Unwrap is what the agent is told.
func (m *FieldMoved) Unwrap() error { return ErrFieldMoved }

// What is refused of a decision.
var (
	ErrMemberGone     = refusal.New(refusal.Conflict, "member_gone", "Cette personne ne fait plus partie du dossier.")
	ErrFieldUnknown   = refusal.New(refusal.Invalid, "unknown_field", "Ce champ ne fait pas partie de cette modification.").At("fields")
	ErrFieldMoved     = refusal.New(refusal.Conflict, "field_moved", "Ce champ a changé depuis la proposition. Comparez les deux valeurs.")
	ErrWholeOnly      = refusal.New(refusal.Invalid, "whole_only", "Un ajout ou un retrait s’accepte ou se refuse en entier.").At("fields")
	ErrReasonRequired = refusal.New(refusal.Invalid, "reason_required", "Un refus doit être motivé.").At("reason")
)

// Follows is what accepting fields brings with it: a quotient that is replaced joins the history, and the tax reference that
// proved the new one is erased (design: fiscal data).
func Follows(m Member, section string, accepted []FieldChange) []FieldChange {
	i := slices.IndexFunc(accepted, func(f FieldChange) bool { return section == "fiscal" && f.Field == "quotient" })
	if i < 0 {
		return nil
	}
	var follows []FieldChange
	if m.Has("fiscal", "taxReference") || slices.ContainsFunc(accepted, func(f FieldChange) bool { return f.Field == "taxReference" }) {
		follows = append(follows, FieldChange{Field: "taxReference", Old: m.Value("fiscal", "taxReference"), State: Accepted})
	}
	if was := accepted[i].Old; was != nil {
		history, _ := m.Value("fiscal", "quotients").([]any)
		record := map[string]any{"quotient": was}
		if date := m.Text("fiscal", "quotientDate"); date != "" {
			record["date"] = date
		}
		follows = append(follows, FieldChange{Field: "quotients", Old: m.Value("fiscal", "quotients"), New: slices.Concat(history, []any{record}), State: Accepted})
	}
	return follows
}
