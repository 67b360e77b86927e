package main

import (
	"fmt"
	"slices"
	"strings"
)

// A part is what can be measured alone.
type part struct {
	name     string
	measure  func(*lab) table
	services bool // it needs the emulators, the programs and a town
}

// parts of a whole run, in their order: what disturbs the machine comes last.
var parts = []part{
	{"site", (*lab).site, false},
	{"cold", (*lab).cold, true},
	{"warm", (*lab).warm, true},
	{"sizes", (*lab).sizes, true},
	{"cases", (*lab).useCases, true},
	{"bookings", (*lab).bookings, true},
	{"year", (*lab).year, true},
	{"jobs", (*lab).jobs, true},
	{"rush", (*lab).rush, true},
}

// choose finds the parts named, with a comma between two; none named are all.
func choose(only string) ([]part, error) {
	if only == "" {
		return parts, nil
	}
	var chosen []part
	for name := range strings.SplitSeq(only, ",") {
		n := slices.IndexFunc(parts, func(p part) bool { return p.name == strings.TrimSpace(name) })
		if n < 0 {
			return nil, fmt.Errorf("there is no part %q: choose among %s", name, strings.Join(names(parts), ", "))
		}
		chosen = append(chosen, parts[n])
	}
	return chosen, nil
}

func names(parts []part) (all []string) {
	for _, p := range parts {
		all = append(all, p.name)
	}
	return all
}
