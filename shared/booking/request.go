package booking

import (
	"slices"
	"strconv"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Asking is what a parent asks for: one day (From = To) or a period, for one or several children and activities.
type Asking struct {
	Kind     Kind
	Items    []Item
	Period   calendar.Period
	Weekdays []calendar.Weekday
	Weeks    calendar.Weeks
	Comment  string
}

// Item is a child at an activity.
type Item struct{ Child, Activity, Option string }

// Request is an asking with the outcome of each of its days.
type Request struct {
	ID        string
	Body      string // hash of what was asked: the same key with another body is refused
	Account   string // who asked
	CreatedAt time.Time
	Asking
	Lines   []Line
	Settled bool // every line has its outcome
}

// Line is one day of a request. A line with a code was not taken, and State is what the day is instead.
type Line struct {
	Place
	Option string
	State  State
	Was    State // the day's state when it was judged
	Code   string
	Reason string // an agent's, for a refusal
	Rev    int    // of the day when it was judged
}

// MaxLines is the largest request taken: a period for several children and activities, in child-days.
const MaxLines = 400

// Ask judges every day of an asking at an instant. The error says what is wrong with the asking as a whole.
func (p Planning) Ask(asking Asking, now time.Time) ([]Line, error) {
	days, err := p.days(asking)
	if err != nil {
		return nil, err
	}
	var lines []Line
	seen := map[Place]bool{}
	for _, d := range days {
		for _, item := range asking.Items {
			line := p.judge(asking.Kind, item, d, now)
			if line.Code == "" && seen[line.Place] {
				line.State, line.Code = line.Was, "day_twice"
			}
			seen[line.Place] = seen[line.Place] || line.Code == ""
			lines = append(lines, line)
		}
	}
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Code == "" }) {
		return nil, nothingTaken(lines)
	}
	return lines, nil
}

// CheckPeriod refuses a period turned round or of more than a year.
func CheckPeriod(p calendar.Period) error {
	switch n := p.From.DaysUntil(p.To); {
	case n < 0:
		return refusal.OfField("to", "period_reversed", "La période finit avant de commencer.")
	case n >= 366:
		return refusal.OfField("to", "period_too_long", "La période dépasse une année.")
	}
	return nil
}

// days lists the days asked for and refuses an asking that makes no sense.
func (p Planning) days(a Asking) ([]calendar.Date, error) {
	for i, item := range a.Items {
		if err := p.knows(i, item); err != nil {
			return nil, err
		}
	}
	days := a.Period.Days(a.Weekdays, a.Weeks)
	if len(days) == 0 {
		return nil, refusal.OfField("weekdays", "no_such_day", "Aucun jour de la période ne correspond aux jours choisis.")
	}
	// Over a period, days on which the child can not come are not what is meant; a single day answers why.
	if len(days) > 1 {
		days = slices.DeleteFunc(days, func(d calendar.Date) bool { return !p.anyUse(a.Items, d) })
	}
	if len(days) == 0 {
		return nil, refusal.OfField("from", "not_enrolled", "Aucune de ces journées ne correspond à une inscription.")
	}
	if n := len(days) * len(a.Items); n > MaxLines {
		return nil, refusal.OfField("to", "too_many_days", "Cette demande compte trop de journées. Choisissez une période plus courte.").With("days", n)
	}
	return days, nil
}

func (p Planning) knows(i int, item Item) error {
	path := "items[" + strconv.Itoa(i) + "]."
	if !slices.Contains(p.Children, item.Child) {
		return refusal.OfField(path+"child", "child_unknown", "Cet enfant ne fait pas partie du dossier.")
	}
	if _, ok := p.Activity(item.Activity); !ok {
		return refusal.OfField(path+"activity", "activity_unknown", "Cette activité n’existe pas.")
	}
	return nil
}

// anyUse says whether the day could mean anything for one of the items.
func (p Planning) anyUse(items []Item, d calendar.Date) bool {
	return slices.ContainsFunc(items, func(i Item) bool {
		place := Place{d, i.Child, i.Activity}
		_, written := p.Days[place]
		return written || p.Enrolled(place) && p.Day(place).State != Closed
	})
}

