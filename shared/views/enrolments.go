package views

import (
	"preau/shared/api"
	"preau/shared/enrolment"
	"preau/shared/store"
)

// Enrolment shows an enrolment to agents.
func Enrolment(e store.EnrolledChild) api.Enrolment {
	return api.Enrolment{
		ID: e.ID, Family: e.Family, Label: e.Label, Child: e.Child.ID, ChildName: e.Child.Name(), Activity: e.Activity,
		From: string(e.Period.From), To: string(e.Period.To), Weekdays: texts(e.Weekdays), Standing: e.Standing, Option: e.Option,
	}
}

// EnrolmentOutcome shows what became of a child to be enrolled.
func EnrolmentOutcome(a enrolment.Asked, o enrolment.Outcome) api.EnrolmentOutcome {
	out := api.EnrolmentOutcome{Family: a.Family, Child: a.Child, Activity: a.Activity, State: "enrolled", Enrolment: o.ID}
	if o.Code != "" {
		out.State, out.Code, out.Detail = "refused", o.Code, enrolment.Detail(o.Code)
	}
	return out
}
