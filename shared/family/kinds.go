package family

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// Formats are what values are read with: the day on which they are given, and the libraries that know outside formats.
// They are handed in, so that a function links only what it reads.
type Formats struct {
	Today calendar.Date
	Phone func(text string) (e164 string, ok bool)
}

// Kind is how a field's value is read and checked.
type Kind string

// The kinds of field.
const (
	Text     Kind = "text"
	Name     Kind = "name"
	Choice   Kind = "choice"
	PastDate Kind = "date"
	Postcode Kind = "postcode"
	Phone    Kind = "phone"
)

var details = map[string]string{
	"unknown_field":    "Ce champ n’existe pas dans cette rubrique.",
	"field_hidden":     "Ce champ n’est pas demandé par la collectivité.",
	"field_locked":     "Ce champ ne se modifie pas en ligne.",
	"required":         "Ce champ est obligatoire.",
	"wrong_type":       "Cette valeur n’est pas du type attendu.",
	"too_long":         "Ce texte est trop long.",
	"name_invalid":     "Indiquez un nom.",
	"unknown_value":    "Cette valeur ne fait pas partie des choix.",
	"date_invalid":     "Cette date n’existe pas (forme attendue : 1985-03-21).",
	"date_implausible": "Cette date n’est pas plausible.",
	"postcode_invalid": "Un code postal compte cinq chiffres.",
	"text_invalid":     "Ce texte contient un caractère invisible interdit.",
	"phone_invalid":    "Ce numéro de téléphone n’est pas valable.",
}

// read brings a value to the form in which it is kept; nil and "" clear a field. The code says what is wrong.
func (f Field) read(value any, mode collectivity.Mode, formats Formats) (clean any, code string) {
	switch mode {
	case collectivity.Hidden:
		return nil, "field_hidden"
	case collectivity.Shown:
		return nil, "field_locked"
	}
	text, ok := value.(string)
	if !ok && value != nil {
		return nil, "wrong_type"
	}
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		if mode == collectivity.Required {
			return nil, "required"
		}
		return nil, ""
	}
	if utf8.RuneCountInString(text) > f.max() {
		return nil, "too_long"
	}
	return f.readText(text, formats)
}

func (f Field) readText(text string, formats Formats) (any, string) {
	switch f.Kind {
	case Name:
		name, err := account.ReadName(f.Name, text)
		return name, unless(err == nil, "name_invalid")
	case Choice:
		return text, unless(slices.Contains(f.Choices, text), "unknown_value")
	case PastDate:
		d, err := calendar.ParseDate(text)
		if err != nil {
			return nil, "date_invalid"
		}
		return text, unless(d > "1900-01-01" && d <= formats.Today, "date_implausible")
	case Postcode:
		return text, unless(isPostcode(text), "postcode_invalid")
	case Phone:
		number, ok := formats.Phone(text)
		return number, unless(ok, "phone_invalid")
	}
	return text, unless(!strings.ContainsFunc(text, unicode.IsControl), "text_invalid")
}

// isPostcode says whether a text is five digits of which the first two name a département, 01 to 98 (La Poste).
func isPostcode(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789") == "" && s >= "01" && s < "99"
}

func unless(ok bool, code string) string {
	if ok {
		return ""
	}
	return code
}

func (f Field) max() int {
	if f.Max > 0 {
		return f.Max
	}
	return 100
}
