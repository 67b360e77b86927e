package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/notice"
	"preau/shared/schooldays"
)

// TestAskAnswersAsANaiveModelDoes: the model reads the design sentence by sentence, one day after another. Of the code it
// shares only what the notice rules and the school calendar say of a day, which are held to models of their own.
func TestAskAnswersAsANaiveModelDoes(t *testing.T) {
	t.Parallel()
	check := func(t *rapid.T) {
		m := drawModel(t)
		town, err := booking.NewTown(m.town)
		if err != nil {
			t.Fatal(err)
		}
		m.planning.Town = town
		got, want := "", m.answer()
		if lines, err := m.planning.Judge(m.request); err != nil {
			got = refusalOf(err)
		} else {
			got = outcomes(lines)
		}
		if got != want {
			t.Fatalf("it answers %s\nthe model   %s", got, want)
		}
	}
	for range 50 { // rules that meet are rare: many small towns find them
		if rapid.Check(t, check); t.Failed() {
			return
		}
	}
}

// model is a town, a family and a request, with what the model makes of them.
type model struct {
	town     collectivity.Configuration
	planning booking.Planning
	request  booking.Request
	rules    map[string]notice.Rules
	days     map[string]schooldays.Calendar // by school
}

// documents of notice rules to choose from.
var documents = []string{
	"", "",
	`{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`,
	`{"rules": [{"kind": "booking", "opens": {"steps": [{"days": -3}]}, "closes": {"at": "18:00"}}, {"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`,
	`{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}, "late": {"until": {"at": "09:00"}}}, {"kind": "absence", "opens": {"steps": [{"days": -4}]}, "closes": {"at": "09:00"}}]}`,
	`{"rules": [{"kind": "booking", "residents": true, "closes": {"from": "service"}}, {"kind": "absence", "never": true}]}`,
	`{"rules": [{"kind": "booking", "closes": {"from": "service"}}, {"kind": "absence", "closes": {"steps": [{"days": -2}]}}], "weeks": [{"whole": true}]}`,
	`{"rules": [{"kind": "booking", "closes": {"from": "service"}}, {"kind": "absence", "closes": {"steps": [{"days": -2}]}}], "weeks": [{"minimumDays": 3}]}`,
}

const firstDay = calendar.Date("2026-10-26") // a Monday of the autumn holidays; the week after is one of school

