package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
)

// changeItem is a change as kept; At sorts it among the family's changes, Work queues it for agents while pending.
type changeItem struct {
	family.Change
	Account string // who proposed it
	At      string `dynamodbav:"at,omitempty"`
	work
}

const changesQueue = "CHANGES"

func (f FamilyStore) changeKey(id string) key { return key{f.pk(), "CHANGE#" + id} }

// ChangeID and RequestID name a change or request so that the family it belongs to can be found from it.
func (f FamilyStore) ChangeID(local string) string { return f.id + "-" + local }

// FamilyIn is the family that the id of a change or request names.
func FamilyIn(id string) string {
	familyID, _, _ := strings.Cut(id, "-")
	return familyID
}

// Change reads a change.
func (f FamilyStore) Change(ctx context.Context, id string) (family.Change, string, error) {
	c, ok, err := get[changeItem](ctx, f.Store, f.changeKey(id))
	if err == nil && !ok {
		err = family.ErrChangeUnknown
	}
	return c.Change, c.Account, err
}

// pendingChanges reads the changes that the members' fields name.
func (f FamilyStore) pendingChanges(ctx context.Context, file family.File) ([]family.Change, error) {
	var keys []key
	for _, m := range slices.Concat(file.Guardians, file.Children) {
		for _, fields := range m.Pending {
			for _, id := range fields {
				keys = append(keys, f.changeKey(id))
			}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := f.batch(ctx, keys...)
	var changes []family.Change
	for _, a := range found {
		c, err := decode[changeItem](a)
		if err != nil {
			return nil, err
		}
		if c.State() == family.Pending { // not decided between the two reads
			changes = append(changes, c.Change)
		}
	}
	return changes, err
}

// AddChange records a proposal and marks its fields as waiting. Another proposal on one of the fields, or a section that
// moved since it was read, answers ErrMoved: read again and propose again.
func (f FamilyStore) AddChange(ctx context.Context, c family.Change, accountID string, m family.Member) error {
	queue := queued(f.queue(changesQueue), c.CreatedAt)
	pending := newExpression()
	for _, field := range c.Fields {
		path := pending.path("Pending", c.Section, field.Field)
		pending.set(path, c.ID)
		pending.require("attribute_not_exists(" + path + ")")
	}
	f.sameSection(pending, c, m)
	if err := f.openSection(ctx, m, c.Section); err != nil {
		return err
	}
	return f.transact(
		ctx,
		write{put: f.changeItem(c, accountID, queue), condition: isNew, or: ErrMoved},
		pending.write(f.memberKey(m), ErrMoved),
		newMail(MailChangeReceived, c.ID, c.CreatedAt, "account", accountID, "slug", f.slug, "family", f.id, "change", c.ID),
	)
}

// ApplyChange records a change that nobody has to decide, makes it so and tells it.
func (f FamilyStore) ApplyChange(ctx context.Context, c family.Change, accountID string, m family.Member, version int) error {
	fields := newExpression()
	f.acceptFields(fields, c, c.Fields, version+1)
	if err := f.openSection(ctx, m, c.Section); err != nil {
		return err
	}
	return f.transact(
		ctx,
		write{put: f.changeItem(c, accountID, work{}), condition: isNew, or: ErrMoved},
		fields.write(f.memberKey(m), ErrMoved),
		f.moveFile(version),
		f.decidedMail(c, accountID, c.CreatedAt),
	)
}

// openSection makes the maps of a section, once: a single field can only be written into a map that is there.
func (f FamilyStore) openSection(ctx context.Context, m family.Member, section string) error {
	if m.Values[section] != nil && m.Pending[section] != nil {
		return nil
	}
	e := newExpression()
	e.fill(e.path("Values", section), map[string]any{})
	e.fill(e.path("Pending", section), map[string]string{})
	return f.apply(ctx, e.write(f.memberKey(m), ErrMoved))
}

// decidedMail tells a decision; Rev makes each its own fact.
func (f FamilyStore) decidedMail(c family.Change, accountID string, now time.Time) write {
	return newMail(MailChangeDecided, fmt.Sprint(c.ID, "-", c.Rev), now, "account", accountID, "slug", f.slug, "family", f.id, "change", c.ID)
}

// DecideChange writes a decision: the change, the member's fields each under its own old value, and the mail. decided
// are the fields that this decision is about, with their new states. ErrMoved: something moved, read again.
func (f FamilyStore) DecideChange(ctx context.Context, c family.Change, decided []family.FieldChange, accountID string, m family.Member, version int, now time.Time) error {
	rev := c.Rev
	c.Rev++
	queue := work{}
	if c.State() == family.Pending {
		queue = queued(f.queue(changesQueue), c.CreatedAt)
	}
	fields := newExpression()
	accepted := f.acceptFields(fields, c, decided, version+1)
	for _, d := range decided {
		fields.remove(fields.path("Pending", c.Section, d.Field))
	}
	writes := []write{
		// Two agents at once, or an agent and the parent's withdrawal: one wins.
		{put: f.changeItem(c, accountID, queue), condition: "Rev = :rev", values: values(":rev", rev), or: ErrMoved},
		fields.write(f.memberKey(m), ErrMoved),
		f.decidedMail(c, accountID, now),
	}
	if accepted {
		writes = append(writes, f.moveFile(version))
	}
	return f.transact(ctx, writes...)
}

// WithdrawChange writes what was taken back of a change. ErrMoved: somebody decided meanwhile, read again.
func (f FamilyStore) WithdrawChange(ctx context.Context, c family.Change, accountID string, m family.Member) error {
	rev := c.Rev
	c.Rev++
	fields := newExpression()
	for _, field := range c.Fields {
		if field.State == family.Withdrawn {
			fields.remove(fields.path("Pending", c.Section, field.Field))
		}
	}
	return f.transact(
		ctx,
		write{put: f.changeItem(c, accountID, work{}), condition: "Rev = :rev", values: values(":rev", rev), or: ErrMoved},
		fields.write(f.memberKey(m), ErrMoved),
	)
}

// acceptFields sets the accepted fields of a member, each only if it still has the value that the change replaces.
func (f FamilyStore) acceptFields(e *expression, c family.Change, decided []family.FieldChange, version int) (any bool) {
	for _, d := range decided {
		if d.State != family.Accepted {
			continue
		}
		any = true
		path := e.path("Values", c.Section, d.Field)
		e.was(path, d.Old)
		if d.New == nil {
			e.remove(path)
		} else {
			e.set(path, d.New)
		}
	}
	if any {
		e.set(e.path("Versions", c.Section), version)
	}
	return any
}

// sameSection requires that the section has not been changed since it was read.
func (f FamilyStore) sameSection(e *expression, c family.Change, m family.Member) {
	path := e.path("Versions", c.Section)
	if v, ok := m.Versions[c.Section]; ok {
		e.was(path, v)
		return
	}
	e.was(path, nil)
}

func (f FamilyStore) moveFile(version int) write {
	return write{key: f.fileKey(), update: "SET Version = :next", condition: "Version = :seen", values: values(":next", version+1, ":seen", version), or: ErrMoved}
}

func (f FamilyStore) changeItem(c family.Change, accountID string, w work) attributes {
	return item(f.changeKey(c.ID), changeItem{c, accountID, "CHANGE#" + stamp(c.CreatedAt) + "#" + c.ID, w})
}

// Changes lists the family's changes, newest first.
func (f FamilyStore) Changes(ctx context.Context, cursor string, limit int32) ([]family.Change, string, error) {
	items, next, err := f.newest(ctx, "CHANGE#", cursor, limit)
	if err != nil {
		return nil, "", err
	}
	all, err := decodeAll[changeItem](items)
	changes := make([]family.Change, 0, len(all))
	for _, c := range all {
		changes = append(changes, c.Change)
	}
	return changes, next, err
}

// A QueuedChange waits for an agent.
type QueuedChange struct {
	family.Change
	Family, Label string
	Member        family.Member // whom it is about
}

// QueuedChanges lists what waits for a decision at the tenant, oldest first: at most 33 a page, so that one read holds
// the heads and members of all their families.
func (c Collectivity) QueuedChanges(ctx context.Context, cursor string, limit int32) ([]QueuedChange, string, error) {
	items, next, err := c.page(ctx, changesQueue, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	all, err := decodeAll[changeItem](items)
	if err != nil {
		return nil, "", err
	}
	var queue []QueuedChange
	for _, ch := range all {
		if ch.State() == family.Pending { // the index may be behind
			queue = append(queue, QueuedChange{Change: ch.Change, Family: FamilyIn(ch.ID)})
		}
	}
	return queue, next, c.nameQueued(ctx, queue)
}

// nameQueued reads whose changes these are, in one trip.
func (c Collectivity) nameQueued(ctx context.Context, queue []QueuedChange) error {
	var keys []key
	for _, q := range queue {
		f := c.family(q.Family)
		keys = append(keys, f.fileKey(), f.guardianKey(q.Target), f.childKey(q.Target))
	}
	found, err := c.batch(ctx, keys...)
	if err != nil {
		return err
	}
	for i, q := range queue {
		f := c.family(q.Family)
		head, err := decode[fileItem](found[f.fileKey()])
		if err != nil {
			return err
		}
		member := found[f.guardianKey(q.Target)]
		if member == nil {
			member = found[f.childKey(q.Target)]
		}
		queue[i].Label = head.Label
		if queue[i].Member, err = decode[family.Member](member); err != nil {
			return err
		}
	}
	return nil
}
