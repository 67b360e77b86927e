package town

import (
	"fmt"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/family"
	"preau/shared/id"
)

// Crowd makes families of one child each, enrolled at some activities, quickly: their subscribers are accounts in name only,
// which no event can be sent as.
func (w *Town) Crowd(families int, activities ...string) []Home {
	w.T.Helper()
	return InParallelUpTo(8, families, func(int) Home { return w.another(activities) })
}

func (w *Town) another(activities []string) Home {
	w.T.Helper()
	f := seed.MadeFamily{ID: id.New(w.Env.Now), Children: []string{id.New(w.Env.Now)}, Guardians: []string{id.New(w.Env.Now)}}
	child := Child(f.Children[0], "Tom", "Martin", "2018-05-04")
	guardian := family.Member{ID: f.Guardians[0], Target: family.Guardian, Account: fmt.Sprint("nobody-", f.ID)}
	var err error
	f.Store, err = w.Store.CreateFamily(w.T.Context(), family.File{ID: f.ID, Label: "Famille " + f.ID, Children: []family.Member{child}, Guardians: []family.Member{guardian}})
	check(w.T, err)
	for _, a := range activities {
		check(w.T, f.Store.Enrol(w.T.Context(), booking.Enrolment{ID: f.Store.EnrolmentID(a), Child: child.ID, Activity: a, Period: w.Activities[0].Season}))
	}
	w.made.add(f.ID)
	return Home{w, f, account.Account{ID: guardian.Account}}
}
