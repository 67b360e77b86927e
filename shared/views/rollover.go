package views

import (
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/enrolment"
	"preau/shared/rollover"
	"preau/shared/store"
)

// RolloverChoicesOf reads what a manager chose.
func RolloverChoicesOf(in api.RolloverChoices) rollover.Choices {
	ch := rollover.Choices{Year: rollover.Year(in.Year)}
	for _, a := range in.Activities {
		ch.Activities = append(ch.Activities, rollover.Renewal{Activity: a.Activity, Period: calendar.Period{From: calendar.Date(a.From), To: calendar.Date(a.To)}})
	}
	for _, c := range in.Classes {
		ch.Classes = append(ch.Classes, rollover.Way{School: c.School, Class: c.Class, Level: rollover.Level(c.Level), ToSchool: c.ToSchool, ToClass: c.ToClass, Leave: c.Leave})
	}
	for _, c := range in.Children {
		ch.Children = append(ch.Children, rollover.Exception{Family: c.Family, Child: c.Child, Move: rollover.Becomes(c.Move), School: c.School, Class: c.Class})
	}
	return ch
}

// RolloverMove shows what would become of a child.
func RolloverMove(c store.TownChild, m rollover.Move, renewed []rollover.Renewed) api.RolloverMove {
	out := api.RolloverMove{
		Family: c.Family, Label: c.Label, Child: c.ID, FirstName: c.Text("identity", "firstName"), LastName: c.Text("identity", "lastName"),
		Becomes: string(m.Becomes), Code: m.Code, Detail: m.Detail(), From: SchoolPlace(m.From), To: SchoolPlace(m.To),
	}
	for _, r := range renewed {
		if r.Code == "" {
			out.Renewed = append(out.Renewed, r.New.Activity)
		} else {
			out.Refused = append(out.Refused, api.RolloverRefusal{Activity: r.New.Activity, Code: r.Code, Detail: enrolment.Detail(r.Code)})
		}
	}
	return out
}

// SchoolPlace shows a place at school.
func SchoolPlace(p rollover.Place) api.SchoolPlace {
	return api.SchoolPlace{School: p.School.ID, SchoolName: p.School.Name, Class: p.Class.ID, ClassName: p.Class.Name, Level: string(p.Level)}
}
