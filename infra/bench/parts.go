package main

import (
	"fmt"
	"slices"
	"strings"
)

// A part is what can be measured alone.
type part struct {
	name    string
	measure func(*lab) table
}

// parts of a whole run, in their order: what disturbs the machine comes last.
var parts = []part{
	{"cold", (*lab).cold},
	{"warm", (*lab).warm},
	{"sizes", (*lab).sizes},
	{"cases", (*lab).useCases},
	{"bookings", (*lab).bookings},
	{"year", (*lab).year},
	{"jobs", (*lab).jobs},
	{"rush", (*lab).rush},
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
