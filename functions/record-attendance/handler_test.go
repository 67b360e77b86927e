package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

// today is the day on which tests live, a Monday; tomorrow has not come.
const today, tomorrow = calendar.Date("2026-11-23"), calendar.Date("2026-11-24")

// mark is a line: "present", "absent", or "" for null.
func mark(family, child, presence string) map[string]any {
	line := map[string]any{"family": family, "child": child, "presence": nil}
	if presence != "" {
		line["presence"] = presence
	}
	return line
}

func put(w *town.Town, agent account.Account, d calendar.Date, lines ...map[string]any) httpapi.Request {
	event := town.As(town.Event(w.T, "record-attendance", map[string]string{"slug": w.Slug}), agent)
	return town.With(w.T, event, map[string]any{"activity": "cantine", "date": d, "presences": lines})
}

func record(w *town.Town, agent account.Account, d calendar.Date, lines ...map[string]any) []api.AttendanceOutcome {
	w.T.Helper()
	return town.Read[api.AttendanceRecorded](w.T, newHandler(), put(w, agent, d, lines...), 200).Outcomes
}

// told is an outcome in short.
func told(o api.AttendanceOutcome) string {
	s := o.State + " " + o.Presence
	if o.Justified {
		s += " justified"
	}
	return strings.Join(strings.Fields(s+" "+o.Code), " ")
}

// one makes a town with one child on the canteen's roll, and writes the canteen's day of today as it is given.
func one(t *testing.T, d booking.Day) (*town.Town, account.Account) {
	t.Helper()
	w := town.New(t)
	w.AddChildren("f", "cantine", town.Child("lea", "Léa", "Martin", "2018-05-04"))
	if d.State != "" {
		d.Place = booking.Place{Date: today, Child: "lea", Activity: "cantine"}
		w.WriteDay("f", d)
	}
	return w, w.Agent(collectivity.Reviewer)
}

func TestWhatIsRecordedOfADay(t *testing.T) {
	t.Parallel()
	booked := booking.Day{State: booking.Booked, Held: true, Request: "r"}
	justified := booking.Day{State: booking.Booked, Request: "r", Presence: booking.Missing, Justified: true, Reason: "Certificat médical reçu."}
	excused := booking.Day{State: booking.Absent, Request: "r", Absence: "a", Justified: true, Reason: "Certificat médical reçu."}
	cases := []struct {
		says string
		is   booking.Day
		sent []string
		want []string
	}{
		{"who is expected came", booked, []string{"present"}, []string{"booked present"}},
		{"who is expected did not come", booked, []string{"absent"}, []string{"booked absent"}},
		{"it is corrected", booked, []string{"absent", "present", "absent"}, []string{"booked absent", "booked present", "booked absent"}},
		{"it is undone", booked, []string{"absent", "", ""}, []string{"booked absent", "booked", "booked"}},
		{"twice is once", booked, []string{"present", "present"}, []string{"booked present", "booked present"}},
		{"nobody expected her, and she came", booking.Day{}, []string{"present"}, []string{"enrolled unbooked"}},
		{"she came and it is undone", booking.Day{}, []string{"present", "", "present"}, []string{"enrolled unbooked", "enrolled", "enrolled unbooked"}},
		{"nobody expected her, and she did not come", booking.Day{}, []string{"absent"}, []string{"not_booked"}},
		{"nothing is undone", booking.Day{}, []string{""}, []string{""}},
		{"she was waiting, and came", booking.Day{State: booking.Waitlisted, Request: "r", Ranks: []int{3}}, []string{"present", ""}, []string{"waitlisted unbooked", "waitlisted"}},
		{"she was refused, and came", booking.Day{State: booking.Refused, Request: "r"}, []string{"present", ""}, []string{"refused unbooked", "refused"}},
		{"her request is not decided, and she came", booking.Day{State: booking.Requested, Request: "r"}, []string{"present"}, []string{"requested unbooked"}},
		{"she was excused, and came", booking.Day{State: booking.Absent, Request: "r", Due: true}, []string{"present", ""}, []string{"absent unbooked", "absent"}},
		{"she was excused with a reason, and came", excused, []string{"present", ""}, []string{"absent unbooked justified", "absent justified"}},
		{"she was excused, and did not come", booking.Day{State: booking.Absent, Request: "r"}, []string{"absent"}, []string{"absent already_absent"}},
		{"her absence is not decided", booking.Day{State: booking.AbsenceRequested, Held: true}, []string{"present", "absent"}, []string{"absence_requested absence_pending", "absence_requested absence_pending"}},
		{"the town cancelled the day", booking.Day{State: booking.Cancelled, Held: true}, []string{"present", "absent"}, []string{"cancelled cancelled", "cancelled cancelled"}},
		{"an absence that was justified and was none", justified, []string{"present", "absent"}, []string{"booked present", "booked absent"}},
		{"an absence that was justified is undone", justified, []string{""}, []string{"booked"}},
		{"an absence that was justified is sent again", justified, []string{"absent"}, []string{"booked absent justified"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, agent := one(t, c.is)
			for i, presence := range c.sent {
				if got := told(record(w, agent, today, mark("f", "lea", presence))[0]); got != c.want[i] {
					t.Errorf("%q: got %q, want %q", presence, got, c.want[i])
				}
			}
		})
	}
}

