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
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/phone"
	"preau/shared/store"
)

// A model is the naive family file: every write that fits is made at once, in the order in which they come.
type model struct {
	version  int
	values   map[string]any    // by member/section/field
	pending  map[string]string // by member/section/field: the change
	versions map[string]int    // by member/section
	changes  map[string]family.Change
}

func place(c family.Change, field string) string { return c.Target + "/" + c.Section + "/" + field }

// unchanged says whether the fields to be accepted still have their old values.
func (m *model) unchanged(c family.Change, fields []family.FieldChange) bool {
	return !slices.ContainsFunc(fields, func(f family.FieldChange) bool {
		return f.State == family.Accepted && m.values[place(c, f.Field)] != f.Old
	})
}

// accept writes the accepted fields, and moves the versions if there are any.
func (m *model) accept(c family.Change, fields []family.FieldChange) {
	moved := false
	for _, f := range fields {
		if f.State != family.Accepted {
			continue
		}
		moved = true
		if m.values[place(c, f.Field)] = f.New; f.New == nil {
			delete(m.values, place(c, f.Field))
		}
	}
	if moved {
		m.version++
		m.versions[c.Target+"/"+c.Section] = m.version
	}
}

// An attempt has read the file and is about to write. What it does is decided; others may write before.
type attempt struct {
	says  string
	write func() error
	fits  func(*model) bool // whether nothing that it read has moved
	then  func(*model)      // what the write makes of the file
}

// A household is a family under attempts, with its model.
type household struct {
	*rand.Rand
	town.Home
	ctx   context.Context
	model *model
	made  int // values and changes so far: each is new
}

func newHousehold(t *testing.T, w *town.Town, seed uint64) *household {
	t.Helper()
	own := *w
	own.T = t
	h := town.Home{Town: &own}
	var guardians []family.Member
	for n := range 2 {
		guardians = append(guardians, family.Member{ID: fmt.Sprint("guardian-", n), Target: family.Guardian, Household: "h"})
	}
	var err error
	h.MadeFamily.Store, err = w.Store.CreateFamily(t.Context(), family.File{ID: id.New(town.Now), Guardians: guardians})
	check(t, err)
	m := &model{version: 1, values: map[string]any{}, pending: map[string]string{}, versions: map[string]int{}, changes: map[string]family.Change{}}
	return &household{rand.New(rand.NewPCG(seed, 1)), h, t.Context(), m, 0}
}

// open are the fields that attempts touch: few, so that they meet.
var open = map[string][]string{"address": {"complement", "street"}, "identity": {"birthName"}}

// propose reads the file and makes a change of some fields; nothing when the read already refuses it.
func (h *household) propose() (family.Change, family.Member, store.Household, bool) {
	file := h.Household()
	member := file.Guardians[h.IntN(2)]
	section := []string{"address", "address", "identity"}[h.IntN(3)]
	values := map[string]any{}
	h.made++
	for _, f := range open[section] {
		h.made++
		switch h.IntN(4) {
		case 0:
		case 1:
			if values[f] = nil; f == "street" { // a street is never cleared
				values[f] = fmt.Sprint("Rue ", h.made)
			}
		default:
			values[f] = fmt.Sprint("Nom ", h.made)
		}
	}
	s, _ := family.SectionOf(family.Guardian, section)
	fields, err := family.Propose(collectivity.Settings{}, member, s, file.Version, values, family.Formats{Today: "2026-11-23", Phone: phone.Read})
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(fmt.Sprintf("%03d", h.made)), Target: member.ID, Of: family.Guardian, Section: section, Fields: fields, CreatedAt: town.Now}
	return c, member, file, err == nil
}

func (h *household) proposal() *attempt {
	c, member, file, ok := h.propose()
	if !ok {
		return nil
	}
	section := c.Target + "/" + c.Section
	return &attempt{
		"propose", func() error { return h.MadeFamily.Store.AddChange(h.ctx, file, c, "account") },
		func(m *model) bool {
			return m.versions[section] == member.Versions[c.Section] && !slices.ContainsFunc(c.Fields, func(f family.FieldChange) bool { return m.pending[place(c, f.Field)] != "" })
		},
		func(m *model) {
			m.changes[c.ID] = c
			for _, f := range c.Fields {
				m.pending[place(c, f.Field)] = c.ID
			}
		},
	}
}

func (h *household) atOnce() *attempt {
	c, _, file, ok := h.propose()
	if !ok {
		return nil
	}
	c = c.Accept()
	return &attempt{
		"at once", func() error { return h.MadeFamily.Store.ApplyChange(h.ctx, file, c, "account") },
		func(m *model) bool { return m.version == file.Version && m.unchanged(c, c.Fields) },
		func(m *model) { m.changes[c.ID] = c; m.accept(c, c.Fields) },
	}
}

