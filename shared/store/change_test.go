package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/bank"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/phone"
	"preau/shared/store"
)

// A model is two naive family files that share a child: every write that fits is made at once, in the order in which they come.
type model struct {
	version  map[int]int       // by home
	members  map[string][]int  // the homes whose files show a member
	values   map[string]any    // by member/section/field
	pending  map[string]string // by member/section/field: the change
	versions map[string]int    // by member/section
	adding   map[string]bool   // changes that propose a member
	changes  map[string]family.Change
}

func place(c family.Change, field string) string { return c.Target + "/" + c.Section + "/" + field }

// seen says whether the files that show a member are as they were read.
func (m *model) seen(of []int, versions map[int]int) bool {
	return len(of) > 0 && !slices.ContainsFunc(of, func(home int) bool { return m.version[home] != versions[home] })
}

// next moves the versions of files to one that is new to all.
func (m *model) next(of []int) (version int) {
	for _, home := range of {
		version = max(version, m.version[home]+1)
	}
	for _, home := range of {
		m.version[home] = version
	}
	return version
}

// accept makes accepted fields of a change so.
func (m *model) accept(c family.Change, fields []family.FieldChange, of []int) {
	accepted := slices.DeleteFunc(slices.Clone(fields), func(f family.FieldChange) bool { return f.State != family.Accepted })
	if len(accepted) == 0 {
		return
	}
	version := m.next(of)
	switch c.Kind {
	case family.Adds:
		m.members[c.Target] = of
	case family.Removes:
		delete(m.members, c.Target)
		return
	}
	for _, f := range accepted {
		m.set(place(c, f.Field), f.New)
	}
	for _, f := range accepted {
		if c.Section == "fiscal" && f.Field == "quotient" { // design: joins the history, and what proved it is erased
			m.set(place(c, "taxReference"), nil)
			if f.Old != nil {
				history, _ := m.values[place(c, "quotients")].([]any)
				m.set(place(c, "quotients"), slices.Concat(history, []any{map[string]any{"quotient": f.Old}}))
			}
		}
	}
	m.versions[c.Target+"/"+c.Section] = version
}

func (m *model) set(place string, v any) {
	if m.values[place] = v; v == nil {
		delete(m.values, place)
	}
}

// settle writes what was decided or withdrawn of a change.
func (m *model) settle(after family.Change, decided []family.FieldChange, of []int) {
	after.Rev++
	m.changes[after.ID] = after
	delete(m.adding, after.ID)
	for _, f := range decided {
		if m.pending[place(after, f.Field)] == after.ID {
			delete(m.pending, place(after, f.Field))
		}
	}
	if after.State() != family.Withdrawn {
		m.accept(after, decided, of)
	}
}

// An attempt has read the files and is about to write. What it does is decided; others may write before.
type attempt struct {
	says  string
	write func() error
	fits  func(*model) bool // whether nothing that it read has moved
	then  func(*model)      // what the write makes of the files
}

// households are two families under attempts, with their model. The first home's two adults live together; it has the child whom
// both share, and another.
type households struct {
	*rand.Rand
	homes [2]town.Home
	ctx   context.Context
	model *model
	made  int // values and changes so far: each is new
}

const (
	shared = "lea" // in both files
	own    = "tom" // in the first
)

