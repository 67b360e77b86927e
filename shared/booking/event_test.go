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
	"preau/shared/schooldays"
)

var (
	season = calendar.Period{From: "2026-09-01", To: "2027-07-02"}
	monday = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) // half past nine in Paris
)

// planned is a family's planning in a town with a canteen and a Wednesday centre, and with events: Léa is of class a of one
// school, Noé of the other school, and nobody knows where Tom goes.
func planned(t rapidly, rules string, days []booking.Day, events ...collectivity.Event) booking.Planning {
	town, err := booking.NewTown(collectivity.Configuration{
		Settings: collectivity.Settings{Timezone: "Europe/Paris", Calendar: schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}},
		Schools:  []collectivity.School{{ID: "verne", Classes: []collectivity.Class{{ID: "a"}, {ID: "b"}}}, {ID: "tilleuls"}},
		Activities: []collectivity.Activity{
			{ID: "cantine", Season: season, Weekdays: schooldays.FourDays, Starts: "11:45", Rules: rules, Decision: collectivity.AtOnce},
			{ID: "mercredi", Season: season, Weekdays: []calendar.Weekday{"wed"}, Starts: "08:30"},
		},
		Events: events,
	})
	if err != nil {
		t.Fatal(err)
	}
	p := booking.Planning{Town: town, Resident: true, Days: map[booking.Place]booking.Day{}, Children: []booking.Child{
		{ID: "léa", School: "verne", Class: "a"}, {ID: "noé", School: "tilleuls"}, {ID: "tom"},
	}}
	for _, child := range p.Children {
		for _, activity := range []string{"cantine", "mercredi"} {
			p.Enrolments = append(p.Enrolments, booking.Enrolment{Child: child.ID, Activity: activity, Period: season})
		}
	}
	for _, d := range days {
		p.Days[d.Place] = d
	}
	return p
}

type rapidly interface{ Fatal(...any) }

func dayOf(child, activity string, d calendar.Date, s booking.State) booking.Day {
	return booking.Day{Place: booking.Place{Date: d, Child: child, Activity: activity}, State: s, Rev: 1}
}

func one(d calendar.Date) calendar.Period { return calendar.Period{From: d, To: d} }

// event is a strike declared on Monday morning that cancels what it touches.
func event(change func(*collectivity.Event)) collectivity.Event {
	e := collectivity.Event{ID: "e", Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", Period: one("2026-11-24"), CreatedAt: monday}
	change(&e)
	return e
}

func TestAnEventShowsAtOnceInThePlanningOfWhomItTouches(t *testing.T) {
	t.Parallel()
	all := []booking.Day{
		dayOf("léa", "cantine", "2026-11-24", booking.Booked), dayOf("noé", "cantine", "2026-11-24", booking.Waitlisted),
		dayOf("léa", "cantine", "2026-11-23", booking.Booked), dayOf("léa", "mercredi", "2026-11-25", booking.Requested),
	}
	for _, c := range []struct {
		says   string
		change func(*collectivity.Event)
		want   string // what is cancelled of each child's canteen on Monday and Tuesday, and centre on Wednesday
	}{
		{"everybody, on its day", func(*collectivity.Event) {}, "24 léa, 24 noé, 24 tom"},
		{"one school", func(e *collectivity.Event) { e.Schools = []string{"tilleuls"} }, "24 noé"},
		{"one class", func(e *collectivity.Event) { e.Schools, e.Classes = []string{"verne"}, []string{"a"} }, "24 léa"},
		{"another class", func(e *collectivity.Event) { e.Schools, e.Classes = []string{"verne"}, []string{"b"} }, ""},
		{"another activity", func(e *collectivity.Event) { e.Activities = []string{"mercredi"} }, ""},
		{
			"several days and activities",
			func(e *collectivity.Event) {
				e.Period, e.Schools = calendar.Period{From: "2026-11-23", To: "2026-11-25"}, []string{"verne"}
			},
			"23 léa, 24 léa, 25 léa",
		},
		{
			"today's service when it had not started",
			func(e *collectivity.Event) { e.Period, e.CreatedAt = one("2026-11-23"), at("2026-11-23", "11:44") },
			"23 léa, 23 noé, 23 tom",
		},
		{"not today's when it had", func(e *collectivity.Event) { e.Period, e.CreatedAt = one("2026-11-23"), at("2026-11-23", "11:45") }, ""},
		{"nobody once it is revoked", func(e *collectivity.Event) { e.RevokedAt = at("2026-11-24", "11:45") }, "24 léa, 24 noé, 24 tom"},
		{"those whose service had started when it was revoked", func(e *collectivity.Event) { e.RevokedAt = at("2026-11-24", "11:44") }, ""},
		{"nobody by an event that reopens absences", func(e *collectivity.Event) { e.Effect, e.Until = collectivity.Reopens, "09:00" }, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			p := planned(t, "", all, event(c.change))
			var got []string
			for _, d := range []calendar.Date{"2026-11-23", "2026-11-24", "2026-11-25"} {
				for _, child := range p.Children {
					activity := "cantine"
					if d == "2026-11-25" {
						activity = "mercredi"
					}
					day := p.Day(booking.Place{Date: d, Child: child.ID, Activity: activity})
					if day.State == booking.Cancelled {
						got = append(got, string(d[8:])+" "+child.ID)
						if may := p.Allowed(day, monday); may.Code != "cancelled" || day.Reason != "Grève" || day.Event != "e" {
							t.Errorf("%s of %s: %+v, %+v", d, child.ID, day, may)
						}
					}
				}
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("cancelled: %s, want %s", s, c.want)
			}
		})
	}
}

