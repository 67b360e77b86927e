package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/rollover"
	"preau/shared/store"
)

// july is when the towns of these tests move to 2027-2028.
var july = time.Date(2027, 7, 10, 8, 0, 0, 0, time.UTC)

// pupil is a child at school, enrolled at the cantine.
func pupil(name, born, school, class, level string) seed.Child {
	return seed.Child{FirstName: name, LastName: "Martin", BirthDate: born, School: school, Class: class, Level: level, Activities: []string{"cantine"}}
}

// schools is a desk in July of a town with a nursery and a primary school, whose activities go on next year.
func schools(t *testing.T) desk {
	t.Helper()
	d := opened(t)
	*d.clock, d.Town.Env.Now = july, july
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "mat", Name: "Maternelle", Classes: []collectivity.Class{{ID: "gs", Name: "GS"}}}))
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "Jules-Verne", Classes: []collectivity.Class{
		{ID: "cp", Name: "CP"}, {ID: "ce", Name: "CE1-CE2"}, {ID: "cm", Name: "CM1-CM2"},
	}}))
	for _, a := range d.Activities {
		a.Season.To = "2028-07-07"
		must(t, d.Town.Store.SaveActivity(t.Context(), a))
	}
	return d
}

// rolls has the town move, and answers the job's id.
func (d desk) rolls(ch rollover.Choices) string {
	d.t.Helper()
	return d.rollsAs(d.right, ch)
}

func (d desk) rollsAs(right store.AgentRight, ch rollover.Choices) string {
	d.t.Helper()
	ch.Year = 2027
	text, err := json.Marshal(ch)
	must(d.t, err)
	earlier, _, err := d.Town.Store.Rollover(d.t.Context(), 2027)
	must(d.t, err)
	j := store.Job{
		ID: fmt.Sprintf("job%d", d.clock.UnixMilli()), Kind: store.JobRollover, Role: collectivity.Manager, CreatedAt: *d.clock, About: map[string]string{"year": "2027", "choices": string(text)},
	}
	_, err = right.AddRollover(d.t.Context(), earlier, 2027, j)
	must(d.t, err)
	return j.ID
}

// at says where the children of a family are: "Léa Jules-Verne/CP/CP".
func (d desk) at(h town.Home) (all []string) {
	d.t.Helper()
	file := h.Household()
	for _, c := range slices.Concat(file.Children, file.Gone.Children) {
		place := fmt.Sprintf("%s %s/%s/%s", c.Text("identity", "firstName"), c.Text("school", "school"), c.Text("school", "class"), c.Text("school", "level"))
		if c.Left != "" {
			place += " left " + string(c.Left)
		}
		all = append(all, place)
	}
	slices.Sort(all)
	return all
}

