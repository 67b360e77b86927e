package main

import (
	"fmt"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "list-events", map[string]string{"slug": w.Slug}), agent)
}

// declare writes an event as declare-event does.
func declare(w *town.Town, e collectivity.Event) {
	w.T.Helper()
	e.ID, e.CreatedAt, e.Author = e.Name, town.Now, "agent"
	c, err := w.Store.Configuration(w.T.Context())
	if err == nil {
		_, err = w.Store.DeclareEvent(w.T.Context(), c, e, "")
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

// names of the events listed.
func names(l api.List[api.Event]) string {
	var all []string
	for _, e := range l.Items {
		all = append(all, e.Name)
	}
	return strings.Join(all, " ")
}

func TestTheSampleEventListsTheTownsEventsByTheirLastDay(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	if got := town.Read[api.List[api.Event]](t, newHandler(), event(w, w.Agent(collectivity.Reader)), 200); got.Items == nil || len(got.Items) > 0 {
		t.Errorf("a town without events has %+v", got)
	}
	for i, to := range []calendar.Date{"2026-12-01", "2027-01-08", "2026-11-24"} {
		declare(w, collectivity.Event{
			Name: fmt.Sprint("e", i), Kind: collectivity.Outing, Effect: collectivity.Reopens, Until: "08:00", Text: "Musée",
			Period: calendar.Period{From: "2026-11-24", To: to}, Activities: []string{"cantine"},
		})
	}
	got := town.Read[api.List[api.Event]](t, newHandler(), event(w, w.Agent(collectivity.Reader)), 200)
	if names(got) != "e1 e0 e2" || got.Cursor != "" {
		t.Errorf("listed %s, cursor %q", names(got), got.Cursor)
	}
	if e := got.Items[1]; e.Kind != "outing" || e.Effect != "reopen" || e.Until != "08:00" || e.Text != "Musée" || e.To != "2026-12-01" || e.Schools == nil || e.CreatedAt == "" {
		t.Errorf("told %+v", e)
	}
}

func TestAnAgentSeesTheEventsThatTouchTheirActivities(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for name, activities := range map[string][]string{"all": nil, "theirs": {"cantine", "mercredi"}, "others": {"mercredi"}} {
		declare(w, collectivity.Event{Name: name, Kind: collectivity.Strike, Effect: collectivity.Cancels, Period: calendar.Period{From: "2026-11-24", To: "2026-11-24"}, Activities: activities})
	}
	for _, c := range []struct {
		agent account.Account
		want  int
	}{{w.Agent(collectivity.Reader), 3}, {w.Scoped(collectivity.Reader, "cantine"), 2}} {
		if got := town.Read[api.List[api.Event]](t, newHandler(), event(w, c.agent), 200); len(got.Items) != c.want {
			t.Errorf("sees %s", names(got))
		}
	}
}

func TestWhoMayNotReadThereIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), town.Query(event(w, w.Agent(collectivity.Reader)), "cursor=x")), 400, "invalid_input", "cursor cursor_invalid")
}
