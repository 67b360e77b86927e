package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/family"
)

// A DueDocument is a document that ends soon, as the queue names it.
type DueDocument struct {
	Store FamilyStore
	ID    string
}

// DueDocuments lists them, of all tenants, a page at a time. next is "" after the last page.
func (s *Store) DueDocuments(ctx context.Context, now time.Time, cursor string) (all []DueDocument, next string, err error) {
	keys, next, err := s.duePage(ctx, documentsQueue, now, cursor)
	for _, k := range keys {
		slug, id, _ := strings.Cut(strings.TrimPrefix(k.PK, "C#"), "#F#")
		f := s.collectivity(slug).family(id)
		all = append(all, DueDocument{f, strings.TrimPrefix(k.SK, f.documentKey("").SK)})
	}
	return all, next, err
}

// Reader is somebody to be told of a family's document: an account, and the family by which it sees it.
type Reader struct{ Account, Family string }

// RemindEnd has readers told that a document, as the household has it, ends, and leaves the rest to the erasure of what is no
// longer kept. Each edition of its end is told once.
func (d DueDocument) RemindEnd(ctx context.Context, document family.Member, readers []Reader, now time.Time) error {
	until := document.Text("document", "validUntil")
	settled := d.settled(document)
	head := newExpression()
	queueErasure(head, calendar.DateOf(now, time.UTC))
	writes := []write{settled, head.write(d.Store.fileKey(), ErrMoved)}
	for _, r := range readers {
		fact := strings.Join([]string{d.ID, until, r.Account}, "-")
		tell := newMail(MailDocumentEnding, fact, now, "account", r.Account, "slug", d.Store.slug, "family", r.Family, "document", d.ID, "until", until)
		tell.or = errCondition // told before: the end was moved, and back
		writes = append(writes, tell)
	}
	if err := d.Store.transactWithout(ctx, writes); !errors.Is(err, ErrMoved) {
		return err
	}
	return nil // another process told, or the end is another one
}

// settled takes a document out of the queue if its end is the one that was read.
func (d DueDocument) settled(document family.Member) write {
	e := newExpression()
	for _, queued := range []string{"work", "workAt"} {
		e.remove(e.path(queued))
	}
	e.was(e.path("work"), documentsQueue)
	e.was(e.path("Values", "document", "validUntil"), document.Value("document", "validUntil"))
	return e.write(d.Store.documentKey(d.ID), ErrMoved)
}

// Forget takes a document that is nobody's any more out of the queue, and leaves the rest to the erasure of what is no longer kept.
func (d DueDocument) Forget(ctx context.Context, now time.Time) error {
	head := newExpression()
	queueErasure(head, calendar.DateOf(now, time.UTC))
	head.require("attribute_exists(" + head.path("ID") + ")") // there is such a family
	if err := unlessMoved(d.Store.apply(ctx, head.write(d.Store.fileKey(), errCondition))); err != nil {
		return err
	}
	return unlessMoved(d.Store.apply(ctx, write{
		key: d.Store.documentKey(d.ID), update: "REMOVE #w, workAt", condition: "#w = :queue", names: map[string]string{"#w": "work"},
		values: values(":queue", documentsQueue), or: errCondition,
	}))
}
