package invariants_test

import (
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/invariants"
)

type (
	day     = invariants.Day
	request = invariants.Request
	line    = invariants.Line
	slot    = invariants.Slot
	places  = invariants.Places
)

// sound is a town in which all is well: on the 24th Léa is booked and Noé waits for the one place; on the 26th an agent has
// to decide on Léa's absence; on the 27th Léa was absent and is booked again, with a meal.
func sound() *invariants.Tenant {
	family := func(sk string) invariants.Key { return invariants.Key{PK: "C#town#F#f", SK: sk} }
	activity := func(id, sk string) invariants.Key { return invariants.Key{PK: "C#town#S#" + id, SK: sk} }
	at := func(date, child, state string) line {
		return line{Date: date, Child: child, Activity: "centre", State: state}
	}
	return &invariants.Tenant{
		Slug: "town",
		Days: []day{
			{Key: family("DAY#24#lea#centre"), Date: "24", Child: "lea", Activity: "centre", State: "booked", Request: "r1", Held: true},
			{Key: family("DAY#24#noe#centre"), Date: "24", Child: "noe", Activity: "centre", State: "waitlisted", Request: "r2", Ranks: []int{7}},
			{Key: family("DAY#26#lea#centre"), Date: "26", Child: "lea", Activity: "centre", State: "absence_requested", Request: "r1", Absence: "r3", Held: true},
			{
				Key: family("DAY#27#lea#centre"), Date: "27", Child: "lea", Activity: "centre", State: "booked", Request: "r5", Held: true,
				Needs: []invariants.Use{{Activity: "cantine", Group: "all"}},
			},
			{Key: family("DAY#28#noe#centre"), Date: "28", Child: "noe", Activity: "centre", State: "refused", Request: "r6"},
		},
		Requests: []request{
			{Key: family("REQUEST#r1"), ID: "r1", Kind: "booking", Settled: true, Lines: []line{at("24", "lea", "booked"), at("26", "lea", "booked"), at("27", "lea", "booked")}},
			{Key: family("REQUEST#r2"), ID: "r2", Kind: "booking", Settled: true, Lines: []line{at("24", "noe", "waitlisted")}},
			{Key: family("REQUEST#r3"), ID: "r3", Kind: "absence", Settled: true, Work: "C#town#REQUESTS", Lines: []line{at("26", "lea", "absence_requested")}},
			{Key: family("REQUEST#r4"), ID: "r4", Kind: "absence", Settled: true, Lines: []line{at("27", "lea", "absent")}},
			{Key: family("REQUEST#r5"), ID: "r5", Kind: "booking", Settled: true, Lines: []line{at("27", "lea", "booked")}},
			{Key: family("REQUEST#r6"), ID: "r6", Kind: "booking", Settled: true, Rev: 3, Lines: []line{{Date: "28", Child: "noe", Activity: "centre", State: "refused", Reason: "complet"}}},
		},
		Slots: []slot{
			{Key: activity("centre", "SLOT#24"), Work: "WAIT#3", Groups: map[string]places{"all": {Capacity: 1, Taken: 1, Waiting: 1, Next: 8}}},
			{Key: activity("centre", "SLOT#26"), Groups: map[string]places{"all": {Capacity: 9, Taken: 1, Free: 8}}},
			{Key: activity("centre", "SLOT#27"), Groups: map[string]places{"all": {Capacity: 9, Taken: 1, Free: 8}}},
			{Key: activity("cantine", "SLOT#27"), Groups: map[string]places{"all": {Capacity: 9, Taken: 1, Free: 8}}},
		},
		Waits: []invariants.Wait{{Key: activity("centre", "WAIT#24#all#000007")}},
		Mails: map[string]bool{
			"request-received-r1": true, "request-received-r2": true, "request-received-r3": true, "request-received-r4": true,
			"request-received-r5": true, "request-received-r6": true, "request-decided-r6-3": true,
		},
	}
}

// strike is one that was carried out.
func strike(date string) invariants.Event {
	e := invariants.Event{ID: "e1", Effect: "cancel", Phase: "rest", CreatedAt: "20", RevokedAt: "00"}
	e.Period.From, e.Period.To = date, date
	return e
}

func TestASoundTownBreaksNothing(t *testing.T) {
	t.Parallel()
	if broken := sound().Broken(); len(broken) > 0 {
		t.Errorf("broken: %s", strings.Join(broken, "; "))
	}
}

func TestWithoutMarksOfWhatHoldsAPlaceTheStatesTell(t *testing.T) {
	t.Parallel()
	town := sound()
	for i := range town.Days {
		town.Days[i].Held = false
	}
	if broken := town.Broken(); len(broken) > 0 {
		t.Errorf("broken: %s", strings.Join(broken, "; "))
	}
}