func newHouseholds(t *testing.T, w *town.Town, seed uint64) *households {
	t.Helper()
	here := *w
	here.T = t
	r := &households{Rand: rand.New(rand.NewPCG(seed, 1)), ctx: t.Context(), model: &model{
		version: map[int]int{0: 1, 1: 1}, members: map[string][]int{}, values: map[string]any{}, pending: map[string]string{}, versions: map[string]int{},
		adding: map[string]bool{}, changes: map[string]family.Change{},
	}}
	ids := [2]string{id.New(town.Now), id.New(town.Now)}
	child := func(id, other string, elsewhere bool) family.Member {
		m := family.Member{ID: id, Target: family.Child, Other: other, Elsewhere: elsewhere}
		if !elsewhere {
			m.Values = map[string]map[string]any{"identity": {"firstName": id, "lastName": "Martin", "birthDate": "2018-05-04"}}
		}
		return m
	}
	files := [2]family.File{
		{ID: ids[0], Children: []family.Member{child(shared, ids[1], false), child(own, "", false)}},
		{ID: ids[1], Children: []family.Member{child(shared, ids[0], true)}},
	}
	for n, house := range []string{"h", "h", "other"} {
		g := family.Member{ID: fmt.Sprint("guardian-", n), Target: family.Guardian, Household: house}
		files[n/2].Add(g)
		r.model.members[g.ID] = []int{n / 2}
	}
	r.model.members[shared], r.model.members[own] = []int{0, 1}, []int{0}
	for n, file := range files {
		var err error
		r.homes[n] = town.Home{Town: &here}
		r.homes[n].MadeFamily.Store, err = w.Store.CreateFamily(t.Context(), file)
		check(t, err)
		for _, m := range file.Members() {
			for field, v := range m.Values["identity"] {
				r.model.values[m.ID+"/identity/"+field] = v
			}
		}
	}
	return r
}

// touched are the fields that attempts touch: few, so that they meet.
var touched = map[family.Target]map[string][]string{
	family.Guardian: {"address": {"complement", "street"}, "identity": {"birthName"}, "fiscal": {"quotient", "taxReference"}},
	family.Child:    {"identity": {"firstName", "birthPlace"}, "health": {"medication"}},
	family.Contact:  {"contact": {"link", "phone"}},
}

// kept are all fields that the files come to hold.
var kept = map[string][]string{
	"address": {"complement", "street"}, "fiscal": {"quotient", "taxReference", "quotients"}, "health": {"medication"}, "member": {family.Removed},
	"identity": {"birthName", "firstName", "lastName", "birthDate", "birthPlace"}, "contact": {"firstName", "lastName", "link", "phone", "children"},
}

func (h *households) value(field string) any {
	h.made++
	switch field {
	case "quotient":
		return float64(h.made)
	case "taxReference":
		return fmt.Sprintf("26A%010d", h.made)
	case "phone":
		return fmt.Sprintf("+336%08d", h.made)
	}
	return fmt.Sprint("Nom ", h.made)
}

func formats(file family.File) family.Formats {
	return family.Formats{Now: town.Now, Today: "2026-11-23", File: file, Phone: phone.Read, IBAN: bank.ReadIBAN, BIC: bank.ReadBIC}
}

// read reads a home's file, and the versions of both.
func (h *households) read(home int) (file store.Household, versions map[int]int) {
	file = h.homes[home].Household()
	versions = map[int]int{home: file.Version}
	for _, other := range file.Others {
		versions[1-home] = other.Version
	}
	return file, versions
}

// anew begins a change of a home.
func (h *households) anew(home int) family.Change {
	h.made++
	return family.Change{ID: h.homes[home].MadeFamily.Store.ChangeID(fmt.Sprintf("%03d", h.made)), CreatedAt: town.Now}
}

// edit reads a file and makes a change of some fields; nothing when the read already refuses it.
func (h *households) edit(home int) (c family.Change, m family.Member, file store.Household, versions map[int]int, ok bool) {
	file, versions = h.read(home)
	members := slices.Concat(file.Guardians, file.Children, file.Children, file.Contacts)
	m = members[h.IntN(len(members))]
	sections := slices.Sorted(maps.Keys(touched[m.Target]))
	s, _ := family.SectionOf(m.Target, sections[h.IntN(len(sections))])
	values := map[string]any{}
	for _, name := range touched[m.Target][s.Name] {
		f, _ := s.Field(name)
		switch h.IntN(4) {
		case 0:
		case 1:
			if values[name] = nil; f.Needed {
				values[name] = h.value(name)
			}
		default:
			values[name] = h.value(name)
		}
	}
	fields, err := family.Propose(collectivity.Settings{}, m, s, file.Version, values, formats(file.File))
	c = h.anew(home)
	c.Target, c.Of, c.Section, c.Fields = m.ID, m.Target, s.Name, fields
	return c, m, file, versions, err == nil
}