// enrolled are a family's enrolments that reach into the new year: "Léa cantine 2027-09-01/2028-07-07".
func (d desk) enrolled(h town.Home) (all []string) {
	d.t.Helper()
	file := h.Household()
	for _, e := range file.Enrolments {
		if e.Period.To >= "2027-07-31" {
			c, _ := file.Member(e.Child)
			all = append(all, fmt.Sprintf("%s %s %s/%s", c.Text("identity", "firstName"), e.Activity, e.Period.From, e.Period.To))
		}
	}
	slices.Sort(all)
	return all
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

var renewed = rollover.Choices{Activities: []rollover.Renewal{{Activity: "cantine"}}}

func TestATownMovesToItsNextSchoolYear(t *testing.T) {
	t.Parallel()
	d := schools(t)
	two := d.home("Martin", "1 rue", pupil("Léa", "2020-05-04", "Jules-Verne", "CP", "CP"), pupil("Tom", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	within := d.home("Durand", "", pupil("Zoé", "2019-05-04", "jules-verne", "ce1-ce2", "CE1"), pupil("Bébé", "2026-05-04", "", "", ""))
	last := d.home("Petit", "", pupil("Max", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	nursery := d.home("Blanc", "", pupil("Ana", "2021-05-04", "Maternelle", "GS", "GS"))
	unread := d.home("Noir", "", pupil("Ida", "2019-05-04", "Jules-Verne", "CE1-CE2", ""))
	parent := d.Subscriber(last.MadeFamily, 0)
	last.EnrolFirst("mercredi", false)
	must(t, two.MadeFamily.Store.Enrol(t.Context(), booking.Enrolment{ID: two.MadeFamily.Store.EnrolmentID("summer"), Child: two.Children[1], Activity: "mercredi", Period: calendar.Period{From: "2027-07-05", To: "2027-12-31"}}))

	j := d.done(d.rolls(renewed))
	if j.Done != 5 || j.Total != 5 {
		t.Errorf("%d of %d families", j.Done, j.Total)
	}
	expect(t, "one moves up, one leaves", d.at(two), "Léa Jules-Verne/CE1-CE2/CE1", "Tom Jules-Verne//CM2")
	expect(t, "within a class of two levels", d.at(within), "Bébé //", "Zoé Jules-Verne/CE1-CE2/CE2")
	expect(t, "whose last child leaves", d.at(last), "Max Jules-Verne//CM2")
	expect(t, "from the nursery school", d.at(nursery), "Ana Jules-Verne/CP/CP")
	expect(t, "who is left to an agent", d.at(unread), "Ida Jules-Verne/CE1-CE2/")
	expect(t, "enrolments of who moves up go on, those of who leaves end", d.enrolled(two), "Léa cantine 2027-09-01/2028-07-07", "Tom mercredi 2027-07-05/2027-08-31")
	expect(t, "of who is left to an agent they do not", d.enrolled(unread))
	for class, want := range map[string]int{"cp": 1, "ce": 3, "cm": 0} {
		verne, _ := d.configuration().School("verne")
		k, _ := verne.Class(class)
		pupils, err := d.Town.Store.Pupils(t.Context(), verne, k)
		if must(t, err); len(pupils) != want {
			t.Errorf("%d pupils in %s, want %d", len(pupils), class, want)
		}
	}

	leavers := d.leavers()
	if leavers.State != store.JobWaiting || !leavers.StartsAt.Equal(time.Date(2027, 8, 31, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("the departures are %+v", leavers)
	}
	d.later(24 * time.Hour)
	d.run()
	expect(t, "nobody has left before the year is over", d.at(last), "Max Jules-Verne//CM2")
	*d.clock = time.Date(2027, 9, 1, 6, 0, 0, 0, time.UTC)
	d.done(leavers.ID)
	expect(t, "who left, at the end of the year", d.at(two), "Léa Jules-Verne/CE1-CE2/CE1", "Tom Jules-Verne//CM2 left 2027-08-31")
	expect(t, "with all of the family where no child stays", d.at(last), "Max Jules-Verne//CM2 left 2027-08-31")
	if file := last.Household(); len(file.Guardians) != 0 || len(file.Gone.Guardians) != 2 || file.Gone.Guardians[0].Left != "2027-08-31" {
		t.Errorf("of the guardians %d stay", len(file.Guardians))
	}
	if _, err := d.Env.Store.FamilyOf(t.Context(), account.CallerOf(parent.User, false), last.ID); err == nil {
		t.Error("the parent is subscribed still")
	}
	expect(t, "guardians with a child stay", []string{fmt.Sprint(len(two.Household().Guardians))}, "2")
	if until, _ := family.ClassOf(family.Child, "health", "allergies").KeptUntil("2027-08-31", 0); until != "2027-08-31" {
		t.Errorf("health data is kept until %s", until)
	}
}

// leavers is the job that records the departures.
func (d desk) leavers() store.Job {
	d.t.Helper()
	r, ok, err := d.Town.Store.Rollover(d.t.Context(), 2027)
	if must(d.t, err); !ok || r.Leavers == "" {
		d.t.Fatalf("the move is %+v", r)
	}
	return d.job(r.Leavers)
}

func (d desk) configuration() store.Configuration {
	d.t.Helper()
	c, err := d.Town.Store.Configuration(d.t.Context())
	must(d.t, err)
	return c
}

func TestWhatWasBookedStaysAndStandingEnrolmentsBookAhead(t *testing.T) {
	t.Parallel()
	d := schools(t)
	made := d.home("Martin", "", seed.Child{FirstName: "Léa", BirthDate: "2020-05-04", School: "Jules-Verne", Class: "CP", Level: "CP"})
	h := town.Home{Town: d.Town, MadeFamily: made.MadeFamily, Account: d.Subscriber(made.MadeFamily, 0)}
	h.EnrolFirst("cantine", true)
	h.WriteDay(h.ID, booking.Day{Place: booking.Place{Date: "2027-07-01", Child: h.Children[0], Activity: "cantine"}, Group: collectivity.AllAges, State: booking.Booked, Held: true, Presence: booking.Missing})
	before, err := h.MadeFamily.Store.Days(t.Context(), calendar.Period{From: "2026-09-01", To: "2027-08-31"})
	must(t, err)
	d.done(d.rolls(renewed))
	after, err := h.MadeFamily.Store.Days(t.Context(), calendar.Period{From: "2026-09-01", To: "2027-08-31"})
	if must(t, err); len(before) != 1 || len(after) != 1 || after[booking.Place{Date: "2027-07-01", Child: h.Children[0], Activity: "cantine"}].Presence != booking.Missing {
		t.Errorf("%d days of the old year, now %d", len(before), len(after))
	}
	requests, _, err := h.MadeFamily.Store.Requests(t.Context(), "", 50)
	must(t, err)
	i := slices.IndexFunc(requests, func(r booking.Request) bool { return r.Standing != "" && r.Period.From == "2027-09-01" })
	if i < 0 {
		t.Fatalf("no days were asked for: %d requests", len(requests))
	}
	h.WorkOff(requests[i].ID)
	if n := h.Booked(calendar.Period{From: "2027-09-01", To: "2027-09-30"}); n < 15 {
		t.Errorf("%d days of September are booked", n)
	}
}

func TestMovingAgainChangesNothing(t *testing.T) {
	t.Parallel()
	d := schools(t)
	h := d.home("Martin", "1 rue", pupil("Léa", "2020-05-04", "Jules-Verne", "CP", "CP"), pupil("Tom", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	d.done(d.rolls(renewed))
	file := h.Household()
	d.later(time.Hour)
	d.done(d.rolls(renewed))
	if again := h.Household(); again.Version != file.Version || len(again.Enrolments) != len(file.Enrolments) {
		t.Errorf("version %d, then %d", file.Version, again.Version)
	}
	expect(t, "nobody moved twice", d.at(h), "Léa Jules-Verne/CE1-CE2/CE1", "Tom Jules-Verne//CM2")
	if n := len(d.Audits("roll-over")); n != 1 {
		t.Errorf("%d audits of one move", n)
	}
}

func TestOnceATownHasMovedOnlyThoseWhoAreNamedDo(t *testing.T) {
	t.Parallel()
	d := schools(t)
	h := d.home("Martin", "", pupil("Léa", "2021-05-04", "Jules-Verne", "CP", "CP"), pupil("Tom", "2021-05-04", "Jules-Verne", "CP", "CP"))
	late := d.home("Petit", "", pupil("Ida", "2021-05-04", "Jules-Verne", "CP", "CP"))
	d.done(d.rolls(renewed))
	expect(t, "who seem to be there already are left to an agent", d.at(h), "Léa Jules-Verne/CP/CP", "Tom Jules-Verne/CP/CP")
	d.later(time.Hour)
	only := renewed
	only.Only = true
	only.Children = []rollover.Exception{{Family: h.ID, Child: h.Children[0], Move: rollover.Up}, {Family: late.ID, Child: late.Children[0], Move: rollover.Stays}}
	if j := d.done(d.rolls(only)); j.Total != 2 {
		t.Errorf("of %d families", j.Total)
	}
	expect(t, "who was named", d.at(h), "Léa Jules-Verne/CE1-CE2/CE1", "Tom Jules-Verne/CP/CP")
	expect(t, "with the enrolments", d.enrolled(h), "Léa cantine 2027-09-01/2028-07-07")
	expect(t, "who is kept down", d.at(late), "Ida Jules-Verne/CP/CP")
	expect(t, "with theirs", d.enrolled(late), "Ida cantine 2027-09-01/2028-07-07")
}

func TestAChildOfTwoFilesMovesOnceWithTheEnrolmentsOfBoth(t *testing.T) {
	t.Parallel()
	d := schools(t)
	first := d.home("Martin", "", pupil("Léa", "2020-05-04", "Jules-Verne", "CP", "CP"))
	second := first.Share(d.home("Durand", "", pupil("Zoé", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2")), "cantine")
	d.done(d.rolls(renewed))
	expect(t, "in the first", d.at(first), "Léa Jules-Verne/CE1-CE2/CE1")
	expect(t, "in the second", d.at(second), "Léa Jules-Verne/CE1-CE2/CE1", "Zoé Jules-Verne//CM2")
	for says, h := range map[string]town.Home{"first": first, "second": second} {
		expect(t, says, d.enrolled(h), "Léa cantine 2027-09-01/2028-07-07")
	}
	if a, b := first.Household().Version, second.Household().Version; a < 2 || b < 2 {
		t.Errorf("versions %d and %d", a, b)
	}
	*d.clock = time.Date(2027, 9, 1, 6, 0, 0, 0, time.UTC)
	d.done(d.leavers().ID)
	expect(t, "whose other child stays", []string{fmt.Sprint(len(second.Household().Guardians))}, "2")
}

func TestTheManagersOwnFamilyIsLeftToAnother(t *testing.T) {
	t.Parallel()
	d := schools(t)
	made := d.home("Martin", "", pupil("Léa", "2020-05-04", "Jules-Verne", "CP", "CP"))
	h := town.Home{Town: d.Town, MadeFamily: made.MadeFamily, Account: d.Subscriber(made.MadeFamily, 0)}
	d.done(d.rollsAs(d.Right(h.ParentAgent(collectivity.Manager)), renewed))
	expect(t, "their own child", d.at(h), "Léa Jules-Verne/CP/CP")
	d.later(time.Hour)
	only := renewed
	only.Only, only.Children = true, []rollover.Exception{{Family: h.ID, Child: h.Children[0], Move: rollover.Up}}
	d.done(d.rolls(only))
	expect(t, "a colleague sees to it", d.at(h), "Léa Jules-Verne/CE1-CE2/CE1")
}

func TestWhoWasPutIntoAClassAgainOrEnrolledDoesNotLeave(t *testing.T) {
	t.Parallel()
	d := schools(t)
	back := d.home("Martin", "", pupil("Léa", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	enrolled := d.home("Durand", "", pupil("Tom", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	d.done(d.rolls(renewed))
	_, err := back.MadeFamily.Store.BringYear(t.Context(), back.Household(), store.Year{Year: 1, Placed: []store.Placement{{Child: back.Household().Children[0], School: "Jules-Verne", Class: "CM1-CM2", Level: "CM2", Leaving: "2027-08-31"}}}, "odile", *d.clock)
	must(t, err)
	must(t, enrolled.MadeFamily.Store.Enrol(t.Context(), booking.Enrolment{ID: enrolled.MadeFamily.Store.EnrolmentID("x"), Child: enrolled.Children[0], Activity: "cantine", Period: calendar.Period{From: "2027-09-01", To: "2028-07-07"}}))
	*d.clock = time.Date(2027, 9, 1, 6, 0, 0, 0, time.UTC)
	d.done(d.leavers().ID)
	expect(t, "who is in a class", d.at(back), "Léa Jules-Verne/CM1-CM2/CM2")
	expect(t, "who is enrolled", d.at(enrolled), "Tom Jules-Verne//CM2")
}

func TestAMoveThatIsCutShortAtAnyWriteGoesOn(t *testing.T) {
	t.Parallel()
	for cut := int32(1); ; cut++ {
		d := schools(t)
		h := d.home("Martin", "", pupil("Léa", "2020-05-04", "Jules-Verne", "CP", "CP"), pupil("Tom", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
		other := d.home("Petit", "", pupil("Max", "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
		id := d.rolls(renewed)
		var done atomic.Int32
		dying := d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
			if writes(operation) && done.Add(1) > cut {
				return "AccessDeniedException" // not tried again
			}
			return ""
		})})
		failed := dying.tick() != nil
		d.later(3 * time.Minute)
		d.done(id)
		*d.clock = time.Date(2027, 9, 1, 6, 0, 0, 0, time.UTC)
		d.done(d.leavers().ID)
		expect(t, "the first family", d.at(h), "Léa Jules-Verne/CE1-CE2/CE1", "Tom Jules-Verne//CM2 left 2027-08-31")
		expect(t, "its enrolments", d.enrolled(h), "Léa cantine 2027-09-01/2028-07-07")
		expect(t, "the second", d.at(other), "Max Jules-Verne//CM2 left 2027-08-31")
		if n := len(d.Audits("roll-over")); n != 2 || t.Failed() {
			t.Fatalf("cut short after %d writes: %d audits", cut, n)
		}
		if !failed {
			t.Logf("%d writes", cut)
			break
		}
	}
}

// crowd is a home for children: so many at school that no transaction takes what a year brings to all of them.
func (d desk) crowd() town.Home {
	d.t.Helper()
	var children []seed.Child
	for n := range 30 {
		children = append(children, pupil(fmt.Sprintf("Enfant%02d", n), "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	}
	for n := range 24 {
		children[n].BirthDate, children[n].Class, children[n].Level = "2020-05-04", "CP", "CP"
	}
	return d.home("Foyer", "", children...)
}

// TestAFamilyThatNoTransactionTakesMovesInSteps, and goes on where it was cut short: no town waits for it.
func TestAFamilyThatNoTransactionTakesMovesInSteps(t *testing.T) {
	t.Parallel()
	d := schools(t)
	h := d.crowd()
	must(t, h.MadeFamily.Store.Enrol(t.Context(), booking.Enrolment{ID: h.MadeFamily.Store.EnrolmentID("summer"), Child: h.Children[29], Activity: "mercredi", Period: calendar.Period{From: "2027-07-05", To: "2027-12-31"}}))
	after := d.home("Petit", "", pupil("Max", "2020-05-04", "Jules-Verne", "CP", "CP"))
	id := d.rolls(renewed)
	for cut, tries := int32(2), 0; d.job(id).State != store.JobDone; tries++ {
		var done atomic.Int32
		dying := d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
			if operation == "TransactWriteItems" && done.Add(1) > cut {
				return "AccessDeniedException" // not tried again
			}
			return ""
		})})
		_ = dying.tick()
		d.later(3 * time.Minute)
		if tries > 10 {
			t.Fatalf("it never ends: %+v: %s", d.job(id), d.out.String())
		}
	}
	up, leave := 0, 0
	for _, at := range d.at(h) {
		switch {
		case strings.HasSuffix(at, "Jules-Verne/CE1-CE2/CE1"):
			up++
		case strings.HasSuffix(at, "Jules-Verne//CM2"):
			leave++
		}
	}
	if up != 24 || leave != 6 {
		t.Errorf("%d moved up, %d leave: %q", up, leave, d.at(h))
	}
	enrolled := d.enrolled(h)
	if len(enrolled) != 25 || enrolled[0] != "Enfant00 cantine 2027-09-01/2028-07-07" || enrolled[24] != "Enfant29 mercredi 2027-07-05/2027-08-31" {
		t.Errorf("%d are enrolled: %q", len(enrolled), enrolled)
	}
	expect(t, "who comes behind", d.at(after), "Max Jules-Verne/CE1-CE2/CE1")
}

// TestAFamilyThatNoTransactionTakesLeavesInSteps: first some children, in the end all who are left.
func TestAFamilyThatNoTransactionTakesLeavesInSteps(t *testing.T) {
	t.Parallel()
	d := schools(t)
	var children []seed.Child
	for n := range 30 {
		children = append(children, pupil(fmt.Sprintf("Enfant%02d", n), "2016-05-04", "Jules-Verne", "CM1-CM2", "CM2"))
	}
	h := d.home("Foyer", "", children...)
	d.Subscriber(h.MadeFamily, 0)
	d.Subscriber(h.MadeFamily, 1)
	d.done(d.rolls(renewed))
	*d.clock = time.Date(2027, 9, 1, 6, 0, 0, 0, time.UTC)
	d.done(d.leavers().ID)
	file := h.Household()
	if len(file.Children)+len(file.Guardians) != 0 || len(file.Gone.Children) != 30 {
		t.Errorf("there are %d children and %d guardians, %d left", len(file.Children), len(file.Guardians), len(file.Gone.Children))
	}
}

// Audits are what the month of the move has of an action.
func (d desk) Audits(action string) (all []string) {
	d.t.Helper()
	did, err := d.Town.Store.Audit(d.t.Context(), july.Format("2006-01"))
	must(d.t, err)
	for _, a := range did {
		if a.Action == action {
			all = append(all, strings.TrimSpace(a.About+" "+a.What))
		}
	}
	return all
}
