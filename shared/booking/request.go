package booking

import (
	"cmp"
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
	Account   string // who asked, or for whom an agent did: told of the outcomes
	Agent     string `dynamodbav:",omitempty"` // the agent who asked for the family; notice rules and decisions do not stand in their way
	Standing  string `dynamodbav:",omitempty"` // the standing enrolment whose days these are
	Overbook  bool   `dynamodbav:",omitempty"` // an agent takes places that are not there
	CreatedAt time.Time
	Asking
	Lines   []Line
	Tally   Tally
	Total   int  // lines, also while they are not written yet
	Settled bool // every line has its outcome
	Stopped bool `dynamodbav:",omitempty"` // withdrawn while it was being worked off
}

// Line is one day of a request. A line with a code was not taken, and State is what the day is instead.
type Line struct {
	Place
	Option string   `dynamodbav:",omitempty"`
	Group  string   `dynamodbav:",omitempty"` // age group whose place it takes; all ages unless said
	Needs  []Use    `dynamodbav:",omitempty"` // places of other activities that it takes too
	Apart  []string `dynamodbav:"-"`          // activities that the child must not have on the day
	Beside []string `dynamodbav:"-"`          // activities that the child must have on the day
	There  []string `dynamodbav:"-"`          // activities that the child must have on the day by its other household
	Other  string   `dynamodbav:"-"`          // of a child of two files: the other family, which must not have the day, nor what is apart
	Twice  []Twice  `dynamodbav:"-"`          // places that the child must not have by another activity of the day too
	State  State
	Was    State     `dynamodbav:",omitempty"` // the day's state when it was judged
	Code   string    `dynamodbav:",omitempty"`
	Reason string    `dynamodbav:",omitempty"` // an agent's for a refusal, or what the rule says
	Late   bool      `dynamodbav:",omitempty"` // a booking after the limit
	Due    bool      `dynamodbav:",omitempty"` // an absence after the limit; of a booking: of the absence before it
	Until  time.Time `dynamodbav:"-"`          // of a booking: when it stops waiting for a place
	Ranks  []int     `dynamodbav:",omitempty"` // where it waits, of each of its places
	Rev    int       `dynamodbav:"-"`          // of the day when it was judged

	NotBefore time.Time `dynamodbav:"-"`          // nothing is written of the child's days before
	Presence  Presence  `dynamodbav:"-"`          // what carers had noted of the day by then
	Former    *Former   `dynamodbav:",omitempty"` // what the day was, while it waits
}

// Twice is a place that a line takes and that another activity may come with.
type Twice struct {
	Activity string
	Use      Use
}

// Uses are the places that the line takes, the activity's own first.
func (l Line) Uses() []Use { return append([]Use{{l.Activity, l.ageGroup()}}, l.Needs...) }

func (l Line) ageGroup() string {
	if l.Group == "" {
		return collectivity.AllAges
	}
	return l.Group
}

// MaxLines is the largest request taken, in child-days: a school year of four children at three activities is 1,680.
const MaxLines = 3000

// Ask judges every day of a request at the instant at which it was made. The error says what is wrong with the asking as a
// whole, or that none of its days can be taken.
func (p Planning) Ask(r Request) ([]Line, error) {
	lines, err := p.Judge(r)
	if err == nil && !slices.ContainsFunc(lines, func(l Line) bool { return l.Code == "" }) {
		return nil, p.nothingTaken(lines)
	}
	return lines, err
}

