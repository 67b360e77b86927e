package feed

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"preau/shared/booking"
)

// year is a feed with a year of canteens in it.
func year(t testing.TB) Calendar {
	t.Helper()
	var days []booking.Day
	for _, d := range Period(now).Days(nil, "") {
		days = append(days, day(d, "cantine", booking.Booked), day(d, "soir", booking.Requested))
	}
	return Of("Activités – Saint-Aubin", lea, planning(t, days...), now)
}

// unfolded are the content lines of a feed. It fails the test where RFC 5545 is broken on the way (3.1).
func unfolded(t rapid.TB, text string) (lines []string) {
	t.Helper()
	if !strings.HasSuffix(text, "\r\n") || !utf8.ValidString(text) {
		t.Fatalf("the feed ends %q, is UTF-8: %v", text[max(0, len(text)-10):], utf8.ValidString(text))
	}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || line == "" || strings.ContainsAny(line, "\r\n") || !utf8.ValidString(line) {
			t.Fatalf("a line of %d octets: %q", len(line), line)
		}
		if more, folded := strings.CutPrefix(line, " "); folded {
			lines[len(lines)-1] += more
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAFeedHasWhatRFC5545Requires(t *testing.T) {
	t.Parallel()
	feeds := map[string]Calendar{"a year": year(t), "nothing booked": Of("Activités", lea, planning(t), now)}
	line := regexp.MustCompile(`^[A-Z-]+(;[A-Z-]+=[A-Za-z]+)*:.+$`)
	for says, c := range feeds {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			lines := unfolded(t, c.Text(now))
			var open []string
			for i, l := range lines {
				if !line.MatchString(l) {
					t.Errorf("line %d: %q", i, l)
				}
				switch name, value, _ := strings.Cut(l, ":"); name {
				case "BEGIN":
					open = append(open, value)
				case "END":
					if len(open) == 0 || open[len(open)-1] != value {
						t.Fatalf("line %d ends %s within %v", i, value, open)
					}
					open = open[:len(open)-1]
				}
			}
			if len(open) > 0 || lines[0] != "BEGIN:VCALENDAR" || lines[len(lines)-1] != "END:VCALENDAR" {
				t.Errorf("from %s to %s, open: %v", lines[0], lines[len(lines)-1], open)
			}
			for _, once := range []string{
				"VERSION:2.0", "PRODID:-//Preau//Planning//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "NAME:" + c.Name, "X-WR-CALNAME:" + c.Name,
				"REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H",
			} {
				if n := count(lines, once); n != 1 {
					t.Errorf("%q stands there %d times", once, n)
				}
			}
			if count(lines, "BEGIN:VEVENT")+count(lines, "BEGIN:VTIMEZONE") == 0 {
				t.Error("no component at all")
			}
		})
	}
}

func count(lines []string, line string) (n int) {
	for _, l := range lines {
		if l == line {
			n++
		}
	}
	return n
}

func TestEveryEventHasWhatItNeedsOnce(t *testing.T) {
	t.Parallel()
	events := strings.Split(year(t).Text(now), "BEGIN:VEVENT\r\n")[1:]
	if len(events) < 396+365 {
		t.Fatalf("%d events", len(events))
	}
	seen := map[string]bool{}
	for _, e := range events {
		body, _, _ := strings.Cut(e, "END:VEVENT")
		names := map[string]int{}
		for _, l := range unfolded(t, body) {
			name, value, _ := strings.Cut(l, ":")
			names[name]++
			if name == "UID" && seen[value] {
				t.Fatalf("two events are called %s", value)
			} else if name == "UID" {
				seen[value] = true
			}
		}
		for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"} {
			if names[name] != 1 || len(names) != 7 {
				t.Fatalf("%d × %s in %q", names[name], name, body)
			}
		}
	}
}

