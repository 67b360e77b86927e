package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
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

// Change reads a change; what is sealed of it stays so.
func (f FamilyStore) Change(ctx context.Context, id string) (family.Change, string, error) {
	c, ok, err := get[changeItem](ctx, f.Store, f.changeKey(id))
	if err == nil && !ok {
		err = family.ErrChangeUnknown
	}
	return c.Change, c.Account, err
}

// pendingKeys are of the changes that a file and its members' fields name, each once. One about a child of two files may lie with the other
// household.
func (f FamilyStore) pendingKeys(file family.File) []key {
	named := map[key]bool{}
	for id := range file.Adding {
		named[f.changeKey(id)] = true
	}
	for _, m := range file.Members() {
		for _, fields := range m.Pending {
			for _, id := range fields {
				named[f.family(FamilyIn(id)).changeKey(id)] = true
			}
		}
	}
	return slices.Collect(maps.Keys(named))
}

// pendingChanges reads those of some changes that are still pending.
func (f FamilyStore) pendingChanges(ctx context.Context, keys []key) ([]family.Change, error) {
	var changes []family.Change
	for some := range slices.Chunk(keys, 100) {
		found, err := f.batch(ctx, some...)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			c, err := decode[changeItem](a)
			if err != nil {
				return nil, err
			}
			if c.State() == family.Pending { // not decided between the two reads
				changes = append(changes, c.Change)
			}
		}
	}
	return changes, nil
}

// AddChange records a proposal and marks what it is about as waiting. Another proposal on one of the fields, or a section that
// moved since it was read, answers ErrMoved: read again and propose again.
func (f FamilyStore) AddChange(ctx context.Context, h Household, c family.Change, accountID string) error {
	put, err := f.changeItem(ctx, c, accountID, queued(f.queue(changesQueue), c.CreatedAt))
	if err != nil {
		return err
	}
	mark, err := f.mark(ctx, h, c)
	if err != nil {
		return err
	}
	writes := []write{
		{put: put, condition: isNew, or: ErrMoved},
		mark,
		newMail(MailChangeReceived, c.ID, c.CreatedAt, "account", accountID, "slug", f.slug, "family", f.id, "change", c.ID),
	}
	if proves(c, c.Fields) {
		head := newExpression()
		queueErasure(head, calendar.DateOf(c.CreatedAt, time.UTC))
		writes = append(writes, head.write(f.fileKey(), ErrMoved))
	}
	return f.transact(ctx, writes...)
}

// mark has a file show that a change of it waits.
func (f FamilyStore) mark(ctx context.Context, h Household, c family.Change) (write, error) {
	e := newExpression()
	if c.Kind == family.Adds {
		if err := f.openAdding(ctx, h); err != nil {
			return write{}, err
		}
		e.set(e.path("Adding", c.ID), c.Of)
		e.was(e.path(mergedInto), nil)
		return e.write(f.fileKey(), ErrMoved), nil
	}
	m, _ := h.Member(c.Target)
	if err := f.openSection(ctx, m, c.Section); err != nil {
		return write{}, err
	}
	e.require("attribute_not_exists(" + e.path("Left") + ")") // not removed meanwhile
	for _, field := range c.Fields {
		path := e.path("Pending", c.Section, field.Field)
		e.set(path, c.ID)
		e.require("attribute_not_exists(" + path + ")")
	}
	if c.Kind == family.Touches {
		f.sameSection(e, c, m)
	}
	return e.write(f.memberKey(m), ErrMoved), nil
}

