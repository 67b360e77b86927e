package collectivity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// mistakes are what is wrong with settings, by their path in the API.
type mistakes []refusal.Field

func (m *mistakes) add(path, code, detail string, values ...any) {
	*m = append(*m, refusal.Field{Field: path, Code: code, Detail: fmt.Sprintf(detail, values...)})
}

func (m *mistakes) err() error {
	if len(*m) == 0 {
		return nil
	}
	return refusal.OfFields(*m)
}

// include adds the fields of a refusal below a path.
func (m *mistakes) include(path string, no *refusal.Refusal) {
	for _, f := range no.Fields {
		if f.Field == "$" {
			f.Field = path // the document itself
		} else {
			f.Field = path + "." + f.Field
		}
		*m = append(*m, f)
	}
}

// Days that settings may name. Beyond them no school calendar says anything, and four figures no longer hold a year.
const firstDay, lastDay calendar.Date = "2000-01-01", "2199-12-31"

// IsPlausible says whether settings may name a day.
func IsPlausible(d calendar.Date) bool { return firstDay <= d && d <= lastDay }

// period answers whether a period makes sense.
func (m *mistakes) period(path string, p calendar.Period) bool {
	before := len(*m)
	for _, end := range []struct {
		name string
		day  calendar.Date
	}{{"from", p.From}, {"to", p.To}} {
		if _, err := calendar.ParseDate(string(end.day)); err != nil {
			m.add(path+"."+end.name, "date_invalid", "Cette date n’existe pas (forme attendue : 2026-11-23).")
		} else if !IsPlausible(end.day) {
			m.add(path+"."+end.name, "out_of_range", "Indiquez une date de l’an 2000 à l’an 2199.")
		}
	}
	if len(*m) == before && p.To < p.From {
		m.add(path+".to", "period_reversed", "La période finit avant de commencer.")
	}
	return len(*m) == before
}

// IsHour says whether a text is an hour as settings have it: 08:30.
func IsHour(clock string) bool {
	_, err := time.Parse("15:04", clock)
	return err == nil && len(clock) == len("15:04")
}

func (m *mistakes) hour(path, clock string) bool {
	if !IsHour(clock) {
		m.add(path, "hour_invalid", "Une heure s’écrit 08:30.")
	}
	return IsHour(clock)
}

func (m *mistakes) weekdays(path string, days []calendar.Weekday) {
	for i, d := range days {
		if !slices.Contains(calendar.Weekdays[:], d) || slices.Contains(days[:i], d) {
			m.add(fmt.Sprintf("%s[%d]", path, i), "not_allowed", "Un jour va de lundi (mon) à dimanche (sun), une seule fois.")
		}
	}
}

// named checks the ids and names of a list: each once, whatever the case of names. Ids stand in keys.
func named[T any](m *mistakes, path string, list []T, of func(T) (id, name string)) {
	ids, names := map[string]bool{}, map[string]bool{}
	for i, item := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		id, name := of(item)
		name = fold(name)
		switch {
		case !goodID(id):
			m.add(at+".id", "id_invalid", "Un identifiant se compose de 40 lettres minuscules sans accent, chiffres et traits d’union au plus.")
		case ids[id]:
			m.add(at+".id", "duplicate", "Cet identifiant figure deux fois.")
		}
		switch {
		case name == "":
			m.add(at+".name", "required", "Ce champ est obligatoire.")
		case names[name]:
			m.add(at+".name", "duplicate", "Ce nom figure deux fois.")
		}
		ids[id], names[name] = true, true
	}
}

// fold is a name as it is told from others.
func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func goodID(s string) bool {
	return len(s) > 0 && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// withIDs gives ids to those of a list that have none: that of the one of the same name before, else a new one.
func withIDs[T any](list, before []T, of func(*T) (id *string, name string), next func() string) []T {
	list = slices.Clone(list)
	used, known := map[string]bool{}, map[string]string{}
	for i := range list {
		id, _ := of(&list[i])
		used[*id] = true
	}
	for i := range before {
		id, name := of(&before[i])
		known[fold(name)] = *id
	}
	for i := range list {
		id, name := of(&list[i])
		if *id != "" {
			continue
		}
		if *id = known[fold(name)]; *id == "" || used[*id] {
			*id = next()
		}
		used[*id] = true
	}
	return list
}