func drawModel(t *rapid.T) *model {
	m := &model{rules: map[string]notice.Rules{}, days: map[string]schooldays.Calendar{}}
	yes := func(label string) bool { return rapid.Bool().Draw(t, label) }
	one := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	rarely := func(label string) bool { return rapid.IntRange(0, 5).Draw(t, label) == 0 }
	day := func(label string) calendar.Date { return firstDay.AddDays(rapid.IntRange(0, 13).Draw(t, label)) }
	span := func(label string) calendar.Period {
		from := day(label)
		return calendar.Period{From: from, To: from.AddDays(rapid.IntRange(0, 4).Draw(t, label+" days"))}
	}
	some := func(label string, of ...string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(s string) bool { return !rarely(label + " " + s) })
	}
	half := func(label string, of ...string) []string {
		return slices.DeleteFunc(slices.Clone(of), func(s string) bool { return yes(label + " " + s) })
	}

	m.town.Settings = collectivity.Settings{Timezone: "Europe/Paris"}
	if !rarely("no calendar") {
		m.town.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
		for range rapid.IntRange(0, 2).Draw(t, "exceptions") {
			p := span("exception")
			m.town.Calendar.Exceptions = append(m.town.Calendar.Exceptions, schooldays.Exception{
				From: p.From, To: p.To, Open: yes("open"), Counts: schooldays.Counts(one("counts", "", "school", "working")),
			})
		}
	}
	m.town.Schools = []collectivity.School{{ID: "four"}, {ID: "more", Weekdays: schooldays.FourAndAHalf}}
	names := []string{"a", "b", "c", "d"}
	for n, id := range names {
		a := collectivity.Activity{
			ID: id, Season: calendar.Period{From: "2026-09-01", To: firstDay.AddDays(rapid.IntRange(9, 20).Draw(t, "season"))}, Starts: one("starts", "08:30", "11:45", "16:30"),
			During: collectivity.During(one("during", "", "", "school", "term", "holidays")), Decision: collectivity.Decision(one("decision", "auto", "agent")),
			Rules: rapid.SampledFrom(documents).Draw(t, "rules"), Archived: rarely("archived") && rarely("too"),
		}
		if n == rapid.IntRange(0, 3).Draw(t, "which requires") {
			a.Requires = half("requires", names[:n]...)
		}
		for _, w := range calendar.Weekdays {
			if !rarely("not on " + string(w)) {
				a.Weekdays = append(a.Weekdays, w)
			}
		}
		for _, other := range some("excludes", names...) {
			if other != id && !slices.Contains(a.Requires, other) {
				a.Excludes = append(a.Excludes, other)
			}
		}
		if rarely("closed") {
			a.Closed = []calendar.Period{span("closed")}
		}
		if rarely("opened") {
			a.Opened = []calendar.Period{span("opened")}
		}
		if rarely("groups") {
			a.Groups = []collectivity.Group{{ID: "small", From: 3, To: 5}, {ID: "big", From: 6, To: 7}}
		}
		if rarely("options") {
			a.Options = []collectivity.Option{{ID: "plain"}, {ID: "meal", Needs: some("needs", names[:n]...)}}
		}
		m.town.Activities = append(m.town.Activities, a)
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "events") {
		e := collectivity.Event{ID: fmt.Sprint(n), Effect: collectivity.Effect(one("effect", "cancel", "reopen")), Period: span("event"), Until: "09:00", DayBefore: yes("day before")}
		e.Activities, e.Schools = some("event at", names...), some("event for", "four", "more")
		m.town.Events = append(m.town.Events, e)
	}

	m.planning = booking.Planning{Resident: yes("resident"), Days: map[booking.Place]booking.Day{}}
	children := []string{"x", "y"}[:rapid.IntRange(1, 2).Draw(t, "children")]
	for _, id := range children {
		m.planning.Children = append(m.planning.Children, booking.Child{
			ID: id, School: one("school", "four", "more", ""), Born: calendar.Date(one("born", "", "2018-11-03", "2021-10-28", "2023-11-02")),
		})
		for _, a := range names {
			if !rarely("not enrolled") {
				e := booking.Enrolment{Child: id, Activity: a, Period: m.town.Activities[0].Season}
				if rarely("some weekdays") {
					e.Weekdays = []calendar.Weekday{"mon", "tue", "thu"}
				}
				m.planning.Enrolments = append(m.planning.Enrolments, e)
			}
			for n := range 14 {
				if rapid.IntRange(0, 3).Draw(t, "written") == 0 {
					m.written(t, booking.Place{Date: firstDay.AddDays(n), Child: id, Activity: a})
				}
			}
		}
	}
	m.request = m.drawRequest(t, children, names)
	for _, a := range m.town.Activities {
		if a.Rules != "" {
			m.rules[a.ID], _ = notice.Parse([]byte(a.Rules))
		}
	}
	for _, s := range append([]collectivity.School{{}}, m.town.Schools...) {
		m.days[s.ID], _ = m.town.Days(s.ID)
	}
	return m
}

func (m *model) written(t *rapid.T, p booking.Place) {
	states := []booking.State{booking.Requested, booking.Booked, booking.Booked, booking.AbsenceRequested, booking.Absent, booking.Waitlisted, booking.Refused, booking.Cancelled, booking.Enrolled}
	d := booking.Day{Place: p, Group: collectivity.AllAges, State: rapid.SampledFrom(states).Draw(t, "state"), Request: "before", Rev: 1}
	d.Held = d.State == booking.Booked || d.State == booking.AbsenceRequested || d.State == booking.Cancelled
	if d.State == booking.Absent || d.State == booking.AbsenceRequested {
		d.Absence = "absence"
	}
	d.Due = d.State == booking.Absent && rapid.Bool().Draw(t, "due")
	d.Justified = d.State == booking.Absent && rapid.IntRange(0, 3).Draw(t, "justified") == 0
	if a := m.activity(p.Activity); len(a.Options) > 0 && len(a.Options[1].Needs) > 0 && rapid.Bool().Draw(t, "with a meal") {
		d.Option = "meal"
		for _, n := range a.Options[1].Needs {
			d.Needs = append(d.Needs, booking.Use{Activity: n, Group: collectivity.AllAges})
		}
	}
	m.planning.Days[p] = d
}

