package store

import (
	"context"
	"errors"
	"slices"

	"preau/shared/booking"
	"preau/shared/family"
)

// touchedEnrolments says what has come of enrolments that an import made.
func (f FamilyStore) touchedEnrolments(ctx context.Context, m Imported) (string, error) {
	h, err := f.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return "Le dossier a été effacé ou fusionné depuis.", nil
	}
	if err != nil {
		return "", err
	}
	for _, e := range m.Enrolled {
		if !slices.ContainsFunc(h.Enrolments, func(o booking.Enrolment) bool { return asMade(o, e) }) {
			return "Une inscription a été modifiée depuis.", nil
		}
		days, err := f.Days(ctx, e.Period)
		if err != nil {
			return "", err
		}
		for at := range days {
			if at.Child == e.Child && at.Activity == e.Activity {
				return "Des journées ont été réservées ou demandées.", nil
			}
		}
	}
	return "", nil
}

func asMade(a, b booking.Enrolment) bool {
	return a.ID == b.ID && a.Period == b.Period && a.Standing == b.Standing && a.Option == b.Option && slices.Equal(a.Weekdays, b.Weekdays)
}

func (f FamilyStore) undoEnrolments(ctx context.Context, act Acted, m Imported) error {
	h, err := f.Household(ctx)
	if err != nil {
		return err
	}
	if why, err := f.touchedEnrolments(ctx, m); err != nil || why != "" {
		return errors.Join(err, ErrMoved)
	}
	writes := []write{f.enrolmentsFrom(h), f.unmade(act.Import, m), f.audit(act.By, "undo-import", "family "+f.id, act.Now, "import "+act.ID, "enrolments")}
	for _, e := range m.Enrolled {
		writes = append(
			writes,
			write{key: f.enrolmentKey(e.ID), delete: true, condition: exists, or: ErrMoved},
			write{key: f.enrolledKey(Enrolled{f.id, e}), delete: true},
		)
	}
	return f.transactWhole(ctx, writes)
}