func TestADayThatAnEventCancelledIsNobodysAbsence(t *testing.T) {
	t.Parallel()
	w, agent := one(t, booking.Day{State: booking.Booked, Request: "r"})
	w.AddChildren("g", "cantine", town.Child("tom", "Tom", "Petit", "2018-05-04"))
	w.Cancel("cantine", today)
	for _, line := range []map[string]any{mark("f", "lea", "absent"), mark("f", "lea", "present"), mark("g", "tom", "present")} {
		if o := record(w, agent, today, line)[0]; o.Code != "cancelled" || o.Presence != "" {
			t.Errorf("%v: got %+v", line, o)
		}
	}
}

// written is what is written of a child's day.
func written(t *testing.T, w *town.Town, family string, place booking.Place) (booking.Day, bool) {
	t.Helper()
	days, err := w.Store.DaysOfFamilies(t.Context(), []store.FamilyPlace{{Family: family, Place: place}})
	if err != nil {
		t.Fatal(err)
	}
	day, ok := days[store.FamilyPlace{Family: family, Place: place}]
	return day, ok
}

func TestTheRestOfADayStaysAsItIs(t *testing.T) {
	t.Parallel()
	place := booking.Place{Date: today, Child: "lea", Activity: "cantine"}
	is := booking.Day{Place: place, State: booking.Booked, Option: "", Group: "all", Request: "r", Late: true, Held: true, Reason: "Absence refusée.", Rev: 4}
	w, agent := one(t, is)
	record(w, agent, today, mark("f", "lea", "absent"))
	record(w, agent, today, mark("f", "lea", ""))
	is.Rev = 6
	if got, _ := written(t, w, "f", place); fmt.Sprint(got) != fmt.Sprint(is) {
		t.Errorf("got %+v, want %+v", got, is)
	}
}

func TestADayOfWhichNothingIsLeftGoesAway(t *testing.T) {
	t.Parallel()
	place := booking.Place{Date: today, Child: "lea", Activity: "cantine"}
	w, agent := one(t, booking.Day{})
	record(w, agent, today, mark("f", "lea", "present"))
	if day, ok := written(t, w, "f", place); !ok || day.State != booking.Enrolled || day.Presence != booking.Unbooked || day.Rev != 1 {
		t.Errorf("got %+v", day)
	}
	record(w, agent, today, mark("f", "lea", ""))
	if day, ok := written(t, w, "f", place); ok {
		t.Errorf("left: %+v", day)
	}
}

