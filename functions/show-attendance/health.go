package main

import (
	"maps"
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/family"
)

// healthOf is what carers have to know of a child; nil when the file says nothing.
func healthOf(child family.Member) *api.AttendanceHealth {
	h := api.AttendanceHealth{
		Allergies: texts(child.Value("health", "allergies")), Diet: texts(child.Value("health", "diet")),
		Collectors: texts(child.Value("authorisations", "collectors")),
	}
	for _, name := range slices.Sorted(maps.Keys(child.Values["authorisations"])) {
		if given, _ := child.Value("authorisations", name).(bool); given {
			h.Authorisations = append(h.Authorisations, name)
		}
	}
	if len(h.Allergies)+len(h.Diet)+len(h.Collectors)+len(h.Authorisations) == 0 {
		return nil
	}
	return &h
}

// texts reads a value as lines: a text is one, a list one for each, and what has fields is its fields in a row.
func texts(value any) (all []string) {
	switch v := value.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	case []any:
		for _, one := range v {
			all = append(all, texts(one)...)
		}
	case map[string]any:
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			fields = append(fields, texts(v[name])...)
		}
		all = texts(strings.Join(fields, ", "))
	}
	return all
}

// authorisations as lists word them.
var authorisations = map[string]string{
	"image": "photographies", "leavesAlone": "rentre seul", "outings": "sorties", "transport": "transport",
	"hospitalisation": "hospitalisation", "socialMedia": "réseaux sociaux",
}

func wordings(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		if said, ok := authorisations[name]; ok {
			out[i] = said
		}
	}
	return out
}
