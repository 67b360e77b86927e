package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func list(w *town.Town, agent account.Account) []api.Activity {
	w.T.Helper()
	event := town.As(town.Event(w.T, "list-activities", map[string]string{"slug": w.Slug}), agent)
	return town.Read[api.List[api.Activity]](w.T, newHandler(), event, 200).Items
}

func ids(activities []api.Activity) (all []string) {
	for _, a := range activities {
		all = append(all, a.ID)
	}
	slices.Sort(all)
	return all
}

func TestAnActivityIsShownWithAllThatIsSet(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	set := collectivity.Activity{
		ID: "centre", Name: "Centre des petites vacances", Kind: collectivity.Holidays, Weekdays: []calendar.Weekday{"mon", "tue"}, During: collectivity.HolidayDays,
		Options: []collectivity.Option{{ID: "jour", Name: "Journée", Needs: []string{"cantine"}}},
		Groups:  []collectivity.Group{{ID: "petits", Name: "3-5 ans", From: 3, To: 5, Capacity: 16}},
		Season:  calendar.Period{From: "2026-09-01", To: "2027-08-31"},
		Closed:  []calendar.Period{{From: "2026-12-24", To: "2026-12-31"}},
		Opened:  []calendar.Period{{From: "2026-12-23", To: "2026-12-23"}},
		Starts:  "08:30", Ends: "18:00", Decision: collectivity.AtOnce, Absences: collectivity.ByAgent, Promote: "12:00",
		Rules:    `{"rules": [{"never": true}]}`,
		Requires: []string{"cantine"}, Excludes: []string{"mercredi"}, Schools: []string{"verne"}, Archived: true,
	}
	if err := w.Store.SaveActivity(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	want := api.Activity{ID: "centre", Version: 1, ActivitySettings: api.ActivitySettings{
		Name: "Centre des petites vacances", Kind: "holidays", Weekdays: []string{"mon", "tue"}, During: "holidays",
		Options: []api.ActivityOption{{ID: "jour", Name: "Journée", Needs: []string{"cantine"}}},
		Groups:  []api.AgeGroup{{ID: "petits", Name: "3-5 ans", From: 3, To: 5, Capacity: 16}},
		Season:  api.Period{From: "2026-09-01", To: "2027-08-31"},
		Closed:  []api.Period{{From: "2026-12-24", To: "2026-12-31"}}, Opened: []api.Period{{From: "2026-12-23", To: "2026-12-23"}},
		Starts: "08:30", Ends: "18:00", Decision: "auto", Absences: "agent", Promote: "12:00",
		Rules:    []byte(`{"rules":[{"never":true}]}`),
		Requires: []string{"cantine"}, Excludes: []string{"mercredi"}, Schools: []string{"verne"}, Archived: true,
	}}
	all := list(w, w.Agent(collectivity.Reader))
	i := slices.IndexFunc(all, func(a api.Activity) bool { return a.ID == "centre" })
	if len(all) != 4 || i < 0 {
		t.Fatalf("listed %v", ids(all))
	}
	if d := cmp.Diff(want, all[i]); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestAnAgentSeesTheActivitiesInTheirScope(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	if got := ids(list(w, w.Scoped(collectivity.Reader, "cantine", "gone"))); !slices.Equal(got, []string{"cantine"}) {
		t.Errorf("got %v", got)
	}
}

func TestAnotherTownsActivitiesAreNotSeen(t *testing.T) {
	t.Parallel()
	mine, theirs := town.New(t), town.New(t)
	event := town.As(town.Event(t, "list-activities", map[string]string{"slug": theirs.Slug}), mine.Agent(collectivity.Manager))
	town.Refused(t, town.Send(t, newHandler(), event), 404, "collectivity_not_found")
}