func TestALineThatCanNotBeTakenSaysWhy(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa", "Noé")
	h.Day(booking.Booking, -1, "cantine", "", tomorrow)
	agent := w.Agent(collectivity.Reviewer)
	elsewhere := town.New(t).NewHome("Tom")
	sunday := today.AddDays(-1)
	cases := []struct {
		says  string
		date  calendar.Date
		lines []map[string]any
		want  string
	}{
		{"the day has not come", tomorrow, []map[string]any{mark(h.ID, h.Children[0], "present"), mark(h.ID, h.Children[1], "absent")}, "booked not_yet, booked not_yet"},
		{"the activity does not open", sunday, []map[string]any{mark(h.ID, h.Children[0], "present")}, "closed"},
		{"nobody of that name", today, []map[string]any{mark(h.ID, "nobody", "present")}, "not_enrolled"},
		{"a child of another family", today, []map[string]any{mark("other", h.Children[0], "present")}, "not_enrolled"},
		{"a child of another town", today, []map[string]any{mark(elsewhere.ID, elsewhere.Children[0], "present")}, "not_enrolled"},
		{"a child stands there twice", today, []map[string]any{mark(h.ID, h.Children[0], "present"), mark(h.ID, h.Children[0], "")}, "enrolled unbooked, day_twice"},
	}
	for _, c := range cases {
		var got []string
		for _, o := range record(w, agent, c.date, c.lines...) {
			got = append(got, told(o))
			if (o.Code == "") != (o.Detail == "") {
				t.Errorf("%s: code %q is told as %q", c.says, o.Code, o.Detail)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", c.says, got, c.want)
		}
	}
}

func TestAnAgentWhoSawAnOlderDayIsToldSo(t *testing.T) {
	t.Parallel()
	w, agent := one(t, booking.Day{State: booking.Booked, Request: "r", Rev: 3})
	line := func(presence string, version int) map[string]any {
		l := mark("f", "lea", presence)
		l["version"] = version
		return l
	}
	for _, c := range []struct {
		line map[string]any
		want string
	}{
		{line("present", 2), "booked day_changed"},
		{line("present", 3), "booked present"},
		{line("present", 3), "booked present"}, // it is so already: the answer to the first was lost
		{line("absent", 3), "booked present day_changed"},
		{line("absent", 4), "booked absent"},
	} {
		if got := told(record(w, agent, today, c.line)[0]); got != c.want {
			t.Errorf("%v: got %q, want %q", c.line, got, c.want)
		}
	}
}

func TestTwoHundredChildrenAreRecordedAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	var lines []map[string]any
	for f := range 20 {
		family := fmt.Sprint("family", f)
		for c := range 10 {
			child := fmt.Sprintf("child%d-%d", f, c)
			w.WriteDay(family, booking.Day{Place: booking.Place{Date: today, Child: child, Activity: "cantine"}, State: booking.Booked})
			lines = append(lines, mark(family, child, []string{"present", "absent"}[c%2]))
		}
	}
	agent := w.Agent(collectivity.Reviewer)
	for range 2 { // the second time nothing is left to write
		for i, o := range record(w, agent, today, lines...) {
			if want := "booked " + []string{"present", "absent"}[i%2]; told(o) != want || o.Version != 2 || o.Child != lines[i]["child"] {
				t.Fatalf("line %d: got %+v, want %s", i, o, want)
			}
		}
	}
	if got := len(w.Audited()); got != 200 {
		t.Errorf("%d records of 200 writes", got)
	}
	town.Refused(t, town.Send(t, newHandler(), put(w, agent, today, append(lines, mark("f", "c", ""))...)), 400, "invalid_input", "presences too_long")
}

// TestWhoWritesAtTheSameTimeLosesNothing: two agents record, and the family declares an absence of a day that has not
// started, all at once. Each is told what became of the day, and the last of them stands.
func TestWhoWritesAtTheSameTimeLosesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa")
	h.Day(booking.Booking, 0, "cantine", "", today) // the service starts at 11:45
	agent := w.Agent(collectivity.Reviewer)
	answers := town.InParallel(9, func(n int) string {
		if n == 8 {
			r := h.Day(booking.Absence, 0, "cantine", "", today)
			return string(r.Lines[0].State) + r.Lines[0].Code
		}
		return told(record(w, agent, today, mark(h.ID, h.Children[0], []string{"present", "absent"}[n%2]))[0])
	})
	allowed := []string{"booked present", "booked absent", "absent unbooked", "absent already_absent", "absent unbooked already_absent", "booked day_changed", "booked present day_changed", "booked absent day_changed", "absent", "bookedday_changed"}
	for _, a := range answers {
		if !slices.Contains(allowed, a) {
			t.Errorf("one was told %q", a)
		}
	}
	day, _ := written(t, w, h.ID, booking.Place{Date: today, Child: h.Children[0], Activity: "cantine"})
	last := strings.TrimSpace(string(day.State) + " " + string(day.Presence))
	if declared := answers[8] == "absent"; declared != (day.State == booking.Absent) {
		t.Errorf("the family was told %q, and the day is %q", answers[8], last)
	}
	if day.State == booking.Booked && !slices.Contains(answers, last) {
		t.Errorf("the day is %q, and nobody was told so: %q", last, answers)
	}
	writes := 0
	for _, a := range w.Audited() {
		writes += strings.Count(a, "record-attendance")
	}
	if day.Rev < 2 || writes < 1 {
		t.Errorf("revision %d after %d records", day.Rev, writes)
	}
	w.Sound()
}

