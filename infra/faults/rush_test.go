package faults_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/faults"
	"preau/infra/local/lambda"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
)

// A bad day: every third transaction meets another one, and one call in ten is throttled or lost.
func badDay(seed uint64) faults.Plan {
	return faults.Plan{
		Seed: seed, All: faults.Rates{Throttle: 0.05, Dropped: 0.03, Lost: 0.03},
		Of: map[string]faults.Rates{"TransactWriteItems": {Conflict: 0.3, Throttle: 0.03, Dropped: 0.03, Lost: 0.1}},
	}
}

func TestManyAskForFewPlacesOnABadDayAndNobodyIsToldOfIt(t *testing.T) {
	t.Parallel()
	const parents, places, processes = 16, 5, 4
	l := openLab(t)
	v := l.newVillage(t, <-l.lanes)
	l.days = v.free("cantine")
	v.town.Narrow("cantine", places)
	var homes []*home
	for range parents {
		homes = append(homes, v.home(scenario{}))
	}
	proxy, err := faults.New(testkit.Stack(t).DynamoDB, badDay(number(t, envSeed, 1)))
	must(t, err)
	defer proxy.Close()
	host, err := lambda.NewHost(lambda.Options{Logs: v.logs, Concurrent: processes})
	must(t, err)
	defer host.Close()
	must(t, host.Add(v.function(t, "request-booking", proxy.URL)))
	answers := town.InParallel(parents, func(n int) string {
		h := homes[n]
		out, _, err := host.Invoke(context.Background(), "request-booking", h.ask("booking", h.first(1, "cantine"), h.items("cantine", 0)...))
		var answer events.APIGatewayV2HTTPResponse
		if err != nil || json.Unmarshal(out, &answer) != nil || answer.StatusCode != 201 {
			return string(out)
		}
		return ""
	})
	for n, answer := range answers {
		if answer != "" {
			t.Errorf("parent %d is answered %s", n, answer)
		}
	}
	booked := 0
	for _, d := range homes[0].finish("a rush").Days {
		if d.State == "booked" {
			booked++
		}
	}
	if met := proxy.Tally().Faults; booked != places || met[faults.Conflict] == 0 || met[faults.Lost] == 0 {
		t.Errorf("%d of %d places are booked, after %v", booked, places, met)
	}
}
