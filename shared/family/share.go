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

// Why a child is not taken out of the file of its other household.
var (
	ErrNotShared = refusal.New(refusal.Conflict, "not_shared", "Les données de cet enfant se trouvent dans ce dossier : retirez-le de celui de son autre foyer.")
	ErrBooked    = refusal.New(refusal.Conflict, "child_booked", "Ce dossier a encore des journées réservées ou demandées pour cet enfant. Annulez-les d’abord.")
	ErrProposed  = refusal.New(refusal.Conflict, "change_pending", "Une modification proposée par ce foyer attend une décision pour cet enfant.")
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

// Unshare says whether a child may be taken out of a file that only points at it, and finds it there with what of that file is about
// this child alone. proposed says of a change whether this file's family proposed it.
func Unshare(file File, child string, proposed func(change string) bool) (m Member, with []Member, err error) {
	m, ok := file.Member(child)
	switch {
	case !ok || m.Target != Child:
		return m, nil, ErrMemberUnknown
	case !m.Elsewhere || m.Other == "":
		return m, nil, ErrNotShared
	}
	for _, fields := range m.Pending {
		for _, change := range fields {
			if proposed(change) {
				return m, nil, ErrProposed
			}
		}
	}
	for _, c := range slices.Concat(file.Contacts, file.Documents) {
		if c.Home == "" && c.About(child) && !slices.ContainsFunc(file.Children, func(other Member) bool { return other.ID != child && c.About(other.ID) }) {
			with = append(with, c)
		}
	}
	return m, with, nil
}
