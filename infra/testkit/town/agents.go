package town

import (
	"slices"
	"strings"

	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/schooldays"
)

// Scoped makes an agent who has some of the activities only.
func (w *Town) Scoped(role collectivity.Role, activities ...string) account.Account {
	w.T.Helper()
	a := w.Agent(role)
	check(w.T, w.Store.AppointAgent(w.T.Context(), collectivity.Agent{Account: a.ID, Role: role, Activities: activities}))
	return a
}

// OfSchools makes an agent who sees the children of some schools only.
func (w *Town) OfSchools(role collectivity.Role, schools ...string) account.Account {
	w.T.Helper()
	a := w.Agent(role)
	check(w.T, w.Store.AppointAgent(w.T.Context(), collectivity.Agent{Account: a.ID, Name: "Odile Test", Role: role, Schools: schools}))
	return a
}

// TwoSchools gives the town the schools verne and hugo, and makes a family at each: Léa at Jules-Verne, Tom at Victor-Hugo.
func (w *Town) TwoSchools() (verne, hugo Home) {
	w.T.Helper()
	check(w.T, w.Store.SaveSchool(w.T.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne"}))
	check(w.T, w.Store.SaveSchool(w.T.Context(), collectivity.School{ID: "hugo", Name: "École Victor-Hugo"}))
	return w.Pupils("École Jules-Verne", "CP A", "Léa"), w.Pupils("école victor-hugo", "CP B", "Tom")
}

// KeepCalendar has the town keep the school days of zone B, four days a week.
func (w *Town) KeepCalendar() {
	w.T.Helper()
	w.Settings(func(s *collectivity.Settings) {
		s.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	})
}

// Query gives an event another query.
func Query(r httpapi.Request, query string) httpapi.Request {
	r.RawQueryString = query
	return r
}

// Audited lists what agents did in the month of Now, oldest first: "update-activity activity cantine version 2".
func (w *Town) Audited() (all []string) {
	w.T.Helper()
	did, err := w.Store.Audit(w.T.Context(), w.Env.Now.Format("2006-01"))
	check(w.T, err)
	for _, a := range did {
		if !a.At.Equal(w.Env.Now) || a.By == "" {
			w.T.Errorf("at %s by %q", a.At, a.By)
		}
		all = append(all, strings.TrimSpace(a.Action+" "+a.About+" "+a.What))
	}
	return all
}

// Invite has a manager invite an address, and answers the invitation with the token of its link.
func (w *Town) Invite(by account.Account, email string, role collectivity.Role) (collectivity.Invitation, string) {
	w.T.Helper()
	i, err := w.Right(by).Invite(w.T.Context(), collectivity.Invitation{
		ID: w.Secret.Address(email), Email: email, FirstName: "Claire", LastName: "Petit", Role: role, By: "Odile Test",
	}, w.Env.Now)
	check(w.T, err)
	return i, w.Secret.Invitation(w.Slug, i.ID, i.Issue)
}

// Team lists the town's agents as they are kept: "Odile Test manager [cantine] [verne] health", and who is invited.
func (w *Town) Team() (all []string) {
	w.T.Helper()
	agents, invited, err := w.Store.Agents(w.T.Context())
	check(w.T, err)
	for _, a := range agents {
		line := a.Name + " " + string(a.Role)
		for _, of := range [][]string{a.Activities, a.Schools} {
			if len(of) > 0 {
				line += " " + strings.Join(of, ",")
			}
		}
		if a.Health {
			line += " health"
		}
		all = append(all, line)
	}
	for _, i := range invited {
		all = append(all, i.Name()+" invited as "+string(i.Role))
	}
	slices.Sort(all)
	return all
}
