package main

import (
	"strings"
	"testing"
	"time"
)

func TestAReportSaysWhatWasReachedAndWhatWasMissed(t *testing.T) {
	t.Parallel()
	a := table{title: "Eins", header: []string{"é", ""}, notes: []string{"A note."}}
	a.add("x", verdict(true))
	a.add("y", verdict(false))
	a.add("z", "")
	r := report{a}
	for _, want := range []string{"Figures of the design: 1 reached, 1 missed", "x  reached", "y  MISSED", "A note."} {
		if !strings.Contains(r.text(), want) {
			t.Errorf("the text lacks %q:\n%s", want, r.text())
		}
	}
	for _, want := range []string{"## Eins", "| é |  |\n|---|---|\n| x | reached |\n", "\nA note.\n"} {
		if !strings.Contains(r.markdown(), want) {
			t.Errorf("the page lacks %q:\n%s", want, r.markdown())
		}
	}
}

func TestASampleIsToldByItsMiddle(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	s := sample{9 * ms, 1 * ms, 3 * ms, 2 * ms, 100 * ms}
	if got := s.median(); got != 3 {
		t.Errorf("median %v", got)
	}
	if got := s.spread(); got != "2.00 ms – 9.00 ms" {
		t.Errorf("spread %s", got)
	}
	if got := s.over(sample{3 * ms, 1 * ms, 3 * ms, 1 * ms, 50 * ms}); got != "1.00 – 2.00" {
		t.Errorf("ratios %s", got)
	}
}
