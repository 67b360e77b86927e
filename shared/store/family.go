package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// FamilyStore reaches one family's items of one tenant.
type FamilyStore struct {
	Collectivity
	id string
}

// ID is the family's.
func (f FamilyStore) ID() string { return f.id }

func (f FamilyStore) pk() string                 { return "C#" + f.slug + "#F#" + f.id }
func (f FamilyStore) fileKey() key               { return key{f.pk(), "FILE"} }
func (f FamilyStore) guardianKey(id string) key  { return key{f.pk(), "FILE#GUARDIAN#" + id} }
func (f FamilyStore) childKey(id string) key     { return key{f.pk(), "FILE#CHILD#" + id} }
func (f FamilyStore) enrolmentKey(id string) key { return key{f.pk(), "FILE#ENROLMENT#" + id} }

func (f FamilyStore) contactKey(id string) key  { return key{f.pk(), "FILE#CONTACT#" + id} }
func (f FamilyStore) documentKey(id string) key { return key{f.pk(), "FILE#DOCUMENT#" + id} }

// memberKey is where a member lies: in this file, or in that of a child's other household.
func (f FamilyStore) memberKey(m family.Member) key {
	if m.Home != "" {
		f = f.family(m.Home)
	}
	switch m.Target {
	case family.Child:
		return f.childKey(m.ID)
	case family.Contact:
		return f.contactKey(m.ID)
	case family.Document:
		return f.documentKey(m.ID)
	}
	return f.guardianKey(m.ID)
}

// fileItem is the head of a family file.
type fileItem struct {
	ID, Label   string
	External    string `dynamodbav:",omitempty"`
	Version     int
	Children    int
	Enrolled    int                      // writes of its enrolments
	Office      int                      `dynamodbav:",omitempty"` // writes of its court orders and notes
	Merged      []string                 `dynamodbav:",omitempty"` // families that were merged into it; their past days and requests lie there
	Adding      map[string]family.Target // members proposed, by the change that proposes them
	Confirmed   calendar.Date            `dynamodbav:",omitempty"`
	ConfirmedBy string                   `dynamodbav:",omitempty"`
	work                                 // ERASE: when something of those who left is next to be erased
}

// memberItem is a member as kept; a document with an end is queued for the reminder of it.
type memberItem struct {
	family.Member
	work
}

// Household is all that one Query of a family answers: with it, for a child of two files, what the two share.
type Household struct {
	family.File
	Enrolments []booking.Enrolment
	Others     []family.File     // of the other households of its children: of their guardians, nobody here sees more than names
	Gone       family.File       // those who left, until they are erased
	elsewhere  booking.Elsewhere // what the other households have, of the children whom they share with this one
	enrolled   int               // writes of enrolments so far
	office     int               // writes of court orders and notes so far
	Merged     []string          // families that were merged into it
}

// Household reads the family file with its enrolments. A child who lives in two households takes a second Query.
func (f FamilyStore) Household(ctx context.Context) (Household, error) {
	h, err := f.own(ctx)
	if err != nil {
		return h, err
	}
	return h, f.meet(ctx, &h)
}

// own reads what lies in the family's own partition.
func (f FamilyStore) own(ctx context.Context) (Household, error) {
	items, err := f.query(ctx, f.pk(), "FILE", "FILE#"+end)
	if err != nil {
		return Household{}, err
	}
	var h Household
	for _, a := range items {
		if err := h.add(a); err != nil {
			return h, err
		}
		if textOf(a[mergedInto]) != "" {
			return Household{}, family.ErrUnknown
		}
	}
	if h.ID == "" {
		return h, family.ErrUnknown
	}
	now := f.clock()
	for i, g := range h.Guardians {
		h.Guardians[i] = g.Under(now)
	}
	return h, nil
}

// share brings in what a file shares with the other household of a child: the child's data where it lies there, the contacts and
// documents about the child, and where it may come; of its guardians, who they are.
func (h *Household) share(other Household) {
	id := other.ID
	for i, c := range h.Children {
		if c.Other != id {
			continue
		}
		if theirs, ok := other.Member(c.ID); ok && c.Elsewhere {
			theirs.Home, theirs.Other, theirs.Elsewhere, theirs.Since = id, id, true, c.Since
			h.Children[i] = theirs
		}
		for _, e := range other.Enrolments {
			if e.Child == c.ID {
				h.elsewhere.Enrolments = append(h.elsewhere.Enrolments, e)
			}
		}
		for _, m := range slices.Concat(other.Contacts, other.Documents) {
			if _, known := h.Member(m.ID); m.About(c.ID) && !known {
				m.Home = id
				h.Add(m)
			}
		}
	}
	for _, c := range h.Children {
		if c.Other == id && !c.Elsewhere { // the other file only points at it
			other.File = replaced(other.File, c)
		}
	}
	h.Others = append(h.Others, other.File)
}

// Holders lists the guardians of either household who hold parental authority over a child.
func (h Household) Holders(child string) []string {
	all := family.Holders(child, h.Guardians)
	for _, other := range h.Others {
		all = append(all, family.Holders(child, other.Guardians)...)
	}
	return all
}

