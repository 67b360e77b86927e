package town

import (
	"fmt"
	"slices"
	"strings"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
)

// Crowd makes families of one child each, enrolled at some activities, quickly: their subscribers are accounts in name only,
// which no event can be sent as.
func (w *Town) Crowd(families int, activities ...string) []Home {
	w.T.Helper()
	return w.CrowdOf(families, []string{"2018-05-04"}, activities...)
}

// CrowdOf is Crowd with a child of each birth date in every family.
func (w *Town) CrowdOf(families int, births []string, activities ...string) []Home {
	w.T.Helper()
	return InParallelUpTo(8, families, func(int) Home { return w.another(births, activities) })
}

func (w *Town) another(births, activities []string) Home {
	w.T.Helper()
	f := seed.MadeFamily{ID: id.New(w.Env.Now), Guardians: []string{id.New(w.Env.Now)}}
	guardian := family.Member{ID: f.Guardians[0], Target: family.Guardian, Account: fmt.Sprint("nobody-", f.ID)}
	file := family.File{ID: f.ID, Label: "Famille " + f.ID, Guardians: []family.Member{guardian}}
	for _, born := range births {
		child := Child(id.New(w.Env.Now), "Tom", "Martin", born)
		f.Children, file.Children = append(f.Children, child.ID), append(file.Children, child)
	}
	var err error
	f.Store, err = w.Store.CreateFamily(w.T.Context(), file)
	check(w.T, err)
	for n, child := range f.Children {
		for _, a := range activities {
			check(w.T, f.Store.Enrol(w.T.Context(), booking.Enrolment{ID: f.Store.EnrolmentID(fmt.Sprint(a, n)), Child: child, Activity: a, Period: w.Activities[0].Season}))
		}
	}
	w.made.add(f.ID)
	return Home{w, f, account.Account{ID: guardian.Account}}
}

// Change sets one of the town's activities anew.
func (w *Town) Change(activity string, change func(*collectivity.Activity)) {
	w.T.Helper()
	i := slices.IndexFunc(w.Activities, func(a collectivity.Activity) bool { return a.ID == activity })
	change(&w.Activities[i])
	check(w.T, w.Store.SaveActivity(w.T.Context(), w.Activities[i]))
}

// Judged is a request of the first child for one day, judged and not written: it has not seen what is written meanwhile. Items
// are activities, with an option: "mercredi journee".
func (h Home) Judged(kind booking.Kind, d calendar.Date, items ...string) (booking.Request, *booking.Town, error) {
	h.T.Helper()
	asking := booking.Asking{Kind: kind, Period: calendar.Period{From: d, To: d}}
	for _, item := range items {
		activity, option, _ := strings.Cut(item, " ")
		asking.Items = append(asking.Items, booking.Item{Child: h.Children[0], Activity: activity, Option: option})
	}
	_, planning, err := h.MadeFamily.Store.Planning(h.T.Context(), booking.WeeksOf(asking.Period))
	check(h.T, err)
	r := booking.Request{ID: h.MadeFamily.Store.RequestID(id.New(h.Env.Now)), Account: h.Account.ID, CreatedAt: h.Env.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	return r, planning.Town, err
}

// DayAt reads a day of the first child.
func (h Home) DayAt(d calendar.Date, activity string) booking.Day {
	h.T.Helper()
	place := booking.Place{Date: d, Child: h.Children[0], Activity: activity}
	days, err := h.MadeFamily.Store.DaysAt(h.T.Context(), []booking.Place{place})
	check(h.T, err)
	return days[place]
}