func (h *households) proposal() *attempt {
	home := h.IntN(2)
	c, member, file, _, ok := h.edit(home)
	if !ok {
		return nil
	}
	section := c.Target + "/" + c.Section
	return &attempt{
		"propose", func() error { return h.homes[home].MadeFamily.Store.AddChange(h.ctx, file, c, "account") },
		func(m *model) bool {
			return m.members[c.Target] != nil && m.versions[section] == member.Versions[c.Section] && !slices.ContainsFunc(c.Fields, func(f family.FieldChange) bool { return m.pending[place(c, f.Field)] != "" })
		},
		func(m *model) { m.mark(c) },
	}
}

func (m *model) mark(c family.Change) {
	m.changes[c.ID] = c
	for _, f := range c.Fields {
		m.pending[place(c, f.Field)] = c.ID
	}
}

// addition proposes a contact of a child, or a child; at once: the contact is there.
func (h *households) addition(atOnce bool) *attempt {
	home := h.IntN(2)
	file, versions := h.read(home)
	s, of := family.First(family.Contact), []int{home}
	child := file.Children[h.IntN(len(file.Children))].ID
	values := map[string]any{"firstName": "Jeanne", "lastName": h.value(""), "phone": h.value("phone"), "children": []any{child}}
	if child == shared {
		of = []int{0, 1}
	}
	if !atOnce && h.IntN(2) == 0 {
		s, of = family.First(family.Child), []int{home}
		values = map[string]any{"firstName": h.value(""), "lastName": "Martin", "birthDate": "2020-05-04"}
	}
	fields, err := family.ProposeMember(collectivity.Settings{}, file.File, s, values, formats(file.File))
	check(h.homes[0].T, err)
	c := h.anew(home)
	c.Kind, c.Target, c.Of, c.Section, c.Fields = family.Adds, id.Derived(c.ID), s.Target, s.Name, fields
	f := h.homes[home].MadeFamily.Store
	if atOnce {
		c = c.Accept()
		return &attempt{
			"add at once", func() error { return f.ApplyChange(h.ctx, file, c, "account") },
			func(m *model) bool { return m.seen(of, versions) },
			func(m *model) { m.changes[c.ID] = c; m.accept(c, c.Fields, of) },
		}
	}
	return &attempt{
		"propose somebody", func() error { return f.AddChange(h.ctx, file, c, "account") },
		func(*model) bool { return true },
		func(m *model) { m.changes[c.ID], m.adding[c.ID] = c, true },
	}
}

// removal proposes that a contact or a child of one file leaves it.
func (h *households) removal() *attempt {
	home := h.IntN(2)
	file, _ := h.read(home)
	leaving := slices.DeleteFunc(slices.Concat(file.Children, file.Contacts), func(m family.Member) bool { return m.ID == shared })
	if len(leaving) == 0 {
		return nil
	}
	member := leaving[h.IntN(len(leaving))]
	fields, err := family.ProposeRemoval(file.File, member, "")
	if err != nil {
		return nil
	}
	c := h.anew(home)
	c.Kind, c.Target, c.Of, c.Section, c.Fields = family.Removes, member.ID, member.Target, family.Membership, fields
	return &attempt{
		"propose that somebody leaves", func() error { return h.homes[home].MadeFamily.Store.AddChange(h.ctx, file, c, "account") },
		func(m *model) bool { return m.members[c.Target] != nil && m.pending[place(c, family.Removed)] == "" },
		func(m *model) { m.mark(c) },
	}
}

