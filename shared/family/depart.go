package family

import (
	"slices"

	"preau/shared/refusal"
)

// Why a departure is not recorded.
var (
	// Who has left is in the file no more, so a day that is yet to come is none.
	ErrDepartureAhead = refusal.OfField("on", "departure_ahead", "Indiquez un jour passé, ou aujourd’hui : un départ s’enregistre une fois qu’il a eu lieu.")
	ErrNobodyStays    = refusal.New(refusal.Conflict, "last_guardian", "Un dossier garde au moins un responsable tant qu’un enfant y reste. Enregistrez le départ de toute la famille.").At("members")
)

// Depart says who leaves a file if some of its children and guardians do, none: all of them. gone are those who have left it before:
// they leave no more. whole: nobody stays.
func Depart(file, gone File, members []string) (leaving []Member, whole bool, err error) {
	people := slices.Concat(file.Guardians, file.Children)
	for _, id := range members {
		m, ok := gone.Member(id)
		if !ok {
			m, ok = file.Member(id)
		}
		if !ok || m.Target != Guardian && m.Target != Child {
			return nil, false, ErrMemberUnknown
		}
	}
	stay := 0
	for _, m := range people {
		if len(members) == 0 || slices.Contains(members, m.ID) {
			leaving = append(leaving, m)
		} else if m.Target == Guardian {
			stay++
		}
	}
	whole = len(leaving) == len(people)
	if !whole && stay == 0 {
		return nil, false, ErrNobodyStays
	}
	return leaving, whole, nil
}
