package notice

import (
	"os"
	"testing"
	"time"

	"preau/shared/calendar"
)

// FuzzParse holds that no document breaks anything: it is refused with paths, or it answers for any day, and the schema
// takes it too.
func FuzzParse(f *testing.F) {
	for _, file := range documents(f) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	s, cal := schema(f), school("B")
	f.Fuzz(func(t *testing.T, text []byte) {
		rules, err := Parse(text)
		if err != nil {
			return
		}
		if !fits(t, s, text) {
			t.Errorf("the schema refuses what was taken: %s", text)
		}
		for _, d := range []calendar.Date{"1900-01-01", "2026-11-23", "2027-02-24", "2199-12-31"} {
			for _, kind := range []Kind{Booking, Absence} {
				v := Judge(rules, cal, Request{Kind: kind, Day: d, Starts: "11:45"}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), paris)
				if v.Text == "" || v.State == "" {
					t.Errorf("no answer for %s: %s", d, text)
				}
			}
		}
	})
}
