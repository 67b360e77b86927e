package journey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// A subscriber is a family's, in the browser.
type subscriber struct {
	*browser
	town.Home
}

func newSubscriber(t *testing.T, w *town.Town, child string) subscriber {
	t.Helper()
	p := subscriber{newBrowser(t), w.NewHome(child)}
	p.token = tokenOf(t, p.Account, "AccessToken")
	return p
}

// ask sends a request for one day of the family's first child.
func (p subscriber) ask(kind, activity, option string, day calendar.Date) api.Request {
	p.t.Helper()
	return want[api.Request](p.browser, 201, "POST", "/v1/families/"+p.ID+"/requests", api.Asking{
		Kind: kind, From: string(day), To: string(day), Items: []api.RequestItem{{Child: p.Children[0], Activity: activity, Option: option}},
	})
}

// day is what the planning tells of the first child's day.
func (p subscriber) day(activity string, day calendar.Date) api.PlanningDay {
	p.t.Helper()
	shown := want[api.Planning](p.browser, 200, "GET", "/v1/families/"+p.ID+"/planning?from="+string(day)+"&to="+string(day), nil)
	i := slices.IndexFunc(shown.Days, func(d api.PlanningDay) bool { return d.Activity == activity })
	if i < 0 {
		p.t.Fatalf("no day at %s in %+v", activity, shown.Days)
	}
	return shown.Days[i]
}

// comes waits until the planning tells a state, as a parent does who looks again.
func (p subscriber) comes(activity string, day calendar.Date, state string) api.PlanningDay {
	p.t.Helper()
	for range 200 {
		if d := p.day(activity, day); d.State == state {
			return d
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("%s stays %+v, want %s", activity, p.day(activity, day), state)
	return api.PlanningDay{}
}

// told waits for a mail whose subject says so.
func (p subscriber) told(subject string) {
	p.t.Helper()
	for range 200 {
		for _, m := range testkit.Mails(p.t, p.Account.Email) {
			if strings.Contains(m.Subject, subject) {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Errorf("no mail tells %q", subject)
}

// TestADayFromItsBookingToTheStrikeThatCancelsIt: book, the agent accepts, the planning shows it; at a full canteen one
// family waits, takes the place that the other gives back, and loses it to a strike, which is revoked in the end.
func TestADayFromItsBookingToTheStrikeThatCancelsIt(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	w.Narrow("cantine", 1)
	first, second := newSubscriber(t, w, "Léa"), newSubscriber(t, w, "Tom")
	agent := newBrowser(t)
	agent.token = tokenOf(t, w.Agent(collectivity.Manager), "AccessToken")
	office := "/v1/collectivities/" + w.Slug
	wednesday := nextWednesday(w.Activities[2].Season)
	thursday := wednesday.AddDays(1)

	request := first.ask("booking", "mercredi", "matin", wednesday)
	want[api.Decided](agent, 200, "POST", office+"/requests/decisions", api.RequestDecisions{Decisions: []api.RequestDecision{{Request: request.ID, Decision: "accept"}}})
	if got := first.day("mercredi", wednesday); got.State != "booked" || got.Charge != "normal" || !slices.Contains(got.Actions, "absent") {
		t.Errorf("accepted: %+v", got)
	}

	if got := first.ask("booking", "cantine", "", thursday); got.State != "accepted" {
		t.Fatalf("the only place: %+v", got)
	}
	if got := second.ask("booking", "cantine", "", thursday); got.Days[0].State != "waitlisted" {
		t.Fatalf("a full canteen: %+v", got)
	}
	if got := second.day("cantine", thursday); got.Rank != 1 || !slices.Contains(got.Actions, "cancel") {
		t.Errorf("waiting: %+v", got)
	}
	first.ask("absence", "cantine", "", thursday)
	second.comes("cantine", thursday, "booked")
	second.told("Une place s’est libérée")
	if got := first.day("cantine", thursday); got.State != "absent" || got.Charge != "none" {
		t.Errorf("absent: %+v", got)
	}

	strike := want[api.Event](agent, 201, "POST", office+"/events", api.NewEvent{
		Kind: "strike", Effect: "cancel", Name: "Grève du jeudi", From: string(thursday), To: string(thursday), Activities: []string{"cantine"},
	})
	if got := second.day("cantine", thursday); got.State != "cancelled" || len(got.Actions) != 0 {
		t.Errorf("the strike: %+v", got)
	}
	second.told("Grève du jeudi")
	if got := second.day("cantine", thursday); got.Charge != "waived" {
		t.Errorf("a cancelled day: %+v", got)
	}
	want[api.Event](agent, 200, "DELETE", office+"/events/"+strike.ID, nil)
	second.comes("cantine", thursday, "booked")
	w.Sound()
}
