package collectivity

import (
	"fmt"
	"slices"
	"strings"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// MaxSchools is how many schools a town may have.
const MaxSchools = 100

// CheckSchool refuses a school that makes no sense, alone or beside the town's others: family files name schools and
// classes by their names, so each stands for one.
func (c Configuration) CheckSchool(s School) error {
	var m mistakes
	if strings.TrimSpace(s.Name) == "" {
		m.add("name", "required", "Ce champ est obligatoire.")
	}
	m.weekdays("weekdays", s.Weekdays)
	if i := slices.Index(s.Weekdays, calendar.Weekday("sun")); i >= 0 {
		m.add(fmt.Sprintf("weekdays[%d]", i), "not_allowed", "Il n’y a pas d’école le dimanche.")
	}
	named(&m, "classes", s.Classes, func(k Class) (string, string) { return k.ID, k.Name })
	others := 0
	for _, o := range c.Schools {
		if o.ID == s.ID {
			continue
		}
		others++
		if strings.EqualFold(strings.TrimSpace(o.Name), strings.TrimSpace(s.Name)) {
			m.add("name", "name_taken", "Une autre école porte ce nom.")
		}
	}
	if others >= MaxSchools {
		m.add("name", "too_many", "Une collectivité compte au plus %d écoles.", MaxSchools)
	}
	return m.err()
}

// School finds one of the tenant's schools by its id.
func (c Configuration) School(id string) (School, bool) {
	i := slices.IndexFunc(c.Schools, func(s School) bool { return s.ID == id })
	if i < 0 {
		return School{}, false
	}
	return c.Schools[i], true
}

// WithIDs gives ids to the classes that have none: those of the same name before keep theirs.
func (s School) WithIDs(before School, next func() string) School {
	s.Classes = withIDs(s.Classes, before.Classes, func(k *Class) (*string, string) { return &k.ID, k.Name }, next)
	return s
}

// ErrSchoolUnknown refuses a school that the town has not.
var ErrSchoolUnknown = refusal.New(refusal.NotFound, "school_not_found", "Cette école n’existe pas.")
