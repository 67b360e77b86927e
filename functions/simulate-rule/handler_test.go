package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/schooldays"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

// schoolDayBefore closes at 10:00 on the school day before.
var schoolDayBefore = object{"rules": []object{{"closes": object{"at": "10:00", "steps": []object{{"days": -1, "of": []string{"school"}}}}}}}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "simulate-rule", map[string]string{"slug": w.Slug}), agent)
}

// asked is the event with another body.
func asked(w *town.Town, agent account.Account, body object) httpapi.Request {
	return town.With(w.T, event(w, agent), body)
}

func calendarTown(t *testing.T) (*town.Town, account.Account) {
	t.Helper()
	w := town.New(t)
	w.KeepCalendar()
	if err := w.Store.SaveSchool(t.Context(), collectivity.School{ID: "tilleuls", Name: "École des Tilleuls", Weekdays: schooldays.FourAndAHalf}); err != nil {
		t.Fatal(err)
	}
	return w, w.Agent(collectivity.Reader)
}

func TestTheSampleEventSaysUntilWhenADayMayBeAskedFor(t *testing.T) {
	t.Parallel()
	w, reader := calendarTown(t)
	want := api.Simulated{Verdict: api.Verdict{State: "open", Closes: "2026-11-25T09:00:00Z", Text: "Réservable jusqu’au mercredi 25 novembre à 10 h."}}
	if d := cmp.Diff(want, town.Read[api.Simulated](t, newHandler(), event(w, reader), 200)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestTheVerdictFollowsTheQuestion(t *testing.T) {
	t.Parallel()
	w, reader := calendarTown(t)
	late := object{"rules": []object{
		{"residents": false, "never": true},
		{"kind": "booking", "opens": object{"steps": []object{{"weeks": -2}}}, "closes": object{"at": "10:00", "steps": []object{{"days": -1}}}, "late": object{"surcharge": "50 %"}},
	}}
	no := false
	cases := []struct {
		says string
		body object
		want string // state, closes
	}{
		{"the town's school days count", object{"rules": schoolDayBefore, "kind": "booking", "day": "2026-11-26"}, "open 2026-11-24T09:00:00Z"},
		{"a school's own count instead", object{"rules": schoolDayBefore, "kind": "booking", "day": "2026-11-26", "school": "tilleuls"}, "open 2026-11-25T09:00:00Z"},
		{"now, unless said", object{"rules": schoolDayBefore, "kind": "booking", "day": "2026-11-23"}, "closed 2026-11-20T09:00:00Z"},
		{"asked at another instant", object{"rules": schoolDayBefore, "kind": "booking", "day": "2026-11-23", "at": "2026-11-20T09:59:59+01:00"}, "open 2026-11-20T09:00:00Z"},
		{"a kind that no rule is about", object{"rules": object{"rules": []object{{"kind": "booking", "never": true}}}, "kind": "absence", "day": "2026-11-26", "activity": object{"starts": "11:45"}}, "open 2026-11-26T10:45:00Z"},
		{"too early", object{"rules": late, "kind": "booking", "day": "2026-12-10"}, "not_open_yet 2026-12-09T09:00:00Z"},
		{"late", object{"rules": late, "kind": "booking", "day": "2026-11-24", "at": "2026-11-23T12:00:00Z", "activity": object{"starts": "11:45"}}, "late 2026-11-23T09:00:00Z until 2026-11-24T10:45:00Z 50 %"},
		{"a family from elsewhere", object{"rules": late, "kind": "booking", "day": "2026-11-24", "resident": no}, "closed "},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			v := town.Read[api.Simulated](t, newHandler(), asked(w, reader, c.body), 200)
			got := v.State + " " + v.Closes
			if v.LateUntil != "" && v.State == "late" {
				got += " until " + v.LateUntil + " " + v.Surcharge
			}
			if got != c.want || v.Text == "" {
				t.Errorf("got %s (%s), want %s", got, v.Text, c.want)
			}
		})
	}
}

func TestAMonthIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	w, reader := calendarTown(t)
	var days []string
	for d := 1; d <= 30; d++ {
		days = append(days, fmt.Sprintf("2026-11-%02d", d))
	}
	got := town.Read[api.Simulated](t, newHandler(), asked(w, reader, object{"rules": schoolDayBefore, "kind": "booking", "days": days}), 200)
	if len(got.Days) != 30 || got.State != "" {
		t.Fatalf("got %+v", got)
	}
	for i, v := range got.Days {
		want := "closed"
		if i+1 > 23 { // on the 23rd itself the school day before is over
			want = "open"
		}
		if v.Day != days[i] || v.State != want {
			t.Errorf("%s: %s, want %s", v.Day, v.State, want)
		}
	}
}

func TestWhatCanNotBeTriedIsToldWhy(t *testing.T) {
	t.Parallel()
	w, reader := calendarTown(t)
	bare := town.New(t)
	good := func(changes object) object {
		body := object{"rules": schoolDayBefore, "kind": "booking", "day": "2026-11-26"}
		for name, v := range changes {
			if body[name] = v; v == nil {
				delete(body, name)
			}
		}
		return body
	}
	cases := []struct {
		says string
		of   *town.Town
		body object
		want []string
	}{
		{"no rules", w, good(object{"rules": nil}), []string{"rules required"}},
		{"neither a day nor days", w, good(object{"day": nil}), []string{"day day_or_days"}},
		{"a day and days", w, good(object{"days": []string{"2026-11-26"}}), []string{"day day_or_days"}},
		{"a day among others that does not exist", w, good(object{"day": nil, "days": []string{"2026-11-26", "2026-02-30"}}), []string{"days[1] date_invalid"}},
		{"a day of another age", w, good(object{"day": "9999-12-31"}), []string{"day date_invalid"}},
		{"forty-one days", w, good(object{"day": nil, "days": make([]string, 41)}), []string{"days too_long"}},
		{"an hour that is none", w, good(object{"activity": object{"starts": "noon"}}), []string{"activity.starts hour_invalid"}},
		{"a school that is not there", w, good(object{"school": "curie"}), []string{"school school_unknown"}},
		{"a mistake in the rules", w, good(object{"rules": object{"rules": []object{{"closes": object{"at": "25:00"}}}}}), []string{"rules.rules[0].closes.at not_an_hour"}},
		{"residents first at the canteen", w, good(object{"activity": object{"kind": "canteen"}, "rules": object{"rules": []object{{"residents": true, "never": true}}}}), []string{"rules.rules[0].residents residents_first_forbidden"}},
		{"a town without a calendar", bare, good(nil), []string{"rules calendar_missing"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			agent := reader
			if c.of == bare {
				agent = bare.Agent(collectivity.Reader)
			}
			town.Refused(t, town.Send(t, newHandler(), asked(c.of, agent, c.body)), 400, "invalid_input", c.want...)
		})
	}
}

func TestAnotherTownsCalendarIsNotTried(t *testing.T) {
	t.Parallel()
	w, _ := calendarTown(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}
