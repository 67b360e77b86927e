package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/sheet"
	"preau/shared/store"
)

// guardianRow is a guardian in the list of families.
type guardianRow struct {
	household store.Household
	family.Member
	lives family.Member // the guardian whose address theirs is
}

func guardianRows(ctx context.Context, l listing, f store.FamilyStore) (rows []guardianRow, err error) {
	h, ok, err := l.household(ctx, f)
	if !ok {
		return nil, err
	}
	for _, g := range h.Guardians {
		rows = append(rows, guardianRow{h, g, h.Lives(g)})
	}
	return rows, nil
}

var guardianColumns = []column[guardianRow]{
	textOf("Dossier", 28, func(r guardianRow) string { return r.household.ID }),
	textOf("Famille", 24, func(r guardianRow) string { return r.household.Label }),
	textOf("Responsable", 28, func(r guardianRow) string { return r.ID }),
	textOf("Civilité", 8, func(r guardianRow) string { return wording(r.Member, "identity", "civility") }),
	guardianText("Nom", 20, "identity", "lastName"), guardianText("Prénom", 18, "identity", "firstName"), guardianText("Nom de naissance", 18, "identity", "birthName"),
	guardianDay("Date de naissance", "identity", "birthDate"),
	textOf("Situation familiale", 16, func(r guardianRow) string { return wording(r.Member, "identity", "situation") }),
	addressText("Adresse", 30, "street"), addressText("Complément", 24, "complement"), addressText("Code postal", 10, "postcode"), addressText("Commune", 20, "city"),
	yes("Adresse à ne communiquer à personne", func(r guardianRow) bool { return r.Sheltered }),
	guardianText("Mobile", 16, "phones", "mobile"), guardianText("Domicile", 16, "phones", "home"), guardianText("Travail", 16, "phones", "work"), guardianText("E-mail", 28, "phones", "email"),
	textOf("Régime", 8, func(r guardianRow) string { return wording(r.Member, "fiscal", "scheme") }),
	{"Quotient familial", 12, func(r guardianRow) sheet.Cell { return amount(r.Value("fiscal", "quotient")) }},
	guardianDay("Date du quotient", "fiscal", "quotientDate"),
	textOf("Enfants", 30, func(r guardianRow) string { return firstNames(r.household.Children) }),
	yes("Abonné au portail", func(r guardianRow) bool { return r.Account != "" }),
}

func guardianText(name string, width float64, section, field string) column[guardianRow] {
	return textOf(name, width, func(r guardianRow) string { return r.Text(section, field) })
}

func addressText(name string, width float64, field string) column[guardianRow] {
	return textOf(name, width, func(r guardianRow) string { return r.lives.Text("address", field) })
}

func guardianDay(name, section, field string) column[guardianRow] {
	return column[guardianRow]{name, 12, func(r guardianRow) sheet.Cell { return day(r.Text(section, field)) }}
}

// day is a date of a file, or nothing.
func day(text string) sheet.Cell {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return sheet.Text(text)
	}
	return sheet.Day(d)
}

func amount(v any) sheet.Cell {
	euros, ok := v.(float64)
	if !ok {
		return sheet.Cell{}
	}
	return sheet.Amount(euros)
}

// wording says a choice of a file in French.
func wording(m family.Member, section, field string) string {
	s, _ := family.SectionOf(m.Target, section)
	f, _ := s.Field(field)
	return f.Wording(m.Text(section, field))
}

func firstNames(children []family.Member) string {
	var names []string
	for _, c := range children {
		names = append(names, c.Text("identity", "firstName"))
	}
	return strings.Join(names, ", ")
}

// childRow is a child in the list of children.
type childRow struct {
	household store.Household
	family.Member
	school, class string
	enrolments    string
}

func childRows(ctx context.Context, l listing, f store.FamilyStore) (rows []childRow, err error) {
	h, ok, err := l.household(ctx, f)
	if !ok {
		return nil, err
	}
	for _, c := range h.Children {
		row := childRow{household: h, Member: c}
		row.school, row.class = l.school(c)
		var all []string
		for _, e := range h.Enrolments {
			if e.Child == c.ID && l.right.Agent.Sees(e.Activity) {
				all = append(all, l.dates(e))
			}
		}
		row.enrolments = strings.Join(all, ", ")
		rows = append(rows, row)
	}
	return rows, nil
}

