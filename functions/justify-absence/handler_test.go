package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

const (
	today  = calendar.Date("2026-11-23") // on which tests live
	friday = calendar.Date("2026-11-20") // three days before
)

func line(family string, d calendar.Date, decision, reason string) map[string]any {
	return map[string]any{"family": family, "child": "lea", "date": d, "decision": decision, "reason": reason}
}

func post(w *town.Town, agent account.Account, lines ...map[string]any) httpapi.Request {
	event := town.As(town.Event(w.T, "justify-absence", map[string]string{"slug": w.Slug}), agent)
	return town.With(w.T, event, map[string]any{"activity": "cantine", "absences": lines})
}

func justify(w *town.Town, agent account.Account, lines ...map[string]any) []string {
	w.T.Helper()
	var all []string
	for _, o := range town.Read[api.AttendanceRecorded](w.T, newHandler(), post(w, agent, lines...), 200).Outcomes {
		told := o.State + " " + o.Presence
		if o.Justified {
			told += " justified"
		}
		all = append(all, strings.Join(strings.Fields(told+" "+o.Code), " "))
		if (o.Code == "") != (o.Detail == "") {
			w.T.Errorf("code %q is told as %q", o.Code, o.Detail)
		}
	}
	return all
}

// one makes a town with one child, and writes a day of theirs as it is given.
func one(t *testing.T, date calendar.Date, d booking.Day) (*town.Town, account.Account) {
	t.Helper()
	w := town.New(t)
	w.AddChildren("f", "cantine", town.Child("lea", "Léa", "Martin", "2018-05-04"))
	d.Place = booking.Place{Date: date, Child: "lea", Activity: "cantine"}
	if d.State != "" {
		w.WriteDay("f", d)
	}
	return w, w.Agent(collectivity.Reviewer)
}

func written(t *testing.T, w *town.Town, date calendar.Date) booking.Day {
	t.Helper()
	p := store.FamilyPlace{Family: "f", Place: booking.Place{Date: date, Child: "lea", Activity: "cantine"}}
	days, err := w.Store.DaysOfFamilies(t.Context(), []store.FamilyPlace{p})
	if err != nil {
		t.Fatal(err)
	}
	return days[p]
}

const reason = "Certificat médical reçu."

func TestAnAbsenceIsJustifiedOrItIsTakenBack(t *testing.T) {
	t.Parallel()
	declared := booking.Day{State: booking.Absent, Request: "r", Absence: "a", Due: true}
	seen := booking.Day{State: booking.Booked, Request: "r", Held: true, Presence: booking.Missing}
	justified := booking.Day{State: booking.Absent, Request: "r", Due: true, Justified: true, Reason: "Vu."}
	cases := []struct {
		says string
		is   booking.Day
		sent []string
		want []string
	}{
		{"an absence declared late", declared, []string{"justify"}, []string{"absent justified"}},
		{"an absence that nobody declared", seen, []string{"justify"}, []string{"booked absent justified"}},
		{"an absence declared in time", booking.Day{State: booking.Absent, Request: "r"}, []string{"justify"}, []string{"absent justified"}},
		{"twice is once", declared, []string{"justify", "justify"}, []string{"absent justified", "absent justified"}},
		{"it is taken back", seen, []string{"justify", "undo", "undo"}, []string{"booked absent justified", "booked absent", "booked absent"}},
		{"it is taken back and accepted again", justified, []string{"undo", "justify"}, []string{"absent", "absent justified"}},
		{"a child who is expected is not absent", booking.Day{State: booking.Booked, Request: "r"}, []string{"justify", "undo"}, []string{"booked not_absent", "booked not_absent"}},
		{"a child who was there was not absent", booking.Day{State: booking.Booked, Presence: booking.Present}, []string{"justify"}, []string{"booked present not_absent"}},
		{"a child who came although excused was not absent", booking.Day{State: booking.Absent, Presence: booking.Unbooked}, []string{"justify"}, []string{"absent unbooked not_absent"}},
		{"an absence that is not decided", booking.Day{State: booking.AbsenceRequested}, []string{"justify"}, []string{"absence_requested not_absent"}},
		{"a day of which nothing is written", booking.Day{}, []string{"justify", "undo"}, []string{"not_absent", "not_absent"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, agent := one(t, friday, c.is)
			for i, decision := range c.sent {
				if got := justify(w, agent, line("f", friday, decision, reason))[0]; got != c.want[i] {
					t.Errorf("%s: got %q, want %q", decision, got, c.want[i])
				}
			}
		})
	}
}

func TestTheFamilyReadsTheReasonAndNothingElseChanges(t *testing.T) {
	t.Parallel()
	is := booking.Day{State: booking.Absent, Request: "r", Due: true, Option: "matin", Rev: 2}
	w, agent := one(t, friday, is)
	is = written(t, w, friday)
	justify(w, agent, line("f", friday, "justify", "  "+reason+" "))
	is.Justified, is.Reason, is.Rev = true, reason, 3
	if got := written(t, w, friday); fmt.Sprint(got) != fmt.Sprint(is) {
		t.Errorf("got %+v, want %+v", got, is)
	}
	justify(w, agent, line("f", friday, "justify", "Hospitalisation."))
	if got := written(t, w, friday); got.Reason != "Hospitalisation." || got.Rev != 4 {
		t.Errorf("another reason: got %+v", got)
	}
	justify(w, agent, line("f", friday, "undo", ""))
	is.Justified, is.Reason, is.Rev = false, "", 5
	if got := written(t, w, friday); fmt.Sprint(got) != fmt.Sprint(is) {
		t.Errorf("taken back: got %+v, want %+v", got, is)
	}
}