// Judge judges every day of a request. Days that the request has written already keep what it made of them, so that a
// worker can go on with it.
func (p Planning) Judge(r Request) ([]Line, error) {
	days, err := p.days(r.Asking)
	if err != nil {
		return nil, err
	}
	var lines []Line
	seen := map[Place]bool{}
	never := p.useless(r.Items, days)
	for i, d := range days {
		for n, item := range r.Items {
			// Over a period, days on which nothing is open are not what is meant. A single day answers why, and so does the
			// first day of an item that has none at all.
			if len(days) > 1 && !(never[n] && i == 0) && (never[n] || p.closed(item, d)) {
				continue
			}
			line := p.judge(r, item, d)
			if line.Code == "" && seen[line.Place] {
				line.refuse("day_twice", "")
			}
			seen[line.Place] = seen[line.Place] || line.Code == ""
			lines = append(lines, line)
		}
	}
	p.together(r, lines)
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
	if len(days) > 1 {
		days = slices.DeleteFunc(days, func(d calendar.Date) bool {
			return !slices.ContainsFunc(a.Items, func(i Item) bool { return p.use(i, d) })
		})
	}
	if len(days) == 0 {
		return nil, p.noDay(a)
	}
	if n := len(days) * len(a.Items); n > MaxLines {
		return nil, refusal.OfField("to", "too_many_days", "Cette demande compte trop de journées. Choisissez une période plus courte.").With("days", n)
	}
	return days, nil
}

// noDay refuses a period of which no day means anything: nobody is enrolled then, or nothing is open.
func (p Planning) noDay(a Asking) error {
	for _, d := range a.Period.Days(a.Weekdays, a.Weeks) {
		for _, i := range a.Items {
			if p.Enrolled(Place{d, i.Child, i.Activity}) {
				return refusal.OfField("from", "closed", "L’activité n’a lieu aucun de ces jours.")
			}
		}
	}
	return refusal.OfField("from", "not_enrolled", "Aucune de ces journées ne correspond à une inscription.")
}

func (p Planning) knows(i int, item Item) error {
	path := "items[" + strconv.Itoa(i) + "]."
	if !slices.ContainsFunc(p.Children, func(c Child) bool { return c.ID == item.Child }) {
		return refusal.OfField(path+"child", "child_unknown", "Cet enfant ne fait pas partie du dossier.")
	}
	if a, ok := p.Town.Activity(item.Activity); !ok || a.Archived {
		return refusal.OfField(path+"activity", "activity_unknown", "Cette activité n’existe pas.")
	}
	return nil
}

// closed says whether nothing is written of a day of an item, and nothing is open.
func (p Planning) closed(i Item, d calendar.Date) bool {
	place := Place{d, i.Child, i.Activity}
	_, written := p.Days[place]
	return !written && p.Day(place).State == Closed
}

// use says whether a day could mean anything for an item.
func (p Planning) use(i Item, d calendar.Date) bool {
	place := Place{d, i.Child, i.Activity}
	_, written := p.Days[place]
	return written || p.Enrolled(place) && p.Day(place).State != Closed
}

// useless tells, by item, whether none of the days could mean anything for it.
func (p Planning) useless(items []Item, days []calendar.Date) []bool {
	out := make([]bool, len(items))
	for n, item := range items {
		out[n] = !slices.ContainsFunc(days, func(d calendar.Date) bool { return p.use(item, d) })
	}
	return out
}

// judge is the outcome of one day, before it is written: Asked, or why not.
func (p Planning) judge(r Request, item Item, d calendar.Date) Line {
	place := Place{d, item.Child, item.Activity}
	if made := OutcomeOf(r, p.Days[place]); made != Asked {
		return LineOf(p.Days[place], made)
	}
	day := p.Day(place)
	if _, written := p.Days[place]; written && r.Standing != "" && day.State != Booked {
		// What was said of the day since the enrolment began stands: an absence is not booked again.
		return Line{Place: place, State: day.State, Was: day.State, Code: "already_said", Rev: day.Rev}
	}
	child := p.child(place.Child)
	line := Line{
		Place: place, Option: item.Option, State: day.State, Was: day.State, Rev: day.Rev, Presence: day.Presence, Former: day.former(),
		Other: child.Other, NotBefore: child.NotBefore,
	}
	may := p.may(r, day)
	if line.Code = refuses(r.Kind, day, may); line.Code != "" {
		if line.Code == may.Code {
			line.Reason = may.Text
		}
		return line
	}
	line.Late, line.Due = may.Late, may.Due || day.Due && !day.Justified && day.State != Booked
	if r.Kind == Absence {
		line.Option, line.Group, line.Needs = day.Option, stored(day.Group), day.Needs
	} else if line.Code = p.book(&line, item); line.Code != "" {
		return line
	}
	line.State = Asked
	if line.Late || r.Kind == Absence && may.Due {
		line.Reason = may.Text // what it costs
	}
	return line
}

