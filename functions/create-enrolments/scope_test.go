package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolEnrolsItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	agent := w.OfSchools(collectivity.Manager, "verne")
	body := object{"items": []object{item(verne.MadeFamily, 0, "cantine"), item(hugo.MadeFamily, 0, "cantine")}}
	if got := enrol(w, agent, body); !slices.Equal(got, []string{"already_enrolled", "child_not_yours"}) {
		t.Errorf("got %q", got)
	}
}
