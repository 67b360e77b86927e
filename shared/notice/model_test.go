package notice

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// The naive model: sixteen years painted day by day, and documents interpreted as they are written, by looking at one day
// after another. It shares no code with the engine but the calendar's yes and no about single days.

type object = map[string]any

type model struct {
	cal   schooldays.Calendar
	zone  *time.Location
	days  []calendar.Date // of the years that are painted
	at    map[calendar.Date]int
	dates []time.Time // midnights in UTC
	first []int       // of each day's period
	last  []int
	kind  []string
}

func newModel(cal schooldays.Calendar, zone *time.Location) *model {
	m := &model{cal: cal, zone: zone, at: map[calendar.Date]int{}}
	for t := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC); t.Year() < 2034; t = t.Add(24 * time.Hour) {
		m.at[calendar.Date(t.Format("2006-01-02"))] = len(m.days)
		m.days, m.dates = append(m.days, calendar.Date(t.Format("2006-01-02"))), append(m.dates, t)
	}
	m.first, m.last, m.kind = make([]int, len(m.days)), make([]int, len(m.days)), make([]string, len(m.days))
	for i, d := range m.days {
		m.kind[i] = string(cal.Period(d).Kind)
		m.first[i] = i
		if i > 0 && m.kind[i] == m.kind[i-1] && !strings.HasSuffix(string(d), "-09-01") {
			m.first[i] = m.first[i-1]
		}
	}
	for i := len(m.days) - 1; i >= 0; i-- {
		m.last[i] = i
		if i+1 < len(m.days) && m.first[i+1] == m.first[i] {
			m.last[i] = m.last[i+1]
		}
	}
	return m
}

func (m *model) is(name any, i int) bool {
	weekday := strings.ToLower(m.dates[i].Weekday().String()[:3])
	_, week := m.dates[i].ISOWeek()
	switch name {
	case "school":
		return m.cal.School(m.days[i])
	case "working":
		return weekday != "sat" && weekday != "sun" && !m.cal.Public(m.days[i])
	case "workable":
		return weekday != "sun" && !m.cal.Public(m.days[i])
	case "publicHoliday":
		return m.cal.Public(m.days[i])
	case "holidays":
		return m.kind[i] != "term"
	case "evenWeek":
		return week%2 == 0
	case "oddWeek":
		return week%2 == 1
	}
	return name == weekday || name == m.kind[i] || name == strings.ToLower(m.dates[i].Month().String()[:3])
}

func (m *model) any(list any, i int) bool {
	names, _ := list.([]any)
	return slices.ContainsFunc(names, func(n any) bool { return m.is(n, i) })
}

func (m *model) counts(s object, key string, i int) bool {
	return (s[key] == nil || m.any(s[key], i)) && !m.any(s["except"], i)
}

func (m *model) anchor(from any, i int) int {
	back := func(is func(int) bool) int {
		for !is(i) {
			i--
		}
		return i
	}
	switch from {
	case nil, "day", "service":
		return i
	case "week":
		return back(func(i int) bool { return m.dates[i].Weekday() == time.Monday })
	case "month":
		return back(func(i int) bool { return m.dates[i].Day() == 1 })
	case "period":
		return m.first[i]
	case "schoolYear":
		return back(func(i int) bool { return m.dates[i].Day() == 1 && m.dates[i].Month() == time.September })
	}
	return m.at[calendar.Date(from.(string))]
}

