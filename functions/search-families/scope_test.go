package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolFindsTheFamiliesOfItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	agent := w.OfSchools(collectivity.Reader, "verne")
	found := search(w, agent, "q=petit")
	if len(found.Items) != 1 || found.Items[0].Family != verne.ID {
		t.Errorf("finds %+v", found.Items)
	}
	if byCode := search(w, agent, "code="+hugo.Codes[0]); len(byCode.Items) != 0 {
		t.Errorf("finds by a code %+v", byCode.Items)
	}
	if all := search(w, w.Agent(collectivity.Reader), "q=petit"); len(all.Items) != 2 {
		t.Errorf("who has all schools finds %+v", all.Items)
	}
}
