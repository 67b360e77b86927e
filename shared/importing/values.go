package importing

import (
	"fmt"
	"strings"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
)

// choices are the words in which other software writes what the family file keeps as a choice, as they are compared. Letters in
// brackets are left out: marié(e) is marie e.
var choices = map[string]map[string][]string{
	"civility": {
		"mme": {"mme", "madame", "mlle", "mademoiselle", "me", "melle"},
		"m":   {"m", "monsieur", "mr", "mons"},
	},
	"situation": {
		"single": {"celibataire", "seul", "seule", "parent isole"}, "married": {"marie", "mariee", "marie e", "maries", "mariee s"},
		"civil_union": {"pacse", "pacsee", "pacse e", "pacses", "pacs"}, "cohabiting": {"concubinage", "concubin", "concubine", "union libre", "vie maritale", "en couple"},
		"separated": {"separe", "separee", "separe e", "separes"}, "divorced": {"divorce", "divorcee", "divorce e", "divorces"},
		"widowed": {"veuf", "veuve", "veuf ve"},
	},
	"relation": {
		"mother": {"mere", "maman"}, "father": {"pere", "papa"}, "legal_guardian": {"tuteur", "tutrice", "tuteur legal", "responsable legal", "delegation autorite parentale"},
		"step_parent": {"beau pere", "belle mere", "beau parent"}, "grandparent": {"grand pere", "grand mere", "grands parents", "grand parent"},
		"foster_family": {"famille accueil", "famille d accueil", "assistant familial", "assistante familiale", "ase"}, "other": {"autre"},
	},
	"sex":    {"f": {"f", "fille", "feminin", "femme"}, "m": {"m", "g", "garcon", "masculin", "homme"}},
	"scheme": {"caf": {"caf", "regime general"}, "msa": {"msa", "regime agricole"}},
}

// choice is a choice as the family file keeps it; a word that means none stays, to be refused.
func (r Rules) choice(field, text string) string {
	folded := r.Fold(text)
	for value, words := range choices[field] {
		for _, w := range words {
			if w == folded {
				return value
			}
		}
	}
	return text
}

// errAmerican is a day whose month stands first.
type errAmerican struct{ text, meant string }

func (e errAmerican) Error() string { return "american date " + e.text }

// in refuses the whole file: where one day has its month first, nobody knows of the others.
func (e errAmerican) in(line int, column string) *refusal.Refusal {
	return failure("date_american", fmt.Sprintf(
		"Ligne %d, colonne « %s » : « %s » est écrit dans l’ordre américain (mois, jour, année). Les dates s’écrivent dans l’ordre jour, mois, année : %s.", line, column, e.text, e.meant)).
		With("line", line).With("column", column)
}

// readDay brings a day as French software writes it to 2018-05-04; nothing it does not know is changed. today says of which century a
// year of two figures is.
func readDay(text string, today calendar.Date) (string, error) {
	if day, _, timed := strings.Cut(text, " "); timed && strings.Contains(text, ":") {
		text = day
	}
	if day, hour, timed := strings.Cut(text, "T"); timed && strings.Contains(hour, ":") {
		text = day
	}
	if n := number(text, 8, 8); n > 0 && text > "18000000" {
		return text[:4] + "-" + text[4:6] + "-" + text[6:], nil
	}
	if n := number(text, 5, 5); n > 0 { // as workbooks count days
		return string(calendar.Date("1899-12-30").AddDays(n)), nil
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/.-", r) })
	if len(parts) != 3 || number(parts[0], 1, 2) < 0 || number(parts[1], 1, 2) < 0 {
		return text, nil
	}
	day, month, year := number(parts[0], 1, 2), number(parts[1], 1, 2), number(parts[2], 4, 4)
	if short := number(parts[2], 2, 2); short >= 0 {
		if year = 2000 + short; fmt.Sprint(year) > string(today[:4]) {
			year -= 100
		}
	}
	if year < 0 {
		return text, nil
	}
	if month > 12 && day >= 1 && day <= 12 && month <= 31 {
		return "", errAmerican{text, fmt.Sprintf("%02d/%02d/%04d", month, day, year)}
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day), nil
}

// number reads figures, so many at least and at most; -1: it is something else.
func number(text string, least, most int) int {
	if len(text) < least || len(text) > most || strings.Trim(text, "0123456789") != "" {
		return -1
	}
	n := 0
	for _, r := range text {
		n = n*10 + int(r-'0')
	}
	return n
}

// whole brings what spreadsheets make of figures back to what was typed: the zero at the beginning of a telephone number or a postcode,
// which a number has not.
func whole(kind family.Kind, text string) string {
	switch kind {
	case family.Phone:
		if bare := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(text); number(bare, 9, 9) > 0 && bare[0] != '0' {
			return "0" + bare
		}
	case family.Postcode:
		if number(text, 4, 4) > 0 {
			return "0" + text
		}
	}
	return text
}
