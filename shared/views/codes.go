package views

import (
	"time"

	"preau/shared/api"
	"preau/shared/store"
)

// IssuedCode shows a subscriber code to agents.
func IssuedCode(c store.IssuedCode, n store.CodeName, now time.Time) api.IssuedCode {
	out := api.IssuedCode{
		ID: c.ID(), Family: n.Family, FamilyLabel: n.Label, Guardian: n.Guardian, GuardianName: n.Name, State: string(c.State(now)),
		IssuedAt: Instant(c.At), Until: Instant(c.Until), ByHand: c.ByHand, Job: c.Issue,
	}
	if !c.Printed.IsZero() {
		out.PrintedAt = Instant(c.Printed)
	}
	if !c.Code.UsedAt.IsZero() {
		out.UsedAt = Instant(c.Code.UsedAt)
	}
	return out
}
