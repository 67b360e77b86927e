package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/family"
	"preau/shared/id"
)

// Audit is one act: what an agent did or read, or a subscriber where nobody had to decide. Nothing changes or deletes it before
// its time; seal-audit chains each day's.
type Audit struct {
	At      time.Time
	By      string         // the account
	Action  string         // the use case: update-activity
	About   string         // a kind and an id: activity abc
	What    string         `dynamodbav:",omitempty"` // ids and numbers, or the reason that an agent gave: an audit outlives what it tells of, so it holds nothing else of a person
	Family  string         `dynamodbav:",omitempty"`
	Member  string         `dynamodbav:",omitempty"`
	Section string         `dynamodbav:",omitempty"`
	Fields  []AuditedField `dynamodbav:",omitempty"`
}

// AuditedField tells of a field by keyed hashes of its values, "" for none: whoever has the collectivity's key can prove what
// was there, and nobody can read it.
type AuditedField struct {
	Field         string
	State         string `dynamodbav:",omitempty"` // what was decided
	Before, After string `dynamodbav:",omitempty"`
}

type auditItem struct {
	Audit
	Expires int64 `dynamodbav:"expires"`
}

// auditMonths is how long is kept what was done.
const auditMonths = 12

func (c Collectivity) auditPK(month string) string { return c.pk() + "#A#" + month }

// audit is the record of an agent's write, to be made in its transaction.
func (c Collectivity) audit(by, action, about string, now time.Time, what ...string) write {
	return c.audited(Audit{At: now, By: by, Action: action, About: about, What: strings.Join(what, ", ")})
}

// audit is the record of an agent's write about the family.
func (f FamilyStore) audit(by, action, about string, now time.Time, what ...string) write {
	return f.audited(Audit{At: now, By: by, Action: action, About: about, What: strings.Join(what, ", "), Family: f.id})
}

func (c Collectivity) audited(a Audit) write {
	k := key{c.auditPK(a.At.UTC().Format("2006-01")), stamp(a.At) + "#" + id.New(a.At)}
	return write{put: item(k, auditItem{a, epoch(a.At.AddDate(0, auditMonths, 0))}), condition: isNew}
}

// auditChange is the record of what was decided of a change's fields.
func (f FamilyStore) auditChange(ctx context.Context, by, action string, c family.Change, fields []family.FieldChange, now time.Time) (write, error) {
	ring, err := f.Ring(ctx)
	if err != nil {
		return write{}, err
	}
	hash := func(field string, value any) string {
		if value == nil {
			return ""
		}
		plain, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return ring.Hash(sealedAt(f.memberKey(family.Member{ID: c.Target, Target: c.Of}), c.Section, field), plain)
	}
	a := Audit{At: now, By: by, Action: action, About: "change " + c.ID, Family: f.id, Member: c.Target, Section: c.Section}
	for _, d := range fields {
		a.Fields = append(a.Fields, AuditedField{d.Field, string(d.State), hash(d.Field, d.Old), hash(d.Field, d.New)})
	}
	return f.audited(a), nil
}

// Consultation is an agent's reading of what is sealed of a family. The family sees those of its health data.
type Consultation struct {
	At     time.Time
	By     string // the agent's account
	Name   string // and name
	Action string // the use case
	Read   Read
}

// Read is whose data was read of sections (child.health): the ids of members, by section.
type Read map[string][]string

// Sections are those of which something was read.
func (r Read) Sections() []string { return slices.Sorted(maps.Keys(r)) }

// consultationItem lies with the family, beside the town's audit.
type consultationItem struct {
	Consultation
	Expires int64 `dynamodbav:"expires"`
}

// familiesAtOnce is how many families' readings one transaction records.
const familiesAtOnce = 30

// Consulted records that an agent is about to read what is sealed of families: the reading waits for it. families are those read,
// with what is shown of each. Where only a part could be recorded, it is an error, and nothing is to be shown.
func (r AgentRight) Consulted(ctx context.Context, action string, families map[string]Read, now time.Time) error {
	parts := slices.Collect(slices.Chunk(slices.Sorted(maps.Keys(families)), familiesAtOnce))
	return Each(len(parts), func(i int) error {
		var writes []write
		for _, id := range parts[i] {
			f := r.Family(id)
			read := Consultation{At: now, By: r.Account.ID, Name: r.Agent.Name, Action: action, Read: families[id]}
			writes = append(
				writes,
				f.audited(Audit{At: now, By: r.Account.ID, Action: action, About: "family " + id, What: strings.Join(families[id].Sections(), ", "), Family: id}),
				f.consultation(read),
			)
		}
		return r.Store.transact(ctx, writes...)
	})
}

// consultation is the record of a reading that lies with the family.
func (f FamilyStore) consultation(read Consultation) write {
	return write{put: item(f.consultationKey(read.At), consultationItem{read, epoch(read.At.AddDate(0, auditMonths, 0))}), condition: isNew}
}

func (f FamilyStore) consultationKey(now time.Time) key {
	return key{f.pk(), consulted + stamp(now) + "#" + id.New(now)}
}

// Audit lists what was done in a month (2026-11, UTC), oldest first.
func (c Collectivity) Audit(ctx context.Context, month string) ([]Audit, error) {
	items, err := c.query(ctx, c.auditPK(month), "2", end)
	if err != nil {
		return nil, err
	}
	return decodeAll[Audit](items)
}
