package main

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
)

// at is the use case at an instant.
func at(h town.Home, now time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), h.Secret, func() time.Time { return now }}.handle)
}

func right(h town.Home) store.FamilyRight {
	h.T.Helper()
	r, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	check(h.T, err)
	return r
}

// link makes a link and answers its token.
func link(h town.Home) string {
	h.T.Helper()
	made, err := right(h).OpenCalendar(h.T.Context(), town.Now)
	check(h.T, err)
	return h.Secret.Calendar(h.Account.ID, h.ID, made.Issue)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fetch reads a feed as a calendar does.
func fetch(h town.Home, now time.Time, token string) httpapi.Response {
	h.T.Helper()
	response, err := at(h, now)(h.T.Context(), town.Event(h.T, "show-calendar-feed", map[string]string{"token": token}))
	check(h.T, err)
	return response
}

// events are the lines that a calendar shows, in order.
func events(t testing.TB, r httpapi.Response) (lines []string) {
	t.Helper()
	if r.StatusCode != 200 {
		t.Fatalf("got %d %s", r.StatusCode, r.Body)
	}
	read, err := ics.ParseCalendar(strings.NewReader(r.Body))
	check(t, err)
	for _, e := range read.Events() {
		value := func(p ics.ComponentProperty) string { return e.GetProperty(p).Value }
		lines = append(lines, value(ics.ComponentPropertyDtStart)[4:13]+" "+value(ics.ComponentPropertySummary)+" "+strings.ToLower(value(ics.ComponentPropertyStatus)))
	}
	return lines
}

func wants(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAFeedShowsTheDaysThatAreBookedOrWait(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Louis")
	h.Day(booking.Booking, -1, "cantine", "", "2026-11-24")
	h.Day(booking.Booking, 0, "periscolaire", "", "2026-11-24")
	h.Day(booking.Absence, 0, "periscolaire", "", "2026-11-24")
	h.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	h.Day(booking.Booking, 0, "cantine", "", "2027-03-26")
	h.Day(booking.Booking, 0, "cantine", "", "2027-03-29") // the clocks change on Sunday 28
	r := fetch(h, town.Now, link(h))
	wants(
		t, events(t, r),
		"1124T1045 Lo. – Cantine confirmed", "1124T1045 Lé. – Cantine confirmed", "1125T0730 Lo. – Centre de loisirs du mercredi, Matin sans repas (en attente) tentative",
		"0326T1045 Lé. – Cantine confirmed", "0329T0945 Lé. – Cantine confirmed",
	)
	if r.Headers["content-type"] != "text/calendar; charset=utf-8" || r.Headers["content-disposition"] != `inline; filename="preau.ics"` || r.Headers["cache-control"] != "private, no-cache" {
		t.Errorf("headers %v", r.Headers)
	}
}

func TestAnAbsenceLeavesTheFeed(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	token := link(h)
	wants(t, events(t, fetch(h, town.Now, token)))
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	wants(t, events(t, fetch(h, town.Now, token)), "1124T1045 L. – Cantine confirmed")
	h.Day(booking.Absence, 0, "cantine", "", "2026-11-24")
	wants(t, events(t, fetch(h, town.Now, token)))
}

func TestADayIsShownFromAYearBeforeToAMonthAfter(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	token := link(h)
	day := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for says, c := range map[string]struct {
		now  time.Time
		want int
	}{
		"more than a year before": {day.AddDate(-1, 0, -1), 0},
		"a year before":           {day.AddDate(-1, 0, 0), 1},
		"30 days after":           {day.AddDate(0, 0, 30), 1},
		"31 days after":           {day.AddDate(0, 0, 31), 0},
	} {
		if got := events(t, fetch(h, c.now, token)); len(got) != c.want {
			t.Errorf("%s: %v", says, got)
		}
	}
}

func TestAnActivityShowsItsHoursAsTheTownSetThem(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	a := h.Activities[slices.IndexFunc(h.Activities, func(a collectivity.Activity) bool { return a.ID == "cantine" })]
	a.Name, a.Starts, a.Ends = "Restaurant, « Les Tilleuls »; école", "12:00", "13:45"
	check(t, h.Town.Store.SaveActivity(t.Context(), a))
	r := fetch(h, town.Now, link(h))
	for _, line := range []string{"DTSTART:20261124T110000Z\r\n", "DTEND:20261124T124500Z\r\n", `SUMMARY:L. – Restaurant\, « Les Tilleuls »\; école` + "\r\n"} {
		if !strings.Contains(r.Body, line) {
			t.Errorf("%q is not in\n%s", line, r.Body)
		}
	}
}

func TestAFeedNamesNobody(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Aliénor")
	h.Edit(0, "phones", map[string]any{"mobile": "0612345678"})
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	text := fetch(h, town.Now, link(h)).Body
	for _, personal := range []string{"Aliénor", "Martin", "Anne", "Paul", h.Account.Email, h.Account.ID, h.ID, h.Children[0], h.Guardians[0], "2018", "12345678"} {
		if strings.Contains(text, personal) {
			t.Errorf("%s is in\n%s", personal, text)
		}
	}
}

func TestACalendarThatHasTheFeedIsToldSo(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	token := link(h)
	ask := func(tag string, now time.Time) httpapi.Response {
		event := town.Header(town.Event(t, "show-calendar-feed", map[string]string{"token": token}), "if-none-match", tag)
		r, err := at(h, now)(t.Context(), event)
		check(t, err)
		return r
	}
	first := ask("", town.Now)
	if again := ask(first.Headers["etag"], town.Now.Add(4*time.Hour)); again.StatusCode != 304 || again.Body != "" || again.Headers["etag"] != first.Headers["etag"] {
		t.Errorf("unchanged: %d %q %v", again.StatusCode, again.Body, again.Headers)
	}
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	after := ask(first.Headers["etag"], town.Now)
	wants(t, events(t, after), "1124T1045 L. – Cantine confirmed")
	if after.Headers["etag"] == first.Headers["etag"] {
		t.Error("another feed has the same version")
	}
}

func TestALinkOpensWithAndWithoutItsSuffix(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	event := town.Event(t, "show-calendar-feed", map[string]string{"token": link(h)})
	for _, suffix := range []string{".ics", ""} {
		event.PathParameters["token"] = strings.TrimSuffix(event.PathParameters["token"], ".ics") + suffix
		r, err := at(h, town.Now)(t.Context(), event)
		check(t, err)
		if got := events(t, r); len(got) != 1 {
			t.Errorf("with %q: %v", suffix, got)
		}
	}
}

// TestWhatOpensNothingIsToldAlike: nobody learns whether a link ever was one.
func TestWhatOpensNothingIsToldAlike(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	good, theirs := link(h), link(other)
	made, err := right(h).Calendar(t.Context())
	check(t, err)

	revoked, left, closed := h.NewHome("Zoé"), h.NewHome("Noé"), h.NewHome("Inès")
	ended := map[string]string{"replaced": link(revoked), "unsubscribed": link(left), "of a closed account": link(closed)}
	ended["revoked"] = link(revoked) // which replaces the first
	for says, token := range maps.Clone(ended) {
		if r := fetch(h, town.Now, token); (r.StatusCode == 200) != (says != "replaced") {
			t.Fatalf("%s, before its end: %d", says, r.StatusCode)
		}
	}
	check(t, right(revoked).CloseCalendar(t.Context()))
	check(t, right(left).Unsubscribe(t.Context(), town.Now))
	h.Close(closed.Account)

	bad := map[string]string{
		"nothing that we derived":         "abc",
		"only a suffix":                   "",
		"a character changed":             "z" + good[1:],
		"cut short":                       good[:len(good)-1],
		"another suffix too":              good + ".ics.ics",
		"in capitals":                     strings.ToUpper(good),
		"another family's end":            good[:strings.LastIndex(good, ".")] + theirs[strings.LastIndex(theirs, "."):],
		"derived for no subscription":     h.Secret.Calendar(h.Account.ID, other.ID, made.Issue),
		"derived for no account":          h.Secret.Calendar(id.New(town.Now), h.ID, made.Issue),
		"derived for another issue":       h.Secret.Calendar(h.Account.ID, h.ID, made.Issue+1),
		"derived for no issue, none made": h.Secret.Calendar(h.Subscriber(h.MadeFamily, 1).ID, h.ID, 0),
		"derived for a mail":              h.Secret.Token("reset", h.Account.ID+"-"+h.ID, made.Issue),
	}
	maps.Copy(bad, ended)
	want := ""
	for says, token := range bad {
		r := fetch(h, town.Now, token)
		if want == "" {
			want = r.Body
		}
		if r.StatusCode != 404 || r.Body != want || !strings.Contains(want, `"code":"calendar_not_found"`) || r.Headers["cache-control"] != "no-store" {
			t.Errorf("%s: %d %s", says, r.StatusCode, r.Body)
		}
	}
	if r := fetch(h, town.Now, good); r.StatusCode != 200 {
		t.Errorf("the good link: %d", r.StatusCode)
	}
}

// TestNoFailureLocksALink: what a stranger tries touches nobody's feed.
func TestNoFailureLocksALink(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	token := link(h)
	for range 200 {
		if r := fetch(h, town.Now, token+"A"); r.StatusCode != 404 {
			t.Fatalf("a wrong token: %d", r.StatusCode)
		}
	}
	if r := fetch(h, town.Now, token); r.StatusCode != 200 {
		t.Errorf("the good link: %d", r.StatusCode)
	}
}

func TestEachTownsFeedShowsItsOwnDays(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	neighbour := h.NewHome("Zoé")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	wants(t, events(t, fetch(h, town.Now, link(h))), "1124T1045 L. – Cantine confirmed")
	wants(t, events(t, fetch(h, town.Now, link(elsewhere))))
	wants(t, events(t, fetch(h, town.Now, link(neighbour))))
}

// TestTheLogTellsNoToken sends good ones and bad ones; it can not run beside others.
func TestTheLogTellsNoToken(t *testing.T) {
	h := town.NewHome(t, "Léa")
	good := link(h)
	var log bytes.Buffer
	httpapi.LogTo(&log)
	defer httpapi.LogTo(io.Discard)
	for _, token := range []string{good, good[:len(good)-1], good + `\u0001`} {
		fetch(h, town.Now, token)
	}
	if n := strings.Count(log.String(), "\n"); n != 3 || !strings.Contains(log.String(), `"route":"GET /v1/calendar/{token}"`) {
		t.Errorf("%d lines: %s", n, log.String())
	}
	for _, part := range append(strings.Split(good, "."), h.Account.ID, h.ID) {
		if strings.Contains(log.String(), part) {
			t.Errorf("%s is in %s", part, log.String())
		}
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	r := town.Event(t, "show-calendar-feed", map[string]string{"token": link(h)})
	town.Rights(t, "show-calendar-feed")
	if got, err := handler(t.Context())(t.Context(), r); err != nil || got.StatusCode != 200 {
		t.Errorf("got %d %s, %v", got.StatusCode, got.Body, err)
	}
}

func TestTheFeedsOfBothHouseholdsOfAChildShowItsDays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	anne.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25") // it waits, and is hers alone
	anne.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	paul.Day(booking.Booking, 0, "cantine", "", "2026-11-26")
	wants(t, events(t, fetch(anne, town.Now, link(anne))), "1124T1045 L. – Cantine confirmed", "1125T0730 L. – Centre de loisirs du mercredi, Matin sans repas (en attente) tentative", "1126T1045 L. – Cantine (autre foyer) confirmed")
	wants(t, events(t, fetch(paul, town.Now, link(paul))), "1124T1045 L. – Cantine (autre foyer) confirmed", "1126T1045 L. – Cantine confirmed")
}