func (m *model) step(s object, i int) int {
	n := func(key string) int { return int(s[key].(float64)) }
	for key := range s {
		switch key {
		case "days":
			for left := n(key); left != 0; {
				i += unit(left)
				if m.counts(s, "of", i) {
					left -= unit(left)
				}
			}
		case "clearDays":
			i += n(key) + unit(n(key))
		case "weeks":
			i += 7 * n(key)
		case "months":
			day := m.dates[i].Day()
			first := time.Date(m.dates[i].Year(), m.dates[i].Month()+time.Month(n(key)), 1, 0, 0, 0, 0, time.UTC)
			i = m.at[calendar.Date(first.Format("2006-01-02"))]
			for m.dates[i].Day() < day && m.dates[i+1].Month() == first.Month() {
				i++
			}
		case "periods":
			for left := n(key); left < 0; left++ {
				i = m.first[i] - 1
			}
			for left := n(key); left > 0; left-- {
				i = m.last[i] + 1
			}
			i = m.first[i]
		case "weekday":
			i = m.anchor("week", i)
			for !m.is(s[key], i) {
				i++
			}
		case "dayOfMonth":
			i = m.anchor("month", i)
			for m.dates[i].Day() < n(key) && m.dates[i+1].Day() > 1 {
				i++
			}
		case "nth":
			start := m.anchor(s["in"], i)
			end := map[any]func(int) bool{
				"week":   func(i int) bool { return m.dates[i].Weekday() == time.Sunday },
				"month":  func(i int) bool { return m.dates[i+1].Day() == 1 },
				"period": func(j int) bool { return j == m.last[i] },
			}[s["in"]]
			left := n(key)
			for i = start; left < 0 && !end(i); i++ {
			}
			for i -= unit(left); left != 0; {
				i += unit(left)
				if m.counts(s, "of", i) {
					left -= unit(left)
				}
			}
		case "roll":
			for !m.counts(s, "to", i) {
				i += map[any]int{"back": -1, "forward": 1}[s[key]]
			}
		}
	}
	return i
}

