package town_test

import (
	"strings"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
)

func TestATownWhoseBookingsWereWrittenByTheServiceIsSound(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	h.Sound()
	h.Day(booking.Booking, -1, "cantine", "", "2026-11-24")
	h.Day(booking.Absence, 0, "cantine", "", "2026-11-24")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	h.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	h.Town.NewHome("Zoé").Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	h.Sound()
	written := h.Written()
	if len(written.Days) != 4 || len(written.Requests) != 5 || len(written.Slots) != 1 || len(written.Mails) != 5 {
		t.Errorf("read %d days, %d requests, %d slots, %d mails", len(written.Days), len(written.Requests), len(written.Slots), len(written.Mails))
	}
}

func TestATownIsUnsoundOnceAnItemIsWrong(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	r := h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	db := emulators.DynamoDB(testkit.Stack(t).DynamoDB)
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	for _, c := range []struct {
		pk, sk, attribute string
		want              string
	}{
		{"C#" + h.Slug + "#S#cantine", "SLOT#2026-11-24", "taken_all", "2 places are taken and 1 days hold one"},
		{"C#" + h.Slug + "#F#" + h.ID, "REQUEST#" + r.ID, "Lines", "no line of request " + r.ID + " says so"},
	} {
		set := map[string]any{"taken_all": map[string]string{"N": "2"}, "Lines": map[string]any{"L": []any{}}}[c.attribute]
		in := map[string]any{
			"TableName": testkit.Stack(t).Table, "Key": map[string]any{catalog.Table.PartitionKey: text(c.pk), catalog.Table.SortKey: text(c.sk)},
			"UpdateExpression": "SET #a = :v", "ExpressionAttributeNames": map[string]string{"#a": c.attribute}, "ExpressionAttributeValues": map[string]any{":v": set},
		}
		if err := db.Call(t.Context(), "UpdateItem", in, nil); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(h.Written().Broken(), "; "); !strings.Contains(got, c.want) {
			t.Errorf("told %q, want %q", got, c.want)
		}
	}
}