func (m *model) drawRequest(t *rapid.T, children, activities []string) booking.Request {
	from := firstDay.AddDays(rapid.IntRange(0, 11).Draw(t, "from"))
	r := booking.Request{ID: "now", CreatedAt: instant(firstDay.AddDays(rapid.IntRange(-4, 13).Draw(t, "asked on")), rapid.SampledFrom([]string{"07:00", "08:30", "09:00", "09:30", "10:00", "11:45", "12:00", "23:59"}).Draw(t, "asked at"))}
	r.Kind = rapid.SampledFrom([]booking.Kind{booking.Booking, booking.Booking, booking.Absence}).Draw(t, "kind")
	r.Period = calendar.Period{From: from, To: from.AddDays(rapid.SampledFrom([]int{0, 0, 1, 4, 9}).Draw(t, "length"))}
	r.Weeks = rapid.SampledFrom([]calendar.Weeks{"", "", calendar.EveryWeek, calendar.OddWeeks, calendar.EvenWeeks}).Draw(t, "weeks")
	if rapid.IntRange(0, 4).Draw(t, "weekdays") == 0 {
		r.Weekdays = []calendar.Weekday{"mon", "wed", "sat"}
	}
	for range rapid.IntRange(1, 4).Draw(t, "items") {
		r.Items = append(r.Items, booking.Item{
			Child: rapid.SampledFrom(children).Draw(t, "child"), Activity: rapid.SampledFrom(activities).Draw(t, "activity"),
			Option: rapid.SampledFrom([]string{"", "", "plain", "meal", "none"}).Draw(t, "option"),
		})
	}
	switch rapid.IntRange(0, 5).Draw(t, "by") {
	case 0:
		r.Agent = "odile"
	case 1:
		r.Agent, r.Standing, r.Kind = "odile", "enrolment", booking.Booking
	}
	return r
}

func instant(d calendar.Date, clock string) time.Time {
	v, err := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+clock, paris)
	if err != nil {
		panic(err)
	}
	return v
}

// an entry is a line as the model has it.
type entry struct {
	booking.Place
	state     booking.State
	code      string
	late, due bool
	was       booking.State
	needs     []string
}

func (e entry) String() string {
	d := strings.TrimPrefix(strings.TrimPrefix(string(e.Date), "2026-"), "11-")
	says := fmt.Sprintf("%s %s %s %s %s", d, e.Child, e.Activity, e.state, e.code)
	if e.late {
		says += " late"
	}
	if e.due {
		says += " due"
	}
	return strings.Join(strings.Fields(says), " ")
}

