package collectivity_test

import (
	"testing"
	"time"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

func TestAnInvitationsLink(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
	open := collectivity.Invitation{Issue: 2, At: sent}
	used := open
	used.Accepted = sent.Add(time.Hour)
	for _, c := range []struct {
		says  string
		of    collectivity.Invitation
		issue int
		after time.Duration
		want  string
	}{
		{"is good at once", open, 2, 0, ""},
		{"is good to its last moment", open, 2, 7*24*time.Hour - 1, ""},
		{"has expired after a week", open, 2, 7 * 24 * time.Hour, "invitation_expired"},
		{"is replaced by the next", open, 1, 0, "invitation_expired"},
		{"works once", used, 2, time.Hour, "invitation_used"},
		{"works once, however late", used, 2, 30 * 24 * time.Hour, "invitation_used"},
		{"before the one that was used", used, 1, time.Hour, "invitation_expired"},
		{"of an issue that was never sent", open, 3, 0, "invitation_expired"},
	} {
		if got := refusal.Code(c.of.Good(c.issue, sent.Add(c.after))); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
}

func TestAnAgentHasWhatTheTownHas(t *testing.T) {
	t.Parallel()
	town := collectivity.Configuration{
		Activities: []collectivity.Activity{{ID: "cantine"}, {ID: "ancienne", Archived: true}},
		Schools:    []collectivity.School{{ID: "verne", Name: "École Jules-Verne", Former: []string{"École du Centre"}}},
	}
	good := collectivity.Agent{Name: "Odile Test", Role: collectivity.Reviewer, Activities: []string{"cantine", "ancienne"}, Schools: []string{"verne"}}
	for says, c := range map[string]struct {
		change func(*collectivity.Agent)
		want   string
	}{
		"what is there":                    {func(*collectivity.Agent) {}, ""},
		"everything":                       {func(a *collectivity.Agent) { a.Activities, a.Schools = nil, nil }, ""},
		"no name":                          {func(a *collectivity.Agent) { a.Name = " " }, "name required"},
		"a role that does not exist":       {func(a *collectivity.Agent) { a.Role = "mayor" }, "role unknown_value"},
		"an activity that does not":        {func(a *collectivity.Agent) { a.Activities[1] = "piscine" }, "activities[1] activity_unknown"},
		"a school that does not":           {func(a *collectivity.Agent) { a.Schools[0] = "hugo" }, "schools[0] school_unknown"},
		"an activity twice":                {func(a *collectivity.Agent) { a.Activities[1] = "cantine" }, "activities[1] duplicate"},
		"a school by its name, not its id": {func(a *collectivity.Agent) { a.Schools[0] = "École Jules-Verne" }, "schools[0] school_unknown"},
	} {
		a := good
		a.Activities, a.Schools = append([]string{}, good.Activities...), append([]string{}, good.Schools...)
		c.change(&a)
		if got := mistakesOf(town.CheckAgent(a)); got != c.want {
			t.Errorf("%s: %q, want %q", says, got, c.want)
		}
	}
	for school, want := range map[string]bool{"École Jules-Verne": true, "école jules-verne": true, "École du Centre": true, "verne": true, "École Victor-Hugo": false, "": false} {
		if got := town.SeesChild(good, school); got != want {
			t.Errorf("sees a child of %q: %v", school, got)
		}
	}
	if !town.SeesChild(collectivity.Agent{}, "") {
		t.Error("who has all schools does not see a child of none")
	}
}

func TestOnlyAManagerOfEverythingManagesTheTown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		agent collectivity.Agent
		want  bool
	}{
		{collectivity.Agent{Role: collectivity.Manager}, true},
		{collectivity.Agent{Role: collectivity.Reviewer}, false},
		{collectivity.Agent{Role: collectivity.Manager, Activities: []string{"cantine"}}, false},
		{collectivity.Agent{Role: collectivity.Manager, Schools: []string{"verne"}}, false},
	} {
		if c.agent.Manages() != c.want {
			t.Errorf("%+v: %v", c.agent, c.agent.Manages())
		}
	}
}
