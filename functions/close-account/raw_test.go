package main

import (
	"testing"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
)

// moved gives the first guardian to another account by hand, as an import may.
func moved(t *testing.T, h town.Home, to string) {
	t.Helper()
	r := testkit.Stack(t)
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	must(t, emulators.DynamoDB(r.DynamoDB).Call(t.Context(), "UpdateItem", map[string]any{
		"TableName": r.Table, "Key": map[string]any{"PK": text("C#" + h.Slug + "#F#" + h.ID), "SK": text("FILE#GUARDIAN#" + h.Guardians[0])},
		"UpdateExpression": "SET Account = :other", "ExpressionAttributeValues": map[string]any{":other": text(to)},
	}, nil))
}
