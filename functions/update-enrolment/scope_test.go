package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolChangesTheEnrolmentsOfItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	agent := w.OfSchools(collectivity.Manager, "verne")
	town.Read[api.UpdatedEnrolment](t, newHandler(), event(verne, agent, at(verne, 0, "cantine")), 200)
	town.Refused(t, town.Send(t, newHandler(), event(hugo, agent, at(hugo, 0, "cantine"))), 404, "enrolment_not_found")
}
