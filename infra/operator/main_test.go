package main

import (
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/shared/calendar"
	"preau/shared/keys"
	"preau/shared/store"
)

func TestACollectivityIsMadeOnce(t *testing.T) {
	testkit.Stack(t)
	o := order{slug: testkit.Collectivity(t), name: "Ville", zone: "Indian/Reunion", manager: testkit.Address(t), first: "Claire", last: "Petit"}
	if err := run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	settings, err := store.Open().Public(t.Context(), o.slug)
	if err != nil || settings.Name != "Ville" || settings.Timezone != "Indian/Reunion" {
		t.Errorf("got %+v, %v", settings, err)
	}
	if err := run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "slug_taken") {
		t.Errorf("a second time: %v", err)
	}
}

func TestAnAddressThatBouncedGetsMailsAgain(t *testing.T) {
	testkit.Stack(t)
	email, now := testkit.Address(t), calendar.Now()
	address, s := keys.Must(t.Context()).Address(email), store.Open()
	if err := s.MarkBounced(t.Context(), address, "bounce", now); err != nil {
		t.Fatal(err)
	}
	for range 2 { // an address without a mark is as well
		if err := run(t.Context(), order{unmark: " " + strings.ToUpper(email)}); err != nil {
			t.Fatal(err)
		}
		if marked, err := s.Bounced(t.Context(), address, now); marked || err != nil {
			t.Errorf("it is marked: %v, %v", marked, err)
		}
	}
	if err := run(t.Context(), order{unmark: "anne"}); err == nil {
		t.Error("an address that is none was taken")
	}
}

func TestOrdersThatMakeNoSense(t *testing.T) {
	good := order{slug: "saint-aubin", name: "Saint-Aubin", zone: "Europe/Paris", manager: "a@b.fr", first: "A", last: "B"}
	for says, change := range map[string]func(*order){
		"a slug with capitals":   func(o *order) { o.slug = "Saint-Aubin" },
		"a slug with a slash":    func(o *order) { o.slug = "a/b" },
		"no name":                func(o *order) { o.name = "" },
		"another country's zone": func(o *order) { o.zone = "Europe/Berlin" },
		"no address":             func(o *order) { o.manager = "claire" },
	} {
		o := good
		change(&o)
		if _, err := check(o); err == nil {
			t.Errorf("%s was taken", says)
		}
	}
	if _, err := check(good); err != nil {
		t.Error(err)
	}
}
