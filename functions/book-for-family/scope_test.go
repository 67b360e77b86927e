package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolBooksForItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	agent := w.OfSchools(collectivity.Reviewer, "verne")
	town.Read[api.Request](t, handle(), ask(verne, agent, 0, "cantine", nil), 201)
	town.Refused(t, town.Send(t, handle(), ask(hugo, agent, 0, "cantine", nil)), 400, "invalid_input", "items[0].child child_not_yours")
}
