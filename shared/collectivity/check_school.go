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
	s.checkFormer(&m)
	others := 0
	for _, o := range c.Schools {
		if o.ID == s.ID {
			continue
		}
		others++
		if says(o.Names(), s.Name) {
			m.add("name", "name_taken", "Une autre école porte ce nom, ou l’a porté.")
		}
	}
	if others >= MaxSchools {
		m.add("name", "too_many", "Une collectivité compte au plus %d écoles.", MaxSchools)
	}
	return m.err()
}

// checkFormer lets no class take a name that another had: files that still say it mean that one.
func (s School) checkFormer(m *mistakes) {
	for i, k := range s.Classes {
		for _, o := range s.Classes {
			if o.ID != k.ID && says(o.Former, k.Name) {
				m.add(fmt.Sprintf("classes[%d].name", i), "name_taken", "La classe « %s » a porté ce nom.", o.Name)
			}
		}
	}
}

// School finds one of the tenant's schools by its id.
func (c Configuration) School(id string) (School, bool) {
	i := slices.IndexFunc(c.Schools, func(s School) bool { return s.ID == id })
	if i < 0 {
		return School{}, false
	}
	return c.Schools[i], true
}

// Class finds one of the school's classes by its id.
func (s School) Class(id string) (Class, bool) {
	i := slices.IndexFunc(s.Classes, func(c Class) bool { return c.ID == id })
	if i < 0 {
		return Class{}, false
	}
	return s.Classes[i], true
}

// After makes the school what follows on another: classes without an id have that of the one of the same name before, or a
// new one, and names that were given up are remembered.
func (s School) After(before School, next func() string) School {
	s.Former = former(before.Former, before.Name, s.Name)
	s.Classes = withIDs(s.Classes, before.Classes, func(k *Class) (*string, string) { return &k.ID, k.Name }, next)
	for i, k := range s.Classes {
		if was, known := before.Class(k.ID); known {
			s.Classes[i].Former = former(was.Former, was.Name, k.Name)
		}
	}
	return s
}

// remembered is how many former names are kept.
const remembered = 10

func former(names []string, before, now string) []string {
	names = append(slices.Clone(names), before)
	names = slices.DeleteFunc(names, func(n string) bool { return n == "" || says([]string{now}, n) })
	return names[max(0, len(names)-remembered):]
}

// ErrSchoolUnknown refuses a school that the town has not.
var ErrSchoolUnknown = refusal.New(refusal.NotFound, "school_not_found", "Cette école n’existe pas.")
