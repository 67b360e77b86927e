// Package feed turns a family's days into an iCalendar (RFC 5545) that Google, Apple and Outlook subscribe to.
//
// It tells initials, services and hours, and nothing else of a child: whoever learns of the link reads no name. A feed is
// read whole each time, so a day that is no longer booked simply is not there any more.
package feed

import (
	"cmp"
	"slices"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
)

// Calendar is what a feed shows at an instant.
type Calendar struct {
	Name   string
	Events []Event // in the order of their starts
}

// Event is one child's day at an activity.
type Event struct {
	ID           string // the same whenever this child's day at this activity is shown
	Summary      string
	Starts, Ends time.Time
	AllDay       bool // at an activity whose hours nobody said
	Waiting      bool // asked, and neither granted nor refused
}

// Period is what a feed shows: from 30 days ago to a year ahead.
func Period(now time.Time) calendar.Period {
	today := calendar.DateOf(now, time.UTC)
	return calendar.Period{From: today.AddDays(-30), To: today.AddYears(1)}
}

// Of shows the days of a planning on which a child of the family is expected, or may come to be.
func Of(name string, children []family.Member, p booking.Planning, now time.Time) Calendar {
	c := Calendar{Name: name}
	initials := Initials(children)
	for _, day := range p.Known() {
		a, known := p.Town.Activity(day.Activity)
		who, ours := initials[day.Child]
		note, shown := notes[day.State]
		if e := event(day, a, p.Town.Clock()); known && ours && shown && !e.over(now) {
			if day.Elsewhere == booking.BookedElsewhere {
				note = " (autre foyer)"
			}
			e.Summary = who + " – " + a.Name + option(a, day.Option) + note
			c.Events = append(c.Events, e)
		}
	}
	slices.SortFunc(c.Events, earliestFirst)
	return c
}

func earliestFirst(a, b Event) int {
	return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.ID, b.ID))
}

// notes are what an event says besides, by the states that are shown.
var notes = map[booking.State]string{
	booking.Booked:           "",
	booking.AbsenceRequested: " (absence demandée)",
	booking.Requested:        " (en attente)",
	booking.Waitlisted:       " (en attente)",
}

// over says whether a day came and went while it was waiting: it is nothing any more.
func (e Event) over(now time.Time) bool { return e.Waiting && !now.Before(e.Ends) }

// event is a day without its summary. A service lasts an hour where nobody said how long.
func event(d booking.Day, a collectivity.Activity, zone *time.Location) Event {
	e := Event{ID: id.Derived("calendar", string(d.Date), d.Child, d.Activity), Waiting: d.State == booking.Requested || d.State == booking.Waitlisted}
	var err error
	if e.Starts, err = d.Date.At(a.Starts, zone); err != nil {
		e.AllDay = true
		e.Starts, _ = d.Date.At("00:00", zone)
		e.Ends, _ = d.Date.AddDays(1).At("00:00", zone)
		return e
	}
	if e.Ends, err = d.Date.At(a.Ends, zone); err != nil || !e.Ends.After(e.Starts) {
		e.Ends = e.Starts.Add(time.Hour)
	}
	return e
}

// option tells which formule was booked, where the activity has several.
func option(a collectivity.Activity, id string) string {
	i := slices.IndexFunc(a.Options, func(o collectivity.Option) bool { return o.ID == id })
	if i < 0 || len(a.Options) < 2 {
		return ""
	}
	return ", " + a.Options[i].Name
}
