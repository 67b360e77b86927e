package feed

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

var now = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC) // a Monday, 9:30 in Paris

func child(id, firstName string) family.Member {
	return family.Member{ID: id, Target: family.Child, Values: map[string]map[string]any{"identity": {"firstName": firstName, "lastName": "Martin"}}}
}

var lea = []family.Member{child("lea", "Léa")}

// planning of days in Paris, each of Léa at one of the activities.
func planning(t testing.TB, days ...booking.Day) booking.Planning {
	t.Helper()
	made, err := booking.NewTown(collectivity.Configuration{Settings: collectivity.Settings{Timezone: "Europe/Paris"}, Activities: []collectivity.Activity{
		{ID: "cantine", Name: "Cantine", Starts: "11:45", Ends: "13:30"},
		{ID: "soir", Name: "Accueil du soir", Starts: "16:30"},
		{ID: "nuit", Name: "Nuit à l’école", Starts: "01:30", Ends: "04:00"},
		{ID: "envers", Name: "Heures à l’envers", Starts: "10:00", Ends: "09:00"},
		{ID: "sortie", Name: "Sortie"},
		{ID: "mercredi", Name: "Mercredi", Starts: "08:30", Ends: "17:30", Options: []collectivity.Option{{ID: "matin", Name: "Matin avec repas"}, {ID: "journee", Name: "Journée"}}},
		{ID: "stage", Name: "Stage", Starts: "09:00", Ends: "12:00", Options: []collectivity.Option{{ID: "seule", Name: "La seule"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := booking.Planning{Town: made, Days: map[booking.Place]booking.Day{}}
	for _, d := range days {
		p.Days[d.Place] = d
	}
	return p
}

func day(date calendar.Date, activity string, state booking.State) booking.Day {
	return booking.Day{Place: booking.Place{Date: date, Child: "lea", Activity: activity}, State: state}
}

// written writes an event as a person would check it.
func written(e Event) string {
	text := e.Summary + " " + e.Starts.UTC().Format("01-02 15:04") + "–" + e.Ends.UTC().Format("15:04")
	if e.AllDay {
		text += " all day"
	}
	if e.Waiting {
		text += " waiting"
	}
	return text
}

func TestADayIsShownAsItsStateSays(t *testing.T) {
	t.Parallel()
	withOption := day("2026-11-25", "mercredi", booking.Booked)
	withOption.Option = "matin"
	onlyOption := day("2026-11-25", "stage", booking.Booked)
	onlyOption.Option = "seule"
	of := func(d booking.Day, child string) booking.Day { d.Child = child; return d }
	cases := []struct {
		says string
		day  booking.Day
		want string
	}{
		{"booked", day("2026-11-24", "cantine", booking.Booked), "L. – Cantine 11-24 10:45–12:30"},
		{"booked, and past", day("2026-11-03", "cantine", booking.Booked), "L. – Cantine 11-03 10:45–12:30"},
		{"the absence is asked, and not granted yet", day("2026-11-24", "cantine", booking.AbsenceRequested), "L. – Cantine (absence demandée) 11-24 10:45–12:30"},
		{"requested", day("2026-11-24", "cantine", booking.Requested), "L. – Cantine (en attente) 11-24 10:45–12:30 waiting"},
		{"on the waiting list", day("2026-11-24", "cantine", booking.Waitlisted), "L. – Cantine (en attente) 11-24 10:45–12:30 waiting"},
		{"requested for later today", day("2026-11-23", "cantine", booking.Requested), "L. – Cantine (en attente) 11-23 10:45–12:30 waiting"},
		{"requested, and never answered", day("2026-11-20", "cantine", booking.Requested), ""},
		{"absent", day("2026-11-24", "cantine", booking.Absent), ""},
		{"cancelled by the town", day("2026-11-24", "cantine", booking.Cancelled), ""},
		{"refused", day("2026-11-24", "cantine", booking.Refused), ""},
		{"closed", day("2026-11-24", "cantine", booking.Closed), ""},
		{"may come, is not expected", day("2026-11-24", "cantine", booking.Enrolled), ""},
		{"with the option chosen", withOption, "L. – Mercredi, Matin avec repas 11-25 07:30–16:30"},
		{"the only option there is goes without saying", onlyOption, "L. – Stage 11-25 08:00–11:00"},
		{"an hour where nobody said how long", day("2026-11-24", "soir", booking.Booked), "L. – Accueil du soir 11-24 15:30–16:30"},
		{"an hour where the end comes first", day("2026-11-24", "envers", booking.Booked), "L. – Heures à l’envers 11-24 09:00–10:00"},
		{"all day where nobody said when", day("2026-11-24", "sortie", booking.Booked), "L. – Sortie 11-23 23:00–23:00 all day"},
		{"in summer", day("2027-06-01", "cantine", booking.Booked), "L. – Cantine 06-01 09:45–11:30"},
		{"across the clocks' spring, an hour shorter", day("2027-03-28", "nuit", booking.Booked), "L. – Nuit à l’école 03-28 00:30–02:00"},
		{"across the clocks' autumn, an hour longer", day("2026-10-25", "nuit", booking.Booked), "L. – Nuit à l’école 10-24 23:30–03:00"},
		{"of an activity that is gone", day("2026-11-24", "poney", booking.Booked), ""},
		{"of a child that is gone", of(day("2026-11-24", "cantine", booking.Booked), "tom"), ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, e := range Of("Activités", lea, planning(t, c.day), now).Events {
				got += written(e)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFeedGoesFromAMonthAgoToAYearAhead(t *testing.T) {
	t.Parallel()
	if got := Period(now); got != (calendar.Period{From: "2026-10-24", To: "2027-11-23"}) {
		t.Errorf("got %v", got)
	}
}

func TestAnEventKeepsItsNameWhateverBecomesOfTheDay(t *testing.T) {
	t.Parallel()
	nameOf := func(d booking.Day) string { return Of("", lea, planning(t, d), now).Events[0].ID }
	first := nameOf(day("2026-11-24", "cantine", booking.Requested))
	for says, d := range map[string]booking.Day{
		"booked":                   day("2026-11-24", "cantine", booking.Booked),
		"booked again, by another": {Place: booking.Place{Date: "2026-11-24", Child: "lea", Activity: "cantine"}, State: booking.Booked, Request: "r2", Rev: 7},
	} {
		if again := nameOf(d); again != first {
			t.Errorf("%s: it was %s, and is %s", says, first, again)
		}
	}
	for says, d := range map[string]booking.Day{
		"another day":      day("2026-11-26", "cantine", booking.Booked),
		"another activity": day("2026-11-24", "soir", booking.Booked),
	} {
		if nameOf(d) == first {
			t.Errorf("%s has the same name", says)
		}
	}
}

func TestEventsComeInTheOrderOfTheirStarts(t *testing.T) {
	t.Parallel()
	p := planning(t,
		day("2026-11-26", "cantine", booking.Booked), day("2026-11-24", "soir", booking.Booked), day("2026-11-24", "cantine", booking.Booked), day("2027-01-05", "cantine", booking.Booked))
	var starts []string
	for range 20 { // a map has no order
		c := Of("", lea, p, now)
		starts = nil
		for _, e := range c.Events {
			starts = append(starts, e.Starts.UTC().Format("06-01-02 15:04"))
		}
		if !slices.IsSorted(starts) || len(starts) != 4 {
			t.Fatalf("got %v", starts)
		}
	}
}

func TestInitialsTellChildrenApartAndNameNone(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, names, want string }{
		{"one child", "Léa", "L."},
		{"other letters", "Léa Noé Inès", "L. N. I."},
		{"the same letter", "Léa Louis", "Lé. Lo."},
		{"two of three", "Léa Noé Louis", "Lé. N. Lo."},
		{"two letters the same", "Marion Mathis", "Mar. Mat."},
		{"three letters the same for two", "Marion Mathis Martin", "M. 1 Mat. M. 3"},
		{"only accents apart", "Eva Éva", "E. É."},
		{"twins of one name, but for the last letter", "Léa Léo", "L. 1 L. 2"},
		{"a name that begins as another", "Lou Louise Tom", "L. 1 L. 2 T."},
		{"the same name", "Zoé Zoé", "Z. 1 Z. 2"},
		{"of one letter", "A Anne", "A. 1 An."},
		{"in small letters", "léa", "L."},
		{"in capitals", "LÉA louis", "Lé. Lo."},
		{"compound", "Jean-Baptiste Jérôme", "Je. Jé."},
		{"an accent written apart", "E\u0301lise Emma", "E\u0301. E."},
		{"no letter at all", "? Tom", "1 T."},
		{"in another script", "Юля Юра", "Юл. Юр."},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var children []family.Member
			for i, name := range strings.Fields(c.names) {
				children = append(children, child(string(rune('a'+i)), name))
			}
			all := Initials(children)
			var got []string
			for _, m := range children {
				got = append(got, all[m.ID])
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, " "), c.want)
			}
		})
	}
}
