package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).ByClock(town.Clock), town.Clock}.handle)
}

const (
	tuesday   = calendar.Date("2026-11-24")
	wednesday = calendar.Date("2026-12-02")
)

// query asks for the attendance as an agent does: "activity=cantine&date=2026-11-24".
func query(w *town.Town, agent account.Account, query string) httpapi.Request {
	return town.As(town.Query(town.Event(w.T, "show-attendance", map[string]string{"slug": w.Slug}), query), agent)
}

func show(w *town.Town, agent account.Account, activity string, d calendar.Date) api.AttendanceDay {
	w.T.Helper()
	a := town.Read[api.Attendance](w.T, newHandler(), query(w, agent, "activity="+activity+"&date="+string(d)), 200)
	if len(a.Days) != 1 || a.Days[0].Date != string(d) || a.Activity.ID != activity {
		w.T.Fatalf("asked for %s of %s, got %+v", d, activity, a)
	}
	return a.Days[0]
}

// told is each line: who, state, presence, rank.
func told(lines []api.AttendanceLine) string {
	var all []string
	for _, l := range lines {
		one := l.FirstName + " " + l.State
		if l.Presence != "" {
			one += " " + l.Presence
		}
		if l.Rank != 0 {
			one += fmt.Sprint(" ", l.Rank)
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}

// class makes a town with six children, called by what is written of their canteen day.
func class(t *testing.T) *town.Town {
	t.Helper()
	w := town.New(t)
	var children []family.Member
	for i, name := range []string{"Élise", "eddy", "Adam", "Zoé", "Œdipe", "Oscar", "Ève", "Bob", "Carla"} {
		c := town.Child(fmt.Sprint("c", i), name, "Martin", "2018-05-04")
		c.Values["school"] = map[string]any{"school": "École Jules-Verne", "class": "CE2 B"}
		children = append(children, c)
	}
	w.AddChildren("f", "cantine", children...)
	for i, d := range []booking.Day{
		{State: booking.Booked, Late: true},
		{State: booking.Booked, Presence: booking.Missing},
		{State: booking.Booked, Presence: booking.Present},
		{State: booking.AbsenceRequested},
		{State: booking.Absent, Due: true},
		{State: booking.Absent, Justified: true, Due: true, Reason: "Certificat médical reçu."},
		{State: booking.Waitlisted, Ranks: []int{12}},
		{State: booking.Waitlisted, Ranks: []int{7}},
	} {
		d.Place = booking.Place{Date: tuesday, Child: children[i].ID, Activity: "cantine"}
		w.WriteDay("f", d)
	}
	return w
}

func TestADayShowsWhoIsExpectedAbsentWaitingOrMayCome(t *testing.T) {
	t.Parallel()
	w := class(t)
	w.WriteSlot("cantine", tuesday, "all", 5, 5, 0, 3)
	d := show(w, w.Agent(collectivity.Reader), "cantine", tuesday)
	if got, want := told(d.Lines), "Adam booked present, eddy booked absent, Élise booked, Œdipe absent, Oscar absent, Zoé absence_requested"; got != want {
		t.Errorf("lines: got %s, want %s", got, want)
	}
	if got, want := told(d.Waiting), "Bob waitlisted 1, Ève waitlisted 2"; got != want {
		t.Errorf("waiting: got %s, want %s", got, want)
	}
	if got, want := told(d.Others), "Carla enrolled"; got != want {
		t.Errorf("others: got %s, want %s", got, want)
	}
	if want := (api.AttendanceTotals{Expected: 4, Absent: 2, Present: 1, Missing: 1, Waiting: 2}); d.Totals != want {
		t.Errorf("totals: got %+v, want %+v", d.Totals, want)
	}
	if want := []api.AttendanceGroup{{ID: "all", Name: "Tous âges", Expected: 4, Capacity: 5, Taken: 5, Waiting: 3}}; !slices.Equal(d.Groups, want) {
		t.Errorf("groups: got %+v, want %+v", d.Groups, want)
	}
}

func TestALineSaysWhatIsBilledAndWhy(t *testing.T) {
	t.Parallel()
	w := class(t)
	d := show(w, w.Agent(collectivity.Reader), "cantine", tuesday)
	want := map[string]string{
		"Élise": "late true due false justified false ", "eddy": "late false due true justified false ", "Œdipe": "late false due true justified false ",
		"Oscar": "late false due false justified true Certificat médical reçu.", "Adam": "late false due false justified false ",
	}
	for _, l := range d.Lines {
		got := fmt.Sprintf("late %v due %v justified %v %s", l.Late, l.Due, l.Justified, l.Reason)
		if w, ok := want[l.FirstName]; ok && got != w {
			t.Errorf("%s: got %s, want %s", l.FirstName, got, w)
		}
		if l.LastName != "Martin" || l.School != "École Jules-Verne" || l.Class != "CE2 B" || l.Family != "f" || l.Version != 1 || l.Group != "all" {
			t.Errorf("got %+v", l)
		}
	}
}

func TestOptionsAndAgeGroupsAreCounted(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	centre := w.Activities[2]
	centre.Groups = []collectivity.Group{{ID: "petits", Name: "3-5 ans", From: 3, To: 5, Capacity: 8}, {ID: "grands", Name: "6-12 ans", From: 6, To: 12}}
	if err := w.Store.SaveActivity(t.Context(), centre); err != nil {
		t.Fatal(err)
	}
	ages := []string{"2022-12-02", "2022-01-01", "2020-12-02", "2020-12-03", "2010-01-01", ""}
	var children []family.Member
	for i, born := range ages {
		children = append(children, town.Child(fmt.Sprint("c", i), fmt.Sprint("Enfant ", i), "Martin", born))
	}
	w.AddChildren("f", "mercredi", children...)
	for i, d := range []booking.Day{
		{State: booking.Booked, Option: "journee", Group: "petits"},
		{State: booking.Booked, Option: "matin", Group: "petits"},
		{State: booking.AbsenceRequested, Option: "journee", Group: "grands"},
		{State: booking.Enrolled, Presence: booking.Unbooked},
	} {
		d.Place = booking.Place{Date: wednesday, Child: children[i].ID, Activity: "mercredi"}
		w.WriteDay("f", d)
	}
	w.WriteSlot("mercredi", wednesday, "petits", 8, 3, 5, 0)
	d := show(w, w.Agent(collectivity.Reader), "mercredi", wednesday)
	wantOptions := []api.AttendanceCount{{ID: "journee", Name: "Journée avec repas", Expected: 2}, {ID: "matin", Name: "Matin sans repas", Expected: 1}, {ID: "apres-midi", Name: "Après-midi sans repas"}}
	if !slices.Equal(d.Options, wantOptions) {
		t.Errorf("options: got %+v, want %+v", d.Options, wantOptions)
	}
	wantGroups := []api.AttendanceGroup{
		{ID: "petits", Name: "3-5 ans", Expected: 2, Capacity: 8, Taken: 3, Free: 5},
		{ID: "grands", Name: "6-12 ans", Expected: 1}, // room for all
	}
	if !slices.Equal(d.Groups, wantGroups) {
		t.Errorf("groups: got %+v, want %+v", d.Groups, wantGroups)
	}
	// Of who has no place the age on the day says the group: five years; too old, and not known.
	var groups []string
	for _, l := range slices.Concat(d.Lines[3:], d.Others) {
		groups = append(groups, l.Group)
	}
	if want := []string{"petits", "", "petits"}; !slices.Equal(groups, want) || d.Totals.Unbooked != 1 {
		t.Errorf("of those without a place %d came, of the groups %q, want %q", d.Totals.Unbooked, groups, want)
	}
}

func TestAWeekIsShownDayByDay(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa", "Noé")
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	h.Day(booking.Booking, 1, "cantine", "", "2026-11-26")
	h.Day(booking.Absence, 1, "cantine", "", "2026-11-26")
	a := town.Read[api.Attendance](t, newHandler(), query(w, w.Agent(collectivity.Reader), "activity=cantine&date=2026-11-24&to=2026-11-30"), 200)
	var got []string
	for _, d := range a.Days {
		got = append(got, fmt.Sprintf("%s [%s] [%s]", d.Date, told(d.Lines), told(d.Others)))
	}
	want := []string{
		"2026-11-24 [Léa booked] [Noé enrolled]",
		"2026-11-25 [] []", // a Wednesday
		"2026-11-26 [Noé absent] [Léa enrolled]",
		"2026-11-27 [] [Léa enrolled, Noé enrolled]",
		"2026-11-28 [] []",
		"2026-11-29 [] []",
		"2026-11-30 [] [Léa enrolled, Noé enrolled]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %s, want %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEnrolmentsSayWhoMayComeOnWhichDays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	season := w.Activities[0].Season
	cases := []struct {
		says string
		of   []booking.Enrolment
		want string
	}{
		{"all season", []booking.Enrolment{{Period: season}}, "enrolled"},
		{"on that weekday", []booking.Enrolment{{Period: season, Weekdays: []calendar.Weekday{"tue"}}}, "enrolled"},
		{"on another weekday", []booking.Enrolment{{Period: season, Weekdays: []calendar.Weekday{"mon"}}}, ""},
		{"from that day on", []booking.Enrolment{{Period: calendar.Period{From: tuesday, To: season.To}}}, "enrolled"},
		{"to the day before", []booking.Enrolment{{Period: calendar.Period{From: season.From, To: tuesday.AddDays(-1)}}}, ""},
		{"twice", []booking.Enrolment{{Period: season}, {Period: season, Weekdays: []calendar.Weekday{"mon"}}}, "enrolled"},
		{"at another activity", []booking.Enrolment{{Period: season, Activity: "periscolaire"}}, ""},
	}
	for i, c := range cases {
		child := town.Child(fmt.Sprint("child", i), "Léa", "Martin", "2018-05-04")
		f, err := w.Store.CreateFamily(t.Context(), family.File{ID: fmt.Sprint("family", i), Children: []family.Member{child}})
		for n, e := range c.of {
			e.ID, e.Child = fmt.Sprint("e", i, n), child.ID
			if e.Activity == "" {
				e.Activity = "cantine"
			}
			if err == nil {
				err = f.Enrol(t.Context(), e)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	d := show(w, w.Agent(collectivity.Reader), "cantine", tuesday)
	for i, c := range cases {
		var got []string
		for _, l := range d.Others {
			if l.Child == fmt.Sprint("child", i) {
				got = append(got, l.State)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.says, got, c.want)
		}
	}
}

func TestTheTownsCalendarAndEventsSayWhichDaysAre(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.KeepCalendar()
	canteen := w.Activities[0]
	canteen.During = collectivity.SchoolDays
	if err := w.Store.SaveActivity(t.Context(), canteen); err != nil {
		t.Fatal(err)
	}
	h := w.NewHome("Léa", "Noé")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-26")
	w.Cancel("cantine", "2026-11-26")
	agent := w.Agent(collectivity.Reader)
	for d, want := range map[calendar.Date]string{
		"2026-11-24": " / Léa enrolled, Noé enrolled",
		"2026-12-22": " / ", // a Tuesday of the holidays
		"2026-11-26": "Léa cancelled / Noé cancelled",
	} {
		shown := show(w, agent, "cantine", d)
		if got := told(shown.Lines) + " / " + told(shown.Others); got != want || shown.Totals.Expected != 0 {
			t.Errorf("%s: got %q, want %q", d, got, want)
		}
	}
}

func TestWhoMaySeeTheAttendance(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := w.NewHome("Léa")
	asCitizen := w.Agent(collectivity.Manager)
	asCitizen.Agent = false
	for _, c := range []struct {
		says string
		who  account.Account
		want string
	}{
		{"a parent", h.Account, "404 collectivity_not_found"},
		{"an agent of another town", town.New(t).Agent(collectivity.Manager), "404 collectivity_not_found"},
		{"an agent who signed in without TOTP", asCitizen, "401 totp_required"},
		{"an agent of other activities", w.Scoped(collectivity.Manager, "mercredi"), "404 activity_not_found"},
		{"an agent of the activity", w.Scoped(collectivity.Reader, "cantine"), "200 "},
		{"a reader", w.Agent(collectivity.Reader), "200 "},
	} {
		reply := town.Send(t, newHandler(), query(w, c.who, "activity=cantine&date=2026-11-24"))
		if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
			t.Errorf("%s: got %s, want %s", c.says, got, c.want)
		}
	}
}

func TestWhatIsAskedForIsChecked(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Reader)
	for _, c := range []struct {
		query  string
		status int
		code   string
		fields []string
	}{
		{"", 400, "invalid_input", []string{"activity required", "date required"}},
		{"activity=cantine&date=2026-02-30", 400, "invalid_input", []string{"date date_invalid"}},
		{"activity=cantine&date=2026-11-24&to=2026-11-23", 400, "invalid_input", []string{"to period_reversed"}},
		{"activity=cantine&date=2026-11-24&to=2026-12-01", 400, "invalid_input", []string{"to period_too_long"}},
		{"activity=cantine&date=2026-11-24&format=doc", 400, "invalid_input", []string{"format unknown_value"}},
		{"activity=cantine&date=2026-11-24&care=yes", 400, "invalid_input", []string{"care unknown_value"}},
		{"activity=poterie&date=2026-11-24", 404, "activity_not_found", nil},
	} {
		town.Refused(t, town.Send(t, newHandler(), query(w, agent, c.query)), c.status, c.code, c.fields...)
	}
}

// counting opens the table behind a front that counts what is read of it, and refuses to scan.
func counting(t *testing.T) (h httpapi.Handler, calls func() string) {
	t.Helper()
	var queries, batches, others atomic.Int32
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		switch operation {
		case "Query":
			queries.Add(1)
		case "BatchGetItem":
			batches.Add(1)
		case "Scan":
			return "AccessDeniedException"
		default:
			others.Add(1)
		}
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	return h, func() string {
		return fmt.Sprintf("%d queries, %d batches, %d others", queries.Swap(0), batches.Swap(0), others.Swap(0))
	}
}

func TestThreeHundredChildrenAreReadInFewTrips(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.InParallel(30, func(f int) bool {
		id, children := fmt.Sprint("family", f), make([]family.Member, 10)
		for c := range children {
			children[c] = town.Child(fmt.Sprintf("child%d-%d", f, c), "Léa", "Martin", "2018-05-04")
			w.WriteDay(id, booking.Day{Place: booking.Place{Date: tuesday, Child: children[c].ID, Activity: "cantine"}, State: booking.Booked})
		}
		w.AddChildren(id, "cantine", children...)
		return true
	})
	agent := w.Carer(collectivity.Reader) // who does not ask for care
	h, calls := counting(t)
	ask := func(more string) api.Attendance {
		return town.Read[api.Attendance](t, h, query(w, agent, "activity=cantine&date=2026-11-24"+more), 200)
	}
	ask("") // the settings are in memory from now on
	calls()
	if got := ask("").Days[0]; len(got.Lines) != 300 || got.Totals.Expected != 300 {
		t.Errorf("%d lines, %d expected", len(got.Lines), got.Totals.Expected)
	}
	// The right; enrolled and slots beside the settings' version; 300 files and 300 days.
	if got := calls(); got != "2 queries, 7 batches, 1 others" {
		t.Errorf("a day took %s", got)
	}
	if got := ask("&to=2026-11-30"); len(got.Days) != 7 || len(got.Days[2].Others) != 300 {
		t.Errorf("%d days", len(got.Days))
	}
	if got := calls(); got != "2 queries, 25 batches, 1 others" {
		t.Errorf("a week took %s", got)
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	h := careful(t)
	agent := h.Carer(collectivity.Reader)
	town.Rights(t, "show-attendance")
	for _, format := range []string{"json", "csv", "xlsx", "pdf"} {
		response, err := newHandler()(context.Background(), query(h.Town, agent, "activity=cantine&date=2026-11-24&care=true&format="+format))
		if err != nil || response.StatusCode != 200 {
			t.Errorf("%s: got %d %s (%v)", format, response.StatusCode, response.Body, err)
		}
	}
}

// TestABookedChildStaysListedWhenItsEnrolmentIsCutShort: it is expected, takes a place and is billed.
func TestABookedChildStaysListedWhenItsEnrolmentIsCutShort(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	household, err := h.MadeFamily.Store.Household(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range household.Enrolments {
		if e.Activity == "cantine" {
			e.Period.To = tuesday.AddDays(-1)
			if household, err = h.MadeFamily.Store.SetEnrolment(t.Context(), household, e, "agent", town.Now); err != nil {
				t.Fatal(err)
			}
		}
	}
	d := show(h.Town, h.Agent(collectivity.Reader), "cantine", tuesday)
	if got, want := told(d.Lines), "Léa booked"; got != want || len(d.Others) != 0 {
		t.Errorf("lines: got %s, want %s; others %s", got, want, told(d.Others))
	}
}

// TestAChildOfTwoFilesStandsInTheListOnce: with the household whose day it is, called as its file calls it.
func TestAChildOfTwoFilesStandsInTheListOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	paul.Day(booking.Booking, 0, "cantine", "", tuesday)
	anne.Day(booking.Booking, 0, "cantine", "", tuesday.AddDays(2))
	anne.Day(booking.Booking, 0, "cantine", "", tuesday.AddDays(3))
	anne.Day(booking.Absence, 0, "cantine", "", tuesday.AddDays(3))
	agent := w.Agent(collectivity.Reader)
	for _, c := range []struct {
		d             calendar.Date
		family        string // "": either
		lines, others string
	}{
		{tuesday, paul.ID, "Léa booked", ""},
		{tuesday.AddDays(2), anne.ID, "Léa booked", ""},
		{tuesday.AddDays(3), anne.ID, "Léa absent", ""},
		{tuesday.AddDays(6), "", "", "Léa enrolled"},
	} {
		d := show(w, agent, "cantine", c.d)
		if got, others := told(d.Lines), told(d.Others); got != c.lines || others != c.others {
			t.Errorf("%s: lines %q, others %q", c.d, got, others)
		}
		for _, l := range slices.Concat(d.Lines, d.Others) {
			if c.family != "" && l.Family != c.family || l.LastName != "Martin" {
				t.Errorf("%s: stands with %s, called %q", c.d, l.Family, l.LastName)
			}
		}
		if len(d.Lines) > 0 && d.Totals.Expected+d.Totals.Absent != 1 {
			t.Errorf("%s: totals %+v", c.d, d.Totals)
		}
	}
}