// TestALibraryReadsWhatWasWritten reads with a parser what calendars are told.
func TestALibraryReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	c := Of("Activités – Saint-Aubin", lea, planning(
		t, day("2026-11-24", "cantine", booking.Booked), day("2026-11-25", "cantine", booking.Waitlisted), day("2026-11-26", "sortie", booking.Booked), day("2027-06-01", "cantine", booking.Booked),
	), now)
	read, err := ics.ParseCalendar(strings.NewReader(c.Text(now)))
	if err != nil {
		t.Fatal(err)
	}
	value := func(e *ics.VEvent, p ics.ComponentProperty) string { return e.GetProperty(p).Value }
	var got []string
	for i, e := range read.Events() {
		got = append(got, strings.Join([]string{value(e, ics.ComponentPropertyDtStart), value(e, ics.ComponentPropertyDtEnd), value(e, ics.ComponentPropertySummary), value(e, ics.ComponentPropertyStatus), value(e, ics.ComponentPropertyTransp)}, " "))
		if e.Id() != c.Events[i].ID || value(e, ics.ComponentPropertyDtstamp) != "20261123T083000Z" {
			t.Errorf("%s at %s", e.Id(), value(e, ics.ComponentPropertyDtstamp))
		}
	}
	want := []string{
		"20261124T104500Z 20261124T123000Z L. – Cantine CONFIRMED TRANSPARENT",
		"20261125T104500Z 20261125T123000Z L. – Cantine (en attente) TENTATIVE TRANSPARENT",
		"20261126 20261127 L. – Sortie CONFIRMED TRANSPARENT",
		"20270601T094500Z 20270601T113000Z L. – Cantine CONFIRMED TRANSPARENT",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if day := read.Events()[2].GetProperty(ics.ComponentPropertyDtStart).ICalParameters["VALUE"]; !slices.Equal(day, []string{"DATE"}) {
		t.Errorf("a whole day is of type %v", day)
	}
}

// TestNoTextBreaksAFeed writes whatever a town may call itself and its activities.
func TestNoTextBreaksAFeed(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zé,;:\\" \n\r\t<>]{0,200}`), rapid.Just("a\r\nEND:VCALENDAR\r\nBEGIN:VEVENT"), rapid.Just(`C:\noël; "petits", grands`))
	rapid.Check(t, func(t *rapid.T) {
		e := Event{ID: "one", Summary: "L. – " + text.Draw(t, "activity"), Starts: now, Ends: now.Add(time.Hour)}
		c := Calendar{Name: "A " + text.Draw(t, "town"), Events: []Event{e, {ID: "two", Summary: "after", Starts: now, Ends: now.Add(time.Hour)}}}
		lines := unfolded(t, c.Text(now))
		summary := lines[slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "SUMMARY:") })]
		if got, want := unescaped(strings.TrimPrefix(summary, "SUMMARY:")), line(e.Summary); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		if count(lines, "BEGIN:VEVENT") != 2 || count(lines, "END:VCALENDAR") != 1 || count(lines, "SUMMARY:after") != 1 {
			t.Fatalf("got %q", lines)
		}
	})
}

// unescaped reads a TEXT value as RFC 5545 says (3.3.11), or says what is wrong with it.
func unescaped(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ',' || c == ';':
			return fmt.Sprintf("a bare %q in %q", c, s)
		case c != '\\':
			out.WriteByte(c)
		case i+1 == len(s) || !strings.ContainsRune(`\;,`, rune(s[i+1])):
			return fmt.Sprintf("an escape of nothing in %q", s)
		default:
			i++
			out.WriteByte(s[i])
		}
	}
	return out.String()
}

func TestTheVersionIsThatOfWhatIsSaid(t *testing.T) {
	t.Parallel()
	booked := day("2026-11-24", "cantine", booking.Booked)
	first := Of("Activités", lea, planning(t, booked), now)
	later := Of("Activités", lea, planning(t, booked), now.Add(time.Hour))
	if first.Version() != later.Version() || first.Text(now) == later.Text(now.Add(time.Hour)) {
		t.Error("the hour changes the version, or no stamp")
	}
	for says, other := range map[string]Calendar{
		"nothing booked":  Of("Activités", lea, planning(t), now),
		"another name":    Of("Autres activités", lea, planning(t, booked), now),
		"waiting":         Of("Activités", lea, planning(t, day("2026-11-24", "cantine", booking.Waitlisted)), now),
		"another sibling": Of("Activités", append(slices.Clone(lea), child("louis", "Louis")), planning(t, booked), now),
	} {
		if other.Version() == first.Version() {
			t.Errorf("%s has the same version", says)
		}
	}
}

func BenchmarkAYear(b *testing.B) {
	c := year(b)
	for b.Loop() {
		_ = c.Text(now)
	}
}
