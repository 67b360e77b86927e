package main

import (
	"slices"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/store"
)

// apart are those of a child of two files: each household sees what the other has, and is refused it where it writes.
func (l *lab) apart() []timedCase {
	t := l.found("les-foyers", "Les Foyers")
	first, second := t.subscribed(1), t.subscribed(1)
	second = t.share(first, second)
	free := first.free("cantine")
	from, to := free[0], free[month-1]
	t.do(first.ask("request-booking", from, to, first.Children, "cantine"))
	t.do(first.ask("request-booking", from, to, first.Children, "mercredi"))
	planning := second.month(second.activities[0].Season.From.AddDays(1), 30)
	preview := second.ask("preview-request", from, to, second.Children, "cantine", "periscolaire", "matin", "mercredi")
	days := bookings(second)
	return []timedCase{
		{"a month of a child of two files", slices.Repeat([]event{planning}, 52), ofReading},
		{"that month, of a child of two files", slices.Repeat([]event{preview}, 52), ofReading},
		{"one day of a child of two files", days[:min(len(days), 52)], promise{}},
	}
}

// share puts a family's child into another's file too, since long, where it is enrolled everywhere, and is its only child.
func (t *town) share(from, into home) home {
	agent := store.AgentRight{Account: account.Account{ID: "odile"}, Agent: collectivity.Agent{Role: collectivity.Reviewer}, Store: t.store}
	must(agent.ShareChild(t.ctx, into.ID, from.ID, from.Children[0], nil, t.Now.AddDate(0, 0, -1)))
	for _, a := range t.activities {
		check(into.Store.Enrol(t.ctx, booking.Enrolment{ID: into.Store.EnrolmentID(id.New(t.Now)), Child: from.Children[0], Activity: a.ID, Period: a.Season}))
	}
	into.Children = from.Children
	return into
}
