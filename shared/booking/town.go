package booking

import (
	"fmt"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/notice"
	"preau/shared/schooldays"
)

// Town is a collectivity's configuration made ready: notice rules read, calendars made. One serves all of its families
// until the configuration moves.
type Town struct {
	collectivity.Configuration
	zone      *time.Location
	rules     map[string]notice.Rules        // by activity
	calendars map[string]schooldays.Calendar // by school; "": the town's own
}

// NewTown reads what a collectivity has set. Settings are checked where they are saved: an error is a fault.
func NewTown(c collectivity.Configuration) (*Town, error) {
	t := &Town{Configuration: c, zone: c.Zone(), rules: map[string]notice.Rules{}, calendars: map[string]schooldays.Calendar{}}
	for _, a := range c.Activities {
		if a.Rules == "" {
			continue
		}
		rules, err := notice.Parse([]byte(a.Rules))
		if err != nil {
			return nil, fmt.Errorf("rules of activity %s: %w", a.ID, err)
		}
		t.rules[a.ID] = rules
	}
	if c.Calendar.Zone == "" {
		return t, nil
	}
	for _, s := range append([]collectivity.School{{}}, c.Schools...) {
		settings := c.Calendar
		if len(s.Weekdays) > 0 {
			settings.Weekdays = s.Weekdays
		}
		cal, err := schooldays.New(settings, schooldays.Published())
		if err != nil {
			return nil, fmt.Errorf("calendar of school %q: %w", s.ID, err)
		}
		t.calendars[s.ID] = cal
	}
	return t, nil
}

// Clock is where the town's clocks are.
func (t *Town) Clock() *time.Location { return t.zone }

// calendar of a child's school; a school that the town does not know keeps the town's.
func (t *Town) calendar(school string) schooldays.Calendar {
	if c, ok := t.calendars[school]; ok {
		return c
	}
	return t.calendars[""]
}

// Opens says whether an activity takes place on a day for the children of a school, events apart.
func (t *Town) Opens(a collectivity.Activity, school string, d calendar.Date) bool {
	if !a.Open(d) {
		return false
	}
	if a.OpenedOn(d) || t.Calendar.Zone == "" {
		return true
	}
	cal := t.calendar(school)
	switch a.During {
	case collectivity.SchoolDays:
		return cal.School(d)
	case collectivity.TermDays:
		return !cal.Period(d).Holidays() && cal.Open(d)
	case collectivity.HolidayDays:
		return cal.Period(d).Holidays() && cal.Workable(d)
	}
	return cal.Open(d)
}

// start is the instant at which the service starts on a day.
func (t *Town) start(a collectivity.Activity, d calendar.Date) time.Time { return t.at(d, a.Starts) }

// at is an hour of a day; one that nobody set is midnight.
func (t *Town) at(d calendar.Date, clock string) time.Time {
	at, err := d.At(clock, t.zone)
	if err != nil {
		at, _ = d.At("00:00", t.zone)
	}
	return at
}

// french writes an instant as people read it: mardi 15 décembre 2026 à 9 h.
func (t *Town) french(at time.Time) string {
	local := at.In(t.zone)
	hour := fmt.Sprintf(" à %d h", local.Hour())
	if local.Minute() > 0 {
		hour += fmt.Sprintf(" %02d", local.Minute())
	}
	return calendar.DateOf(at, t.zone).French() + hour
}

// notice is what the activity's rules say of a day, asked for at an instant.
func (t *Town) notice(kind Kind, a collectivity.Activity, c Child, d calendar.Date, resident bool, at time.Time) notice.Verdict {
	q := notice.Request{Kind: notice.Kind(kind), Day: d, Starts: a.Starts, Resident: resident}
	return notice.Judge(t.rules[a.ID], t.calendar(c.School), q, at, t.zone)
}
