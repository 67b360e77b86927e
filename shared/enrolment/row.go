package enrolment

import (
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// Read reads the enrolment that a row of a file asks for, whoever it is for, or the code of why it can not be read. Its cells are
// called activity, from, to, weekdays, standing and option; activities and formules may be called by id or by name.
func Read(cell func(name string) string, c collectivity.Configuration) (e booking.Enrolment, code string) {
	for _, name := range []string{"activity", "from", "to"} {
		if cell(name) == "" {
			return e, "cell_missing"
		}
	}
	e.Activity, e.Option = named(c, cell("activity"), cell("option"))
	var ok [4]bool
	e.Period.From, ok[0] = date(cell("from"))
	e.Period.To, ok[1] = date(cell("to"))
	e.Weekdays, ok[2] = weekdays(cell("weekdays"))
	e.Standing, ok[3] = yes(cell("standing"))
	switch {
	case !ok[0] || !ok[1]:
		code = "date_invalid"
	case !ok[2]:
		code = "weekday_invalid"
	case !ok[3]:
		code = "standing_invalid"
	}
	return e, code
}

// named brings the names of an activity and a formule to their ids. What the town does not know stays, to be refused as unknown.
func named(c collectivity.Configuration, activity, option string) (string, string) {
	a, known := c.Activity(activity)
	if !known {
		i := slices.IndexFunc(c.Activities, func(a collectivity.Activity) bool { return !a.Archived && strings.EqualFold(a.Name, activity) })
		if i < 0 {
			return activity, option
		}
		a = c.Activities[i]
	}
	if i := slices.IndexFunc(a.Options, func(o collectivity.Option) bool { return strings.EqualFold(o.Name, option) }); i >= 0 {
		option = a.Options[i].ID
	}
	return a.ID, option
}

func date(text string) (calendar.Date, bool) {
	d, err := calendar.ParseDate(text)
	return d, err == nil
}

// weekdays reads a list such as "lun mar", "mon,tue" or "lundi, mardi"; none: every day that the activity opens.
func weekdays(text string) (days []calendar.Weekday, ok bool) {
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" ,;/+", r) }) {
		i := slices.IndexFunc(weekdayNames[:], func(names [3]string) bool { return slices.Contains(names[:], word) })
		if i < 0 {
			return nil, false
		}
		days = append(days, calendar.Weekdays[i])
	}
	return days, true
}

var weekdayNames = [7][3]string{
	{"mon", "lun", "lundi"},
	{"tue", "mar", "mardi"},
	{"wed", "mer", "mercredi"},
	{"thu", "jeu", "jeudi"},
	{"fri", "ven", "vendredi"},
	{"sat", "sam", "samedi"},
	{"sun", "dim", "dimanche"},
}

func yes(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "oui", "o", "yes", "y", "vrai", "true", "1", "x":
		return true, true
	case "", "non", "n", "no", "faux", "false", "0":
		return false, true
	}
	return false, false
}
