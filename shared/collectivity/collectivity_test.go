package collectivity_test

import (
	"testing"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

func TestASlugIsANameInAddressesAndKeys(t *testing.T) {
	t.Parallel()
	cases := []struct {
		slug string
		good bool
	}{
		{"saint-aubin", true},
		{"rennes-2", true},
		{"ay", true},
		{"a", false},
		{"", false},
		{"Saint-Aubin", false},
		{"saint aubin", false},
		{"évry", false},
		{"-saint", false},
		{"saint-", false},
		{"a#F#b", false},
		{"a/b", false},
		{"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123", true},
		{"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234", false},
	}
	for _, c := range cases {
		if got := collectivity.GoodSlug(c.slug); got != c.good {
			t.Errorf("%q: %v", c.slug, got)
		}
	}
}

func TestWhatIsNotSetIsEditableAndAnAgentsToDecide(t *testing.T) {
	t.Parallel()
	s := collectivity.Settings{
		Fields:   map[string]collectivity.Mode{"guardian.phones.home": collectivity.Hidden},
		Sections: map[string]collectivity.Decision{"guardian.phones": collectivity.AtOnce},
	}
	for field, want := range map[string]collectivity.Mode{"guardian.phones.home": "hidden", "guardian.phones.mobile": "editable", "child.phones.home": "editable"} {
		if got := s.Mode(field, collectivity.Editable); got != want {
			t.Errorf("%s is %s", field, got)
		}
	}
	for section, want := range map[string]collectivity.Decision{"guardian.phones": "auto", "guardian.address": "agent"} {
		if got := s.Decision(section); got != want {
			t.Errorf("%s is decided by %s", section, got)
		}
	}
}

func TestARoleCoversTheSmallerOnes(t *testing.T) {
	t.Parallel()
	order := []collectivity.Role{"", collectivity.Reader, collectivity.Reviewer, collectivity.Manager}
	for i, has := range order {
		for j, asked := range order[1:] {
			if got := has.Covers(asked); got != (i >= j+1) {
				t.Errorf("%q covers %q: %v", has, asked, got)
			}
		}
	}
}

func TestSilenceDecidesOnADayOfTheTownsCalendar(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		i, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	cases := []struct {
		says, zone, since string
		months            int
		want              calendar.Date
	}{
		{"after two months unless set", "Europe/Paris", "2026-11-23T08:30:00Z", 0, "2027-01-23"},
		{"after as many as set", "Europe/Paris", "2026-11-23T08:30:00Z", 4, "2027-03-23"},
		{"from the local day, late in the evening", "Europe/Paris", "2026-11-22T23:30:00Z", 0, "2027-01-23"},
		{"over the change to summer time", "Europe/Paris", "2027-02-10T22:30:00Z", 0, "2027-04-10"},
		{"on La Réunion", "Indian/Reunion", "2026-11-22T20:30:00Z", 0, "2027-01-23"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := collectivity.Settings{Timezone: c.zone, Implied: collectivity.Implied{Months: c.months}}
			if got := s.ImpliedOn(at(c.since)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnActivityIsOpenInItsSeasonOnItsDays(t *testing.T) {
	t.Parallel()
	a := collectivity.Activity{
		Season:   calendar.Period{From: "2026-09-01", To: "2027-07-03"},
		Weekdays: []calendar.Weekday{"mon", "tue"},
		Closed:   []calendar.Period{{From: "2026-12-21", To: "2027-01-03"}},
	}
	for day, want := range map[calendar.Date]bool{
		"2026-09-01": true,  // Tuesday, the first day
		"2026-08-31": false, // Monday, the day before
		"2026-11-25": false, // Wednesday
		"2026-12-21": false, // Monday, closed from that day
		"2027-01-04": true,  // Monday, open again
		"2027-07-05": false, // Monday, after the season
	} {
		if got := a.Open(day); got != want {
			t.Errorf("%s: open %v", day, got)
		}
	}
}

func TestAnOptionIsOneOfTheActivitysOwn(t *testing.T) {
	t.Parallel()
	with := collectivity.Activity{Options: []collectivity.Option{{ID: "matin"}}}
	cases := []struct {
		activity collectivity.Activity
		option   string
		want     bool
	}{{with, "matin", true}, {with, "", false}, {with, "soir", false}, {collectivity.Activity{}, "", true}, {collectivity.Activity{}, "matin", false}}
	for _, c := range cases {
		if got := c.activity.HasOption(c.option); got != c.want {
			t.Errorf("%q of %v: %v", c.option, c.activity.Options, got)
		}
	}
}

func TestAnAgentWithoutAScopeSeesAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scope []string
		want  bool
	}{{nil, true}, {[]string{"cantine"}, true}, {[]string{"mercredi"}, false}} {
		if got := (collectivity.Agent{Activities: c.scope}).Sees("cantine"); got != c.want {
			t.Errorf("scope %v: %v", c.scope, got)
		}
	}
}
