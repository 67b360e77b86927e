package main

import (
	"fmt"

	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// told is a family with all that a year's file holds of it: sealed health and bank details, consents, contacts.
func told(children int) seed.Family {
	f := seed.Family{Name: "Garnier", Guardians: []seed.Guardian{
		{Civility: "mme", FirstName: "Claire", LastName: "Garnier", Household: "garnier"}, {Civility: "m", FirstName: "Karim", LastName: "Garnier", Household: "garnier"},
	}}
	for _, name := range firstNames[:children] {
		f.Children = append(f.Children, seed.Child{FirstName: name, LastName: "Garnier", BirthDate: "2018-05-04", School: "École Jules-Verne", Class: "CE2 B", Activities: []string{"cantine"}})
	}
	f.Fill = fill
	return f
}

func fill(f *family.File, newID func() string) {
	var all []any
	for _, child := range f.Children {
		all = append(all, child.ID)
		child.Values["health"] = map[string]any{
			"doctor": "Dr Hélène Roux", "doctorPhone": "+33299000020", "pai": true, "medication": "Antihistaminique", "diet": []any{"no_pork"},
			"allergies":    []any{map[string]any{"allergen": "Arachide", "consequence": "Urticaire", "treatment": "Stylo d’adrénaline"}},
			"vaccinations": []any{map[string]any{"name": "DTPolio", "date": "2023-03-20"}, map[string]any{"name": "ROR", "date": "2019-09-20"}},
		}
		child.Values["authorisations"] = map[string]any{}
		for _, g := range f.Guardians {
			for _, field := range []string{"image", "outings", "transport", "hospitalisation", "leavesAlone"} {
				child.Values["authorisations"][family.ConsentOf(field, g.ID)] = map[string]any{"given": true, "at": "2026-09-01T08:00:00Z"}
			}
		}
	}
	for _, g := range f.Guardians {
		g.Values["address"] = map[string]any{"street": "4 rue des Lilas", "postcode": "35200", "city": "Saint-Aubin"}
		g.Values["phones"] = map[string]any{"mobile": "+33687654321", "email": "claire.garnier@example.fr"}
		g.Values["bank"] = map[string]any{"holder": "Claire Garnier", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPREN"}
	}
	for _, name := range []string{"Jeanne", "Odile"} {
		f.Contacts = append(f.Contacts, family.Member{ID: newID(), Target: family.Contact, Values: map[string]map[string]any{"contact": {
			"firstName": name, "lastName": "Martin", "link": "Grand-mère", "phone": "+33611223344", "collect": true, "emergency": true, "children": all,
		}}})
	}
}

// whole is a subscribed family that has told everything.
func whole(t *town) home {
	h := home{town: t, email: address()}
	h.MadeFamily = must(t.AddFamily(t.ctx, t.store, told(3), t.activities))
	h.parent = must(t.AddAccount(t.ctx, t.slug, h.email, password, account.Person{FirstName: "Claire", LastName: "Garnier"}))
	h.do(h.event("subscribe", "code", h.Codes[0]))
	return h
}

// opened is the file of such a family, as a manager with the right to health opens it, while a change waits.
func opened(t *town) event {
	h := whole(t)
	h.do(change(h))
	t.caring()
	return t.agent("open-family-file", "family", h.ID)
}

// searched looks for families.
func searched(t *town, query string) event {
	e := t.agent("search-families")
	e.RawQueryString = query
	return e
}

// caring gives the town's manager the right to health.
func (t *town) caring() {
	check(t.store.AppointAgent(t.ctx, collectivity.Agent{Account: t.manager.ID, Role: collectivity.Manager, Health: true}))
}

// caredFamilies come on the day of the care sheet: 60 children.
const caredFamilies = 40

// careSheet is the day of an activity where many children come of families that have told everything.
func careSheet(t *town) event {
	t.caring()
	day := t.activities[0].Season.From.AddDays(60) // on which nobody else comes
	for day.Weekday() == "wed" || day.Weekday() == "sat" || day.Weekday() == "sun" {
		day = day.AddDays(1)
	}
	e := t.agent("show-care-sheet")
	e.RawQueryString = fmt.Sprintf("activity=cantine&date=%s", day)
	if t.cared {
		return e
	}
	t.cared = true
	t.change("cantine", func(a *collectivity.Activity) { a.Capacity = 100 })
	for n := range caredFamilies {
		made := must(t.AddFamily(t.ctx, t.store, told(1+n%2), t.activities))
		t.bookAll(made, day)
	}
	return e
}

// bookAll books a day of the canteen for all children of a family.
func (t *town) bookAll(made seed.MadeFamily, day calendar.Date) {
	_, planning, err := made.Store.Planning(t.ctx, calendar.Period{From: day, To: day})
	check(err)
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: day, To: day}}
	for _, child := range made.Children {
		asking.Items = append(asking.Items, booking.Item{Child: child, Activity: "cantine"})
	}
	r := booking.Request{ID: made.Store.RequestID("care-" + made.ID), Account: "bench", CreatedAt: t.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	check(err)
	must(made.Store.AddRequest(t.ctx, r, planning.Town))
}
