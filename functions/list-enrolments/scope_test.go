package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolSeesTheEnrolmentsOfItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	agent := w.OfSchools(collectivity.Reader, "verne")
	for query, want := range map[string]int{"activity=cantine": 1, "family=" + verne.ID: 3, "family=" + hugo.ID: 0} {
		if got := town.Read[api.List[api.Enrolment]](t, newHandler(), event(w, agent, query), 200); len(got.Items) != want {
			t.Errorf("%s: %d enrolments, want %d", query, len(got.Items), want)
		}
	}
}
