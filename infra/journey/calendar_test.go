package journey

import (
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
)

// TestACalendarFollowsAFamilysDaysUntilItsLinkIsRevoked plays the parent, who opts in, and the calendar, which knows the
// address and nothing else.
func TestACalendarFollowsAFamilysDaysUntilItsLinkIsRevoked(t *testing.T) {
	t.Parallel()
	h := town.NewNow(t).NewHome("Léa")
	h.Day(booking.Booking, 0, "mercredi", "matin", nextWednesday(h.Activities[2].Season))
	parent, calendar := newBrowser(t), newBrowser(t)
	parent.token = tokenOf(t, h.Account, "AccessToken")
	links := "/v1/families/" + h.ID + "/calendar"
	if before := want[api.CalendarLink](parent, 200, "GET", links, nil); before.Active {
		t.Errorf("before opting in: %+v", before)
	}
	link := want[api.CalendarLink](parent, 201, "POST", links, nil)
	if shown := want[api.CalendarLink](parent, 200, "GET", links, nil); shown != link {
		t.Errorf("made %+v, shown %+v", link, shown)
	}

	address, ours := strings.CutPrefix(link.URL, parent.portal)
	if !ours {
		t.Fatalf("the address %s is not the portal's", link.URL)
	}
	feed := calendar.send("GET", address, nil, nil)
	if feed.status != 200 || feed.header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(string(feed.body), "STATUS:TENTATIVE\r\n") {
		t.Fatalf("got %d %v %s", feed.status, feed.header, feed.body)
	}
	again := calendar.send("GET", address, nil, map[string]string{"If-None-Match": feed.header.Get("ETag")})
	if again.status != 304 || len(again.body) > 0 || again.header.Get("ETag") != feed.header.Get("ETag") {
		t.Errorf("unchanged: got %d %v %s", again.status, again.header, again.body)
	}

	want[api.Nothing](parent, 204, "DELETE", links, nil)
	if gone := calendar.send("GET", address, nil, nil); gone.status != 404 || gone.code() != "calendar_not_found" {
		t.Errorf("revoked: got %d %s", gone.status, gone.body)
	}
}