// NameOf is how a guardian of either household is called.
func (h Household) NameOf(guardian string) string {
	if m, ok := h.Member(guardian); ok {
		return m.Name()
	}
	for _, other := range h.Others {
		if m, ok := other.Member(guardian); ok {
			return m.Name()
		}
	}
	return ""
}

// eldestFirst is the order in which families name their children; twins keep the order of their ids.
func eldestFirst(a, b family.Member) int {
	return cmp.Or(strings.Compare(a.Text("identity", "birthDate"), b.Text("identity", "birthDate")), strings.Compare(a.ID, b.ID))
}

// add sorts an item of the family's Query by its key.
func (h *Household) add(a attributes) error {
	switch sk := keyOf(a).SK; {
	case sk == "FILE":
		head, err := decode[fileItem](a)
		h.ID, h.Label, h.External, h.Version, h.enrolled, h.Adding = head.ID, head.Label, head.External, head.Version, head.Enrolled, head.Adding
		h.Confirmed, h.ConfirmedBy, h.office, h.Merged = head.Confirmed, head.ConfirmedBy, head.Office, head.Merged
		return err
	case strings.HasPrefix(sk, "FILE#ENROLMENT#"):
		e, err := decode[booking.Enrolment](a)
		h.Enrolments = append(h.Enrolments, e)
		return err
	}
	m, err := decodeMember(a)
	if m.Left != "" {
		h.Gone.Add(m)
		return err
	}
	h.Add(m)
	return err
}

// CreateFamily writes a new family file whole: imports and agents call it.
func (c Collectivity) CreateFamily(ctx context.Context, file family.File) (FamilyStore, error) {
	f := c.family(file.ID)
	head := fileItem{ID: file.ID, Label: file.Label, External: file.External, Version: 1, Children: len(file.Children), Adding: map[string]family.Target{}}
	writes := []write{{put: item(f.fileKey(), head), condition: isNew}}
	for _, m := range file.Members() {
		put, err := f.memberItem(ctx, m)
		if err != nil {
			return f, err
		}
		writes = append(writes, write{put: put, condition: isNew})
	}
	for _, child := range file.Children {
		writes = append(writes, f.pupil(child)...)
	}
	return f, f.transact(ctx, append(writes, c.relist(family.File{}, file)...)...)
}

// whole gives a member the maps that single fields are written into (openSection makes those of its sections).
func whole(m family.Member) family.Member {
	if m.Values == nil {
		m.Values = map[string]map[string]any{}
	}
	if m.Pending == nil {
		m.Pending = map[string]map[string]string{}
	}
	if m.Versions == nil {
		m.Versions = map[string]int{}
	}
	return m
}

// reminderDays is how long before its end a family is reminded of a document.
const reminderDays = 30

// documentsQueue is where documents wait for the reminder of their end.
const documentsQueue = "DOCUMENTS"

// dueOf is when something is next to be done about a member.
func dueOf(m family.Member) work {
	until, err := calendar.ParseDate(m.Text("document", "validUntil"))
	if m.Target != family.Document || err != nil {
		return work{}
	}
	return work{documentsQueue, string(until.AddDays(-reminderDays))}
}

// File reads the family file and the settings under which it is shown, at the same time.
func (f FamilyStore) File(ctx context.Context) (household Household, configuration Configuration, err error) {
	err = together(
		func() (err error) { household, err = f.Household(ctx); return err },
		func() (err error) { configuration, err = f.Configuration(ctx); return err },
	)
	return household, configuration, err
}

// FileWithPending reads the family file, the changes that wait on it and the settings, all of it opened, in two trips; one more
// where something waits that lies with a child's other household.
func (f FamilyStore) FileWithPending(ctx context.Context) (household Household, pending []family.Change, configuration Configuration, err error) {
	err = together(
		func() (err error) {
			household, pending, err = f.withPending(ctx)
			return err
		},
		func() (err error) { configuration, err = f.Configuration(ctx); return err },
		func() (err error) { _, err = f.Ring(ctx); return err },
	)
	if err == nil {
		err = errors.Join(f.Open(ctx, &household), f.OpenChanges(ctx, pending))
	}
	return household, pending, configuration, err
}

// withPending reads the household and what waits on it: what its own items name beside the other households, what those name
// afterwards.
func (f FamilyStore) withPending(ctx context.Context) (h Household, pending []family.Change, err error) {
	if h, err = f.own(ctx); err != nil {
		return h, nil, err
	}
	mine := f.pendingKeys(h.File)
	err = f.meet(ctx, &h, func() (err error) { pending, err = f.pendingChanges(ctx, mine); return err })
	if err != nil {
		return h, nil, err
	}
	theirs := slices.DeleteFunc(f.pendingKeys(h.File), func(k key) bool { return slices.Contains(mine, k) })
	more, err := f.pendingChanges(ctx, theirs)
	return h, append(pending, more...), err
}

// Confirm records that a guardian says that the file, as they saw it, is exact. ErrMoved: it is another one by now.
func (f FamilyStore) Confirm(ctx context.Context, version int, guardian string, on calendar.Date) error {
	return f.apply(ctx, write{
		key: f.fileKey(), update: "SET Confirmed = :on, ConfirmedBy = :by", condition: "Version = :seen",
		values: values(":on", on, ":by", guardian, ":seen", version), or: ErrMoved,
	})
}
