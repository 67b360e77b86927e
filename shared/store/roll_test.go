package store_test

import (
	"errors"
	"slices"
	"testing"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// pupil is a family of one child of a class.
func pupil(t *testing.T, w *town.Town, id, school, class string) {
	t.Helper()
	child := town.Child("child-"+id, "Léa", "Martin", "2018-05-04")
	child.Values["school"] = map[string]any{"school": school, "class": class}
	_, err := w.Store.CreateFamily(t.Context(), family.File{ID: id, Label: "Famille " + id, Children: []family.Member{child}})
	check(t, err)
}

func TestFamiliesAreGoneThroughOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for _, id := range []string{"a", "ab", "b", "c", "cc"} {
		pupil(t, w, id, "", "")
	}
	var seen []string
	for last := ""; ; {
		ids, err := w.Store.FamiliesAfter(t.Context(), last, 2)
		check(t, err)
		if len(ids) == 0 {
			break
		}
		seen = append(seen, ids...)
		last = ids[len(ids)-1]
	}
	if !slices.Equal(seen, []string{"a", "ab", "b", "c", "cc"}) {
		t.Errorf("went through %q", seen)
	}
	if n, err := w.Store.CountFamilies(t.Context()); n != 5 || err != nil {
		t.Errorf("%d families, %v", n, err)
	}
}

func TestTheFamiliesOfASchoolAreFoundByAllOfItsNames(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	class := collectivity.Class{ID: "cp", Name: "CP A", Former: []string{"CP"}}
	school := collectivity.School{ID: "verne", Name: "École Jules-Verne", Former: []string{"École du Bourg"}, Classes: []collectivity.Class{class}}
	pupil(t, w, "a", "verne", "cp")
	pupil(t, w, "b", "école jules-verne", "CP A")
	pupil(t, w, "c", "École du Bourg", "CE1")
	pupil(t, w, "d", "École Jules-Verne 2", "CP A")
	pupil(t, w, "e", "", "")
	pupil(t, w, "f", "verne", "CP")
	home := town.Home{Town: w, MadeFamily: seed.MadeFamily{ID: "f", Children: []string{"child-f"}}}
	other := home.Share(w.NewHome()) // whose file only points at the child
	for says, c := range map[string]struct {
		class *collectivity.Class
		want  []string
	}{"the school": {nil, []string{"a", "b", "c", home.ID, other.ID}}, "the class": {&class, []string{"a", "b", home.ID, other.ID}}} {
		slices.Sort(c.want)
		got, err := w.Store.FamiliesOf(t.Context(), school, c.class)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q; %v", says, got, c.want, err)
		}
	}
	if got, err := w.Store.FamiliesOf(t.Context(), collectivity.School{ID: "curie"}, nil); len(got) > 0 || err != nil {
		t.Errorf("of another: %q, %v", got, err)
	}
}

func TestAGuardianIsFollowedIntoTheFamilyThatTheirsWasMergedInto(t *testing.T) {
	t.Parallel()
	from := town.NewHome(t, "Léa")
	into := from.NewHome("Tom")
	right := from.Right(from.Agent(collectivity.Manager))
	if h, as, err := from.Town.Store.HouseholdOf(t.Context(), from.ID, from.Guardians[1]); err != nil || h.ID != from.ID || as != from.Guardians[1] {
		t.Errorf("before: %s of %s, %v", as, h.ID, err)
	}
	plan, err := right.PlanMerge(t.Context(), from.ID, into.ID, town.Now)
	check(t, err)
	check(t, right.MergeFamilies(t.Context(), plan, town.Now))
	h, as, err := from.Town.Store.HouseholdOf(t.Context(), from.ID, from.Guardians[1])
	if _, there := h.Member(as); err != nil || h.ID != into.ID || as != plan.As(from.Guardians[1]) || !there {
		t.Errorf("after: %s of %s, %v", as, h.ID, err)
	}
	if _, _, err := from.Town.Store.HouseholdOf(t.Context(), "nobody", "x"); !errors.Is(err, family.ErrUnknown) {
		t.Errorf("of nobody: %v", err)
	}
}
