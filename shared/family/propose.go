package family

import (
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

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
			return nil, pending(f.Name, change)
		}
		fields = append(fields, FieldChange{Field: f.Name, Old: old, New: value, State: Pending})
	}
	if len(fields) == 0 {
		return nil, refusal.OfField("values", "nothing_changes", "Ces informations sont déjà celles du dossier.")
	}
	return fields, nil
}

// pending names the change that a field waits for.
func pending(field, change string) error {
	no := refusal.New(refusal.Conflict, "field_pending", "Une modification de ce champ attend déjà une décision. Retirez-la d’abord.")
	return no.At("values."+field).With("change", change)
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

// What is refused of a proposal.
var (
	ErrTargetUnknown  = refusal.OfField("target", "member_unknown", "Cette personne ne fait pas partie du dossier.")
	ErrSectionUnknown = refusal.OfField("section", "section_unknown", "Cette rubrique n’existe pas pour cette personne.")
	ErrVersionUnknown = refusal.OfField("version", "version_unknown", "Cette version du dossier n’existe pas.")
	ErrNotYours       = refusal.New(refusal.Forbidden, "section_not_yours", "Vous ne pouvez pas modifier cette rubrique pour cette personne.").At("target")
)