// Made are the lines of the days that a request has written.
func (p Planning) Made(r Request) (lines []Line) {
	var days []Day
	for _, d := range p.Days {
		if OutcomeOf(r, d) != Asked {
			days = append(days, d)
		}
	}
	for _, d := range inOrder(days) {
		lines = append(lines, LineOf(d, OutcomeOf(r, d)))
	}
	return lines
}

// LineOf is the line of a day that its request wrote.
func LineOf(day Day, made State) Line {
	return Line{Place: day.Place, Option: day.Option, Group: stored(day.Group), Needs: day.Needs, State: made, Was: Enrolled, Late: day.Late, Due: day.Due, Ranks: day.Ranks, Rev: day.Rev, Former: day.Former}
}

// OutcomeOf is what a request made of a day, even if an absence has been asked for since, or the town has cancelled the day;
// Asked when it made nothing.
func OutcomeOf(r Request, day Day) State {
	switch {
	case r.ID == "":
	case r.Kind == Booking && day.Request == r.ID && (day.Absence != "" || day.State == Cancelled):
		return Booked
	case r.Kind == Booking && day.Request == r.ID && day.State != Enrolled:
		return day.State
	case r.Kind == Absence && day.Absence == r.ID && (day.State == Absent || day.State == AbsenceRequested):
		return day.State
	}
	return Asked
}

// stored is an age group as it is kept: that of all children needs no name.
func stored(group string) string {
	if group == collectivity.AllAges {
		return ""
	}
	return group
}

// may is what whoever asks may do with a day at the instant of asking. An agent acts for the family: no notice rule
// stands in the way, but what it would cost the family stays so.
func (p Planning) may(r Request, day Day) Allowance {
	may := p.Allowed(day, r.CreatedAt)
	if r.Agent != "" && (may.Code == "too_late" || may.Code == "not_open_yet") {
		may.Actions, may.Code = []Action{p.wanted(day)}, "" // what it costs the family stays so
	}
	may.Late = may.Late && r.Standing == "" // the town books a standing enrolment's days in its own time
	return may
}

func (p Planning) wanted(day Day) Action {
	action, _ := actionOf(day.State)
	return action
}

// refuses is the code of why a day can not be asked for, or "".
func refuses(kind Kind, day Day, may Allowance) string {
	wanted := map[Kind]Action{Booking: Book, Absence: Miss}[kind]
	if day.Elsewhere != "" && (kind == Booking || day.State == Booked) {
		return may.Code
	}
	if kind == Absence && wantsBooking(day) {
		return absentAlready(day.State)
	}
	if action, _ := actionOf(day.State); action == wanted || action == "" || may.Code == "past" {
		return may.Code
	}
	switch day.State {
	case Booked:
		return "already_booked"
	case Waitlisted:
		return "already_waiting"
	}
	return "already_requested"
}

// wantsBooking says whether the day has nothing that an absence could take back.
func wantsBooking(day Day) bool {
	return slices.Contains([]State{Enrolled, Absent, Refused}, day.State)
}

func absentAlready(s State) string {
	if s == Absent {
		return "already_absent"
	}
	return "not_booked"
}

// book completes a line for a booking: option, age group and places. It answers why that can not be.
func (p Planning) book(line *Line, item Item) (code string) {
	if line.Option, code = p.option(item); code != "" {
		return code
	}
	a, _ := p.Town.Activity(item.Activity)
	child := p.child(item.Child)
	group, ok := a.Group(child.Born, line.Date)
	if !ok {
		return "age_out"
	}
	line.Group, line.Until = stored(group), p.WaitUntil(line.Place)
	for _, id := range a.Needs(line.Option) {
		other, _ := p.Town.Activity(id)
		group, ok := other.Group(child.Born, line.Date)
		if !ok {
			return "closed"
		}
		if _, code := actionOf(p.anew(Day{Place: Place{line.Date, line.Child, id}}).State); code != "" {
			return code
		}
		line.Needs = append(line.Needs, Use{id, group})
	}
	return ""
}

