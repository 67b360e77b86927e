package store_test

import (
	"errors"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/family"
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
