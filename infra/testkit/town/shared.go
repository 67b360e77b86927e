package town

import (
	"time"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/store"
)

// Share puts the first child of a home into another's file too, as share-child did an hour ago, and enrols it there at some
// activities. It answers the other home with the child as its first.
func (h Home) Share(into Home, activities ...string) Home {
	h.T.Helper()
	return h.ShareAt(h.Env.Now.Add(-time.Hour), into, activities...)
}

// ShareAt is Share at an instant.
func (h Home) ShareAt(now time.Time, into Home, activities ...string) Home {
	h.T.Helper()
	agent := store.AgentRight{Account: account.Account{ID: "odile"}, Agent: collectivity.Agent{Role: collectivity.Reviewer}, Store: h.Town.Store}
	_, err := agent.ShareChild(h.T.Context(), into.ID, h.ID, h.Children[0], nil, now)
	check(h.T, err)
	into.Children = append([]string{h.Children[0]}, into.Children...)
	for _, a := range activities {
		into.EnrolFirst(a, false)
	}
	return into
}

// EnrolFirst enrols the first child at an activity for its season; standing has its days booked ahead.
func (h Home) EnrolFirst(activity string, standing bool) {
	h.T.Helper()
	for _, a := range h.Activities {
		if a.ID == activity {
			check(h.T, h.MadeFamily.Store.Enrol(h.T.Context(), booking.Enrolment{
				ID: h.MadeFamily.Store.EnrolmentID(id.New(h.Env.Now)), Child: h.Children[0], Activity: activity, Period: a.Season, Standing: standing,
			}))
		}
	}
}

// TwoHomes are two families, each with a subscriber, who share the child: it is in the first's file, enrolled everywhere in both.
func (w *Town) TwoHomes(child string) (first, second Home) {
	w.T.Helper()
	first = w.NewHome(child)
	return first, first.Share(w.NewHome(), "cantine", "periscolaire", "mercredi")
}
