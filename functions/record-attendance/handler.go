package main

import (
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle records who was there, each child for itself: PUT /v1/collectivities/{slug}/attendance. Sent again it changes
// nothing; what a family or another agent writes at the same time is read again, and decided anew.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AttendanceRecord) (api.AttendanceRecorded, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.AttendanceRecorded{}, err
	}
	r, err := a.read(ctx, right, in)
	if err != nil {
		return api.AttendanceRecorded{}, err
	}
	out := api.AttendanceRecorded{Outcomes: make([]api.AttendanceOutcome, len(in.Presences))}
	err = store.Each(len(in.Presences), func(i int) (err error) {
		out.Outcomes[i], err = r.record(ctx, i)
		return err
	})
	return out, err
}

// recorder is what the lines of a call have in common.
type recorder struct {
	store.Recording
	right   store.AgentRight
	lines   []api.PresenceRecord
	places  []store.FamilyPlace // of the lines
	mayCome map[store.FamilyPlace]bool
	now     time.Time
}

func (a app) read(ctx context.Context, right store.AgentRight, in api.AttendanceRecord) (recorder, error) {
	r := recorder{right: right, lines: in.Presences, now: a.now()}
	date := calendar.Date(in.Date)
	for _, p := range in.Presences {
		r.places = append(r.places, store.FamilyPlace{Family: p.Family, Place: booking.Place{Date: date, Child: p.Child, Activity: in.Activity}})
	}
	var err error
	if r.Recording, err = right.Recording(ctx, r.places); err != nil {
		return r, err
	}
	if _, known := r.Activity(in.Activity); !known || !right.Agent.Sees(in.Activity) {
		return r, collectivity.ErrActivityUnknown
	}
	if len(r.Days) < len(r.places) { // of somebody nothing is written
		r.mayCome, err = right.Store.MayCome(ctx, in.Activity, date)
	}
	return r, err
}

// record takes one line.
func (r recorder) record(ctx context.Context, i int) (api.AttendanceOutcome, error) {
	place := r.places[i]
	day := r.Days[place]
	if code := r.refuses(i); code != "" {
		return outcome(place, day, code), nil
	}
	day, code, err := r.right.Amend(ctx, place, day, "record-attendance", r.now, func(day booking.Day) (booking.Day, string) {
		return r.mark(place, r.lines[i], day)
	})
	return outcome(place, day, code), err
}

// refuses says why a line can not be taken, whatever the day is.
func (r recorder) refuses(i int) string {
	place := r.places[i]
	switch {
	case place.Date > calendar.DateOf(r.now, r.Clock()):
		return "not_yet"
	case !r.SeesChild(r.right.Agent, r.Children[place].Text("school", "school")):
		return "child_not_yours"
	case r.Own(place.Family):
		return "own_family"
	case slices.Contains(r.places[:i], place):
		return "day_twice"
	case r.Elsewhere(place):
		return booking.BookedElsewhere
	}
	return ""
}

// mark gives a day the presence of a line, or says why not. An absence that was justified and is none any more is no
// longer justified.
func (r recorder) mark(place store.FamilyPlace, line api.PresenceRecord, day booking.Day) (booking.Day, string) {
	current := r.current(place, day)
	if day.Rev == 0 {
		day = current
	}
	presence, code := booking.Presence(""), ""
	if line.Presence != nil {
		presence, code = r.presence(place, booking.Presence(*line.Presence), current)
	}
	switch {
	case code != "" || presence == day.Presence:
		return day, code
	case line.Version != 0 && line.Version != day.Rev:
		return day, "day_changed"
	}
	if day.Presence == booking.Missing && day.Justified {
		day.Justified, day.Reason = false, ""
	}
	day.Presence = presence
	return day, ""
}

// current is the day as the town's calendar and events have it too.
func (r recorder) current(place store.FamilyPlace, day booking.Day) booking.Day {
	child := r.Children[place]
	child.ID = place.Child
	p := booking.Planning{Town: r.Town, Children: []booking.Child{store.ChildOf(child, r.Configuration)}, Days: map[booking.Place]booking.Day{}}
	if day.Rev > 0 {
		p.Days[place.Place] = day
	}
	return p.Day(place.Place)
}

// presence is what is recorded of a day. Who was not expected came without a booking: the day stays what it is.
func (r recorder) presence(place store.FamilyPlace, wanted booking.Presence, day booking.Day) (booking.Presence, string) {
	switch {
	case day.State == booking.Booked:
		return wanted, ""
	case day.State == booking.AbsenceRequested:
		return "", "absence_pending"
	case day.State == booking.Cancelled || day.State == booking.Closed:
		return "", string(day.State)
	case wanted == booking.Missing && day.State == booking.Absent:
		return "", "already_absent"
	case wanted == booking.Missing:
		return "", "not_booked"
	case day.Rev == 0 && r.mayCome == nil: // what was written of it is gone since it was read
		return "", "day_changed"
	case day.Rev == 0 && !r.mayCome[place]:
		return "", "not_enrolled"
	}
	return booking.Unbooked, ""
}

func outcome(place store.FamilyPlace, day booking.Day, code string) api.AttendanceOutcome {
	return views.AttendanceOutcome(place.Family, place.Place, day, code)
}
