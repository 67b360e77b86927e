package main

import (
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/family"
)

func (h house) caller() account.Caller { return account.CallerOf(h.Account.User, false) }

// left makes a family that used the portal and that all have left on a day, and queues it.
func (h house) left(t *testing.T, day string) town.Home {
	t.Helper()
	f := h.Town.NewHome("Inès")
	f.Day(booking.Booking, 0, "cantine", "", "2026-12-01")
	f.Day(booking.Booking, 0, "mercredi", "matin", "2026-12-02")
	f.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	must(t, f.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "n1", By: "agent", Author: "Odile", At: town.Now, Text: "Appeler le soir"}))
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	set := func(sk string, values map[string]string) {
		names, operands, update := map[string]string{}, map[string]any{}, "SET "
		for name, v := range values {
			if len(names) > 0 {
				update += ", "
			}
			update += "#" + name + " = :" + name
			names["#"+name], operands[":"+name] = name, text(v)
		}
		must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "UpdateItem", map[string]any{
			"TableName": h.table[catalog.EnvTable], "Key": map[string]any{"PK": text("C#" + h.Slug + "#F#" + f.ID), "SK": text(sk)},
			"UpdateExpression": update, "ExpressionAttributeNames": names, "ExpressionAttributeValues": operands,
		}, nil))
	}
	for _, g := range f.Guardians {
		set("FILE#GUARDIAN#"+g, map[string]string{"Left": day})
	}
	set("FILE#CHILD#"+f.Children[0], map[string]string{"Left": day})
	set("FILE", map[string]string{"work": "ERASE", "workAt": day})
	return f
}
