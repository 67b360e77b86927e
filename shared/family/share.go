package family

import (
	"maps"
	"slices"

	"preau/shared/refusal"
)

// Why a child is not put into another file too.
var (
	ErrShared     = refusal.New(refusal.Conflict, "already_shared", "Cet enfant fait déjà partie des deux dossiers.")
	ErrTwoFiles   = refusal.New(refusal.Conflict, "two_files_at_most", "Cet enfant fait déjà partie d’un autre second dossier : un enfant a deux foyers au plus.")
	errSameFile   = refusal.OfField("from", "same_family", "Indiquez l’autre dossier : celui-ci est le même.")
	errFromNobody = refusal.OfField("from", "family_unknown", "Ce dossier n’existe pas.")
	errNoChild    = refusal.OfField("child", "child_unknown", "Cet enfant ne fait pas, ou plus, partie de ce dossier.")
)

// Share says whether a child of a file may be put into another one too, and finds it. relations are who the guardians of the file
// that receives it are to the child, by guardian: nobody guesses them.
func Share(into, from File, child string, relations map[string]string) (Member, error) {
	switch {
	case into.ID == from.ID:
		return Member{}, errSameFile
	case from.ID == "":
		return Member{}, errFromNobody
	}
	m, ok := from.Member(child)
	switch {
	case !ok || m.Target != Child:
		return m, errNoChild
	case m.Other == into.ID:
		return m, ErrShared
	case m.Other != "":
		return m, ErrTwoFiles
	}
	return m, checkRelations(into, relations)
}

func checkRelations(into File, relations map[string]string) error {
	var wrong []refusal.Field
	for _, id := range slices.Sorted(maps.Keys(relations)) {
		field := refusal.Field{Field: "relations." + id}
		if g, ok := into.Member(id); !ok || g.Target != Guardian {
			field.Code, field.Detail = "guardian_unknown", "Ce responsable ne fait pas partie du dossier."
		} else if !slices.Contains(Relations, relations[id]) {
			field.Code, field.Detail = "unknown_value", details["unknown_value"]
		} else {
			continue
		}
		wrong = append(wrong, field)
	}
	if len(wrong) > 0 {
		return refusal.OfFields(wrong)
	}
	return nil
}