// option is the formule asked for; where there is only one, it needs no naming.
func (p Planning) option(item Item) (option, code string) {
	a, _ := p.Town.Activity(item.Activity)
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
func (p Planning) nothingTaken(lines []Line) error {
	no := refusal.New(refusal.Conflict, "nothing_to_take", "Aucune de ces journées ne peut être demandée.")
	if len(lines) == 1 {
		no.Code, no.Detail = lines[0].Code, lines[0].Why()
	}
	for i, l := range lines {
		no.Fields = append(no.Fields, refusal.Field{Field: "days[" + strconv.Itoa(i) + "]", Code: l.Code, Detail: p.named(l) + " : " + l.Why()})
	}
	return no
}

// named says which day a line is: Léa, Cantine, mardi 24 novembre 2026.
func (p Planning) named(l Line) string {
	a, _ := p.Town.Activity(l.Activity)
	name := l.Date.French()
	for _, part := range []string{a.Name, p.child(l.Child).FirstName} {
		if part != "" {
			name = part + ", " + name
		}
	}
	return name
}

// Why says in French why the line was not taken or was refused: the rule's or the agent's own words where there are any.
func (l Line) Why() string {
	if l.Reason != "" {
		return l.Reason
	}
	return Detail(l.Code)
}

// Target is the state that an asked line takes where nothing stands in the way: at once, or waiting for an agent.
func (r Request) Target(a collectivity.Activity) State {
	switch {
	case r.Kind == Booking && (a.Decision == collectivity.AtOnce || r.Agent != ""):
		return Booked
	case r.Kind == Booking:
		return Requested
	case a.AbsenceDecision() == collectivity.AtOnce || r.Agent != "":
		return Absent
	}
	return AbsenceRequested
}

// Pending says whether a line waits: for an agent, or for a place.
func (l Line) Pending() bool { return l.Undecided() || l.Code == "" && l.State == Waitlisted }

// StillAsks says whether a place is among what the request has yet to write. Its lines are in the order of their dates.
func (r Request) StillAsks(p Place) bool {
	from, _ := slices.BinarySearchFunc(r.Lines, p.Date, func(l Line, d calendar.Date) int { return cmp.Compare(l.Date, d) })
	for _, l := range r.Lines[from:] {
		if l.Date != p.Date {
			return false
		}
		if l.Place == p && l.open() {
			return true
		}
	}
	return false
}

// Undecided says whether a line waits for an agent.
func (l Line) Undecided() bool {
	return l.Code == "" && (l.State == Requested || l.State == AbsenceRequested)
}

// Tally counts a request's lines by what became of them.
type Tally struct{ Undecided, Waiting, Accepted, Refused, Withdrawn int }

// TallyOf counts lines.
func TallyOf(lines []Line) (t Tally) {
	for _, l := range lines {
		switch {
		case l.Code != "" || l.State == Refused || l.State == Cancelled:
			t.Refused++
		case l.State == Waitlisted:
			t.Waiting++
		case l.Undecided() || l.State == Asked:
			t.Undecided++
		case l.State == Withdrawn:
			t.Withdrawn++
		default:
			t.Accepted++
		}
	}
	return t
}

// State of the whole request.
func (r Request) State() string {
	t := r.Tally
	if len(r.Lines) > 0 {
		t = TallyOf(r.Lines)
	}
	switch {
	case len(r.Lines) == 0 && !r.Settled, t.Undecided+t.Waiting > 0:
		return "pending"
	case t.Accepted == 0 && t.Withdrawn > 0:
		return "withdrawn"
	case t.Accepted == 0:
		return "refused"
	case t.Refused+t.Withdrawn > 0:
		return "partly"
	}
	return "accepted"
}

// PendingLines are the indexes of the lines that wait and match the filter ("" matches all).
func (r Request) PendingLines(date calendar.Date, child, activity string) []int {
	var found []int
	for i, l := range r.Lines {
		if l.Pending() && (date == "" || l.Date == date) && (child == "" || l.Child == child) && (activity == "" || l.Activity == activity) {
			found = append(found, i)
		}
	}
	return found
}
