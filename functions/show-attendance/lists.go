package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/sheet"
	"preau/shared/sheet/pdf"
	"preau/shared/sheet/xlsx"
)

// as gives the attendance in the form that was asked for.
func (a app) as(format string, c collectivity.Configuration, activity collectivity.Activity, shown api.Attendance) (answer, error) {
	var f httpapi.File
	var err error
	switch format {
	case "csv":
		f.Type = sheet.CSVType
		f.Content, err = table(shown).CSV()
	case "xlsx":
		f.Type = xlsx.Type
		f.Content, err = xlsx.Write(c.Name, table(shown))
	case "pdf":
		f.Type = pdf.Type
		f.Content, err = pdf.Write(printout(c, shown, a.now().In(c.Zone())))
	default:
		return answer{JSON: shown}, nil
	}
	f.Name = fileName(activity.Name, shown) + "." + format
	return answer{File: &f}, err
}

func fileName(activity string, shown api.Attendance) string {
	first, last := shown.Days[0].Date, shown.Days[len(shown.Days)-1].Date
	if first == last {
		return fmt.Sprintf("Présences %s %s", activity, first)
	}
	return fmt.Sprintf("Présences %s %s au %s", activity, first, last)
}

// A column of a list: what it is called, how wide it is, and what it says of a line.
type column struct {
	sheet.Column
	of func(api.AttendanceLine) sheet.Cell
}

func text(name string, width float64, of func(api.AttendanceLine) string) column {
	return column{sheet.Column{Name: name, Width: width}, func(l api.AttendanceLine) sheet.Cell { return sheet.Text(of(l)) }}
}

func number(name string, width float64, of func(api.AttendanceLine) int) column {
	return column{sheet.Column{Name: name, Width: width}, func(l api.AttendanceLine) sheet.Cell {
		if of(l) == 0 {
			return sheet.Cell{}
		}
		return sheet.Number(of(l))
	}}
}