func TestARecordIsAudited(t *testing.T) {
	t.Parallel()
	w, agent := one(t, booking.Day{State: booking.Booked, Request: "r"})
	record(w, agent, today, mark("f", "lea", "absent"))
	record(w, agent, today, mark("f", "lea", "absent")) // changes nothing
	record(w, agent, today, mark("f", "lea", ""))
	got := w.Audited()
	slices.Sort(got)
	want := []string{"record-attendance day 2026-11-23 lea cantine absent", "record-attendance day 2026-11-23 lea cantine no presence"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhoMayRecord(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa")
	asCitizen := w.Agent(collectivity.Manager)
	asCitizen.Agent = false
	parent := w.Agent(collectivity.Manager) // and parent of another family of the town
	own := w.NewHome("Tom")
	code, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, own.Codes[1], parent.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Env.Store.Subscribe(t.Context(), parent, code, town.Now); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says string
		who  account.Account
		of   town.Home
		want string
	}{
		{"a parent", h.Account, h, "404 collectivity_not_found"},
		{"an agent of another town", town.New(t).Agent(collectivity.Manager), h, "404 collectivity_not_found"},
		{"a reader", w.Agent(collectivity.Reader), h, "403 role_missing"},
		{"an agent who signed in without TOTP", asCitizen, h, "401 totp_required"},
		{"an agent of other activities", w.Scoped(collectivity.Manager, "mercredi"), h, "404 activity_not_found"},
		{"an agent for their own family", parent, own, "200 own_family"},
		{"the same for another", parent, h, "200 enrolled unbooked"},
		{"a reviewer", w.Scoped(collectivity.Reviewer, "cantine"), h, "200 enrolled unbooked"},
	} {
		event := put(w, c.who, today, mark(c.of.ID, c.of.Children[0], "present"))
		reply := town.Send(t, newHandler(), event)
		got := fmt.Sprint(reply.StatusCode, " ", reply.Code())
		if reply.StatusCode == 200 {
			got = "200 " + told(town.Read[api.AttendanceRecorded](t, newHandler(), event, 200).Outcomes[0])
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.says, got, c.want)
		}
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	w, agent := one(t, booking.Day{})
	town.Rights(t, "record-attendance")
	for _, presence := range []string{"present", "", "present"} { // put, delete, put
		if o := record(w, agent, today, mark("f", "lea", presence))[0]; o.Code != "" {
			t.Errorf("got %+v", o)
		}
	}
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: today, Child: "tom", Activity: "cantine"}, State: booking.Booked})
	if o := record(w, agent, today, mark("f", "tom", "present"))[0]; told(o) != "booked present" { // update
		t.Errorf("got %+v", o)
	}
}

// TestThePresenceOfAChildOfTwoFilesIsRecordedWhereItsDayIs: a list of before that names the other household changes nothing.
func TestThePresenceOfAChildOfTwoFilesIsRecordedWhereItsDayIs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	child, agent := anne.Children[0], w.Agent(collectivity.Reviewer)
	anne.Day(booking.Booking, 0, "cantine", "", today)
	for _, c := range []struct {
		says, family, presence, want string
	}{
		{"of who has not booked", paul.ID, "present", "enrolled booked_elsewhere"},
		{"of who has", anne.ID, "present", "booked present"},
		{"of who has not, once more", paul.ID, "present", "enrolled booked_elsewhere"},
	} {
		o := record(w, agent, today, mark(c.family, child, c.presence))[0]
		if got := told(o); strings.TrimPrefix(got, "enrolled ") != strings.TrimPrefix(c.want, "enrolled ") {
			t.Errorf("%s: got %s, want %s", c.says, got, c.want)
		}
		if o.Code != "" && o.Detail != "Cet enfant vient ce jour-là pour son autre foyer : notez sa présence sur la ligne de celui-ci." {
			t.Errorf("%s: told %q", c.says, o.Detail)
		}
	}
	// Nobody expected her in the evening: she came once.
	for n, h := range []town.Home{paul, anne} {
		event := town.With(t, put(w, agent, today), map[string]any{"activity": "periscolaire", "date": today, "presences": []any{mark(h.ID, child, "present")}})
		o := town.Read[api.AttendanceRecorded](t, newHandler(), event, 200).Outcomes[0]
		if want := []string{"enrolled unbooked", "booked_elsewhere"}[n]; told(o) != want {
			t.Errorf("the evening, household %d: got %q, want %q", n, told(o), want)
		}
	}
}
