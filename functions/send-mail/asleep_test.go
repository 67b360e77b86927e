package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

// TestMailsOfASuspendedTownWaitUntilItIsNone: they tell of what has happened, so none is lost.
func TestMailsOfASuspendedTownWaitUntilItIsNone(t *testing.T) {
	t.Parallel()
	o := opened(t)
	r := o.Day(booking.Booking, 0, "cantine", "", "2026-12-01")
	id := "request-received-" + r.ID
	o.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	o.send(t, batch(t, id))
	for hours := range 30 { // longer than a mail that fails is tried
		o.clock.set(town.Now.Add(time.Duration(hours) * time.Hour))
		o.send(t, tick)
	}
	if got := testkit.Mails(t, o.Account.Email); len(got) != 0 || o.outbox(t, id).text("work") == "" {
		t.Fatalf("%d mails, %v", len(got), o.outbox(t, id))
	}
	if o.log.count(`"failed":1`)+o.log.count(`"parked":1`) > 0 || o.log.count(`"asleep":1`) == 0 {
		t.Errorf("told %s", o.log)
	}
	o.Settings(func(s *collectivity.Settings) { s.Suspended = false })
	o.clock.set(town.Now.Add(31 * time.Hour))
	o.send(t, tick)
	if got := testkit.Mails(t, o.Account.Email); len(got) != 2 { // that of the subscription waited too
		t.Errorf("%d mails", len(got))
	}
}

// TestAPasswordIsForgottenInSuspendedTownsToo: an account is its person's, not the town's.
func TestAPasswordIsForgottenInSuspendedTownsToo(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	must(t, o.app.store.AskReset(t.Context(), o.Account, town.Now))
	o.send(t, batch(t, "password-reset-"+o.Account.ID+"-1"))
	if got := testkit.Mails(t, o.Account.Email); len(got) != 1 || !strings.Contains(got[0].Text, "#") {
		t.Errorf("got %+v", got)
	}
}