// some reads one of the changes made so far.
func (h *household) some() (family.Change, store.Household, bool) {
	ids := slices.Sorted(maps.Keys(h.model.changes))
	if len(ids) == 0 {
		return family.Change{}, store.Household{}, false
	}
	c, _, err := h.MadeFamily.Store.Change(h.ctx, ids[h.IntN(len(ids))])
	check(h.T, err)
	return c, h.Household(), true
}

func (h *household) decision() *attempt {
	c, file, ok := h.some()
	if !ok {
		return nil
	}
	member, _ := file.Member(c.Target)
	v := family.Verdict{Accept: h.IntN(3) > 0, Reason: "Non."}
	if h.IntN(2) == 0 {
		v.Fields = []string{c.Fields[0].Field}
	}
	after, decided, err := c.Decide(member, v, town.Now)
	if err != nil {
		return nil
	}
	return &attempt{
		"decide", func() error {
			return h.MadeFamily.Store.DecideChange(h.ctx, file, after, decided, "account", "agent", town.Now)
		},
		func(m *model) bool {
			return m.changes[c.ID].Rev == c.Rev && m.unchanged(c, decided) && (!v.Accept || m.version == file.Version)
		},
		func(m *model) { m.settle(after, decided) },
	}
}

func (h *household) withdrawal() *attempt {
	c, file, ok := h.some()
	if !ok {
		return nil
	}
	after, err := c.Withdraw(town.Now)
	if err != nil {
		return nil
	}
	return &attempt{
		"withdraw", func() error { return h.MadeFamily.Store.WithdrawChange(h.ctx, file, after, "account") },
		func(m *model) bool { return m.changes[c.ID].Rev == c.Rev },
		func(m *model) { m.settle(after, after.Fields) },
	}
}

// settle writes what was decided or withdrawn of a change.
func (m *model) settle(after family.Change, decided []family.FieldChange) {
	after.Rev++
	m.changes[after.ID] = after
	for _, f := range decided {
		if m.pending[place(after, f.Field)] == after.ID {
			delete(m.pending, place(after, f.Field))
		}
	}
	if after.State() != family.Withdrawn {
		m.accept(after, decided)
	}
}

func (h *household) begin() *attempt {
	switch h.IntN(8) {
	case 0, 1, 2:
		return h.proposal()
	case 3:
		return h.atOnce()
	case 4, 5, 6:
		return h.decision()
	}
	return h.withdrawal()
}

// finish writes, and holds the outcome against the model.
func (h *household) finish(a *attempt) (moved bool) {
	h.T.Helper()
	fits, err := a.fits(h.model), a.write()
	switch {
	case fits && err == nil:
		a.then(h.model)
	case !fits && errors.Is(err, store.ErrMoved):
	default:
		h.T.Fatalf("%s: answered %v, and the model says that it fits: %v", a.says, err, fits)
	}
	return !fits
}

// compare holds the file and its changes against the model.
func (h *household) compare() {
	h.T.Helper()
	file := h.File()
	got := model{file.Version, map[string]any{}, map[string]string{}, map[string]int{}, map[string]family.Change{}}
	for _, m := range file.Guardians {
		for section, fields := range open {
			for _, f := range fields {
				at := strings.Join([]string{m.ID, section, f}, "/")
				if v := m.Value(section, f); v != nil {
					got.values[at] = v
				}
				if c := m.Pending[section][f]; c != "" {
					got.pending[at] = c
				}
			}
			if v := m.Versions[section]; v > 0 {
				got.versions[m.ID+"/"+section] = v
			}
		}
	}
	changes, _, err := h.MadeFamily.Store.Changes(h.ctx, "", 1000)
	check(h.T, err)
	for _, c := range changes {
		got.changes[c.ID] = c
	}
	if d := cmp.Diff(*h.model, got, cmp.AllowUnexported(model{})); d != "" {
		h.T.Errorf("the file is not what was written (-model +file)\n%s", d)
	}
}

// TestInterleavedWritesNeverLoseAField runs proposals, changes at once, decisions and withdrawals on one file, each
// reading some steps before it writes, in random orders, against the naive model: what the model lets through is
// written, whatever else is refused as moved, and in the end the two are the same.
func TestInterleavedWritesNeverLoseAField(t *testing.T) {
	t.Parallel()
	var written, moved atomic.Int64
	w := town.New(t)
	t.Run("in random orders", func(t *testing.T) {
		for seed := range uint64(100) {
			t.Run(fmt.Sprint("order ", seed), func(t *testing.T) {
				t.Parallel()
				h := newHousehold(t, w, seed)
				var waiting []*attempt
				for range 16 {
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
	if written.Load() < 300 || moved.Load() < 50 {
		t.Errorf("%d written and %d moved are too few to tell", written.Load(), moved.Load())
	}
}
