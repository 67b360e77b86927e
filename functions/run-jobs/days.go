package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/family"
	"preau/shared/sheet"
	"preau/shared/store"
	"preau/shared/views"
)

// dayRow is a child's day at an activity in the lists of bookings and of attendance.
type dayRow struct {
	household        store.Household
	child            family.Member
	school, class    string
	activity, option string
	booking.Day
}

// bookingRows are the days that a family asked for.
func bookingRows(ctx context.Context, l listing, f store.FamilyStore) ([]dayRow, error) {
	return l.days(ctx, f, func(d booking.Day) bool { return d.State != booking.Enrolled && d.State != booking.Closed })
}

// attendanceRows are the days of a family that are billed or not, or of which carers noted something.
func attendanceRows(ctx context.Context, l listing, f store.FamilyStore) ([]dayRow, error) {
	return l.days(ctx, f, func(d booking.Day) bool { return d.Presence != "" || d.Charge() != "" })
}

// days are the days of a family's children that something is written of, of the activities and schools of the agent, and those of
// families that were merged into it. A child of two files has its days with the household that booked them.
func (l listing) days(ctx context.Context, f store.FamilyStore, listed func(booking.Day) bool) (rows []dayRow, err error) {
	h, planning, err := f.Planning(ctx, l.period)
	if err != nil {
		return nil, err
	}
	pasts, err := f.Pasts(ctx, h)
	if err != nil {
		return nil, err
	}
	mine := l.scoped(h)
	add := func(d booking.Day) {
		child, known := mine.Member(d.Child)
		if (l.About["activity"] == "" || l.About["activity"] == d.Activity) && l.right.Agent.Sees(d.Activity) && known && listed(d) {
			rows = append(rows, l.dayRow(h, child, d))
		}
	}
	for place := range planning.Days {
		add(planning.Day(place))
	}
	for _, p := range pasts {
		past, err := p.Days(ctx, l.period)
		if err != nil {
			return nil, err
		}
		for _, d := range past {
			d.Child = store.Now(pasts, d.Child)
			add(d)
		}
	}
	slices.SortFunc(rows, func(a, b dayRow) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), strings.Compare(a.Child, b.Child), strings.Compare(a.Activity, b.Activity))
	})
	return rows, nil
}

func (l listing) dayRow(h store.Household, child family.Member, d booking.Day) dayRow {
	row := dayRow{household: h, child: child, Day: d}
	row.school, row.class = l.school(child)
	row.activity, row.option = l.activity(d.Activity, d.Option)
	return row
}

var whoseDay = []column[dayRow]{
	{"Date", 12, func(r dayRow) sheet.Cell { return sheet.Day(r.Date) }},
	textOf("Dossier", 28, func(r dayRow) string { return r.household.ID }),
	textOf("Famille", 24, func(r dayRow) string { return r.household.Label }),
	textOf("Enfant", 28, func(r dayRow) string { return r.Child }),
	textOf("Nom", 20, func(r dayRow) string { return r.child.Text("identity", "lastName") }),
	textOf("Prénom", 18, func(r dayRow) string { return r.child.Text("identity", "firstName") }),
	textOf("École", 26, func(r dayRow) string { return r.school }),
	textOf("Classe", 14, func(r dayRow) string { return r.class }),
	textOf("Code activité", 14, func(r dayRow) string { return r.Activity }),
	textOf("Activité", 24, func(r dayRow) string { return r.activity }),
	textOf("Code formule", 14, func(r dayRow) string { return r.Option }),
	textOf("Formule", 18, func(r dayRow) string { return r.option }),
	textOf("État", 24, func(r dayRow) string { return views.StateLabel(string(r.State)) }),
}

var bookingColumns = slices.Concat(whoseDay, []column[dayRow]{
	yes("Tardif", func(r dayRow) bool { return r.Late }),
	textOf("Facturation", 18, charge),
})

var attendanceColumns = slices.Concat(whoseDay, []column[dayRow]{
	textOf("Présence", 20, func(r dayRow) string { return views.PresenceLabel(r.Presence) }),
	yes("Tardif", func(r dayRow) bool { return r.Late }),
	yes("Absence justifiée", func(r dayRow) bool { return r.Justified }),
	textOf("Facturation", 18, charge),
})

func charge(r dayRow) string { return views.ChargeLabel(r.Charge()) }