func TestWhatIsBrokenIsTold(t *testing.T) {
	t.Parallel()
	change := func(p *places, by places) {
		p.Capacity, p.Taken, p.Free, p.Waiting = p.Capacity+by.Capacity, p.Taken+by.Taken, p.Free+by.Free, p.Waiting+by.Waiting
	}
	at := func(t *invariants.Tenant, n int, by places) {
		p := t.Slots[n].Groups["all"]
		change(&p, by)
		t.Slots[n].Groups["all"] = p
	}
	for _, c := range []struct {
		says   string
		breaks func(*invariants.Tenant)
		want   string
	}{
		{
			"a place that is neither taken nor free",
			func(t *invariants.Tenant) { at(t, 1, places{Free: -1}) },
			"centre on 26, group all: 1 taken and 7 free of 9 places",
		},
		{
			"a day that is booked although an event cancelled it",
			func(t *invariants.Tenant) { t.Events = append(t.Events, strike("27")) },
			"the day 27 of child lea at centre is booked, and the event e1 cancelled it",
		},
		{
			"a cancelled day that does not say by which event",
			func(t *invariants.Tenant) { t.Days[3].State = "cancelled" },
			`the day 27 of child lea at centre is cancelled by the event "" and holds its places: true`,
		},
		{
			"a day that two families have",
			func(t *invariants.Tenant) {
				theirs := t.Days[1]
				theirs.PK, theirs.State, theirs.Ranks, theirs.Request = "C#town#F#g", "requested", nil, "r7"
				t.Days = append(t.Days, theirs)
				t.Requests = append(t.Requests, request{
					Key: invariants.Key{PK: "C#town#F#g", SK: "REQUEST#r7"}, ID: "r7", Kind: "booking", Settled: true, Work: "C#town#REQUESTS", Lines: []line{{Date: "24", Child: "noe", Activity: "centre", State: "requested"}},
				})
				t.Mails["request-received-r7"] = true
			},
			"the day 24 of child noe at centre is waitlisted by one family and requested by another",
		},
		{
			"a slot that is oversold",
			func(t *invariants.Tenant) { at(t, 2, places{Capacity: -9, Free: -9}) },
			"centre on 27, group all: 1 taken and -1 free of 0 places",
		},
		{
			"a place that nobody holds",
			func(t *invariants.Tenant) { at(t, 1, places{Taken: 1, Free: -1}) },
			"centre on 26, group all: 2 places are taken and 1 days hold one",
		},
		{
			"a booked day that took no place",
			func(t *invariants.Tenant) {
				at(t, 0, places{Taken: -1, Free: 1, Waiting: -1})
				t.Waits = nil
				t.Days[1].State = "enrolled"
			},
			"centre on 24, group all: 0 places are taken and 1 days hold one",
		},
		{
			"a meal that took no place",
			func(t *invariants.Tenant) { t.Slots = t.Slots[:3] },
			"cantine on 27, group all: 0 places are taken and 1 days hold one",
		},
		{
			"a place of the wrong age group",
			func(t *invariants.Tenant) { t.Days[0].Group = "3-5" },
			"centre on 24, group 3-5: 0 places are taken and 1 days hold one; centre on 24, group all: 1 places are taken and 0 days hold one",
		},
		{
			"somebody who waits beside a free place",
			func(t *invariants.Tenant) { at(t, 0, places{Capacity: 1, Free: 1}) },
			"the day 24 of child noe at centre waits beside a free place",
		},
		{
			"somebody who waits for a place and a meal, both free",
			func(t *invariants.Tenant) {
				at(t, 0, places{Capacity: 1, Free: 1})
				t.Days[1].Needs, t.Days[1].Ranks = []invariants.Use{{Activity: "cantine", Group: "all"}}, []int{7, 1}
				meals := slot{Key: invariants.Key{PK: "C#town#S#cantine", SK: "SLOT#24"}, Work: "WAIT#1", Groups: map[string]places{"all": {Capacity: 1, Free: 1, Waiting: 1, Next: 1}}}
				t.Slots = append(t.Slots, meals)
				t.Waits = append(t.Waits, invariants.Wait{Key: invariants.Key{PK: meals.PK, SK: "WAIT#24#all#000001"}})
			},
			"the day 24 of child noe at centre waits beside a free place",
		},
		{
			"somebody who waits and whom no worker knows",
			func(t *invariants.Tenant) { t.Slots[0].Work = "" },
			"centre on 24, group all: 1 wait and no worker knows",
		},
		{
			"somebody who is counted and has no turn",
			func(t *invariants.Tenant) { t.Waits = nil },
			"centre on 24, group all: 1 wait and 0 have a turn; the day 24 of child noe at centre waits without a turn",
		},
		{
			"a turn that is nobody's",
			func(t *invariants.Tenant) { t.Days[1].Ranks = []int{6} },
			"nobody has the turn centre on 24, group all 000007; the day 24 of child noe at centre waits without a turn",
		},
		{
			"a booked day without its request",
			func(t *invariants.Tenant) { t.Days[0].Request = "r9" },
			`the day 24 of child lea at centre is booked by the unknown request "r9"`,
		},
		{
			"a booked day whose request says otherwise",
			func(t *invariants.Tenant) { t.Days[3].Request = "r4" },
			"the day 27 of child lea at centre is booked, and no line of request r4 says so",
		},
		{
			"a day that two requests have booked",
			func(t *invariants.Tenant) {
				t.Requests[2].Lines = nil
				t.Requests[2].Kind = "booking"
				t.Requests[2].Lines = []line{{Date: "24", Child: "lea", Activity: "centre", State: "booked"}}
				t.Days[2].Absence, t.Days[2].State = "", "booked"
			},
			"the day 24 of child lea at centre: 2 requests have it booked, and it is booked 1 times",
		},
		{
			"a booking that was lost",
			func(t *invariants.Tenant) {
				t.Days = t.Days[1:]
				at(t, 0, places{Taken: -1, Free: 1, Capacity: 0, Waiting: -1})
				t.Waits = nil
				t.Days[0].State = "enrolled"
			},
			"the day 24 of child lea at centre: 1 requests have it booked, and it is booked 0 times",
		},
		{
			"a request that nobody will finish",
			func(t *invariants.Tenant) { t.Requests[1].Settled = false },
			"request r2 is half written and no worker knows",
		},
		{
			"a request that no agent sees",
			func(t *invariants.Tenant) { t.Requests[2].Work = "" },
			"request r3 is undecided and no agent sees it",
		},
		{
			"a request of another town's agents",
			func(t *invariants.Tenant) { t.Requests[2].Work = "C#other#REQUESTS" },
			"request r3 is undecided and no agent sees it",
		},
		{
			"a request without its mail",
			func(t *invariants.Tenant) { delete(t.Mails, "request-received-r1") },
			"request r1 was never acknowledged",
		},
		{
			"a refusal without its mail",
			func(t *invariants.Tenant) { delete(t.Mails, "request-decided-r6-3") },
			"the refusal of request r6 was never told",
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town := sound()
			c.breaks(town)
			if got := strings.Join(town.Broken(), "; "); got != c.want {
				t.Errorf("told %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhereAgentsMayOverbookFewerThanNoneAreFree(t *testing.T) {
	t.Parallel()
	town := sound()
	town.Slots[2].Groups["all"] = places{Capacity: 0, Taken: 1, Free: -1}
	if len(town.Broken()) == 0 {
		t.Fatal("a slot is oversold")
	}
	if town.Over = true; len(town.Broken()) > 0 {
		t.Errorf("broken: %s", strings.Join(town.Broken(), "; "))
	}
}

func TestWhoWaitsForAPlaceAndAMealWaitsWhileOneOfThemIsTaken(t *testing.T) {
	t.Parallel()
	town := sound()
	town.Days[1].Needs, town.Days[1].Ranks = []invariants.Use{{Activity: "cantine", Group: "all"}}, []int{7, 1}
	meals := slot{Key: invariants.Key{PK: "C#town#S#cantine", SK: "SLOT#24"}, Work: "WAIT#1", Groups: map[string]places{"all": {Capacity: 1, Free: 1, Waiting: 1, Next: 1}}}
	town.Slots = append(town.Slots, meals)
	town.Waits = append(town.Waits, invariants.Wait{Key: invariants.Key{PK: meals.PK, SK: "WAIT#24#all#000001"}})
	if broken := town.Broken(); len(broken) > 0 {
		t.Errorf("broken: %s", strings.Join(broken, "; "))
	}
}

func TestWhatAnAgentAskedForAFamilyWithoutAnAccountIsToldToNobody(t *testing.T) {
	t.Parallel()
	town := sound()
	town.Requests[0].Agent = "agent"
	delete(town.Mails, "request-received-r1")
	if broken := town.Broken(); len(broken) > 0 {
		t.Errorf("broken: %s", strings.Join(broken, "; "))
	}
	town.Requests[0].Account = "anne"
	if broken := town.Broken(); !slices.Equal(broken, []string{"request r1 was never acknowledged"}) {
		t.Errorf("broken: %s", strings.Join(broken, "; "))
	}
}

func TestWhatAWorkerWillDoIsNotBrokenYet(t *testing.T) {
	t.Parallel()
	for says, becomes := range map[string]func(*invariants.Tenant) invariants.Key{
		"a free place whose promotion is due": func(t *invariants.Tenant) invariants.Key {
			t.Slots[0].Wake = "now"
			p := t.Slots[0].Groups["all"]
			p.Capacity, p.Free = 2, 1
			t.Slots[0].Groups["all"] = p
			return t.Slots[0].Key
		},
		"a request that is half written": func(t *invariants.Tenant) invariants.Key {
			t.Requests[0].Settled, t.Requests[0].Work = false, "SETTLE#1"
			t.Requests[0].Lines[0].State = "asked"
			return t.Requests[0].Key
		},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town := sound()
			if due := town.Due(); len(due) > 0 {
				t.Fatalf("due: %v", due)
			}
			key := becomes(town)
			if broken := town.Broken(); len(broken) > 0 || !slices.Equal(town.Due(), []invariants.Key{key}) {
				t.Errorf("broken: %s; due: %v", strings.Join(broken, "; "), town.Due())
			}
		})
	}
}
