package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testdata = "../../../shared/notice/testdata/"

func TestAQuestionIsAnsweredInPlainWords(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"rules": [{"closes": {"at": "25:00"}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	town := filepath.Join(t.TempDir(), "town.json")
	if err := os.WriteFile(town, []byte(`{"zone": "A", "weekdays": ["mon", "tue", "thu", "fri"],
		"exceptions": [{"from": "2026-11-20", "to": "2026-11-20", "counts": "school"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ says, args, want string }{
		{"a school that is closed for once", "-rules rontalon-canteen.json -day 2026-11-23 -at 2026-11-20T09:00 -town " + town, "jusqu’au jeudi 19 novembre à 11 h"},
		{"within time", "-rules vailhauques-canteen.json -day 2026-11-23 -at 2026-11-20T08:59 -zone C", "If asked on Friday 20 November 2026 at 08:59 for a booking on Monday 23 November 2026 (service at 12:00, family of the town): open."},
		{"late", "-rules vailhauques-canteen.json -day 2026-11-23 -at 2026-11-20T09:30 -zone C", "late: taken with a surcharge"},
		{"the sentence that families read", "-rules vailhauques-canteen.json -day 2026-11-23 -at 2026-11-20T09:30 -zone C", "Family: Réservable jusqu’au vendredi 20 novembre à 9 h : délai dépassé, possible avec majoration (50 %) jusqu’au lundi 23 novembre à 12 h."},
		{"the instants", "-rules vailhauques-canteen.json -kind absence -day 2026-11-26 -at 2026-11-20T09:30 -zone C", "Closes: Tue 2026-11-24 09:00 CET"},
		{"a zone that the holidays move", "-rules eragny-holidays.json -day 2027-02-17 -at 2027-01-23T12:00 -zone A", ": open."},
		{"and another", "-rules eragny-holidays.json -day 2027-02-17 -at 2027-01-23T12:00 -zone C", ": closed."},
		{"a family from elsewhere", "-rules plausible/residents-first.json -day 2027-02-17 -at 2027-01-04T09:00 -elsewhere", "family from elsewhere): not open yet."},
		{"days of which no holidays are known", "-rules rontalon-canteen.json -day 2026-11-23 -at 2026-11-20T09:00 -zone corsica", "Beware: no school holidays of the zone are known"},
		{"days taken together", "-rules plausible/three-seasons.json -day 2027-07-19 -at 2027-05-01T09:00 -taken 2027-07-19,2027-07-20", "whole_week_only"},
		{"a document with a mistake", "-rules " + bad + " -day 2026-11-23", "invalid_input"},
		{"rules that must not stand", "-rules plausible/residents-first.json -day 2027-02-17 -primary-canteen", "rules[0].residents: residents_first_forbidden"},
		{"no day", "-rules rontalon-canteen.json", "-rules and -day are needed"},
		{"a day that does not exist", "-rules rontalon-canteen.json -day 2026-02-30", "-day"},
		{"an instant that is none", "-rules rontalon-canteen.json -day 2026-11-23 -at yesterday", "-at"},
		{"a kind that is none", "-rules rontalon-canteen.json -day 2026-11-23 -kind visit", "-kind"},
		{"an hour that is none", "-rules rontalon-canteen.json -day 2026-11-23 -starts noon", "-starts"},
		{"a file that is not there", "-rules nowhere.json -day 2026-11-23", "nowhere.json"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := ask(c.args); !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

// ask is the answer, or the complaint, to a command line whose rules lie in testdata.
func ask(line string) string {
	args := strings.Fields(line)
	if !filepath.IsAbs(args[1]) {
		args[1] = testdata + args[1]
	}
	var out strings.Builder
	q, err := read(args, io.Discard)
	if err == nil {
		err = q.answer(&out)
	}
	if err != nil {
		return out.String() + err.Error()
	}
	return out.String()
}
