package store_test

import (
	"context"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

func TestSmoke(t *testing.T) {
	var s *store.Store
	testkit.OwnTable(t, func() { s = store.Open() })
	ctx := t.Context()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	town, err := s.CreateCollectivity(ctx, collectivity.Settings{Slug: "x", Name: "Mairie", Timezone: "Europe/Paris"})
	try("town", err)
	try("activity", town.SaveActivity(ctx, collectivity.Activity{ID: "cantine", Name: "Cantine", Weekdays: calendar.Weekdays[:5], Season: calendar.Period{From: "2026-09-01", To: "2027-07-01"}, Starts: "11:45", Capacity: 1, Decision: collectivity.AtOnce}))
	try("activity", town.SaveActivity(ctx, collectivity.Activity{ID: "centre", Name: "Centre", Weekdays: calendar.Weekdays[:5], Season: calendar.Period{From: "2026-09-01", To: "2027-07-01"}, Starts: "11:45", Decision: collectivity.ByAgent}))
	file := family.File{ID: "fam", Label: "Famille Martin", Guardians: []family.Member{{ID: "g1", Target: family.Guardian, Values: map[string]map[string]any{"identity": {"firstName": "Ana", "lastName": "Martin"}}}}, Children: []family.Member{{ID: "c1", Target: family.Child, Values: map[string]map[string]any{"identity": {"firstName": "Léa"}}}}}
	f, err := town.CreateFamily(ctx, file)
	try("family", err)
	try("code", f.IssueCode(ctx, "hash", "g1", now, now.Add(time.Hour)))
	try("enrol", f.Enrol(ctx, booking.Enrolment{ID: "e1", Child: "c1", Activity: "cantine", Period: calendar.Period{From: "2026-09-01", To: "2027-07-01"}}))
	a := account.Attempt{ID: "acc", User: "acc.1", Email: "a@b.fr", Collectivity: "x", CreatedAt: now, Person: account.Person{FirstName: "Ana", LastName: "Martin"}}
	try("attempt", s.AddAttempt(ctx, "addr", a))
	try("ready", s.ReadyAttempt(ctx, "addr", a, now))
	a, ok, err := s.Attempt(ctx, "addr", "acc")
	try("read", err)
	t.Log(ok, a)
	try("again", s.AgainAttempt(ctx, "addr", a, now.Add(time.Minute)))
	c, err := s.Code(ctx, "hash", "acc", now)
	try("code", err)
	acc := account.Account{ID: "acc", User: "acc.1", Email: "a@b.fr", Collectivity: "x", CreatedAt: now}
	try("activate", s.Activate(ctx, "addr", a, acc, &c))
	try("person", s.UpdatePerson(ctx, account.CallerOf("acc.1", false), account.Person{FirstName: "Ana", LastName: "Martin"}))
	acc, _, err = s.Account(ctx, "acc")
	try("account", err)
	try("reset", s.AskReset(ctx, acc, now))
	try("email", s.AskEmail(ctx, acc, "c@d.fr", now))
	acc, _, _ = s.Account(ctx, "acc")
	t.Logf("%+v", acc)
	try("plan", s.PlanUser(ctx, "acc", "acc.2", now))
	try("take", s.TakeUser(ctx, acc, "acc.2", &acc.Reset, now))
	acc, _, _ = s.Account(ctx, "acc")
	try("takeEmail", s.TakeEmail(ctx, acc, "addr", "addr2", now))
	acc, _, _ = s.Account(ctx, "acc")
	t.Logf("%+v", acc)
	try("agent", town.AppointAgent(ctx, collectivity.Agent{Account: "acc", Role: collectivity.Manager}))
	try("totp", s.StepTOTP(ctx, "acc", 5))
	try("settings", town.SaveSettings(ctx, collectivity.Settings{Slug: "x", Name: "Mairie 2", Timezone: "Europe/Paris"}))
	right, err := s.FamilyOf(ctx, account.CallerOf("acc.2", false), "fam")
	try("right", err)
	fs := right.Store
	h, conf, p, err := fs.Planning(ctx, calendar.Period{From: "2026-11-01", To: "2026-12-31"})
	try("planning", err)
	r := booking.Request{ID: fs.RequestID("r1"), Account: "acc", CreatedAt: now, Asking: booking.Asking{Kind: booking.Booking}}
	_ = p
	r.Lines = []booking.Line{{Place: booking.Place{Date: "2026-11-24", Child: "c1", Activity: "cantine"}, State: booking.Asked}, {Place: booking.Place{Date: "2026-11-24", Child: "c1", Activity: "centre"}, State: booking.Asked}}
	r, err = fs.AddRequest(ctx, r, conf)
	try("request", err)
	t.Logf("%+v", r)
	q, _, err := town.QueuedRequests(ctx, "", 10)
	try("queue", err)
	t.Log(len(q))
	sr, err := fs.Request(ctx, r.ID)
	try("read request", err)
	r2, codes, err := fs.DecideRequest(ctx, sr, []int{1}, false, "Complet", conf, now)
	try("decide", err)
	t.Log(r2, codes)
	r = booking.Request{ID: fs.RequestID("r2"), Account: "acc", CreatedAt: now, Asking: booking.Asking{Kind: booking.Absence}}
	r.Lines = []booking.Line{{Place: booking.Place{Date: "2026-11-24", Child: "c1", Activity: "cantine"}, Rev: 1, State: booking.Asked}}
	r, err = fs.AddRequest(ctx, r, conf)
	try("absence", err)
	t.Logf("%+v", r)
	r = booking.Request{ID: fs.RequestID("r3"), Account: "acc", CreatedAt: now, Asking: booking.Asking{Kind: booking.Booking}}
	r.Lines = []booking.Line{{Place: booking.Place{Date: "2026-11-25", Child: "c1", Activity: "centre"}, State: booking.Asked}}
	r, err = fs.AddRequest(ctx, r, conf)
	try("r3", err)
	sr, _ = fs.Request(ctx, r.ID)
	r, err = fs.WithdrawRequest(ctx, sr, []int{0})
	try("withdraw", err)
	t.Logf("%+v", r)
	m, _ := h.Member("g1")
	ch := family.Change{ID: fs.ChangeID("ch1"), Target: "g1", Section: "phones", By: "g1", CreatedAt: now, Fields: []family.FieldChange{{Field: "mobile", New: "+33612345678", State: family.Pending}}}
	try("change", fs.AddChange(ctx, ch, "acc", m))
	hh, _ := fs.Household(ctx)
	m, _ = hh.Member("g1")
	d := ch
	d.Fields = []family.FieldChange{{Field: "mobile", New: "+33612345678", State: family.Accepted}}
	try("decideChange", fs.DecideChange(ctx, d, d.Fields, "acc", m, hh.Version, now))
	hh, _ = fs.Household(ctx)
	m, _ = hh.Member("g1")
	ch.ID = fs.ChangeID("ch2")
	ch.Section, ch.Fields = "identity", []family.FieldChange{{Field: "birthName", New: "D", State: family.Pending}}
	try("change2", fs.AddChange(ctx, ch, "acc", m))
	hh, _ = fs.Household(ctx)
	m, _ = hh.Member("g1")
	try("withdraw change", fs.WithdrawChange(ctx, ch, "acc", m))
	ch.ID = fs.ChangeID("ch3")
	ch.Fields[0].State = family.Accepted
	try("apply", fs.ApplyChange(ctx, ch, "acc", m, hh.Version))
	due, err := s.DueMails(ctx, now.Add(time.Hour))
	try("due", err)
	t.Log(due)
	for _, id := range due {
		m, ok, err := s.ClaimMail(ctx, id, now)
		try("claim", err)
		if !ok {
			t.Error(m)
		}
		_, err = s.MailFailed(ctx, m, now)
		try("failed", err)
		try("sent", s.MailSent(ctx, id, "sent", now))
	}
	try("bounce", s.MarkBounced(ctx, "addr", "bounce", now))
	b, err := s.Bounced(ctx, "addr", now)
	try("bounced", err)
	t.Log(b)
	users, err := s.DueUsers(ctx, now.Add(40*24*time.Hour), 10)
	try("users", err)
	t.Log(users)
	for _, u := range users {
		try("forget", s.ForgetUser(ctx, u))
	}
	try("unsubscribe", right.Unsubscribe(ctx, now))
	_ = context.Background
}
