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
	o := order{slug: testkit.Collectivity(t), name: "Ville", timezone: "Indian/Reunion", manager: testkit.Address(t), first: "Claire", last: "Petit"}
	made := []string{"create", "-slug", o.slug, "-name", o.name, "-time-zone", o.timezone, "-manager", o.manager, "-first", o.first, "-last", o.last}
	if err := run(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	settings, err := store.Open().Public(t.Context(), o.slug)
	if err != nil || settings.Name != "Ville" || settings.Timezone != "Indian/Reunion" {
		t.Errorf("got %+v, %v", settings, err)
	}
	if err := run(t.Context(), made[1:]); err == nil || !strings.Contains(err.Error(), "slug_taken") {
		t.Errorf("a second time, without the command's name: %v", err)
	}
}

func TestAnAddressThatBouncedGetsMailsAgain(t *testing.T) {
	testkit.Stack(t)
	email, now := testkit.Address(t), calendar.Now()
	address, s := keys.Must(t.Context()).Address(email), store.Open()
	if err := s.MarkBounced(t.Context(), address, "bounce", now); err != nil {
		t.Fatal(err)
	}
	email = " " + strings.ToUpper(email)
	for _, args := range [][]string{{"unmark", "-address", email}, {"-unmark", email}} { // an address without a mark is as well
		if err := run(t.Context(), args); err != nil {
			t.Fatal(err)
		}
		if marked, err := s.Bounced(t.Context(), address, now); marked || err != nil {
			t.Errorf("it is marked: %v, %v", marked, err)
		}
	}
	if err := run(t.Context(), []string{"unmark", "-address", "anne"}); err == nil {
		t.Error("an address that is none was taken")
	}
}

func TestACommandThatIsNotThereSaysWhichAre(t *testing.T) {
	if err := run(t.Context(), []string{"reseal", "-slug", "x"}); err == nil || !strings.Contains(err.Error(), "create, delete, erase-key, export, figures, import, invite, list") {
		t.Errorf("got %v", err)
	}
}

func TestOrdersThatMakeNoSense(t *testing.T) {
	good := order{slug: "saint-aubin", name: "Saint-Aubin", timezone: "Europe/Paris", manager: "a@b.fr", first: "A", last: "B"}
	for says, change := range map[string]func(*order){
		"a slug with capitals":   func(o *order) { o.slug = "Saint-Aubin" },
		"a slug with a slash":    func(o *order) { o.slug = "a/b" },
		"a slug of one letter":   func(o *order) { o.slug = "a" },
		"no name":                func(o *order) { o.name = "" },
		"another country's zone": func(o *order) { o.timezone = "Europe/Berlin" },
		"no zone of holidays":    func(o *order) { o.zone = "D" },
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
