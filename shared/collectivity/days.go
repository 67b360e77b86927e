package collectivity

import "preau/shared/schooldays"

// Days is the calendar of one of the town's schools ("": of the town as a whole). kept is false where the town has not set
// its calendar: then no day is one of school or of holidays.
func (c Configuration) Days(school string) (days schooldays.Calendar, kept bool) {
	settings := c.Calendar
	if s, known := c.School(school); known && len(s.Weekdays) > 0 {
		settings.Weekdays = s.Weekdays
	}
	if settings.Zone == "" {
		return days, false
	}
	days, err := schooldays.New(settings, schooldays.Published())
	return days, err == nil
}
