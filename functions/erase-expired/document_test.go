package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/store"
)

// reminders lists who is to be told of which end of a document: "<account> <family> 2026-12-23".
func (h house) reminders(t *testing.T, document string) (all []string) {
	t.Helper()
	for line := range strings.SplitSeq(h.dump(t), "\n") {
		if strings.Contains(line, `"MAIL#`+store.MailDocumentEnding+"-"+document) {
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return all
}

func (h house) told(t *testing.T, document string, until calendar.Date, accounts ...string) {
	t.Helper()
	lines := h.reminders(t, document)
	n := 0
	for _, a := range accounts {
		if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, string(until)+"-"+a+`"`) }) {
			n++
		}
	}
	if n != len(accounts) || n != len(lines) {
		t.Errorf("told are %d of %d, %v", n, len(accounts), lines)
	}
}

func TestThoseWhoSeeADocumentAreToldOfItsEndAMonthBefore(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	second := h.Subscriber(h.MadeFamily, 1)
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	h.run(t, nightOf("2027-02-28"))
	h.told(t, id, "")
	h.run(t, time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)) // by day
	h.told(t, id, "")
	h.run(t, nightOf("2027-03-01"))
	h.told(t, id, "2027-03-31", h.Account.ID, second.ID)
	for _, night := range []calendar.Date{"2027-03-02", "2027-03-31", "2027-04-20"} {
		h.run(t, nightOf(night))
	}
	h.told(t, id, "2027-03-31", h.Account.ID, second.ID)
	if strings.Contains(strings.Join(h.reminders(t, id), ""), "insurance") {
		t.Error("the outbox says what the document is")
	}

	h.at("2027-04-21").Give(id, "document", map[string]any{"validUntil": "2028-03-31"})
	h.run(t, nightOf("2028-03-02"))
	if n := len(h.reminders(t, id)); n != 4 {
		t.Errorf("of the new end %d are told", n-2)
	}
	h.run(t, nightOf("2028-08-31"))
	if len(h.File().Documents) != 1 {
		t.Error("gone before the school year ended")
	}
	version := h.File().Version
	h.run(t, nightOf("2028-09-01"))
	if len(h.File().Documents) != 0 || h.File().Version == version {
		t.Errorf("after the school year in which it ended: %v, version %d", h.File().Documents, h.File().Version)
	}
}

func TestOfAnAdultsDocumentTheOtherHouseholdHearsNothing(t *testing.T) {
	t.Parallel()
	h := opened(t)
	h.onTable(t, func() {
		made := h.Separated("Léa")
		h.Home = town.Home{Town: h.Town, MadeFamily: made, Account: h.Subscriber(made, 0)}
	})
	second := h.Subscriber(h.MadeFamily, 1)
	own := h.Join(family.Document, map[string]any{"type": "address_proof", "about": h.Guardians[0], "validUntil": "2027-03-31"})
	hers := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	h.run(t, nightOf("2027-03-01"))
	h.told(t, own, "2027-03-31", h.Account.ID)
	h.told(t, hers, "2027-03-31", h.Account.ID, second.ID)
}

func TestADocumentOfAChildOfTwoFilesIsToldInBoth(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	var other town.Home
	h.onTable(t, func() { other = h.Home.Share(h.Town.NewHome()) })
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	h.run(t, nightOf("2027-03-01"))
	h.told(t, id, "2027-03-31", h.Account.ID, other.Account.ID)
	if lines := h.reminders(t, id); !slices.ContainsFunc(lines, func(l string) bool {
		return strings.Contains(l, other.Account.ID) && strings.Contains(l, `"`+other.ID+`"`)
	}) {
		t.Errorf("the other household's reminder names not its own family: %v", lines)
	}
}

func TestWhomACourtBarsIsNotReminded(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	second := h.Subscriber(h.MadeFamily, 1)
	order := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: "2026-11-23", RecordedAt: town.Now, RecordedBy: "agent"}
	must(t, h.MadeFamily.Store.RecordOrder(t.Context(), h.Household(), order, time.UTC))
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	h.run(t, nightOf("2027-03-01"))
	h.told(t, id, "2027-03-31", second.ID)
}

func TestADocumentThatEndedAlreadyEndsUnannounced(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2026-10-31"})
	h.run(t, nightOf("2026-11-24"))
	h.told(t, id, "")
	h.run(t, nightOf("2027-09-01"))
	if len(h.File().Documents) != 0 {
		t.Error("it is there after its school year")
	}
}

func TestADocumentThatWasRemovedIsNotAnnounced(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	h.at("2027-02-01").Remove(family.Document, id)
	h.run(t, nightOf("2027-03-01"))
	h.told(t, id, "")
	h.run(t, nightOf("2027-09-01"))
	holds(t, "after its school year", h.dump(t), false, "FILE#DOCUMENT#"+id)
}

func TestADocumentThatTheOtherHouseholdRemovedGoesFromTheFileItLiesWith(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	var other town.Home
	h.onTable(t, func() { other = h.Home.Share(h.Town.NewHome()) })
	id := h.Join(family.Document, map[string]any{"type": "insurance", "about": h.Children[0], "validUntil": "2027-03-31"})
	house{Home: other}.at("2027-02-01").Remove(family.Document, id)
	h.run(t, nightOf("2027-03-01"))
	h.told(t, id, "")
	h.run(t, nightOf("2027-09-01"))
	holds(t, "after its school year", h.dump(t), false, "FILE#DOCUMENT#"+id)
}