func unit(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// moment walks on a wall clock that knows no changes and looks up the instant at the end.
func (m *model) moment(o object, i int, clock, starts time.Duration) time.Time {
	for _, key := range []string{"earliest", "latest"} {
		if list, _ := o[key].([]any); list != nil {
			var all []time.Time
			for _, item := range list {
				all = append(all, m.moment(item.(object), i, clock, starts))
			}
			slices.SortFunc(all, time.Time.Compare)
			return all[map[string]int{"earliest": 0, "latest": len(all) - 1}[key]]
		}
	}
	if o["from"] == "service" {
		clock = starts
	}
	if at, ok := o["at"].(string); ok {
		var h, min int
		_, _ = fmt.Sscanf(at, "%d:%d", &h, &min)
		clock = time.Duration(h)*time.Hour + time.Duration(min)*time.Minute
	}
	i = m.anchor(o["from"], i)
	steps, _ := o["steps"].([]any)
	for _, s := range steps {
		s := s.(object)
		shift := time.Duration(0)
		if h, ok := s["hours"].(float64); ok {
			shift = time.Duration(h) * time.Hour
		} else if min, ok := s["minutes"].(float64); ok {
			shift = time.Duration(min) * time.Minute
		} else {
			i = m.step(s, i)
			continue
		}
		clock += shift
		for clock < 0 {
			i, clock = i-1, clock+24*time.Hour
		}
		for clock >= 24*time.Hour {
			i, clock = i+1, clock-24*time.Hour
		}
	}
	for clock >= 24*time.Hour {
		i, clock = i+1, clock-24*time.Hour
	}
	d := m.dates[i]
	return time.Date(d.Year(), d.Month(), d.Day(), int(clock/time.Hour), int(clock/time.Minute)%60, 0, 0, m.zone)
}

func (m *model) fits(r object, q Request, i int) bool {
	if r["kind"] != nil && r["kind"] != string(q.Kind) || r["residents"] != nil && r["residents"] != q.Resident {
		return false
	}
	conditions, _ := r["if"].([]any)
	for _, c := range conditions {
		c := c.(object)
		j := m.anchor(c["from"], i)
		steps, _ := c["steps"].([]any)
		for _, s := range steps {
			j = m.step(s.(object), j)
		}
		if c["is"] != nil && !m.any(c["is"], j) || m.any(c["not"], j) {
			return false
		}
		if b, ok := c["between"].(object); ok && (string(m.days[j]) < b["from"].(string) || string(m.days[j]) > b["to"].(string)) {
			return false
		}
	}
	return true
}

func (m *model) judge(document object, q Request, at time.Time) State {
	starts := time.Duration(minutes(q.Starts)) * time.Minute
	i := m.at[q.Day]
	start := m.moment(object{"from": "service"}, i, 0, starts)
	said := false
	for _, r := range document["rules"].([]any) {
		r := r.(object)
		said = said || r["kind"] == nil || r["kind"] == string(q.Kind)
		if !m.fits(r, q, i) {
			continue
		}
		if r["never"] == true {
			return Closed
		}
		closes, until, opens := start, time.Time{}, time.Time{}
		if c, ok := r["closes"].(object); ok {
			closes = m.moment(c, i, 24*time.Hour, starts)
		}
		if o, ok := r["opens"].(object); ok {
			opens = m.moment(o, i, 0, starts)
		}
		if l, ok := r["late"].(object); ok {
			until = start
			if u, ok := l["until"].(object); ok {
				until = m.moment(u, i, 24*time.Hour, starts)
			}
		}
		end := closes
		if until.After(end) {
			end = until
		}
		switch {
		case !at.Before(end) || !opens.Before(end):
			return Closed
		case at.Before(opens):
			return NotOpenYet
		case at.Before(closes):
			return Open
		}
		return Late
	}
	if !said && at.Before(start) {
		return Open
	}
	return Closed
}

// drawn documents have every construct of the language.

func drawSorts(t *rapid.T) []any {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(sortNames), 1, 3, rapid.ID[sort]).Draw(t, "sorts")
	list := make([]any, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	return list
}

// drawDays picks days of a sort that there are enough of: no naive walk must leave the painted years.
func drawDays(t *rapid.T, step object, of string) object {
	step[of] = []any{rapid.SampledFrom([]string{"school", "working", "workable", "mon", "fri", "term", "oddWeek"}).Draw(t, "of")}
	if rapid.Bool().Draw(t, "excepting") {
		step["except"] = []any{rapid.SampledFrom([]string{"publicHoliday", "sat", "tue", "summer"}).Draw(t, "except")}
	}
	return step
}

func drawStep(t *rapid.T, hours bool) object {
	n := func(most int) float64 {
		return float64(rapid.IntRange(1, most).Draw(t, "n") * rapid.SampledFrom([]int{-1, -1, 1}).Draw(t, "sign"))
	}
	moves := []string{"days", "counted", "clearDays", "weeks", "months", "periods", "weekday", "dayOfMonth", "nth", "roll"}
	if hours {
		moves = append(moves, "hours", "minutes")
	}
	switch move := rapid.SampledFrom(moves).Draw(t, "move"); move {
	case "counted":
		return drawDays(t, object{"days": n(6)}, "of")
	case "months", "periods":
		return object{move: n(2)}
	case "weekday":
		return object{move: string(rapid.SampledFrom(calendar.Weekdays[:]).Draw(t, "weekday"))}
	case "dayOfMonth":
		return object{move: float64(rapid.IntRange(1, 31).Draw(t, "day"))}
	case "nth":
		return drawDays(t, object{move: n(4), "in": rapid.SampledFrom([]string{"week", "month", "period"}).Draw(t, "in")}, "of")
	case "roll":
		return drawDays(t, object{move: rapid.SampledFrom([]string{"back", "forward"}).Draw(t, "way")}, "to")
	case "hours", "minutes":
		return object{move: n(200)}
	default:
		return object{move: n(8)}
	}
}

func drawSteps(t *rapid.T, o object, hours bool) {
	var steps []any
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		steps = append(steps, drawStep(t, hours))
	}
	if len(steps) > 0 {
		o["steps"] = steps
	}
}

func drawDate(t *rapid.T) calendar.Date {
	return calendar.Date("2026-08-01").AddDays(rapid.IntRange(0, 400).Draw(t, "date"))
}

func drawFrom(t *rapid.T, o object, names ...string) {
	if from := rapid.SampledFrom(append(names, "", "date")).Draw(t, "from"); from == "date" {
		o["from"] = string(drawDate(t))
	} else if from != "" {
		o["from"] = from
	}
}