// judge is the outcome of one day, before it is written: Asked, or why not.
func (p Planning) judge(kind Kind, item Item, d calendar.Date, now time.Time) Line {
	day := p.Day(Place{d, item.Child, item.Activity})
	line := Line{Place: day.Place, Option: item.Option, State: day.State, Was: day.State, Rev: day.Rev}
	if line.Code = p.refuses(kind, day, now); line.Code != "" {
		return line
	}
	if kind == Absence {
		line.Option = day.Option
	} else if line.Option, line.Code = p.option(item); line.Code != "" {
		return line
	}
	line.State = Asked
	return line
}

// refuses is the code of why a day can not be asked for, or "".
func (p Planning) refuses(kind Kind, day Day, now time.Time) string {
	actions, _, code := p.Allowed(day, now)
	wanted := map[Kind]Action{Booking: Book, Absence: Miss}[kind]
	if code != "" || slices.Contains(actions, wanted) {
		if kind == Absence && code == "not_enrolled" {
			return "not_booked"
		}
		return code
	}
	switch day.State {
	case Booked:
		return "already_booked"
	case Requested, AbsenceRequested, Waitlisted:
		return "already_requested"
	case Absent:
		return "already_absent"
	}
	return "not_booked"
}

// option is the formule asked for; where there is only one, it needs no naming.
func (p Planning) option(item Item) (option, code string) {
	a, _ := p.Activity(item.Activity)
	switch {
	case a.HasOption(item.Option):
		return item.Option, ""
	case item.Option != "":
		return "", "option_unknown"
	case len(a.Options) == 1:
		return a.Options[0].ID, ""
	}
	return "", "option_required"
}

// nothingTaken refuses a request of which no day can be taken: nothing is written, and each day says why.
func nothingTaken(lines []Line) error {
	no := refusal.New(refusal.Conflict, "nothing_to_take", "Aucune de ces journées ne peut être demandée.")
	if len(lines) == 1 {
		no.Code, no.Detail = lines[0].Code, Detail(lines[0].Code)
	}
	for i, l := range lines {
		no.Fields = append(no.Fields, refusal.Field{Field: "days[" + strconv.Itoa(i) + "]", Code: l.Code, Detail: l.Date.French() + " : " + Detail(l.Code)})
	}
	return no
}

// Target is the state that an asked line takes where nothing stands in the way: at once, or waiting for an agent.
func Target(kind Kind, decision collectivity.Decision) State {
	switch {
	case kind == Booking && decision == collectivity.AtOnce:
		return Booked
	case kind == Booking:
		return Requested
	case decision == collectivity.AtOnce:
		return Absent
	}
	return AbsenceRequested
}

// Pending says whether a line waits for an agent.
func (l Line) Pending() bool {
	return l.Code == "" && (l.State == Requested || l.State == AbsenceRequested || l.State == Waitlisted)
}

// State of the whole request, from its lines.
func (r Request) State() string {
	var pending, accepted, refused, withdrawn int
	for _, l := range r.Lines {
		switch {
		case l.Code != "" || l.State == Refused:
			refused++
		case l.Pending() || l.State == Asked:
			pending++
		case l.State == Withdrawn:
			withdrawn++
		default:
			accepted++
		}
	}
	switch {
	case pending > 0:
		return "pending"
	case accepted == 0 && withdrawn > 0:
		return "withdrawn"
	case accepted == 0:
		return "refused"
	case refused > 0 || withdrawn > 0:
		return "partly"
	}
	return "accepted"
}

// PendingLines are the indexes of the lines that wait for an agent and match the filter ("" matches all).
func (r Request) PendingLines(date calendar.Date, child, activity string) []int {
	var found []int
	for i, l := range r.Lines {
		if l.Pending() && (date == "" || l.Date == date) && (child == "" || l.Child == child) && (activity == "" || l.Activity == activity) {
			found = append(found, i)
		}
	}
	return found
}