func (h *households) atOnce() *attempt {
	home := h.IntN(2)
	c, _, file, versions, ok := h.edit(home)
	if !ok {
		return nil
	}
	c = c.Accept()
	of := h.model.members[c.Target]
	return &attempt{
		"at once", func() error { return h.homes[home].MadeFamily.Store.ApplyChange(h.ctx, file, c, "account") },
		func(m *model) bool { return m.members[c.Target] != nil && m.seen(of, versions) },
		func(m *model) { m.changes[c.ID] = c; m.accept(c, c.Fields, of) },
	}
}

// some reads one of the changes made so far, with the file of its home.
func (h *households) some() (kept, opened family.Change, home int, ok bool) {
	ids := slices.Sorted(maps.Keys(h.model.changes))
	if len(ids) == 0 {
		return kept, opened, 0, false
	}
	change := ids[h.IntN(len(ids))]
	if store.FamilyIn(change) == h.homes[1].MadeFamily.Store.ID() {
		home = 1
	}
	f := h.homes[home].MadeFamily.Store
	kept, _, err := f.Change(h.ctx, change)
	check(h.homes[0].T, err)
	all := []family.Change{kept}
	check(h.homes[0].T, f.OpenChanges(h.ctx, all))
	return kept, all[0], home, true
}

func (h *households) decision() *attempt {
	_, c, home, ok := h.some()
	if !ok {
		return nil
	}
	file, versions := h.read(home)
	member, there := file.Member(c.Target)
	v := family.Verdict{Accept: h.IntN(3) > 0, Reason: "Non."}
	if c.Kind == family.Touches && h.IntN(2) == 0 {
		v.Fields = []string{c.Fields[0].Field}
	}
	after, decided, err := c.Decide(member, v, town.Now)
	if err != nil || v.Accept && !there && c.Kind != family.Adds {
		return nil
	}
	of := h.model.members[c.Target]
	if c.Kind == family.Adds {
		of = []int{home}
		if c.Added(0).About(shared) {
			of = []int{0, 1}
		}
	}
	return &attempt{
		"decide", func() error {
			return h.homes[home].MadeFamily.Store.DecideChange(h.ctx, file, after, decided, "account", "agent", town.Now)
		},
		func(m *model) bool {
			return m.changes[c.ID].Rev == c.Rev && (!v.Accept || m.seen(of, versions) && (c.Kind == family.Adds || m.members[c.Target] != nil))
		},
		func(m *model) { m.settle(after, decided, of) },
	}
}

func (h *households) withdrawal() *attempt {
	kept, c, home, ok := h.some()
	if !ok {
		return nil
	}
	file, _ := h.read(home)
	unopened, err := kept.Withdraw(town.Now)
	if err != nil {
		return nil
	}
	after, _ := c.Withdraw(town.Now)
	return &attempt{
		"withdraw", func() error { return h.homes[home].MadeFamily.Store.WithdrawChange(h.ctx, file, unopened, "account") },
		func(m *model) bool { return m.changes[c.ID].Rev == c.Rev },
		func(m *model) { m.settle(after, after.Fields, nil) },
	}
}

func (h *households) begin() *attempt {
	switch h.IntN(16) {
	case 0, 1, 2, 3:
		return h.proposal()
	case 4:
		return h.addition(true)
	case 5:
		return h.addition(false)
	case 6:
		return h.removal()
	case 7, 8:
		return h.atOnce()
	case 9, 10, 11, 12, 13:
		return h.decision()
	}
	return h.withdrawal()
}

// finish writes, and holds the outcome against the model.
func (h *households) finish(a *attempt) (moved bool) {
	h.homes[0].T.Helper()
	fits, err := a.fits(h.model), a.write()
	switch {
	case fits && err == nil:
		a.then(h.model)
	case !fits && errors.Is(err, store.ErrMoved):
	default:
		h.homes[0].T.Fatalf("%s: answered %v, and the model says that it fits: %v", a.says, err, fits)
	}
	return !fits
}