func drawMoment(t *rapid.T, depth int) object {
	if depth < 2 && rapid.IntRange(0, 9).Draw(t, "several") == 0 {
		return object{rapid.SampledFrom([]string{"earliest", "latest"}).Draw(t, "which"): []any{drawMoment(t, depth+1), drawMoment(t, depth+1)}}
	}
	o := object{}
	drawFrom(t, o, "day", "service", "week", "month", "period", "schoolYear")
	if o["from"] != "service" && rapid.Bool().Draw(t, "hour") || len(o) == 0 {
		o["at"] = rapid.SampledFrom([]string{"00:00", "02:30", "03:00", "09:00", "23:59", "24:00"}).Draw(t, "at")
	}
	drawSteps(t, o, true)
	return o
}

func drawRule(t *rapid.T) object {
	r := object{}
	if kind := rapid.SampledFrom([]string{"", "booking", "absence"}).Draw(t, "kind"); kind != "" {
		r["kind"] = kind
	}
	if rapid.IntRange(0, 3).Draw(t, "residents") == 0 {
		r["residents"] = rapid.Bool().Draw(t, "resident")
	}
	c := object{}
	switch rapid.IntRange(0, 2).Draw(t, "condition") {
	case 0:
		c["is"] = drawSorts(t)
	case 1:
		c["not"] = drawSorts(t)
	default:
		from := drawDate(t)
		c["between"] = object{"from": string(from), "to": string(from.AddDays(rapid.IntRange(0, 90).Draw(t, "long")))}
	}
	drawFrom(t, c, "day", "week", "month", "period", "schoolYear")
	drawSteps(t, c, false)
	r["if"] = []any{c}
	if rapid.IntRange(0, 9).Draw(t, "never") == 0 {
		r["never"] = true
		return r
	}
	r["closes"] = drawMoment(t, 0)
	if rapid.Bool().Draw(t, "window") {
		r["opens"] = drawMoment(t, 0)
	}
	if rapid.Bool().Draw(t, "late") {
		r["late"] = object{"until": drawMoment(t, 0)}
	}
	return r
}

func drawDocument(t *rapid.T) object {
	var rules []any
	for range rapid.IntRange(1, 4).Draw(t, "rules") {
		rules = append(rules, drawRule(t))
	}
	if rapid.Bool().Draw(t, "usual") {
		rules = append(rules, object{"closes": drawMoment(t, 0)})
	}
	return object{"rules": rules}
}

func drawCalendar(t *rapid.T) schooldays.Calendar {
	s := schooldays.Settings{
		Zone:     rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "zone"),
		Region:   rapid.SampledFrom([]schooldays.Region{schooldays.National, schooldays.AlsaceMoselle}).Draw(t, "region"),
		Weekdays: rapid.SampledFrom([][]calendar.Weekday{schooldays.FourDays, schooldays.FourAndAHalf}).Draw(t, "school week"),
	}
	if rapid.Bool().Draw(t, "exception") {
		from := drawDate(t)
		s.Exceptions = []schooldays.Exception{{
			From: from, To: from.AddDays(rapid.IntRange(0, 5).Draw(t, "closed")),
			Open: rapid.Bool().Draw(t, "open"), Counts: schooldays.School,
		}}
	}
	return must(schooldays.New(s, schooldays.Published()))
}

type drawn struct {
	text  []byte
	doc   object
	rules Rules
	cal   schooldays.Calendar
	zone  *time.Location
	q     Request
}

func draw(t *rapid.T) drawn {
	d := drawn{doc: drawDocument(t), cal: drawCalendar(t)}
	d.text = must(json.Marshal(d.doc))
	var err error
	if d.rules, err = Parse(d.text); err != nil {
		t.Fatalf("%s: %v", d.text, err)
	}
	d.zone = must(calendar.Zone(rapid.SampledFrom([]string{"Europe/Paris", "Indian/Reunion", "America/Miquelon"}).Draw(t, "zone")))
	d.q = Request{
		Kind: rapid.SampledFrom([]Kind{Booking, Absence}).Draw(t, "kind"), Day: drawDate(t),
		Starts: rapid.SampledFrom([]string{"07:30", "11:45", "16:30"}).Draw(t, "starts"), Resident: rapid.Bool().Draw(t, "resident"),
	}
	return d
}

func TestTheEngineAnswersAsTheNaiveModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		m := newModel(d.cal, d.zone)
		v := Judge(d.rules, d.cal, d.q, time.Time{}, d.zone)
		anywhere := d.q.Day.AddDays(rapid.IntRange(-100, 10).Draw(t, "days"))
		at, _ := anywhere.At("10:00", d.zone)
		for _, edge := range []time.Time{at, v.Opens, v.Closes, v.LateUntil} {
			for _, at := range []time.Time{edge.Add(-time.Second), edge, edge.Add(time.Second)} {
				if edge.IsZero() {
					continue
				}
				got, want := Judge(d.rules, d.cal, d.q, at, d.zone), m.judge(d.doc, d.q, at)
				if got.State != want {
					t.Fatalf("%s\n%+v at %s: got %s (%s), want %s", d.text, d.q, at, got.State, got.Text, want)
				}
			}
		}
	})
}

func TestARequestNeverGoesBack(t *testing.T) {
	t.Parallel()
	order := []State{NotOpenYet, Open, Late, Closed}
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		first := Judge(d.rules, d.cal, d.q, time.Time{}, d.zone)
		at := first.Opens
		if at.IsZero() {
			at, _ = d.q.Day.AddDays(-60).At("00:00", d.zone)
		}
		before := first
		for at = at.Add(-3 * time.Hour); before.State != Closed; at = at.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "later")) * time.Hour) {
			v := Judge(d.rules, d.cal, d.q, at, d.zone)
			if slices.Index(order, v.State) < slices.Index(order, before.State) {
				t.Fatalf("%s\n%+v: %s, then %s at %s", d.text, d.q, before.State, v.State, at)
			}
			if v.Opens != first.Opens || v.Closes != first.Closes || v.LateUntil != first.LateUntil {
				t.Fatalf("%s\n%+v: the limits move with the instant: %+v, %+v", d.text, d.q, first, v)
			}
			before = v
		}
	})
}

// TestTheLimitsAreTheLastInstants holds the answered instants against the states on either side of them.
func TestTheLimitsAreTheLastInstants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		at := func(i time.Time) State { return Judge(d.rules, d.cal, d.q, i, d.zone).State }
		v := Judge(d.rules, d.cal, d.q, time.Time{}, d.zone)
		if v.Closes.IsZero() {
			if v.State != Closed {
				t.Fatalf("%s without limits", v.State)
			}
			return
		}
		if v.Opens.Before(v.Closes) && at(v.Closes.Add(-1)) != Open {
			t.Fatalf("not open at the last instant before %s: %s\n%s", v.Closes, d.text, v.Text)
		}
		if at(v.end()) != Closed || at(v.end().Add(-1)) == Closed {
			t.Fatalf("not closed from %s on, or before: %s", v.end(), d.text)
		}
		if !v.Opens.IsZero() && (at(v.Opens) == NotOpenYet || at(v.Opens.Add(-1)) != NotOpenYet) {
			t.Fatalf("not open from %s on, or before: %s", v.Opens, d.text)
		}
	})
}

func TestTheSchemaTakesEveryDrawnDocument(t *testing.T) {
	t.Parallel()
	s := schema(t)
	rapid.Check(t, func(rt *rapid.T) {
		text := must(json.Marshal(drawDocument(rt)))
		if !fits(t, s, text) {
			rt.Fatalf("refused: %s", text)
		}
	})
}

// TestNoDayIsTooFar keeps days that no calendar has from leading anywhere.
func TestNoDayIsTooFar(t *testing.T) {
	t.Parallel()
	rules, err := Parse([]byte(`{"rules": [{"closes": {"steps": [{"months": -24}, {"days": -60, "of": ["winter"]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []calendar.Date{"0000-01-01", "1899-12-31", "2200-01-01", "9999-12-31"} {
		if v := Judge(rules, school("A"), Request{Kind: Booking, Day: d}, time.Time{}, paris); v.State != Closed {
			t.Errorf("%s is %s", d, v.State)
		}
	}
	for _, d := range []calendar.Date{"1900-01-01", "2199-12-31"} {
		Judge(rules, school("A"), Request{Kind: Booking, Day: d}, time.Time{}, paris)
	}
}