// answer is what the request is told, as outcomes tells it.
func (m *model) answer() string {
	r := m.request
	for i, item := range r.Items {
		if a := m.activity(item.Activity); a.Archived {
			return fmt.Sprintf("invalid_input items[%d].activity activity_unknown", i)
		}
	}
	var all, days []calendar.Date
	for d := r.Period.From; d <= r.Period.To; d = d.AddDays(1) {
		date, _ := time.Parse(time.DateOnly, string(d))
		_, week := date.ISOWeek()
		weekday := calendar.Weekday(strings.ToLower(date.Weekday().String()[:3]))
		if (len(r.Weekdays) == 0 || slices.Contains(r.Weekdays, weekday)) && (r.Weeks != calendar.OddWeeks || week%2 == 1) && (r.Weeks != calendar.EvenWeeks || week%2 == 0) {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return "invalid_input weekdays no_such_day"
	}
	place := func(i booking.Item, d calendar.Date) booking.Place {
		return booking.Place{Date: d, Child: i.Child, Activity: i.Activity}
	}
	enrolled := false
	for _, d := range all {
		means := len(all) == 1
		for _, i := range r.Items {
			enrolled = enrolled || m.enrolled(place(i, d))
			means = means || m.means(place(i, d))
		}
		if means {
			days = append(days, d)
		}
	}
	switch {
	case len(days) == 0 && enrolled:
		return "invalid_input from closed"
	case len(days) == 0:
		return "invalid_input from not_enrolled"
	}
	var entries []entry
	for n, d := range days {
		for _, i := range r.Items {
			never := true
			for _, d := range days {
				never = never && !m.means(place(i, d))
			}
			shown := !never && m.state(place(i, d)) != booking.Closed || never && n == 0 || len(days) == 1
			if _, written := m.planning.Days[place(i, d)]; written && !never {
				shown = true
			}
			if shown {
				entries = append(entries, m.judge(i, place(i, d), entries))
			}
		}
	}
	m.together(entries)
	var says []string
	for _, e := range entries {
		says = append(says, e.String())
	}
	return strings.Join(says, ", ")
}

func (m *model) activity(id string) collectivity.Activity {
	for _, a := range m.town.Activities {
		if a.ID == id {
			return a
		}
	}
	return collectivity.Activity{}
}

func (m *model) child(id string) booking.Child {
	for _, c := range m.planning.Children {
		if c.ID == id {
			return c
		}
	}
	return booking.Child{}
}

func (m *model) enrolled(p booking.Place) bool {
	for _, e := range m.planning.Enrolments {
		if e.Child == p.Child && e.Activity == p.Activity && e.Period.From <= p.Date && p.Date <= e.Period.To && (len(e.Weekdays) == 0 || slices.Contains(e.Weekdays, p.Date.Weekday())) {
			return true
		}
	}
	return false
}

// means says whether a day could mean anything: it is written, or the child is enrolled and the activity opens.
func (m *model) means(p booking.Place) bool {
	_, written := m.planning.Days[p]
	return written || m.enrolled(p) && m.opens(p)
}

func within(periods []calendar.Period, d calendar.Date) bool {
	for _, p := range periods {
		if p.From <= d && d <= p.To {
			return true
		}
	}
	return false
}

func (m *model) opens(p booking.Place) bool {
	a, school := m.activity(p.Activity), m.child(p.Child).School
	d, cal := p.Date, m.days[school]
	switch {
	case a.Archived:
		return false
	case within(a.Opened, d):
		return true
	case d < a.Season.From || d > a.Season.To || !slices.Contains(a.Weekdays, d.Weekday()) || within(a.Closed, d):
		return false
	case m.town.Calendar.Zone == "":
		return true
	case a.During == collectivity.SchoolDays:
		return cal.School(d)
	}
	open := !cal.Public(d)
	for _, e := range m.town.Calendar.Exceptions { // the last one decides
		if e.From <= d && d <= e.To && e.Counts != schooldays.School {
			open = e.Open
		}
	}
	inHolidays := d <= "2026-11-01" // the second of the two weeks is one of school
	switch a.During {
	case collectivity.HolidayDays:
		return inHolidays && cal.Workable(d)
	case collectivity.TermDays:
		return open && !inHolidays
	}
	return open
}

func (m *model) touched(effect collectivity.Effect, p booking.Place) (events []collectivity.Event) {
	for _, e := range m.town.Events {
		at := len(e.Activities) == 0 || slices.Contains(e.Activities, p.Activity)
		of := len(e.Schools) == 0 || slices.Contains(e.Schools, m.child(p.Child).School)
		if e.Effect == effect && e.Period.From <= p.Date && p.Date <= e.Period.To && at && of {
			events = append(events, e)
		}
	}
	return events
}

// afresh is the state of a place of which nothing is written.
func (m *model) afresh(p booking.Place) booking.State {
	switch {
	case !m.opens(p):
		return booking.Closed
	case len(m.touched(collectivity.Cancels, p)) > 0:
		return booking.Cancelled
	}
	return booking.Enrolled
}

func (m *model) state(p booking.Place) booking.State {
	d, written := m.planning.Days[p]
	switch {
	case !written || d.State == booking.Enrolled: // carers may have noted who came
		return m.afresh(p)
	case d.State != booking.Absent && len(m.touched(collectivity.Cancels, p)) > 0:
		return booking.Cancelled
	}
	return d.State
}

// judge is the outcome of one day, whatever the others.
func (m *model) judge(i booking.Item, p booking.Place, before []entry) entry {
	r, now := m.request, m.request.CreatedAt
	a, c := m.activity(p.Activity), m.child(p.Child)
	state := m.state(p)
	e := entry{Place: p, state: state, was: state}
	starts := instant(p.Date, a.Starts)
	_, written := m.planning.Days[p]
	if r.Standing != "" && written && state != booking.Booked {
		e.code = "already_said"
		return e
	}
	v := func(k notice.Kind) notice.Verdict {
		return notice.Judge(m.rules[a.ID], m.days[c.School], notice.Request{Kind: k, Day: p.Date, Starts: a.Starts, Resident: m.planning.Resident}, now, paris)
	}
	switch {
	case state == booking.Closed:
		e.code = "closed"
	case state == booking.Cancelled:
		e.code = "cancelled"
	case r.Kind == booking.Absence && state == booking.Absent:
		e.code = "already_absent"
	case r.Kind == booking.Absence && (state == booking.Enrolled || state == booking.Refused):
		e.code = "not_booked"
	case state == booking.Waitlisted:
		e.code = "already_waiting"
	case state == booking.Requested || state == booking.AbsenceRequested:
		e.code = "already_requested"
	case !now.Before(starts):
		e.code = "past"
	case r.Kind == booking.Booking && state == booking.Booked:
		e.code = "already_booked"
	case r.Kind == booking.Booking:
		m.book(&e, i, v(notice.Booking))
	default:
		m.miss(&e, v(notice.Absence), starts)
	}
	if e.code != "" {
		return e
	}
	for _, o := range before {
		if o.Place == p && o.code == "" {
			e.code = "day_twice"
			return e
		}
	}
	e.state = "asked"
	return e
}

func (m *model) book(e *entry, i booking.Item, v notice.Verdict) {
	a, c := m.activity(e.Activity), m.child(e.Child)
	switch fresh := m.afresh(e.Place); {
	case !m.enrolled(e.Place):
		e.code = "not_enrolled"
	case fresh != booking.Enrolled:
		e.code = string(fresh)
	case !m.fits(a, c, e.Date):
		e.code = "age_out"
	case m.request.Agent == "" && v.State == notice.Closed:
		e.code = "too_late"
	case m.request.Agent == "" && v.State == notice.NotOpenYet:
		e.code = "not_open_yet"
	}
	if e.code != "" {
		return
	}
	day := m.planning.Days[e.Place]
	e.late = m.request.Standing == "" && (v.State == notice.Late || v.State == notice.Closed && !v.LateUntil.IsZero()) // an agent takes it all the same
	e.due = day.Due && !day.Justified
	option := i.Option
	switch {
	case len(a.Options) == 0 && option != "", len(a.Options) > 0 && option == "none":
		e.code = "option_unknown"
	case len(a.Options) > 0 && option == "":
		e.code = "option_required"
	case option == "meal":
		e.needs = a.Options[1].Needs
	}
	for _, n := range e.needs {
		if e.code == "" && !m.fits(m.activity(n), c, e.Date) {
			e.code = "closed"
		}
		if at := (booking.Place{Date: e.Date, Child: e.Child, Activity: n}); e.code == "" && m.afresh(at) != booking.Enrolled {
			e.code = string(m.afresh(at))
		}
	}
}

func (m *model) miss(e *entry, v notice.Verdict, starts time.Time) {
	now := m.request.CreatedAt
	for _, event := range m.touched(collectivity.Reopens, e.Place) {
		d := e.Date
		if event.DayBefore {
			d = d.AddDays(-1)
		}
		if now.Before(instant(d, event.Until)) && v.State != notice.Open && instant(d, event.Until).After(v.Closes) {
			return
		}
	}
	if v.State == notice.NotOpenYet && m.request.Agent == "" {
		e.code = "not_open_yet"
	}
	e.due = v.State == notice.Closed || v.State == notice.Late
}

// together lets fall what does not go with the rest, one after the other, until nothing falls.
func (m *model) together(all []entry) {
	refuse := func(e *entry, code string) { e.state, e.code = e.was, code }
	if m.request.Kind == booking.Booking {
		for n := range all {
			if e := &all[n]; e.code == "" && m.excluded(*e, all[:n]) {
				refuse(e, "excluded")
			}
		}
	}
	for fell := true; fell; {
		fell = false
		for _, d := range datesOf(all) {
			for n := range all {
				if e := &all[n]; e.Date == d && e.code == "" && m.lacks(*e, all) {
					code := map[booking.Kind]string{booking.Booking: "requires_other", booking.Absence: "required_by_other"}[m.request.Kind]
					refuse(e, code)
					fell = true
				}
			}
		}
		if m.request.Agent == "" {
			fell = m.weeks(all, refuse) || fell
		}
	}
}

func datesOf(all []entry) (dates []calendar.Date) {
	for _, e := range all {
		if len(dates) == 0 || dates[len(dates)-1] != e.Date {
			dates = append(dates, e.Date)
		}
	}
	return dates
}

func (m *model) active(p booking.Place) bool {
	return slices.Contains([]booking.State{booking.Requested, booking.Booked, booking.AbsenceRequested, booking.Waitlisted}, m.writtenState(p))
}

func (m *model) coming(p booking.Place) bool {
	return m.active(p) && m.writtenState(p) != booking.AbsenceRequested
}

func (m *model) writtenState(p booking.Place) booking.State {
	if _, written := m.planning.Days[p]; !written {
		return ""
	}
	return m.state(p)
}

// excluded says whether the child has something that does not go with a line: an activity, or the same meal.
func (m *model) excluded(e entry, before []entry) bool {
	for _, a := range m.town.Activities {
		p := booking.Place{Date: e.Date, Child: e.Child, Activity: a.ID}
		if a.ID == e.Activity {
			continue
		}
		has, needs := m.active(p), []string{}
		for _, u := range m.planning.Days[p].Needs {
			needs = append(needs, u.Activity)
		}
		for _, o := range before {
			if o.Place == p && o.code == "" {
				has, needs = true, o.needs
			}
		}
		clash := slices.Contains(a.Excludes, e.Activity) || slices.Contains(m.activity(e.Activity).Excludes, a.ID) || slices.Contains(e.needs, a.ID)
		for _, need := range needs {
			clash = clash || need == e.Activity || slices.Contains(e.needs, need)
		}
		if has && clash {
			return true
		}
	}
	return false
}

// lacks says whether a line falls because of what its activity requires, or what requires its activity.
func (m *model) lacks(e entry, all []entry) bool {
	at := func(activity string) booking.Place {
		return booking.Place{Date: e.Date, Child: e.Child, Activity: activity}
	}
	taken := func(p booking.Place) bool {
		return slices.ContainsFunc(all, func(o entry) bool { return o.Place == p && o.code == "" })
	}
	if m.request.Kind == booking.Booking {
		requires := m.activity(e.Activity).Requires
		return len(requires) > 0 && !slices.ContainsFunc(requires, func(id string) bool { return m.coming(at(id)) || taken(at(id)) })
	}
	stays := func(id string) bool { return m.coming(at(id)) && !taken(at(id)) }
	return slices.ContainsFunc(m.town.Activities, func(a collectivity.Activity) bool {
		others := slices.DeleteFunc(slices.Clone(a.Requires), func(id string) bool { return id == e.Activity })
		return slices.Contains(a.Requires, e.Activity) && stays(a.ID) && !slices.ContainsFunc(others, stays)
	})
}

// weeks lets fall the lines of weeks of which too little would be taken.
func (m *model) weeks(all []entry, refuse func(*entry, string)) (fell bool) {
	for _, c := range m.planning.Children {
		for _, a := range m.town.Activities {
			mine := func(e entry) bool { return e.Child == c.ID && e.Activity == a.ID && e.code == "" }
			whole, minimum := strings.Contains(a.Rules, `"whole"`), strings.Contains(a.Rules, `"minimumDays"`)
			for monday := firstDay; (whole || minimum) && monday < firstDay.AddDays(21); monday = monday.AddDays(7) {
				took, missing, asked := 0, 0, false
				for n := range 7 {
					p := booking.Place{Date: monday.AddDays(n), Child: c.ID, Activity: a.ID}
					d := m.planning.Days[p]
					takes := slices.Contains([]booking.State{booking.Requested, booking.Booked, booking.AbsenceRequested, booking.Waitlisted, booking.Cancelled}, d.State) || d.State == booking.Absent && d.Due && !d.Justified
					for _, e := range all {
						if e.Place == p && mine(e) {
							takes, asked = m.request.Kind == booking.Booking || e.due, true
						}
					}
					switch {
					case takes:
						took++
					case m.enrolled(p) && m.afresh(p) == booking.Enrolled && m.fits(a, c, p.Date):
						missing++
					}
				}
				code := ""
				if took > 0 && whole && missing > 0 {
					code = "whole_week_only"
				}
				if took > 0 && minimum && took < min(3, took+missing) {
					code = "too_few_days"
				}
				for n := range all {
					e := &all[n]
					if code != "" && asked && mine(*e) && monday <= e.Date && e.Date < monday.AddDays(7) && !(m.request.Kind == booking.Absence && e.due) {
						refuse(e, code)
						fell = true
					}
				}
			}
		}
	}
	return fell
}

func (m *model) fits(a collectivity.Activity, c booking.Child, d calendar.Date) bool {
	if len(a.Groups) == 0 || c.Born == "" {
		return true
	}
	return c.Born.AddYears(3) <= d && d < c.Born.AddYears(8)
}