func TestAReasonIsAcceptedUntilTheActivitysDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says string
		days int
		want string
	}{
		{"an activity without a deadline", 0, "absent justified"},
		{"the last day", 3, "absent justified"},
		{"a day late", 2, "absent justify_closed"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, agent := one(t, friday, booking.Day{State: booking.Absent, Due: true})
			canteen := w.Activities[0]
			canteen.JustifyDays = c.days
			if err := w.Store.SaveActivity(t.Context(), canteen); err != nil {
				t.Fatal(err)
			}
			if got := justify(w, agent, line("f", friday, "justify", reason))[0]; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if got := justify(w, agent, line("f", friday, "undo", ""))[0]; got != "absent" {
				t.Errorf("an agent's own mistake is undone whenever it is seen, and got %q", got)
			}
		})
	}
}

func TestALineThatCanNotBeTakenSaysWhy(t *testing.T) {
	t.Parallel()
	w, agent := one(t, friday, booking.Day{State: booking.Absent})
	other, _ := one(t, friday, booking.Day{State: booking.Absent})
	_ = other // another town has a family and an absence of the same ids
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: today, Child: "lea", Activity: "cantine"}, State: booking.Absent})
	got := justify(
		w, agent,
		line("f", friday, "justify", "  "),
		line("g", friday, "justify", reason),
		line("f", today, "justify", reason),
		line("f", today, "undo", ""),
	)
	want := []string{"absent reason_required", "not_absent", "absent justified", "absent day_twice"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if day := written(t, other, friday); day.Justified {
		t.Error("the other town's absence is justified")
	}
	town.Refused(t, town.Send(t, newHandler(), post(w, agent)), 400, "invalid_input", "absences required")
	town.Refused(t, town.Send(t, newHandler(), post(w, agent, line("f", friday, "forgive", reason))), 400, "invalid_input", "absences[0].decision unknown_value")
}

func TestManyAgentsAtOnceDecideInSomeOrder(t *testing.T) {
	t.Parallel()
	w, agent := one(t, friday, booking.Day{State: booking.Absent, Due: true})
	answers := town.InParallel(8, func(n int) string {
		return justify(w, agent, line("f", friday, []string{"justify", "undo"}[n%2], reason))[0]
	})
	for _, a := range answers {
		if !slices.Contains([]string{"absent", "absent justified", "absent day_changed", "absent justified day_changed"}, a) {
			t.Errorf("one was told %q", a)
		}
	}
	day := written(t, w, friday)
	if day.Justified != (day.Reason == reason) || len(w.Audited()) != day.Rev-1 {
		t.Errorf("%+v after %d records", day, len(w.Audited()))
	}
}

func TestADecisionIsAuditedWithoutItsReason(t *testing.T) {
	t.Parallel()
	w, agent := one(t, friday, booking.Day{State: booking.Booked, Presence: booking.Missing})
	justify(w, agent, line("f", friday, "justify", reason))
	if got, want := w.Audited(), []string{"justify-absence day 2026-11-20 lea cantine absent justified"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhoMayJustify(t *testing.T) {
	t.Parallel()
	w, reviewer := one(t, friday, booking.Day{State: booking.Absent})
	h := w.NewHome("Léa")
	asCitizen := w.Agent(collectivity.Manager)
	asCitizen.Agent = false
	parent := w.Agent(collectivity.Manager)
	code, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, h.Codes[1], parent.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Env.Store.Subscribe(t.Context(), parent, code, town.Now); err != nil {
		t.Fatal(err)
	}
	other := h.Share(w.NewHome("Zoé")).ParentAgent(collectivity.Manager)
	for _, c := range []struct {
		says   string
		who    account.Account
		family string
		want   string
	}{
		{"a parent", h.Account, "f", "404 collectivity_not_found"},
		{"an agent of another town", town.New(t).Agent(collectivity.Manager), "f", "404 collectivity_not_found"},
		{"a reader", w.Agent(collectivity.Reader), "f", "403 role_missing"},
		{"an agent who signed in without TOTP", asCitizen, "f", "401 totp_required"},
		{"an agent of other activities", w.Scoped(collectivity.Manager, "mercredi"), "f", "404 activity_not_found"},
		{"an agent for their own family", parent, h.ID, "200 own_family"},
		{"an agent for the other household of their child", other, h.ID, "200 own_family"},
		{"a reviewer", reviewer, "f", "200 absent justified"},
	} {
		event := post(w, c.who, line(c.family, friday, "justify", reason))
		reply := town.Send(t, newHandler(), event)
		got := fmt.Sprint(reply.StatusCode, " ", reply.Code())
		if reply.StatusCode == 200 {
			got = "200 " + justify(w, c.who, line(c.family, friday, "justify", reason))[0]
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.says, got, c.want)
		}
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	w, agent := one(t, friday, booking.Day{State: booking.Absent})
	town.Rights(t, "justify-absence")
	if got := justify(w, agent, line("f", friday, "justify", reason))[0]; got != "absent justified" {
		t.Errorf("got %q", got)
	}
}
