package store

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"preau/shared/collectivity"
)

// AuditQuery says which acts are listed: those of a time, To excluded, and of a family, an account and a use case; "": of all.
type AuditQuery struct {
	From, To           time.Time
	Family, By, Action string
}

func (q AuditQuery) lets(a Audit) bool {
	return (q.Family == "" || q.Family == a.Family) && (q.By == "" || q.By == a.By) && (q.Action == "" || q.Action == a.Action)
}

// place is where a list goes on. One outside of its time is none of ours.
func (q AuditQuery) place(cursor string) (string, error) {
	place, err := readSpot(cursor)
	if err != nil || len(place) < len("2026-11~") || place < stamp(q.From)[:7] || place > stamp(q.To) {
		return "", ErrCursor
	}
	if _, err := time.Parse("2006-01", place[:7]); err != nil {
		return "", ErrCursor
	}
	return place, nil
}

// What one call of AuditPage reads at most: a rare act may take several calls to be found, each in little time.
const (
	auditRead  = 250 // records at a time
	auditReads = 8
)

// AuditPage lists acts, newest first, at most so many. Where it has read enough for one call it stops with fewer, and next goes
// on; next is "" after the last.
func (c Collectivity) AuditPage(ctx context.Context, q AuditQuery, cursor string, limit int) (all []Audit, next string, err error) {
	from, place := stamp(q.From), stamp(q.To)
	if cursor != "" {
		if place, err = q.place(cursor); err != nil {
			return nil, "", err
		}
	}
	for range auditReads {
		items, more, err := c.actsBefore(ctx, from, place)
		if err != nil {
			return nil, "", err
		}
		for _, a := range items {
			place = keyOf(a).SK
			act, err := decode[Audit](a)
			if err != nil {
				return nil, "", err
			}
			if q.lets(act) {
				all = append(all, act)
			}
			if len(all) == limit {
				return all, writeSpot(place), nil
			}
		}
		if !more {
			if place = monthBefore(place); place < from[:7] {
				return all, "", nil
			}
		}
	}
	return all, writeSpot(place), nil
}

// actsBefore reads some of the records of the month that a place lies in, before it, newest first.
func (c Collectivity) actsBefore(ctx context.Context, from, place string) (items []attributes, more bool, err error) {
	if place <= from {
		return nil, false, nil
	}
	in := c.between(c.auditPK(place[:7]), from, place)
	in.ScanIndexForward, in.Limit = new(false), new(int32(auditRead))
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, false, err
	}
	items = slices.DeleteFunc(out.Items, func(a attributes) bool { return keyOf(a).SK == place })
	return items, out.LastEvaluatedKey != nil, nil
}

// monthBefore is the place behind the last record of the month before a place's.
func monthBefore(place string) string {
	month, _ := time.Parse("2006-01", place[:7]) // of a stamp
	return month.AddDate(0, -1, 0).Format("2006-01") + end
}

// writeSpot and readSpot write where a list goes on that is sorted by the instants in its keys.
func writeSpot(place string) string { return base64.RawURLEncoding.EncodeToString([]byte(place)) }

func readSpot(cursor string) (place string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return "", ErrCursor
	}
	return string(b), nil
}

// AuditSince is the oldest month, 2026-11 (UTC), of which acts are kept; "" where there are none.
func (c Collectivity) AuditSince(ctx context.Context, now time.Time) (string, error) {
	var months [auditMonths + 1]string
	err := Each(len(months), func(i int) error {
		month := time.Date(now.UTC().Year(), now.UTC().Month()-time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
		in := c.between(c.auditPK(month), "2", end)
		in.Limit = new(int32(1))
		out, err := c.db.Query(ctx, in)
		if err == nil && len(out.Items) > 0 {
			months[i] = month
		}
		return err
	})
	for _, month := range slices.Backward(months[:]) {
		if month != "" {
			return month, err
		}
	}
	return "", err
}

// AuditNames are the names of those who acted, as agents of the tenant, and the labels of the families that it was about, by id.
// Who is no agent, or no longer, has none. At most 50 acts.
func (c Collectivity) AuditNames(ctx context.Context, acts []Audit) (agents, families map[string]string, err error) {
	agents, families = map[string]string{}, map[string]string{}
	var keys []key
	for _, a := range acts {
		keys = append(keys, c.agentKey(a.By), c.family(a.Family).fileKey())
	}
	if len(keys) == 0 {
		return agents, families, nil
	}
	found, err := c.batch(ctx, keys...)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range acts {
		agent, failed := decode[collectivity.Agent](found[c.agentKey(a.By)])
		head, also := decode[fileItem](found[c.family(a.Family).fileKey()])
		if err := errors.Join(failed, also); err != nil {
			return nil, nil, err
		}
		agents[a.By], families[a.Family] = agent.Name, head.Label
	}
	return agents, families, nil
}

// consulted begins the keys of consultations.
const consulted = "CONSULTED#"

// Consultations lists who of the town read what is sealed of the family, or of others that share a child with it, newest first.
func (f FamilyStore) Consultations(ctx context.Context, others []string, cursor string, limit int) (all []Consultation, next string, err error) {
	place := consulted + end
	if cursor != "" {
		if place, err = readSpot(cursor); err != nil || !strings.HasPrefix(place, consulted) {
			return nil, "", ErrCursor
		}
	}
	families := append([]string{f.id}, others...)
	pages := make([][]attributes, len(families))
	err = Each(len(families), func(i int) (err error) {
		in := f.between(f.family(families[i]).pk(), consulted, place)
		in.ScanIndexForward, in.Limit = new(false), new(int32(limit+2)) // the place itself, and one that says that there are more
		out, err := f.db.Query(ctx, in)
		if err == nil {
			pages[i] = slices.DeleteFunc(out.Items, func(a attributes) bool { return keyOf(a).SK == place })
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	items := slices.Concat(pages...)
	slices.SortFunc(items, func(a, b attributes) int { return strings.Compare(keyOf(b).SK, keyOf(a).SK) })
	if len(items) > limit {
		items, next = items[:limit], writeSpot(keyOf(items[limit-1]).SK)
	}
	all, err = decodeAll[Consultation](items)
	return all, next, err
}