// compare holds the files and their changes against the model.
func (h *households) compare() {
	h.homes[0].T.Helper()
	got := &model{map[int]int{}, map[string][]int{}, map[string]any{}, map[string]string{}, map[string]int{}, map[string]bool{}, map[string]family.Change{}}
	left := map[string]bool{}
	for n, home := range h.homes {
		file := home.Household()
		got.version[n] = file.Version
		for change := range file.Adding {
			got.adding[change] = true
		}
		for _, m := range file.Members() {
			got.members[m.ID] = append(got.members[m.ID], n)
			got.note(h.homes[0].T, m)
		}
		for _, m := range file.Gone.Members() {
			left[m.ID] = true
		}
		changes, _, err := home.MadeFamily.Store.Changes(h.ctx, "", 1000)
		check(h.homes[0].T, err)
		check(h.homes[0].T, home.MadeFamily.Store.OpenChanges(h.ctx, changes))
		for _, c := range changes {
			got.changes[c.ID] = c
		}
	}
	// What was of those who left, nobody reads any more.
	want := *h.model
	want.values, want.pending, want.versions = maps.Clone(want.values), maps.Clone(want.pending), maps.Clone(want.versions)
	gone := func(at string) bool { return left[strings.SplitN(at, "/", 2)[0]] }
	maps.DeleteFunc(want.values, func(at string, _ any) bool { return gone(at) })
	maps.DeleteFunc(want.pending, func(at, _ string) bool { return gone(at) })
	maps.DeleteFunc(want.versions, func(at string, _ int) bool { return gone(at) })
	if d := cmp.Diff(&want, got, cmp.AllowUnexported(model{})); d != "" {
		h.homes[0].T.Errorf("the files are not what was written (-model +files)\n%s", d)
	}
}

// note notes what a member holds; of the shared child, each file has to say the same.
func (m *model) note(t interface{ Errorf(string, ...any) }, of family.Member) {
	for section, fields := range kept {
		for _, f := range fields {
			at := strings.Join([]string{of.ID, section, f}, "/")
			if was, known := m.values[at]; known && !family.Same(was, of.Value(section, f)) {
				t.Errorf("%s is %v in one file and %v in the other", at, was, of.Value(section, f))
			}
			m.set(at, of.Value(section, f))
			if c := of.Pending[section][f]; c != "" {
				m.pending[at] = c
			}
		}
		if v := of.Versions[section]; v > 0 {
			m.versions[of.ID+"/"+section] = v
		}
	}
}

// TestInterleavedWritesNeverLoseAField runs proposals, changes at once, members who come and go, decisions and withdrawals on two
// files that share a child, from both homes, each reading some steps before it writes, in random orders, against the naive model:
// what the model lets through is written, whatever else is refused as moved, and in the end the two are the same.
func TestInterleavedWritesNeverLoseAField(t *testing.T) {
	t.Parallel()
	var written, moved atomic.Int64
	w := town.New(t)
	t.Run("in random orders", func(t *testing.T) {
		for seed := range uint64(100) {
			t.Run(fmt.Sprint("order ", seed), func(t *testing.T) {
				t.Parallel()
				h := newHouseholds(t, w, seed)
				var waiting []*attempt
				for range 20 {
					if len(waiting) < 4 {
						if a := h.begin(); a != nil {
							waiting = append(waiting, a)
						}
					}
					if len(waiting) > h.IntN(4) {
						n := h.IntN(len(waiting))
						if h.finish(waiting[n]) {
							moved.Add(1)
						} else {
							written.Add(1)
						}
						waiting = slices.Delete(waiting, n, n+1)
					}
				}
				h.compare()
			})
		}
	})
	t.Logf("%d written, %d moved", written.Load(), moved.Load())
	if written.Load() < 500 || moved.Load() < 80 {
		t.Errorf("%d written and %d moved are too few to tell", written.Load(), moved.Load())
	}
}
