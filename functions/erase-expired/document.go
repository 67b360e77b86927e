package main

import (
	"context"
	"errors"
	"fmt"

	"preau/shared/family"
	"preau/shared/store"
	"preau/shared/views"
)

// document has those reminded who see a document that ends soon. One that has ended already, or whose person has left, ends
// unannounced.
func (n night) document(ctx context.Context, d store.DueDocument) (done bool, err error) {
	_, today, dark, err := n.on(ctx, d.Store.Collectivity)
	if err != nil || !dark {
		return false, err
	}
	household, err := d.Store.Household(ctx)
	if errors.Is(err, family.ErrUnknown) {
		return false, d.Forget(ctx, n.now)
	}
	if err != nil {
		return false, fmt.Errorf("document %s: %w", d.ID, err)
	}
	document, ok := household.Member(d.ID)
	if !ok {
		return false, d.Forget(ctx, n.now)
	}
	var tell []store.Reader
	if document.Text("document", "validUntil") >= string(today) {
		tell = readers(household, document)
	}
	if err := d.RemindEnd(ctx, document, tell, n.now); err != nil {
		return false, fmt.Errorf("document %s: %w", d.ID, err)
	}
	return len(tell) > 0, nil
}

// readers are the accounts that see a document: of its own household, and of the other one of a child of two.
func readers(h store.Household, document family.Member) (all []store.Reader) {
	for _, g := range h.Guardians {
		if g.Account != "" && !g.Barred && views.SeesDocument(h, views.Viewer{Guardian: g}, document) {
			all = append(all, store.Reader{Account: g.Account, Family: h.ID})
		}
	}
	about, _ := h.Member(document.Text("document", "about"))
	for _, other := range h.Others {
		if about.Target != family.Child || about.Other != other.ID {
			continue
		}
		for _, g := range other.Guardians {
			if g.Account != "" && !g.Barred {
				all = append(all, store.Reader{Account: g.Account, Family: other.ID})
			}
		}
	}
	return all
}
