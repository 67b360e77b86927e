package feed

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"preau/shared/id"
)

// every is how often calendars are asked to look again.
const every = "PT4H"

// Text is the feed as RFC 5545 writes it. Instants are in UTC, which every calendar reads alike and shows by its own clock.
// The stamp is the instant at which it is read: to calendars, the later of two tellings of a day is the one that counts.
func (c Calendar) Text(now time.Time) string {
	out := ics.NewCalendarFor("preau")
	out.SetProductId("-//Preau//Planning//FR")
	out.SetCalscale("GREGORIAN")
	out.SetMethod(ics.MethodPublish)
	out.SetName(line(c.Name))
	out.SetRefreshInterval(every)
	out.SetXPublishedTTL(every)
	if len(c.Events) == 0 {
		out.AddVTimezone(nothing())
	}
	for _, e := range c.Events {
		out.AddVEvent(e.component(now))
	}
	return out.Serialize(ics.WithNewLineWindows)
}

// Version is the same for feeds that say the same, whenever they are read.
func (c Calendar) Version() string { return id.Derived(c.Text(time.Time{})) }

// component leaves the parent's own time free: it is the child who is busy.
func (e Event) component(now time.Time) *ics.VEvent {
	v := ics.NewEvent(e.ID)
	v.SetDtStampTime(now)
	if e.AllDay {
		v.SetAllDayStartAt(e.Starts)
		v.SetAllDayEndAt(e.Ends)
	} else {
		v.SetStartAt(e.Starts)
		v.SetEndAt(e.Ends)
	}
	v.SetSummary(line(e.Summary))
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Waiting {
		v.SetStatus(ics.ObjectStatusTentative)
	}
	v.SetTimeTransparency(ics.TransparencyTransparent)
	return v
}

// nothing is the one component that an iCalendar has to have, for a family that has booked none: UTC's own definition.
func nothing() *ics.VTimezone {
	zone := ics.NewTimezone("UTC")
	standard := zone.AddStandard()
	standard.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
	standard.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0000")
	standard.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0000")
	return zone
}

// line is a text without what would break the line that it stands in.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}
