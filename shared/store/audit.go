package store

import (
	"crypto/rand"
	"time"
)

// auditItem says who did what, and about which item of the tenant: ids only.
type auditItem struct {
	At                time.Time `dynamodbav:"at_"`
	By, Action, About string
	Expires           int64 `dynamodbav:"expires"`
}

// auditKeeping is how long the audit is kept.
const auditKeeping = 366 * 24 * time.Hour

// audit records what an agent did, in the same transaction as the deed.
func (c Collectivity) audit(by, action, about string, now time.Time) write {
	k := key{c.pk() + "#A#" + stamp(now)[:7], stamp(now) + "#" + rand.Text()}
	return write{put: item(k, auditItem{now, by, action, about, epoch(now.Add(auditKeeping))}), condition: isNew}
}