func fill(name string, columns []column, lines []api.AttendanceLine) sheet.Table {
	t := sheet.Table{Name: name}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for _, l := range lines {
		row := make([]sheet.Cell, len(columns))
		for i, c := range columns {
			row[i] = c.of(l)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// table is a row for each child of each day's list, those who wait at its end.
func table(shown api.Attendance) sheet.Table {
	columns := slices.Concat(who(shown), []column{
		text("École", 24, func(l api.AttendanceLine) string { return l.School }), text("Tranche d’âge", 14, groupIn(shown)),
		text("État", 24, state), text("Présence", 20, presence), number("Rang", 6, rank),
	}, careOf(
		shown, known("Allergies", 36, ofHealth(allergies)), known("Repas", 18, ofHealth(diet)), known("PAI et traitement", 30, ofHealth(treatment)), known("Recommandations", 30, ofHealth(advice)),
		known("Autorisations", 36, allowed), known("Peuvent venir chercher", 30, collectors), known("Ne doivent pas venir chercher", 30, notCollectors),
	))
	all := fill(shown.Activity.Name, columns, nil)
	all.Columns = slices.Insert(all.Columns, 0, sheet.Column{Name: "Date", Width: 11})
	for _, d := range shown.Days {
		date := sheet.Day(calendar.Date(d.Date))
		for _, row := range fill("", columns, slices.Concat(d.Lines, d.Waiting)).Rows {
			all.Rows = append(all.Rows, slices.Insert(row, 0, date))
		}
	}
	return all
}

// printout is a part for each day: who is expected, with a box to tick and room to sign, who waits, and the totals.
func printout(c collectivity.Configuration, shown api.Attendance, printed time.Time) pdf.List {
	out := pdf.List{Owner: c.Name, Title: shown.Activity.Name, Printed: printed}
	expected := slices.Concat(who(shown), []column{text("État", 20, state)}, careOf(
		shown, known("Santé", 42, bulleted(ofHealth(health))), known("Autorisations", 26, bulleted(allowed)),
		known("Peuvent venir chercher", 26, bulleted(collectors)), known("Ne doivent pas venir chercher", 24, bulleted(notCollectors)),
	), []column{
		{sheet.Column{Name: "Présence", Width: 15}, tick},
		text("Signature", 16, func(api.AttendanceLine) string { return "" }),
	})
	waiting := append([]column{number("Rang", 6, rank)}, who(shown)...)
	for _, d := range shown.Days {
		part := pdf.Part{Heading: calendar.Date(d.Date).French(), Tables: []sheet.Table{fill("", expected, d.Lines)}, Notes: notes(d)}
		if shown.Care {
			part.Notes = append(part.Notes, "Cette liste contient des données de santé : à ne pas laisser traîner, à détruire après usage.")
		}
		if len(d.Waiting) > 0 {
			part.Tables = append(part.Tables, fill("Liste d’attente", waiting, d.Waiting))
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

// who says which child it is, and what it comes for.
func who(shown api.Attendance) []column {
	columns := []column{
		text("Nom", 20, func(l api.AttendanceLine) string { return l.LastName }),
		text("Prénom", 16, func(l api.AttendanceLine) string { return l.FirstName }),
		text("Classe", 14, func(l api.AttendanceLine) string { return l.Class }),
	}
	if len(shown.Activity.Options) > 0 {
		columns = append(columns, text("Formule", 18, optionIn(shown)))
	}
	return columns
}

// careOf are columns of what carers have to know: none where it is not shown.
func careOf(shown api.Attendance, columns ...column) []column {
	if !shown.Care {
		return nil
	}
	return columns
}

// known is a column of what carers have to know, a line for each thing.
func known(name string, width float64, of func(api.Care) []string) column {
	return text(name, width, func(l api.AttendanceLine) string {
		if l.Care == nil {
			return ""
		}
		return strings.Join(of(*l.Care), "\n")
	})
}

func optionIn(shown api.Attendance) func(api.AttendanceLine) string {
	return func(l api.AttendanceLine) string {
		for _, o := range shown.Activity.Options {
			if o.ID == l.Option {
				return o.Name
			}
		}
		return l.Option
	}
}

func groupIn(shown api.Attendance) func(api.AttendanceLine) string {
	return func(l api.AttendanceLine) string {
		for _, g := range shown.Days[0].Groups {
			if g.ID == l.Group {
				return g.Name
			}
		}
		return l.Group
	}
}

func rank(l api.AttendanceLine) int { return l.Rank }

// states as lists word them.
var states = map[string]string{
	"booked": "Réservé", "absence_requested": "Absence demandée", "absent": "Absence déclarée", "cancelled": "Annulé",
	"waitlisted": "Liste d’attente", "requested": "Demandé", "refused": "Refusé", "enrolled": "Sans réservation",
}

func state(l api.AttendanceLine) string {
	said := states[l.State]
	switch {
	case l.Late && l.State == "booked":
		return said + " (tardif)"
	case l.State == "absent" && l.Justified:
		return said + " (justifiée)"
	case l.State == "absent" && l.Due:
		return said + " (tardive)"
	}
	return said
}

func presence(l api.AttendanceLine) string {
	switch {
	case l.Presence == "present":
		return "Présent"
	case l.Presence == "absent" && l.Justified:
		return "Absent (justifié)"
	case l.Presence == "absent":
		return "Absent"
	case l.Presence == "unbooked":
		return "Venu sans réservation"
	}
	return ""
}

// tick is a box for who is expected, until their presence is recorded.
func tick(l api.AttendanceLine) sheet.Cell {
	if l.Presence == "" && (l.State == "booked" || l.State == "absence_requested") {
		return sheet.Box()
	}
	return sheet.Text(presence(l))
}

// notes are a day's totals, as they stand below its list.
func notes(d api.AttendanceDay) []string {
	t := d.Totals
	all := []string{fmt.Sprintf(
		"Attendus : %d · Absences déclarées : %d · Présents : %d · Absents : %d · Venus sans réservation : %d · En attente : %d",
		t.Expected, t.Absent, t.Present, t.Missing, t.Unbooked, t.Waiting,
	)}
	var options []string
	for _, o := range d.Options {
		options = append(options, fmt.Sprintf("%s : %d", o.Name, o.Expected))
	}
	if len(options) > 0 {
		all = append(all, "Formules : "+strings.Join(options, " · "))
	}
	for _, g := range d.Groups {
		note := fmt.Sprintf("%s : %d attendus", g.Name, g.Expected)
		if g.Capacity > 0 {
			note += fmt.Sprintf(", %d places prises sur %d, %d libres, %d en attente", g.Taken, g.Capacity, max(g.Free, 0), g.Waiting)
		}
		all = append(all, note)
	}
	return all
}
