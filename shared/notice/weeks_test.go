package notice

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"preau/shared/calendar"
)

func TestWeeksThatAreNotTakenAsTheyMustBe(t *testing.T) {
	t.Parallel()
	const summerWholeElseThree = `{"weeks": [{"if": [{"is": ["summer"]}], "whole": true}, {"if": [{"is": ["holidays"]}], "minimumDays": 3}]}`
	cases := []struct {
		says, document string
		taken          []calendar.Date
		short          []Shortfall
	}{
		{"no day, no week", summerWholeElseThree, nil, nil},
		{"a whole week", summerWholeElseThree, []calendar.Date{"2027-07-19", "2027-07-20", "2027-07-21", "2027-07-22", "2027-07-23"}, nil},
		{"in any order and twice", summerWholeElseThree, []calendar.Date{"2027-07-23", "2027-07-19", "2027-07-19", "2027-07-21", "2027-07-22", "2027-07-20"}, nil},
		{"a week that lacks days", summerWholeElseThree, []calendar.Date{"2027-07-19", "2027-07-20", "2027-07-22"}, []Shortfall{{
			Monday: "2027-07-19", Missing: []calendar.Date{"2027-07-21", "2027-07-23"}, Code: "whole_week_only",
			Text: "La semaine du lundi 19 juillet 2027 se réserve en entier.",
		}}},
		{"a week with a public holiday is shorter", summerWholeElseThree, []calendar.Date{"2027-07-12", "2027-07-13", "2027-07-15", "2027-07-16"}, nil},
		{"three days of the autumn holidays", summerWholeElseThree, []calendar.Date{"2026-10-19", "2026-10-21", "2026-10-23"}, nil},
		{"two days of them, in each of two weeks", summerWholeElseThree, []calendar.Date{"2026-10-19", "2026-10-21", "2026-10-26", "2026-10-27"}, []Shortfall{
			{Monday: "2026-10-19", Minimum: 3, Code: "too_few_days", Text: "La semaine du lundi 19 octobre 2026 se réserve pour 3 jours au moins."},
			{Monday: "2026-10-26", Minimum: 3, Code: "too_few_days", Text: "La semaine du lundi 26 octobre 2026 se réserve pour 3 jours au moins."},
		}},
		{"a day of term", summerWholeElseThree, []calendar.Date{"2026-11-25"}, nil},
		{"five days of a week of four", `{"weeks": [{"minimumDays": 5}]}`, []calendar.Date{"2026-11-09", "2026-11-10", "2026-11-12", "2026-11-13"}, nil},
		{"rules without weeks", `{"rules": [{"never": true}]}`, []calendar.Date{"2026-11-25"}, nil},
	}
	cal := school("C")
	open := func(d calendar.Date) bool { return cal.Working(d) }
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			rules, err := Parse([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			if got := rules.Weeks(cal, c.taken, open); !reflect.DeepEqual(got, c.short) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestTakingEveryOpenDayIsAlwaysEnough holds whatever a week asks for, and taking what is missing mends a whole week.
func TestTakingEveryOpenDayIsAlwaysEnough(t *testing.T) {
	t.Parallel()
	cal := school("A")
	open := func(d calendar.Date) bool { return cal.Working(d) }
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{weeks: []weekRule{{whole: rapid.Bool().Draw(t, "whole"), minimum: rapid.IntRange(1, 7).Draw(t, "minimum")}}}
		from := calendar.Date("2026-09-01").AddDays(rapid.IntRange(0, 300).Draw(t, "from"))
		all := slices.DeleteFunc(calendar.Period{From: monday(from), To: monday(from).AddDays(6)}.Days(nil, ""), func(d calendar.Date) bool { return !open(d) })
		if got := rules.Weeks(cal, all, open); got != nil {
			t.Fatalf("all of %v: %+v", all, got)
		}
		if len(all) == 0 {
			return
		}
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[calendar.Date]).Draw(t, "some")
		for _, s := range rules.Weeks(cal, some, open) {
			some = append(some, s.Missing...)
		}
		if rules.weeks[0].whole && rules.Weeks(cal, some, open) != nil {
			t.Fatalf("%v is still short", some)
		}
	})
}
