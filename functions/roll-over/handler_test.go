package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/rollover"
	"preau/shared/schooldays"
	"preau/shared/store"
)

// july is when the towns of these tests move to 2027-2028.
var july = time.Date(2027, 7, 10, 8, 0, 0, 0, time.UTC)

type object = map[string]any

// office is a town on a table of its own, where nobody works on its jobs.
type office struct {
	*town.Town
	store   *store.Store
	manager account.Account
}

func opened(t *testing.T) (o office) {
	t.Helper()
	testkit.Within(t, testkit.OwnTable(t), func() { o.Town, o.store = town.New(t), store.Open() })
	check(t, o.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "Jules-Verne", Classes: []collectivity.Class{{ID: "cp", Name: "CP"}, {ID: "ce1", Name: "CE1"}}}))
	o.manager = o.Agent(collectivity.Manager)
	return o
}

func (o office) at(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{o.store, func() time.Time { return now }}.handle, httpapi.Accepted)
}

func (o office) event(agent account.Account, body object) httpapi.Request {
	r := town.As(town.Event(o.T, "roll-over", map[string]string{"slug": o.Slug}), agent)
	if body == nil {
		return r
	}
	return town.With(o.T, r, body)
}

// ends has a job be done, or have failed.
func (o office) ends(t *testing.T, id string, state store.JobState) {
	t.Helper()
	j, ok, err := o.Town.Store.ClaimJob(t.Context(), id, july.Add(time.Minute))
	if check(t, err); !ok {
		t.Fatalf("job %s can not be had", id)
	}
	if state == store.JobFailed {
		check(t, o.Town.Store.FailJob(t.Context(), j, store.ErrJobStuck, july.Add(time.Minute)))
	} else {
		check(t, o.Town.Store.EndJob(t.Context(), j, july.Add(time.Minute)))
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheMoveIsAskedOfAJob(t *testing.T) {
	t.Parallel()
	o := opened(t)
	body := object{"year": 2027, "classes": []object{{"school": "verne", "class": "cp", "toClass": "ce1"}}}
	shown := town.Read[api.Job](t, o.at(july), o.event(o.manager, body), 202)
	j, err := o.Town.Store.Job(t.Context(), shown.ID)
	check(t, err)
	var ch rollover.Choices
	check(t, json.Unmarshal([]byte(j.About["choices"]), &ch))
	if shown.Kind != "rollover" || shown.State != "waiting" || shown.Title != "Passage à l’année scolaire 2027-2028" || ch.Year != 2027 || len(ch.Classes) != 1 || ch.Classes[0].ToClass != "ce1" || ch.Only {
		t.Errorf("the job is %+v: %+v", shown, ch)
	}
	r, ok, err := o.Town.Store.Rollover(t.Context(), 2027)
	if check(t, err); !ok || r.Job != shown.ID || r.By != o.manager.ID {
		t.Errorf("recorded as %+v", r)
	}
}

func TestAYearIsMovedToOnce(t *testing.T) {
	t.Parallel()
	o := opened(t)
	h := o.Family("Léa")
	named := object{"year": 2027, "children": []object{{"family": h.ID, "child": h.Children[0], "move": "up"}}}
	first := town.Read[api.Job](t, o.at(july), o.event(o.manager, nil), 202)
	town.Refused(t, town.Send(t, o.at(july), o.event(o.manager, nil)), 409, "rollover_running", "year rollover_running")
	town.Refused(t, town.Send(t, o.at(july), o.event(o.manager, named)), 409, "rollover_running", "year rollover_running")
	o.ends(t, first.ID, store.JobDone)
	town.Refused(t, town.Send(t, o.at(july), o.event(o.manager, nil)), 409, "already_rolled_over", "year already_rolled_over")
	rest := town.Read[api.Job](t, o.at(july), o.event(o.manager, named), 202)
	if j, err := o.Town.Store.Job(t.Context(), rest.ID); err != nil || !strings.Contains(j.About["choices"], `"Only":true`) || rest.Title != "Passage à l’année scolaire 2027-2028, enfants restants" {
		t.Errorf("the rest is %+v, %v", j, err)
	}
}

func TestAMoveThatFailedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	o := opened(t)
	first := town.Read[api.Job](t, o.at(july), o.event(o.manager, nil), 202)
	o.ends(t, first.ID, store.JobFailed)
	again := town.Read[api.Job](t, o.at(july), o.event(o.manager, nil), 202)
	check(t, o.Right(o.manager).AddLeavers(t.Context(), 2027, again.ID, store.Job{ID: "leavers", Kind: store.JobLeavers, CreatedAt: july}))
	o.ends(t, again.ID, store.JobDone)
	town.Refused(t, town.Send(t, o.at(july), o.event(o.manager, nil)), 409, "already_rolled_over", "year already_rolled_over")
	o.ends(t, "leavers", store.JobFailed)
	town.Read[api.Job](t, o.at(july), o.event(o.manager, nil), 202)
}

func TestTheSameKeyIsTheSameMove(t *testing.T) {
	t.Parallel()
	o := opened(t)
	keyed := func(body object) httpapi.Request {
		return town.Header(o.event(o.manager, body), "idempotency-key", "a-key-of-a-test")
	}
	first := town.Read[api.Job](t, o.at(july), keyed(nil), 202)
	if again := town.Read[api.Job](t, o.at(july), keyed(nil), 202); again.ID != first.ID {
		t.Errorf("%s, then %s", first.ID, again.ID)
	}
	other := object{"year": 2027, "classes": []object{{"school": "verne", "class": "cp", "leave": true}}}
	town.Refused(t, town.Send(t, o.at(july), keyed(other)), 409, "key_reused", "Idempotency-Key key_reused")
	o.ends(t, first.ID, store.JobDone)
	if done := town.Read[api.Job](t, o.at(july), keyed(nil), 202); done.ID != first.ID || done.State != "done" {
		t.Errorf("once it is done: %+v", done)
	}
}

func TestOfTwoManagersOneMovesTheTown(t *testing.T) {
	t.Parallel()
	o := opened(t)
	codes := town.InParallel(2, func(int) string { return town.Send(t, o.at(july), o.event(o.manager, nil)).Code() })
	if codes[0]+codes[1] != "rollover_running" {
		t.Errorf("got %q", codes)
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.Settings(func(s *collectivity.Settings) {
		s.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	})
	h := o.Family("Léa")
	for _, c := range []struct {
		says   string
		now    time.Time
		agent  account.Account
		body   object
		status int
		code   string
		fields []string
	}{
		{"no year", july, o.manager, object{}, 400, "invalid_input", []string{"year required"}},
		{"another year", july, o.manager, object{"year": 2028}, 400, "invalid_input", []string{"year year_wrong"}},
		{"before the old year is over", time.Date(2027, 7, 2, 8, 0, 0, 0, time.UTC), o.manager, nil, 409, "year_not_over", []string{"year year_not_over"}},
		{"an unknown class", july, o.manager, object{"year": 2027, "classes": []object{{"school": "verne", "class": "x", "leave": true}}}, 400, "invalid_input", []string{"classes[0].class class_unknown"}},
		{"an activity whose dates do not reach so far", july, o.manager, object{"year": 2027, "activities": []object{{"activity": "cantine"}}}, 400, "invalid_input", []string{"activities[0].activity out_of_season"}},
		{"a child of another family", july, o.manager, object{"year": 2027, "children": []object{{"family": "x", "child": h.Children[0], "move": "up"}}}, 400, "invalid_input", []string{"children[0].child child_unknown"}},
		{"a manager of one activity", july, o.Scoped(collectivity.Manager, "cantine"), nil, 403, "scope_missing", nil},
		{"a reviewer", july, o.Agent(collectivity.Reviewer), nil, 403, "role_missing", nil},
		{"a parent", july, o.Subscriber(h, 0), nil, 404, "collectivity_not_found", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, o.at(c.now), o.event(c.agent, c.body)), c.status, c.code, c.fields...)
		})
	}
	if _, ok, err := o.Town.Store.Rollover(t.Context(), 2027); ok || err != nil {
		t.Errorf("what was refused is recorded: %v, %v", ok, err)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) { // not parallel: the rights are the process's
	w := town.New(t)
	h, manager := w.Family("Léa"), w.Agent(collectivity.Manager)
	r := town.With(t, town.As(town.Event(t, "roll-over", map[string]string{"slug": w.Slug}), manager), object{
		"year": 2027, "children": []object{{"family": h.ID, "child": h.Children[0], "move": "left"}},
	})
	town.Rights(t, "roll-over")
	july := func() time.Time { return july }
	town.Read[api.Job](t, httpapi.SignedIn(app{store.Open(), july}.handle, httpapi.Accepted), r, 202)
}