var childColumns = []column[childRow]{
	textOf("Dossier", 28, func(r childRow) string { return r.household.ID }),
	textOf("Famille", 24, func(r childRow) string { return r.household.Label }),
	textOf("Enfant", 28, func(r childRow) string { return r.ID }),
	textOf("Nom", 20, func(r childRow) string { return r.Text("identity", "lastName") }),
	textOf("Prénom", 18, func(r childRow) string { return r.Text("identity", "firstName") }),
	{"Date de naissance", 12, func(r childRow) sheet.Cell { return day(r.Text("identity", "birthDate")) }},
	textOf("Sexe", 10, func(r childRow) string { return wording(r.Member, "identity", "sex") }),
	textOf("École", 26, func(r childRow) string { return r.school }),
	textOf("Niveau", 10, func(r childRow) string { return r.Text("school", "level") }),
	textOf("Classe", 14, func(r childRow) string { return r.class }),
	textOf("Autre dossier", 28, func(r childRow) string { return r.Other }),
	textOf("Inscriptions", 50, func(r childRow) string { return r.enrolments }),
}

// subscriptionRow is a guardian in the list of subscriptions.
type subscriptionRow struct {
	household store.Household
	family.Member
	since   time.Time         // zero: they are not subscribed
	code    *store.IssuedCode // the latest that they were given
	listing listing
}

func subscriptionRows(ctx context.Context, l listing, f store.FamilyStore) (rows []subscriptionRow, err error) {
	h, ok, err := l.household(ctx, f)
	if !ok {
		return nil, err
	}
	codes, err := f.Codes(ctx, h)
	if err != nil {
		return nil, err
	}
	since, err := f.SubscribedSince(ctx, h)
	if err != nil {
		return nil, err
	}
	for _, g := range h.Guardians {
		row := subscriptionRow{household: h, Member: g, since: since[g.ID], listing: l}
		for _, c := range slices.Backward(codes) {
			if c.Code.Guardian == g.ID {
				row.code = &c
				break
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

var subscriptionColumns = []column[subscriptionRow]{
	textOf("Dossier", 28, func(r subscriptionRow) string { return r.household.ID }),
	textOf("Famille", 24, func(r subscriptionRow) string { return r.household.Label }),
	textOf("Responsable", 28, func(r subscriptionRow) string { return r.ID }),
	textOf("Nom", 20, func(r subscriptionRow) string { return r.Text("identity", "lastName") }),
	textOf("Prénom", 18, func(r subscriptionRow) string { return r.Text("identity", "firstName") }),
	yes("Abonné", func(r subscriptionRow) bool { return r.Account != "" }),
	{"Abonné depuis", 12, func(r subscriptionRow) sheet.Cell { return r.listing.on(r.since) }},
	{"Code émis le", 12, func(r subscriptionRow) sheet.Cell {
		return r.ofCode(func(c store.IssuedCode) time.Time { return c.At })
	}},
	{"Courrier édité le", 12, func(r subscriptionRow) sheet.Cell {
		return r.ofCode(func(c store.IssuedCode) time.Time { return c.Printed })
	}},
	{"Code valable jusqu’au", 12, func(r subscriptionRow) sheet.Cell {
		return r.ofCode(func(c store.IssuedCode) time.Time { return c.Until.Add(-1) })
	}},
	textOf("Code", 14, func(r subscriptionRow) string {
		if r.code == nil {
			return ""
		}
		return codeStates[r.code.State(r.listing.now())]
	}),
}

var codeStates = map[store.CodeState]string{
	store.CodeOpen: "En attente", store.CodeUsed: "Utilisé", store.CodeExpired: "Expiré", store.CodeRevoked: "Annulé", store.CodeReplaced: "Remplacé",
}

func (r subscriptionRow) ofCode(at func(store.IssuedCode) time.Time) sheet.Cell {
	if r.code == nil {
		return sheet.Cell{}
	}
	return r.listing.on(at(*r.code))
}

// on is the day of an instant at the town; none of no instant.
func (l listing) on(at time.Time) sheet.Cell {
	if at.IsZero() || at.Year() < 2000 {
		return sheet.Cell{}
	}
	return sheet.Day(calendar.DateOf(at, l.set.Zone()))
}
