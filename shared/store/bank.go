package store

import (
	"context"
	"time"

	"preau/shared/family"
)

// ShowedBank records that a subscriber was shown a guardian's bank details in full: who shows them waits for it.
func (r FamilyRight) ShowedBank(ctx context.Context, guardian string, now time.Time) error {
	did := r.Store.audited(bankShown(r.Account.ID, "show-bank-details", r.Store.id, guardian, "", now))
	return r.Store.transact(ctx, did, r.Store.acted(r.Account.ID, did))
}

// RevealedBank records that an agent was shown a guardian's bank details in full, and why: in the town's audit, and with the
// family. Who shows them waits for it.
func (r AgentRight) RevealedBank(ctx context.Context, familyID, guardian, reason string, now time.Time) error {
	f, did := r.Family(familyID), bankShown(r.Account.ID, "reveal-bank-details", familyID, guardian, reason, now)
	read := Consultation{At: now, By: r.Account.ID, Name: r.Agent.Name, Action: did.Action, Read: Read{did.Section: {guardian}}}
	return f.transact(ctx, f.audited(did), f.consultation(read))
}

func bankShown(by, action, familyID, guardian, reason string, now time.Time) Audit {
	return Audit{
		At: now, By: by, Action: action, About: "guardian " + guardian, What: reason, Family: familyID, Member: guardian,
		Section: string(family.Guardian) + ".bank",
	}
}
