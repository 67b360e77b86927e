package ledger

import (
	"testing"

	"preau/shared/calendar"
)

func TestASealIsBrokenByWhateverIsTouched(t *testing.T) {
	t.Parallel()
	good := Seal("before", "2026-11-22", 3, "records")
	if err := good.Broken("before"); err != nil {
		t.Errorf("untouched: %v", err)
	}
	for says, touch := range map[string]func(*Day){
		"the day":            func(d *Day) { d.Date = "2026-11-21" },
		"the count":          func(d *Day) { d.Count = 2 },
		"the records":        func(d *Day) { d.Records = "others" },
		"the digest before":  func(d *Day) { d.Previous = "another" },
		"the digest":         func(d *Day) { d.Digest = Seal("", "2026-11-22", 3, "records").Digest },
		"all of it, soundly": func(d *Day) { *d = Seal("another", "2026-11-22", 3, "records") },
	} {
		d := good
		touch(&d)
		if d.Broken("before") == nil {
			t.Errorf("%s is touched, and nobody tells", says)
		}
	}
}

func TestASealIsReadAsItWasWrittenWhereItLies(t *testing.T) {
	t.Parallel()
	d := Seal("before", "2026-11-22", 3, "records")
	if got, err := Read(d.Bytes()); err != nil || got != d {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := Read([]byte("{")); err == nil {
		t.Error("half a seal is read")
	}
	if key := Key("ville", d.Date); key != "audit/ville/2026-11-22.json" {
		t.Errorf("it lies under %s", key)
	} else if date, err := DateOf("ville", key); err != nil || date != calendar.Date("2026-11-22") {
		t.Errorf("there lies %s, %v", date, err)
	}
	if _, err := DateOf("ville", "audit/ville/whatever"); err == nil {
		t.Error("whatever lies there is a day")
	}
}
