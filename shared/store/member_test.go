package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/seal"
	"preau/shared/store"
)

// leaving is a family of two children, enrolled nowhere, and the decision that the first leaves, ready to be written.
func leaving(t *testing.T) (h town.Home, decide func(store.Household) error) {
	t.Helper()
	w := town.New(t)
	h = town.Home{Town: w, MadeFamily: w.Separated("Léa", "Tom")}
	c := h.Removal(h.Children[0])
	return h, func(seen store.Household) error {
		member, _ := seen.Member(c.Target)
		after, decided, err := c.Decide(member, family.Verdict{Accept: true}, town.Now)
		if err != nil {
			return err
		}
		return h.MadeFamily.Store.DecideChange(t.Context(), seen, after, decided, "account", "agent", town.Now)
	}
}

func TestWhoLeavesDoesSoOnTheTownsDay(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Env.Now = time.Date(2027, 8, 31, 22, 30, 0, 0, time.UTC) // past midnight in Paris: of the next school year
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa", "Tom")}
	c := h.Removal(h.Children[0])
	h.Decide(c.ID, family.Verdict{Accept: true})
	if m, _ := h.Household().Gone.Member(h.Children[0]); m.Left != "2027-09-01" {
		t.Errorf("left on %q", m.Left)
	}
}

func enrolment(h town.Home, child int) booking.Enrolment {
	a := h.Activities[0]
	return booking.Enrolment{ID: h.MadeFamily.Store.EnrolmentID("e"), Child: h.Children[child], Activity: a.ID, Period: a.Season}
}

func TestAChildWhoLeavesIsEnrolledNowhere(t *testing.T) {
	t.Parallel()
	t.Run("enrolled before, it stays", func(t *testing.T) {
		t.Parallel()
		h, decide := leaving(t)
		check(t, h.MadeFamily.Store.Enrol(t.Context(), enrolment(h, 0)))
		if err := decide(h.Household()); !errors.Is(err, family.ErrChildEnrolled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("another child's enrolment keeps nobody", func(t *testing.T) {
		t.Parallel()
		h, decide := leaving(t)
		check(t, h.MadeFamily.Store.Enrol(t.Context(), enrolment(h, 1)))
		if err := decide(h.Household()); err != nil || len(h.File().Children) != 1 {
			t.Errorf("got %v, %d children", err, len(h.File().Children))
		}
	})
	t.Run("enrolled while the agent decides, it stays", func(t *testing.T) {
		t.Parallel()
		h, decide := leaving(t)
		seen := h.Household()
		check(t, h.MadeFamily.Store.Enrol(t.Context(), enrolment(h, 0)))
		if err := decide(seen); !errors.Is(err, store.ErrMoved) || len(h.File().Children) != 2 {
			t.Errorf("got %v, %d children", err, len(h.File().Children))
		}
	})
	t.Run("gone while somebody enrols it, it is not enrolled", func(t *testing.T) {
		t.Parallel()
		h, decide := leaving(t)
		seen := h.Household()
		check(t, decide(seen))
		if _, err := h.MadeFamily.Store.SetEnrolment(t.Context(), seen, enrolment(h, 0), "agent", town.Now); !errors.Is(err, store.ErrMoved) {
			t.Errorf("got %v, enrolments %+v", err, h.Household().Enrolments)
		}
	})
}

// listedAs are the children under whose names agents find a family.
func listedAs(t *testing.T, h town.Home, word string) (names []string) {
	t.Helper()
	right := store.AgentRight{Agent: collectivity.Agent{Role: collectivity.Manager}, Store: h.Town.Store}
	found, _, err := right.FamiliesNamed(t.Context(), store.Words(word), "", 10, town.Now)
	check(t, err)
	for _, l := range found {
		for _, c := range l.Children {
			if l.Family == h.ID {
				names = append(names, c.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// TestAChildsNewNameIsFoundInBothFiles: the mother's file only points at her children, who lie in those of their two fathers.
func TestAChildsNewNameIsFoundInBothFiles(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	first, second := w.NewHome("Léa"), w.NewHome("Zoé")
	mother := second.Share(first.Share(w.NewHome("Tom")))
	for _, name := range []string{"martin", "léa", "zoé", "tom"} {
		if got := listedAs(t, mother, name); !slices.Equal(got, []string{"Léa Martin", "Tom Martin", "Zoé Martin"}) {
			t.Errorf("by %s: %v", name, got)
		}
	}
	first.Give(first.Children[0], "identity", map[string]any{"firstName": "Éléa"})
	for _, name := range []string{"martin", "elea", "zoé", "tom"} {
		if got := listedAs(t, mother, name); !slices.Equal(got, []string{"Tom Martin", "Zoé Martin", "Éléa Martin"}) {
			t.Errorf("then by %s: %v", name, got)
		}
	}
	if got := listedAs(t, mother, "léa"); got != nil {
		t.Errorf("by the old name: %v", got)
	}
	if got := listedAs(t, first, "éléa"); !slices.Equal(got, []string{"Éléa Martin"}) {
		t.Errorf("in the other file: %v", got)
	}
	mother.Give(first.Children[0], "identity", map[string]any{"lastName": "Petit"})
	for _, h := range []town.Home{mother, first} {
		if got := listedAs(t, h, "petit"); !slices.Contains(got, "Éléa Petit") || len(got) != map[string]int{mother.ID: 3, first.ID: 1}[h.ID] {
			t.Errorf("renamed by the mother: %v", got)
		}
	}
}

// TestAFileIsInUseWhileItsKeyIsRotated: what the old key sealed is read, a change proposed under it is accepted under the new one, and
// the new key seals from then on.
func TestAFileIsInUseWhileItsKeyIsRotated(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	lea := h.Children[0]
	h.Give(lea, "health", map[string]any{"medication": "Ventoline", "advice": "Lunettes"})
	c := h.ProposeOf(town.Now, lea, "health", map[string]any{"medication": "Bricanyl"})
	rotated, err := w.Env.Store.RotateKey(t.Context(), w.Slug, calendar.Now())
	check(t, err)
	later := calendar.Now().Add(2 * seal.Settling)
	store.At(w.Env.Store, func() time.Time { return later }) // a process that reads the keyring anew
	h.Decide(c.ID, family.Verdict{Accept: true})
	ring, err := h.MadeFamily.Store.Ring(t.Context())
	check(t, err)
	kept, err := h.MadeFamily.Store.Household(t.Context())
	check(t, err)
	m, _ := kept.Member(lea)
	for field, stale := range map[string]bool{"advice": true, "medication": false} {
		if got := ring.Stale(m.Kept["health"][field]); got != stale {
			t.Errorf("%s: sealed by the old key: %v (keys %v)", field, got, rotated)
		}
	}
	opened, _ := h.File().Member(lea)
	if opened.Value("health", "medication") != "Bricanyl" || opened.Value("health", "advice") != "Lunettes" {
		t.Errorf("got %v", opened.Values["health"])
	}
	changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 10)
	check(t, err)
	check(t, h.MadeFamily.Store.OpenChanges(t.Context(), changes))
	for _, c := range changes {
		for _, f := range c.Fields {
			if _, text := f.New.(string); !text {
				t.Errorf("%s of %s is %v", f.Field, c.ID, f.New)
			}
		}
	}
}
