package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

func newHandler(t *testing.T) httpapi.Handler {
	t.Helper()
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return town.Now }}.handle)
}

func told(days []api.RequestDay) string {
	var all []string
	for _, d := range days {
		all = append(all, strings.Join(strings.Fields(fmt.Sprint(d.Date[5:], " ", d.State, " ", d.Code, " ", d.Charge)), " "))
	}
	return strings.Join(all, ", ")
}

func preview(t *testing.T, h town.Home, body map[string]any) httpapi.Request {
	t.Helper()
	return town.With(t, h.Event("preview-request", nil), body)
}

func items(h town.Home, pairs ...any) []any {
	var all []any
	for i := 0; i < len(pairs); i += 3 {
		item := map[string]any{"child": h.Children[pairs[i].(int)], "activity": pairs[i+1]}
		if pairs[i+2] != "" {
			item["option"] = pairs[i+2]
		}
		all = append(all, item)
	}
	return all
}

// dayBefore takes bookings until the day before at 9:00, and later ones until the service with a surcharge.
const dayBefore = `{"rules": [
	{"kind": "booking", "closes": {"at": "09:00", "steps": [{"days": -1}]}, "late": {"surcharge": "50 %"}},
	{"kind": "absence", "closes": {"at": "09:00", "steps": [{"days": -1}]}}]}`

// TestAPreviewTellsWhatTheRequestThenAnswersAndWritesNothing asks first for a preview and then in earnest.
func TestAPreviewTellsWhatTheRequestThenAnswersAndWritesNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	for _, a := range h.Activities {
		if a.ID == "cantine" {
			a.Capacity, a.Rules = 1, dayBefore
			if err := h.Town.Store.SaveActivity(t.Context(), a); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.Day(booking.Booking, 1, "cantine", "", "2026-11-26")
	for _, c := range []struct {
		says string
		body map[string]any
		want string
	}{
		{"a place that is there", map[string]any{"kind": "booking", "items": items(h, 0, "cantine", ""), "from": "2026-12-01", "to": "2026-12-01"}, "12-01 booked"},
		{"after the limit, with its surcharge", map[string]any{"kind": "booking", "items": items(h, 0, "cantine", ""), "from": "2026-11-23", "to": "2026-11-27", "weekdays": []string{"mon", "fri"}}, "11-23 booked late, 11-27 booked"},
		{"siblings for one place: one waits", map[string]any{"kind": "booking", "items": items(h, 0, "cantine", "", 1, "cantine", ""), "from": "2026-12-03", "to": "2026-12-03"}, "12-03 booked, 12-03 waitlisted"},
		{"a full day and one that an agent decides", map[string]any{"kind": "booking", "items": items(h, 0, "cantine", "", 0, "mercredi", "matin"), "from": "2026-11-25", "to": "2026-11-26"}, "11-25 requested, 11-26 waitlisted"},
		{"an absence after the limit is billed", map[string]any{"kind": "absence", "items": items(h, 0, "cantine", ""), "from": "2026-11-23", "to": "2026-11-23"}, "11-23 absent due"},
	} {
		event := preview(t, h, c.body)
		for range 2 {
			got := town.Read[api.RequestPreview](t, newHandler(t), event, 200)
			if told(got.Days) != c.want {
				t.Errorf("%s: the preview tells %s, want %s", c.says, told(got.Days), c.want)
			}
		}
		if sent := views.Request(h.Ask(asking(t, c.body))); told(sent.Days) != c.want {
			t.Errorf("%s: the request answers %s, want %s", c.says, told(sent.Days), c.want)
		}
	}
	h.Sound()
}

func asking(t *testing.T, body map[string]any) booking.Asking {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var in api.NewRequest
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	return views.Asking(in.Asking)
}

func TestAPreviewOfDaysThatCanNotBeTakenSaysWhyForEach(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	got := town.Read[api.RequestPreview](t, newHandler(t), preview(t, h, map[string]any{"kind": "booking", "items": items(h, 0, "cantine", ""), "from": "2026-11-19", "to": "2026-11-20"}), 200)
	if told(got.Days) != "11-19 enrolled past, 11-20 enrolled past" || got.Days[0].Detail == "" {
		t.Errorf("got %+v", got.Days)
	}
	town.Refused(t, town.Send(t, newHandler(t), preview(t, h, map[string]any{"from": "2026-11-25", "to": "2026-11-24", "kind": "booking", "items": items(h, 0, "cantine", "")})), 400, "invalid_input", "to period_reversed")
	days, err := h.MadeFamily.Store.Days(t.Context(), calendar.Period{From: "2026-01-01", To: "2027-12-31"})
	if err != nil || len(days) != 0 {
		t.Errorf("%d days were written, error %v", len(days), err)
	}
}

func TestOnlyASubscriberPreviews(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	stranger := h
	stranger.Account = h.Agent(collectivity.Manager)
	town.Refused(t, town.Send(t, newHandler(t), preview(t, stranger, map[string]any{"kind": "booking", "items": items(h, 0, "cantine", ""), "from": "2026-11-24", "to": "2026-11-24"})), 404, "family_not_found")
}

func TestAPreviewTellsWhatTheOtherHouseholdOfAChildHas(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	anne.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	anne.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	body := map[string]any{"kind": "booking", "from": "2026-11-24", "to": "2026-11-26", "items": items(paul, 0, "cantine", "", 0, "mercredi", "matin")}
	got := town.Read[api.RequestPreview](t, newHandler(t), preview(t, paul, body), 200)
	if want := "11-24 booked booked_elsewhere, 11-25 enrolled requested_elsewhere, 11-26 booked"; told(got.Days) != want {
		t.Errorf("got %s, want %s", told(got.Days), want)
	}
	if len(got.Days) > 0 && got.Days[0].Detail != "Réservé par l’autre foyer." {
		t.Errorf("told %q", got.Days[0].Detail)
	}
	body["kind"], body["items"] = "absence", items(paul, 0, "cantine", "")
	got = town.Read[api.RequestPreview](t, newHandler(t), preview(t, paul, body), 200)
	if want := "11-24 booked booked_elsewhere, 11-26 enrolled not_booked"; told(got.Days) != want {
		t.Errorf("absences: got %s, want %s", told(got.Days), want)
	}
}
