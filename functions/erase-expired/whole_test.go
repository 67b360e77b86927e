package main

import (
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
)

func (h house) caller() account.Caller { return account.CallerOf(h.Account.User, false) }

// merge makes one file of two, as merge-families does.
func (h house) merge(t *testing.T, from, into town.Home) {
	t.Helper()
	agent := h.Agent(collectivity.Manager)
	right, err := h.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), h.Slug, collectivity.Manager)
	must(t, err)
	plan, err := right.PlanMerge(t.Context(), from.ID, into.ID, h.Env.Now)
	must(t, err)
	must(t, right.MergeFamilies(t.Context(), plan, h.Env.Now))
}

// left makes a family that used the portal and that all have left on a day, and queues it.
func (h house) left(t *testing.T, day string) town.Home {
	t.Helper()
	f := h.Town.NewHome("Inès")
	h.merge(t, h.Town.NewHome("Zoé"), f)
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
	file := f.File()
	for _, g := range file.Guardians {
		set("FILE#GUARDIAN#"+g.ID, map[string]string{"Left": day})
	}
	for _, c := range file.Children {
		set("FILE#CHILD#"+c.ID, map[string]string{"Left": day})
	}
	set("FILE", map[string]string{"work": "ERASE", "workAt": day})
	return f
}
