// Package enrolment decides who may be enrolled, and enrols many children at once, each for itself: from a list, a class or
// an import.
package enrolment

import (
	"context"
	"slices"
	"sync"
	"time"

	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
)

// Outcome is what became of one child asked for.
type Outcome struct {
	ID   string // of the enrolment that was made, or of the one that stands in its way
	Code string // why none was made
}

// Enrolling is an agent who enrols children.
type Enrolling struct {
	Right         store.AgentRight
	Configuration collectivity.Configuration
	Now           time.Time
	Dry           bool // nothing is written: only what would become of each is told

	Name func(Asked) string // names what is made within its family; nil: anew each time
}

// atOnce is how many families are written at the same time.
const atOnce = 8

// Each enrols every child asked for as if alone, in their order within a family. Doing it again finds all of them enrolled.
func (e Enrolling) Each(ctx context.Context, asked []Asked) ([]Outcome, error) {
	families := map[string][]int{}
	var order []string
	for i, a := range asked {
		if families[a.Family] == nil {
			order = append(order, a.Family)
		}
		families[a.Family] = append(families[a.Family], i)
	}
	own, err := e.ownFamilies(ctx, order)
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, len(asked))
	return out, inTurns(order, func(familyID string) error {
		if own[familyID] {
			for _, i := range families[familyID] {
				out[i].Code = "own_family"
			}
			return nil
		}
		return e.family(ctx, familyID, asked, families[familyID], out)
	})
}

// ownFamilies asks about as many families at a time as one read holds.
func (e Enrolling) ownFamilies(ctx context.Context, families []string) (map[string]bool, error) {
	own := map[string]bool{}
	for some := range slices.Chunk(families, 100) {
		found, err := e.Right.OwnFamilies(ctx, some)
		if err != nil {
			return nil, err
		}
		for f := range found {
			own[f] = true
		}
	}
	return own, nil
}

// inTurns does each of a list, some at the same time, and answers the first error.
func inTurns(list []string, do func(string) error) error {
	var wait sync.WaitGroup
	errs, turn := make([]error, len(list)), make(chan struct{}, atOnce)
	for i, item := range list {
		turn <- struct{}{}
		wait.Go(func() {
			errs[i] = do(item)
			<-turn
		})
	}
	wait.Wait()
	return firstOf(errs)
}

func firstOf(errs []error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// family enrols children of one family, whose file is read once and again only when it has moved.
func (e Enrolling) family(ctx context.Context, familyID string, asked []Asked, places []int, out []Outcome) error {
	f := e.Right.Family(familyID)
	household, err := f.Household(ctx)
	if refusal.Code(err) == family.ErrUnknown.Code {
		for _, i := range places {
			out[i].Code = "family_unknown"
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, i := range places {
		err := store.Again(ctx, func() error {
			next, outcome, err := e.one(ctx, f, household, asked[i].Enrolment)
			if refusal.Code(err) == store.ErrMoved.Code {
				if household, err = f.Household(ctx); err == nil {
					err = store.ErrMoved
				}
				return err
			}
			household, out[i] = next, outcome
			return err
		})
		if code := refusal.Code(err); code != "" { // moved each time, or busy: this child's alone
			out[i], err = Outcome{Code: code}, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// one enrols a child beside what the household has, and answers the household with it.
func (e Enrolling) one(ctx context.Context, f store.FamilyStore, h store.Household, wanted booking.Enrolment) (store.Household, Outcome, error) {
	child, known := h.Member(wanted.Child)
	if activity, ok := e.Configuration.Activity(wanted.Activity); wanted.Standing && wanted.Option == "" && ok && len(activity.Options) == 1 {
		wanted.Option = activity.Options[0].ID // where there is only one, it needs no naming
	}
	switch {
	case !known || child.Target != family.Child:
		return h, Outcome{Code: "child_unknown"}, nil
	case !e.Right.Agent.Sees(wanted.Activity):
		return h, Outcome{Code: "activity_not_yours"}, nil
	case !e.Configuration.SeesChild(e.Right.Agent, child.Text("school", "school")):
		return h, Outcome{Code: "child_not_yours"}, nil
	}
	if code := Refuses(e.Configuration, child, h.Enrolments, wanted); code != "" {
		there, _ := Overlaps(h.Enrolments, wanted)
		return h, Outcome{ID: there.ID, Code: code}, nil
	}
	wanted.ID = f.EnrolmentID(e.name(Asked{f.ID(), wanted}))
	if e.Dry {
		h.Enrolments = append(slices.Clone(h.Enrolments), wanted)
		return h, Outcome{}, nil
	}
	h, err := f.SetEnrolment(ctx, h, wanted, e.Right.Account.ID, e.Now)
	return h, Outcome{ID: wanted.ID}, err
}

func (e Enrolling) name(a Asked) string {
	if e.Name == nil {
		return id.New(e.Now)
	}
	return e.Name(a)
}
