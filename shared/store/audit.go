package store

import (
	"context"
	"strings"
	"time"

	"preau/shared/id"
)

// Audit is what an agent did.
type Audit struct {
	At     time.Time
	By     string // the agent's account
	Action string // the use case: update-activity
	About  string // a kind and an id: activity abc
	What   string `dynamodbav:",omitempty"` // ids and numbers: an audit outlives what it tells of, so it holds nothing of a person
}

type auditItem struct {
	Audit
	Expires int64 `dynamodbav:"expires"`
}

// auditMonths is how long is kept what agents did.
const auditMonths = 12

func (c Collectivity) auditPK(month string) string { return c.pk() + "#A#" + month }

// audit is the record of an agent's write, to be made in its transaction.
func (c Collectivity) audit(by, action, about string, now time.Time, what ...string) write {
	a := auditItem{Audit{now, by, action, about, strings.Join(what, ", ")}, epoch(now.AddDate(0, auditMonths, 0))}
	k := key{c.auditPK(now.UTC().Format("2006-01")), stamp(now) + "#" + id.New(now)}
	return write{put: item(k, a), condition: isNew}
}

// Audit lists what agents did in a month (2026-11, UTC), oldest first.
func (c Collectivity) Audit(ctx context.Context, month string) ([]Audit, error) {
	items, err := c.query(ctx, c.auditPK(month), "2", end)
	if err != nil {
		return nil, err
	}
	return decodeAll[Audit](items)
}