// ApplyChange records a change that nobody has to decide, makes it so and tells it. by is who did it: a subscriber, or an agent of
// the town, whom nobody mails about it.
func (f FamilyStore) ApplyChange(ctx context.Context, h Household, c family.Change, by string) error {
	put, err := f.changeItem(ctx, c, by, work{})
	if err != nil {
		return err
	}
	m, _ := h.Member(c.Target)
	if c.Kind == family.Touches {
		if err := f.openSection(ctx, m, c.Section); err != nil {
			return err
		}
	}
	effects, err := f.effects(ctx, h, c, c.Fields, false, c.CreatedAt)
	if err != nil {
		return err
	}
	did, err := f.auditChange(ctx, by, "update-family-file", c, c.Fields, c.CreatedAt)
	if err != nil {
		return err
	}
	writes := append([]write{{put: put, condition: isNew, or: ErrMoved}, did}, effects...)
	if c.By != "" {
		writes = append(writes, f.acted(by, did), f.decidedMail(c, by, c.CreatedAt))
	}
	return f.transact(ctx, writes...)
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

// openAdding makes the map of members proposed, once.
func (f FamilyStore) openAdding(ctx context.Context, h Household) error {
	if h.Adding != nil {
		return nil
	}
	e := newExpression()
	e.fill(e.path("Adding"), map[string]string{})
	e.was(e.path(mergedInto), nil)
	return f.apply(ctx, e.write(f.fileKey(), ErrMoved))
}

// decidedMail tells a decision; Rev makes each its own fact.
func (f FamilyStore) decidedMail(c family.Change, accountID string, now time.Time) write {
	return newMail(MailChangeDecided, fmt.Sprint(c.ID, "-", c.Rev), now, "account", accountID, "slug", f.slug, "family", f.id, "change", c.ID)
}

// DecideChange writes an agent's decision: the change, what it makes of the file, each field under its own old value, the mail to
// who proposed it, and the audit. decided are the fields that this decision is about, with their new states. ErrMoved: something
// moved, read again.
func (f FamilyStore) DecideChange(ctx context.Context, h Household, c family.Change, decided []family.FieldChange, proposer, agent string, now time.Time) error {
	rev := c.Rev
	c.Rev++
	queue := work{}
	if c.State() == family.Pending {
		queue = queued(f.queue(changesQueue), c.CreatedAt)
	}
	put, err := f.changeItem(ctx, c, proposer, queue)
	if err != nil {
		return err
	}
	effects, err := f.effects(ctx, h, c, decided, true, now)
	if err != nil {
		return err
	}
	did, err := f.auditChange(ctx, agent, "decide-changes", c, decided, now)
	if err != nil {
		return err
	}
	writes := append([]write{
		// Two agents at once, or an agent and the parent's withdrawal: one wins.
		{put: put, condition: "Rev = :rev", values: values(":rev", rev), or: ErrMoved},
		did,
	}, effects...)
	if c.By != "" {
		writes = append(writes, f.decidedMail(c, proposer, now))
	}
	return f.transact(ctx, writes...)
}

// WithdrawChange writes what was taken back of a change. ErrMoved: somebody decided meanwhile, read again.
func (f FamilyStore) WithdrawChange(ctx context.Context, h Household, c family.Change, accountID string) error {
	rev := c.Rev
	c.Rev++
	put, err := f.changeItem(ctx, c, accountID, work{})
	if err != nil {
		return err
	}
	var back []family.FieldChange
	for _, field := range c.Fields {
		if field.State == family.Withdrawn {
			back = append(back, field)
		}
	}
	effects, err := f.effects(ctx, h, c, back, true, c.DecidedAt)
	if err != nil {
		return err
	}
	return f.transact(ctx, append([]write{{put: put, condition: "Rev = :rev", values: values(":rev", rev), or: ErrMoved}}, effects...)...)
}

// changeItem is the whole item of a change; what has to be sealed of it is.
func (f FamilyStore) changeItem(ctx context.Context, c family.Change, accountID string, w work) (attributes, error) {
	kept, err := f.sealChange(ctx, c)
	if err != nil {
		return nil, err
	}
	return item(f.changeKey(c.ID), changeItem{kept, accountID, "CHANGE#" + stamp(c.CreatedAt) + "#" + c.ID, w}), nil
}

// Changes lists the family's changes, newest first.
func (f FamilyStore) Changes(ctx context.Context, cursor string, limit int32) ([]family.Change, string, error) {
	items, next, err := f.newest(ctx, f.pk(), "CHANGE#", cursor, limit)
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
	Member        family.Member     // whom it is about
	Whose         string            // of a document: name of whom it concerns
	Names         map[string]string // of the guardians and children whom it names by their ids
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

// nameQueued reads whose changes these are, in one trip, and opens what is sealed of them.
func (c Collectivity) nameQueued(ctx context.Context, queue []QueuedChange) error {
	var keys []key
	for _, q := range queue {
		f := c.family(q.Family)
		keys = append(keys, f.fileKey())
		if q.Kind != family.Adds {
			keys = append(keys, f.memberKey(family.Member{ID: q.Target, Target: q.Of}))
		}
		for _, id := range q.Mentions() {
			keys = append(keys, f.guardianKey(id), f.childKey(id))
		}
	}
	found, err := c.gather(ctx, keys)
	if err != nil {
		return err
	}
	for i, q := range queue {
		f := c.family(q.Family)
		head, err := decode[fileItem](found[f.fileKey()])
		if err != nil {
			return err
		}
		queue[i].Label = head.Label
		if err := f.openChange(ctx, &queue[i].Change); err != nil {
			return err
		}
		if queue[i].Member, err = c.queuedMember(ctx, found, queue[i]); err != nil {
			return err
		}
		if err := f.openPaper(ctx, &queue[i].Member); err != nil {
			return err
		}
		if queue[i].Names, err = f.namesOf(found, q.Mentions()); err != nil {
			return err
		}
		queue[i].Whose = queue[i].Names[queue[i].Member.Text("document", "about")]
	}
	return nil
}

// namesOf are the names of members that were read, by their ids.
func (f FamilyStore) namesOf(found map[key]attributes, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for _, id := range ids {
		name, err := f.nameOf(found, id)
		if err != nil {
			return nil, err
		}
		if name != "" {
			names[id] = name
		}
	}
	return names, nil
}

// openPaper opens what a document is: who may see it depends on that.
func (f FamilyStore) openPaper(ctx context.Context, m *family.Member) error {
	if m.Target != family.Document || len(m.Kept) == 0 {
		return nil
	}
	ring, err := f.Ring(ctx)
	if err != nil {
		return err
	}
	return openMember(ring, f.memberKey(*m), m)
}

// nameOf is how one of the members that were read is called; "" for nobody.
func (f FamilyStore) nameOf(found map[key]attributes, member string) (string, error) {
	for _, k := range []key{f.guardianKey(member), f.childKey(member)} {
		if a := found[k]; member != "" && a != nil {
			m, err := decodeMember(a)
			return m.Name(), err
		}
	}
	return "", nil
}

// queuedMember is whom a change is about: the member that it proposes, or one of the file. A child whose data lies with the
// other household is read there.
func (c Collectivity) queuedMember(ctx context.Context, found map[key]attributes, q QueuedChange) (family.Member, error) {
	if q.Kind == family.Adds {
		return q.Added(0), nil
	}
	m, err := decodeMember(found[c.family(q.Family).memberKey(family.Member{ID: q.Target, Target: q.Of})])
	if err != nil || m.ID != "" && !m.Elsewhere {
		return m, err
	}
	household, err := c.family(q.Family).Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return family.Member{ID: q.Target, Target: q.Of}, nil
	}
	m, ok := household.Member(q.Target)
	if !ok {
		m = family.Member{ID: q.Target, Target: q.Of}
	}
	return m, err
}
