package notice

import (
	"fmt"
	"time"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// Request is what a notice rule needs to know of what is asked.
type Request struct {
	Kind     Kind
	Day      calendar.Date
	Starts   string // local hour at which the service starts on the day: 11:45; empty: 00:00
	Resident bool   // the family lives in the collectivity
}

// State is the answer to a request at an instant.
type State string

// The states, in the order in which a request goes through them; it never goes back.
const (
	NotOpenYet State = "not_open_yet"
	Open       State = "open"
	Late       State = "late" // taken, with a surcharge
	Closed     State = "closed"
)

// Verdict is the answer with its limits. Limits are exclusive: at Closes itself a request is no longer open.
type Verdict struct {
	State     State
	Opens     time.Time // zero: it was always open
	Closes    time.Time // zero: it never opens
	LateUntil time.Time // zero: nothing is taken after Closes
	Surcharge string    // as the settings word it
	Text      string    // French: says the limit
}

// Days beyond these are closed: no calendar says anything of them, and no step leads out of four-digit years.
const firstDay, lastDay = "1900-01-01", "2199-12-31"

// Judge answers a request made at an instant. Hours are those of the zone's wall clocks.
func Judge(r Rules, cal schooldays.Calendar, q Request, at time.Time, zone *time.Location) Verdict {
	v := r.limits(cal, q, zone)
	v.State = v.state(at)
	v.Text = v.sentence(q, zone)
	return v
}

func (v Verdict) state(at time.Time) State {
	switch end := v.end(); {
	case !at.Before(end):
		return Closed
	case at.Before(v.Opens):
		return NotOpenYet
	case at.Before(v.Closes):
		return Open
	}
	return Late
}

// end is the instant after which nothing is taken.
func (v Verdict) end() time.Time {
	if v.LateUntil.IsZero() {
		return v.Closes
	}
	return v.LateUntil
}

func (r Rules) limits(cal schooldays.Calendar, q Request, zone *time.Location) Verdict {
	if q.Day < firstDay || q.Day > lastDay {
		return Verdict{}
	}
	p := place{cal, q.Day, minutes(q.Starts), zone}
	rule, found := r.find(p, q)
	switch {
	case !found && r.says(q.Kind) || rule.never:
		return Verdict{}
	case !found:
		return Verdict{Closes: p.start()}
	}
	if v := rule.limits(p); v.Opens.Before(v.end()) {
		return v
	}
	return Verdict{} // it would open only once it has closed
}

// find is the first rule that fits a request.
func (r Rules) find(p place, q Request) (rule, bool) {
	for _, rule := range r.rules {
		if rule.about(q) && p.all(rule.ifs) {
			return rule, true
		}
	}
	return rule{}, false
}

// says whether there is any rule of a kind; where there is none, only the start of the service ends asking.
func (r Rules) says(k Kind) bool {
	for _, rule := range r.rules {
		if rule.kind == "" || rule.kind == k {
			return true
		}
	}
	return false
}

func (r rule) about(q Request) bool {
	return (r.kind == "" || r.kind == q.Kind) && (r.residents == nil || *r.residents == q.Resident)
}

func (p place) all(ifs []condition) bool {
	for _, c := range ifs {
		if !p.meets(c) {
			return false
		}
	}
	return true
}

func (p place) meets(c condition) bool {
	d := p.from(c.from)
	for _, s := range c.steps {
		d = s.from(p.cal, d)
	}
	return (len(c.is) == 0 || anyOf(c.is, p.cal, d)) && !anyOf(c.not, p.cal, d) && (c.between == nil || c.between.Has(d))
}

func (r rule) limits(p place) Verdict {
	v := Verdict{Closes: p.orStart(r.closes)}
	if r.opens != nil {
		v.Opens = p.at(*r.opens)
	}
	if r.late == nil {
		return v
	}
	if until := p.orStart(r.late.until); until.After(v.Closes) {
		v.LateUntil, v.Surcharge = until, r.late.surcharge
	}
	return v
}

func (p place) orStart(m *moment) time.Time {
	if m == nil {
		return p.start()
	}
	return p.at(*m)
}

// minutes reads an hour that was checked where it was set; what is none counts as midnight.
func minutes(clock string) int {
	if clock == "24:00" {
		return endOfDay
	}
	h, err := time.Parse("15:04", clock)
	if err != nil {
		return 0
	}
	return 60*h.Hour() + h.Minute()
}

// sentence says the limits to a family.
func (v Verdict) sentence(q Request, zone *time.Location) string {
	head, none := "Réservable", "Aucune réservation n’est prise pour ce jour."
	if q.Kind == Absence {
		head, none = "Absence à déclarer", "Aucune absence ne peut être déclarée pour ce jour."
	}
	if v.Closes.IsZero() {
		return none
	}
	until := "jusqu’au " + french(v.Closes, q.Day, zone)
	switch v.State {
	case NotOpenYet:
		return fmt.Sprintf("%s à partir du %s et %s.", head, frenchFrom(v.Opens, q.Day, zone), v.withLate(until, q, zone))
	case Open:
		return fmt.Sprintf("%s %s.", head, v.withLate(until, q, zone))
	case Late:
		return fmt.Sprintf("%s %s : délai dépassé, possible %s.", head, until, v.lateText(q, zone))
	}
	return fmt.Sprintf("%s %s : délai dépassé.", head, v.withLate(until, q, zone))
}

func (v Verdict) withLate(until string, q Request, zone *time.Location) string {
	if v.LateUntil.IsZero() {
		return until
	}
	return until + ", puis " + v.lateText(q, zone)
}

func (v Verdict) lateText(q Request, zone *time.Location) string {
	surcharge := ""
	if v.Surcharge != "" {
		surcharge = " (" + v.Surcharge + ")"
	}
	return "avec majoration" + surcharge + " jusqu’au " + french(v.LateUntil, q.Day, zone)
}