// at is an hour in Paris.
func at(d calendar.Date, clock string) time.Time {
	paris, _ := calendar.Zone("Europe/Paris")
	t, _ := d.At(clock, paris)
	return t
}

// told writes days: child, state, and what else was changed.
func told(days []booking.Day) string {
	var all []string
	for _, d := range days {
		s := fmt.Sprintf("%s %s %s", d.Date[8:], d.Child, d.State)
		for mark, is := range map[string]bool{" held": d.Held, " justified": d.Justified} {
			if is {
				s += mark
			}
		}
		if d.Event != "" {
			s += " by " + d.Event
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

func TestAnEventTakesBookedDaysAndTheChargeOfAbsences(t *testing.T) {
	t.Parallel()
	due, free := dayOf("noé", "cantine", "2026-11-24", booking.Absent), dayOf("tom", "cantine", "2026-11-24", booking.Absent)
	due.Due = true
	p := planned(
		t, "", []booking.Day{
			dayOf("léa", "cantine", "2026-11-24", booking.Booked), due, free,
			dayOf("léa", "cantine", "2026-11-26", booking.Requested), dayOf("noé", "cantine", "2026-11-26", booking.AbsenceRequested),
			dayOf("léa", "cantine", "2026-11-27", booking.Booked),
		}, event(func(e *collectivity.Event) { e.Period.To = "2026-11-26" }),
	)
	taken := p.CancelledBy(p.Town.Events[0])
	if got := told(taken); got != "24 léa cancelled held by e, 24 noé absent justified by e" {
		t.Errorf("took %s", got)
	}
	for _, d := range taken {
		if d.Charge() != booking.Waived {
			t.Errorf("%s of %s is charged %s", d.Date, d.Child, d.Charge())
		}
	}
	if got := told(p.Touched(p.Town.Events[0])); strings.Count(got, ",") != 4 || strings.Contains(got, "27") {
		t.Errorf("touched %s", got)
	}
}

func TestARevokedEventGivesBackWhatIsStillToCome(t *testing.T) {
	t.Parallel()
	taken := func(child string, d calendar.Date, s booking.State) booking.Day {
		day := dayOf(child, "cantine", d, s)
		day.Event, day.Held, day.Justified, day.Due = "e", s == booking.Cancelled, s == booking.Absent, s == booking.Absent
		return day
	}
	week := func(e *collectivity.Event) {
		e.Period, e.RevokedAt = calendar.Period{From: "2026-11-24", To: "2026-11-27"}, at("2026-11-24", "12:00")
	}
	for _, c := range []struct {
		says   string
		other  collectivity.Event
		before []booking.Day
		want   string
	}{
		{
			"a day that had begun stays cancelled",
			collectivity.Event{},
			[]booking.Day{taken("léa", "2026-11-24", booking.Cancelled), taken("léa", "2026-11-26", booking.Cancelled)},
			"26 léa booked held",
		},
		{
			"an absence is billed again",
			collectivity.Event{},
			[]booking.Day{taken("léa", "2026-11-24", booking.Absent), taken("noé", "2026-11-26", booking.Absent)},
			"26 noé absent",
		},
		{
			"what another event cancels too stays that one's", event(func(e *collectivity.Event) { e.ID, e.Period = "f", one("2026-11-26") }),
			[]booking.Day{taken("léa", "2026-11-26", booking.Cancelled), taken("noé", "2026-11-26", booking.Absent), taken("léa", "2026-11-27", booking.Cancelled)},
			"26 léa cancelled held by f, 26 noé absent justified by f, 27 léa booked held",
		},
		{
			"what was given back is not given twice",
			collectivity.Event{},
			[]booking.Day{taken("léa", "2026-11-26", booking.Booked), dayOf("noé", "cantine", "2026-11-26", booking.Cancelled)},
			"",
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			events := []collectivity.Event{event(week)}
			if c.other.ID != "" {
				events = append(events, c.other)
			}
			p := planned(t, "", c.before, events...)
			if got := told(p.Released(p.Town.Events[0])); got != c.want {
				t.Errorf("gave back %q, want %q", got, c.want)
			}
		})
	}
}

const eve = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -1}]}}]}` // the day before at 10:00

func TestAfterTheLimitAnAbsenceIsNotBilledUntilTheHourOfAnEvent(t *testing.T) {
	t.Parallel()
	reopens := func(until string, before bool) []collectivity.Event {
		return []collectivity.Event{event(func(e *collectivity.Event) { e.Effect, e.Until, e.DayBefore = collectivity.Reopens, until, before })}
	}
	for _, c := range []struct {
		says   string
		events []collectivity.Event
		now    time.Time
		due    bool
		until  time.Time
	}{
		{"before the limit", reopens("09:00", false), at("2026-11-23", "09:30"), false, at("2026-11-24", "09:00")},
		{"after the limit", reopens("09:00", false), at("2026-11-23", "10:00"), false, at("2026-11-24", "09:00")},
		{"at the hour", reopens("09:00", false), at("2026-11-24", "09:00"), true, at("2026-11-24", "11:45")},
		{"an hour of the day before", reopens("18:00", true), at("2026-11-23", "17:59"), false, at("2026-11-23", "18:00")},
		{"an hour that comes before the limit brings nothing forward", reopens("09:45", true), at("2026-11-23", "09:40"), false, at("2026-11-23", "10:00")},
		{"an hour after the start of the service ends there", reopens("17:00", false), at("2026-11-24", "11:44"), false, at("2026-11-24", "11:45")},
		{"without an event", nil, at("2026-11-23", "10:00"), true, at("2026-11-24", "11:45")},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			booked := dayOf("léa", "cantine", "2026-11-24", booking.Booked)
			p := planned(t, eve, []booking.Day{booked}, c.events...)
			may := p.Allowed(p.Day(booked.Place), c.now)
			if !slices.Equal(may.Actions, []booking.Action{booking.Miss}) || may.Due != c.due || !may.Until.Equal(c.until) {
				t.Errorf("may %+v", may)
			}
			lines, err := p.Judge(booking.Request{
				ID: "r", CreatedAt: c.now, Asking: booking.Asking{Kind: booking.Absence, Period: one("2026-11-24"), Items: []booking.Item{{Child: "léa", Activity: "cantine"}}},
			})
			if err != nil || lines[0].Code != "" || lines[0].Due != c.due {
				t.Errorf("judged %+v, %v", lines, err)
			}
		})
	}
}

func TestAMealThatTheTownCancelledIsNotBookedWithAnother(t *testing.T) {
	t.Parallel()
	p := planned(t, "", nil, event(func(e *collectivity.Event) { e.Activities = []string{"cantine"} }))
	p.Town.Activities[1] = collectivity.Activity{
		ID: "mercredi", Season: season, Weekdays: schooldays.FourDays, Starts: "08:30", Options: []collectivity.Option{{ID: "jour", Name: "Journée", Needs: []string{"cantine"}}},
	}
	lines, err := p.Judge(booking.Request{
		CreatedAt: monday, Asking: booking.Asking{Kind: booking.Booking, Period: one("2026-11-24"), Items: []booking.Item{{Child: "léa", Activity: "mercredi"}}},
	})
	if err != nil || lines[0].Code != "cancelled" {
		t.Errorf("judged %+v, %v", lines, err)
	}
}

func TestARequestKeepsTheDaysThatItBookedAndTheTownCancelled(t *testing.T) {
	t.Parallel()
	r := booking.Request{ID: "r", Asking: booking.Asking{Kind: booking.Booking}}
	day := dayOf("léa", "cantine", "2026-11-24", booking.Cancelled)
	day.Request = "r"
	if got := booking.OutcomeOf(r, day); got != booking.Booked {
		t.Errorf("it is %s", got)
	}
}

// TestAnEventNeverBringsForwardALimitAlreadyShown: whatever is declared and revoked between two looks, an absence that could
// be declared for nothing until a limit still can before it.
func TestAnEventNeverBringsForwardALimitAlreadyShown(t *testing.T) {
	t.Parallel()
	rules := []string{
		"", eve, `{"rules": [{"closes": {"at": "09:00"}}]}`, `{"rules": [{"kind": "absence", "opens": {"steps": [{"days": -3}]}, "closes": {"at": "20:00", "steps": [{"days": -1}]}}]}`,
		`{"rules": [{"closes": {"steps": [{"days": -1}]}, "late": {"surcharge": "1 €"}}]}`, `{"rules": [{"kind": "booking", "closes": {"at": "10:00"}}, {"kind": "absence", "never": true}]}`,
	}
	rapid.Check(t, func(r *rapid.T) {
		instant := func(name string) time.Time {
			return at("2026-11-20", "00:00").Add(time.Duration(rapid.IntRange(0, 5*24*12).Draw(r, name)) * 5 * time.Minute)
		}
		var events []collectivity.Event
		for i := range rapid.IntRange(0, 4).Draw(r, "events") {
			e := event(func(e *collectivity.Event) {
				e.ID, e.Effect, e.CreatedAt = fmt.Sprint(i), collectivity.Reopens, instant("declared")
				e.Until, e.DayBefore = fmt.Sprintf("%02d:%02d", rapid.IntRange(0, 23).Draw(r, "hour"), 5*rapid.IntRange(0, 11).Draw(r, "minute")), rapid.Bool().Draw(r, "before")
				if at := instant("revoked"); at.After(e.CreatedAt) {
					e.RevokedAt = at
				}
			})
			events = append(events, e)
		}
		first, then := instant("first look"), instant("second look")
		if then.Before(first) {
			first, then = then, first
		}
		rule, booked := rapid.SampledFrom(rules).Draw(r, "rule"), dayOf("léa", "cantine", "2026-11-24", booking.Booked)
		look := func(now time.Time) booking.Allowance {
			var known []collectivity.Event
			for _, e := range events {
				if e.CreatedAt.After(now) {
					continue
				}
				if e.RevokedAt.After(now) {
					e.RevokedAt = time.Time{}
				}
				known = append(known, e)
			}
			p := planned(r, rule, []booking.Day{booked}, known...)
			return p.Allowed(p.Day(booked.Place), now)
		}
		was, is := look(first), look(then)
		if slices.Contains(was.Actions, booking.Miss) && then.Before(was.Until) && (!slices.Contains(is.Actions, booking.Miss) || is.Due && !was.Due || !was.Due && is.Until.Before(was.Until)) {
			r.Fatalf("at %s until %s (due %v), at %s until %s (due %v, %s)", first, was.Until, was.Due, then, is.Until, is.Due, is.Code)
		}
	})
}
