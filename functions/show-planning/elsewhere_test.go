package main

import (
	"encoding/json"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

// TestEachHouseholdOfAChildSeesWhatTheOtherHasBookedAndNothingMore: the state, no action, a reason; no option, request, comment
// or charge.
func TestEachHouseholdOfAChildSeesWhatTheOtherHasBookedAndNothingMore(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	w.Change("mercredi", func(a *collectivity.Activity) { a.Decision = collectivity.AtOnce })
	asking := booking.Asking{Kind: booking.Booking, Comment: "Merci de lire ceci.", Items: []booking.Item{{Child: anne.Children[0], Activity: "mercredi", Option: "matin"}}}
	asking.Period.From, asking.Period.To = "2026-11-25", "2026-11-25"
	request := anne.Ask(asking)
	paul.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	w.Narrow("periscolaire", 1)
	w.NewHome("Tom").Day(booking.Booking, 0, "periscolaire", "", "2026-11-24")
	anne.Day(booking.Booking, 0, "periscolaire", "", "2026-11-24")

	shown := map[string]api.Planning{}
	for name, h := range map[string]town.Home{"anne": anne, "paul": paul} {
		shown[name] = town.Read[api.Planning](t, newHandler(), h.Event("show-planning", nil), 200)
		if len(shown[name].Children) != 1 || shown[name].Children[0].FirstName != "Léa" {
			t.Errorf("%s sees the children %+v", name, shown[name].Children)
		}
	}
	for _, c := range []struct{ who, date, activity, want, code, reason string }{
		{"anne", "2026-11-25", "mercredi", "11-25 mercredi booked absent", "", ""},
		{"paul", "2026-11-25", "mercredi", "11-25 mercredi booked", "booked_elsewhere", "Réservé par l’autre foyer."},
		{"paul", "2026-11-24", "cantine", "11-24 cantine booked absent", "", ""},
		{"anne", "2026-11-24", "cantine", "11-24 cantine booked", "booked_elsewhere", "Réservé par l’autre foyer."},
		{"anne", "2026-11-24", "periscolaire", "11-24 periscolaire waitlisted cancel", "", ""},
		{"paul", "2026-11-24", "periscolaire", "11-24 periscolaire enrolled", "waiting_elsewhere", "L’enfant est déjà sur liste d’attente ce jour-là, par l’autre foyer."},
		{"paul", "2026-11-26", "cantine", "11-26 cantine enrolled book", "", ""},
	} {
		d := of(shown[c.who], c.date, c.activity)
		if got := line(d); got != c.want || d.Code != c.code || d.Reason != c.reason {
			t.Errorf("%s: got %q %q %q, want %q %q %q", c.who, got, d.Code, d.Reason, c.want, c.code, c.reason)
		}
		if strings.HasSuffix(d.Code, "_elsewhere") && d.Option+d.Charge+d.Request+d.Until+d.Rule+d.Presence != "" || d.Code != "" && d.Rank != 0 {
			t.Errorf("%s is told more: %+v", c.who, d)
		}
	}
	text, err := json.Marshal(shown["paul"])
	for _, secret := range []string{request.ID, anne.ID, "Merci de lire ceci."} {
		if err != nil || strings.Contains(string(text), secret) {
			t.Errorf("paul reads %q (%v)", secret, err)
		}
	}
}

// TestWhatTheOtherHouseholdHasBookedShowsWhereThisOneMayNotBook: the child is there that day, whoever may ask.
func TestWhatTheOtherHouseholdHasBookedShowsWhereThisOneMayNotBook(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.NewHome("Léa"), w.NewHome()
	paul = anne.Share(paul)
	anne.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	p := town.Read[api.Planning](t, newHandler(), paul.Event("show-planning", nil), 200)
	if len(p.Days) != 1 || len(p.Activities) != 1 || line(p.Days[0]) != "11-24 cantine booked" || p.Days[0].Code != booking.BookedElsewhere {
		t.Errorf("paul sees %+v of %+v", p.Days, p.Activities)
	}
}
