package booking_test

import (
	"fmt"
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestARequestIsTheSumOfItsLines(t *testing.T) {
	t.Parallel()
	line := func(s booking.State, code ...string) booking.Line {
		return booking.Line{State: s, Code: strings.Join(code, "")}
	}
	for _, c := range []struct {
		says  string
		lines []booking.Line
		want  string
		tally booking.Tally
	}{
		{"all booked", []booking.Line{line(booking.Booked), line(booking.Booked)}, "accepted", booking.Tally{Accepted: 2}},
		{"absent", []booking.Line{line(booking.Absent)}, "accepted", booking.Tally{Accepted: 1}},
		{"one that waits for an agent", []booking.Line{line(booking.Booked), line(booking.Requested)}, "pending", booking.Tally{Accepted: 1, Undecided: 1}},
		{"an absence that waits for an agent", []booking.Line{line(booking.AbsenceRequested)}, "pending", booking.Tally{Undecided: 1}},
		{"one that waits for a place", []booking.Line{line(booking.Refused), line(booking.Waitlisted)}, "pending", booking.Tally{Refused: 1, Waiting: 1}},
		{"one that is not written yet", []booking.Line{line(booking.Booked), line(booking.Asked)}, "pending", booking.Tally{Accepted: 1, Undecided: 1}},
		{"one refused by an agent", []booking.Line{line(booking.Booked), line(booking.Refused)}, "partly", booking.Tally{Accepted: 1, Refused: 1}},
		{"one that could not be taken", []booking.Line{line(booking.Booked), line(booking.Enrolled, "too_late")}, "partly", booking.Tally{Accepted: 1, Refused: 1}},
		{"one that was booked already", []booking.Line{line(booking.Booked), line(booking.Booked, "already_booked")}, "partly", booking.Tally{Accepted: 1, Refused: 1}},
		{"one that the town cancelled", []booking.Line{line(booking.Cancelled)}, "refused", booking.Tally{Refused: 1}},
		{"all refused", []booking.Line{line(booking.Refused), line(booking.Closed, "closed")}, "refused", booking.Tally{Refused: 2}},
		{"all withdrawn", []booking.Line{line(booking.Withdrawn), line(booking.Withdrawn)}, "withdrawn", booking.Tally{Withdrawn: 2}},
		{"one withdrawn, one refused", []booking.Line{line(booking.Withdrawn), line(booking.Refused)}, "withdrawn", booking.Tally{Withdrawn: 1, Refused: 1}},
		{"one withdrawn, one booked", []booking.Line{line(booking.Withdrawn), line(booking.Booked)}, "partly", booking.Tally{Withdrawn: 1, Accepted: 1}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			r := booking.Request{Lines: c.lines, Settled: true}
			if got := booking.TallyOf(c.lines); got != c.tally {
				t.Errorf("counted %+v, want %+v", got, c.tally)
			}
			if got := r.State(); got != c.want {
				t.Errorf("it is %s, want %s", got, c.want)
			}
			if got := (booking.Request{Tally: c.tally, Settled: true}).State(); got != c.want {
				t.Errorf("by its tally alone it is %s, want %s", got, c.want)
			}
		})
	}
}

func TestARequestWithoutLinesIsPendingUntilItIsSettled(t *testing.T) {
	t.Parallel()
	if got := (booking.Request{}).State(); got != "pending" {
		t.Errorf("it is %s", got)
	}
	if got := (booking.Request{Settled: true}).State(); got != "refused" {
		t.Errorf("once settled it is %s", got)
	}
}

func TestWhoDecidesALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says              string
		decides, absences collectivity.Decision
		kind              booking.Kind
		agent             string
		want              booking.State
	}{
		{"nobody decides a booking", collectivity.AtOnce, "", booking.Booking, "", booking.Booked},
		{"an agent decides a booking", collectivity.ByAgent, "", booking.Booking, "", booking.Requested},
		{"an agent decides unless anything is said", "", "", booking.Booking, "", booking.Requested},
		{"what an agent asks for is decided", collectivity.ByAgent, "", booking.Booking, "odile", booking.Booked},
		{"absences are decided as bookings are", collectivity.AtOnce, "", booking.Absence, "", booking.Absent},
		{"or by an agent", collectivity.ByAgent, "", booking.Absence, "", booking.AbsenceRequested},
		{"unless absences say otherwise", collectivity.ByAgent, collectivity.AtOnce, booking.Absence, "", booking.Absent},
		{"either way", collectivity.AtOnce, collectivity.ByAgent, booking.Absence, "", booking.AbsenceRequested},
		{"an absence that an agent declares is decided", collectivity.ByAgent, "", booking.Absence, "odile", booking.Absent},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			r := booking.Request{Asking: booking.Asking{Kind: c.kind}, Agent: c.agent}
			if got := r.Target(collectivity.Activity{Decision: c.decides, Absences: c.absences}); got != c.want {
				t.Errorf("it becomes %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheLinesThatWaitAreFound(t *testing.T) {
	t.Parallel()
	line := func(says, child, activity string, s booking.State, code string) booking.Line {
		return booking.Line{Place: booking.Place{Date: date(says), Child: child, Activity: activity}, State: s, Code: code}
	}
	r := booking.Request{Lines: []booking.Line{
		line("24", lea, "canteen", booking.Requested, ""),
		line("24", lea, "evening", booking.Waitlisted, ""),
		line("24", noe, "canteen", booking.Booked, ""),
		line("25", lea, "canteen", booking.AbsenceRequested, ""),
		line("25", noe, "canteen", booking.Requested, "already_requested"),
		line("26", noe, "canteen", booking.Asked, ""),
	}}
	for _, c := range []struct{ date, child, activity, want string }{
		{"", "", "", "[0 1 3]"},
		{"24", "", "", "[0 1]"},
		{"", "", "canteen", "[0 3]"},
		{"25", lea, "canteen", "[3]"},
		{"", noe, "", "[]"},
	} {
		on := date(c.date)
		if c.date == "" {
			on = ""
		}
		if got := fmt.Sprint(r.PendingLines(on, c.child, c.activity)); got != c.want {
			t.Errorf("of %q %q %q: %s, want %s", c.date, c.child, c.activity, got, c.want)
		}
	}
	for says, want := range map[string]bool{"26 noe canteen": true, "25 noe canteen": false, "24 lea canteen": false, "27 noe canteen": false} {
		if got := r.StillAsks(newScene(t).place(says)); got != want {
			t.Errorf("%s is still to be written: %v", says, got)
		}
	}
}
