package family

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Formats are what values are read with: when, by whom and in which file they are given, and the libraries that know outside
// formats. They are handed in, so that a function links only what it reads.
type Formats struct {
	Now   time.Time
	Today calendar.Date
	File  File
	By    string // the guardian who gives them
	Phone func(text string) (e164 string, ok bool)
	IBAN  func(text string) (iban, code string) // code: what is wrong with it
	BIC   func(text string) (bic string, ok bool)
}

// Kind is how a field's value is read and checked.
type Kind string

// The kinds of field.
const (
	Text         Kind = "text"
	Name         Kind = "name"
	Choice       Kind = "choice"
	Choices      Kind = "choices" // several
	PastDate     Kind = "date"
	AnyDate      Kind = "anydate"
	Postcode     Kind = "postcode"
	Phone        Kind = "phone"
	Email        Kind = "email"
	YesNo        Kind = "yesno"
	Consent      Kind = "consent" // of one guardian; kept with its instant
	Amount       Kind = "amount"  // euros
	Beneficiary  Kind = "beneficiary"
	TaxReference Kind = "taxreference"
	IBAN         Kind = "iban"
	BIC          Kind = "bic"
	Housemate    Kind = "housemate" // another guardian of the household
	OfChildren   Kind = "children"  // children of the file
	OfFile       Kind = "member"    // a guardian or child of the file
	List         Kind = "list"      // records
	Attached     Kind = "upload"    // a file that was sent: never given as a value
)

// listed is how many records or choices a field holds at most.
const listed = 30

var details = map[string]string{
	"unknown_field":       "Ce champ n’existe pas dans cette rubrique.",
	"field_hidden":        "Ce champ n’est pas demandé par la collectivité.",
	"field_locked":        "Ce champ ne se modifie pas en ligne.",
	"required":            "Ce champ est obligatoire.",
	"wrong_type":          "Cette valeur n’est pas du type attendu.",
	"too_long":            "Ce texte est trop long.",
	"too_many":            "Cette liste est trop longue.",
	"name_invalid":        "Indiquez un nom.",
	"unknown_value":       "Cette valeur ne fait pas partie des choix.",
	"date_invalid":        "Cette date n’existe pas (forme attendue : 1985-03-21).",
	"date_implausible":    "Cette date n’est pas plausible.",
	"postcode_invalid":    "Un code postal compte cinq chiffres.",
	"text_invalid":        "Ce texte contient un caractère invisible interdit.",
	"phone_invalid":       "Ce numéro de téléphone n’est pas valable.",
	"email_invalid":       "Cette adresse e-mail n’est pas valable.",
	"amount_invalid":      "Indiquez un montant en euros, de 0 à 99 999,99.",
	"beneficiary_invalid": "Un numéro d’allocataire compte 7 chiffres (CAF), ou 13 ou 15 (MSA).",
	"tax_invalid":         "Une référence d’avis d’impôt compte 13 chiffres ou lettres.",
	"iban_invalid":        "Cet IBAN n’est pas valable : vérifiez chaque caractère sur votre RIB.",
	"iban_checksum":       "La clé de contrôle de cet IBAN est fausse : vérifiez chaque caractère sur votre RIB.",
	"iban_length":         "Cet IBAN n’a pas la longueur de ceux de son pays.",
	"iban_country":        "Cet IBAN commence par un pays inconnu.",
	"bic_invalid":         "Un BIC compte 8 ou 11 lettres et chiffres.",
	"not_housemate":       "Cette personne ne fait pas partie du même foyer.",
	"address_linked":      "L’adresse de cette personne est elle-même liée à une autre : choisissez la personne dont l’adresse est saisie.",
	"member_unknown":      "Cette personne ne fait pas partie du dossier.",
	"guardian_required":   "Ce document concerne un adulte : indiquez de quel responsable il s’agit.",
	"upload_expected":     "Envoyez un fichier pour changer cette rubrique.",
}

// mistakes collects what is wrong with values, each with its path: allergies[0].allergen.
type mistakes []refusal.Field

func (m *mistakes) add(path, code string) {
	*m = append(*m, refusal.Field{Field: path, Code: code, Detail: details[code]})
}

// read brings a value to the form in which it is kept; nil, "" and an empty list clear a field.
func (f Field) read(path string, value any, mode collectivity.Mode, formats Formats, wrong *mistakes) any {
	switch mode {
	case collectivity.Hidden:
		wrong.add(path, "field_hidden")
		return nil
	case collectivity.Shown:
		wrong.add(path, "field_locked")
		return nil
	}
	if f.Kind == Attached {
		wrong.add(path, "upload_expected")
		return nil
	}
	clean := f.readAny(path, value, formats, wrong)
	if clean == nil && mode == collectivity.Required && !slices.ContainsFunc(*wrong, func(w refusal.Field) bool { return strings.HasPrefix(w.Field, path) }) {
		wrong.add(path, "required")
	}
	return clean
}

// Read brings a text that somebody of the town brings, whoever may edit the field, to the form in which it is kept. nil: it says
// nothing. wrong is the code of why it makes no sense, with its French sentence.
func (f Field) Read(text string, formats Formats) (value any, wrong, detail string) {
	var all mistakes
	value = f.readAny(f.Name, text, formats, &all)
	if len(all) > 0 {
		return nil, all[0].Code, all[0].Detail
	}
	return value, "", ""
}

func (f Field) readAny(path string, value any, formats Formats, wrong *mistakes) any {
	switch f.Kind {
	case YesNo, Consent:
		return f.readYesNo(path, value, formats, wrong)
	case Amount:
		return readAmount(path, value, wrong)
	case Choices, OfChildren:
		return f.readSet(path, value, formats, wrong)
	case List:
		return f.readList(path, value, formats, wrong)
	}
	text, ok := value.(string)
	if !ok && value != nil {
		wrong.add(path, "wrong_type")
		return nil
	}
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return nil
	}
	if utf8.RuneCountInString(text) > f.max() {
		wrong.add(path, "too_long")
		return nil
	}
	clean, code := f.readText(text, formats)
	if code != "" {
		wrong.add(path, code)
		return nil
	}
	return clean
}

// readYesNo reads a yes or no; a consent is kept with the instant at which it was given or withdrawn.
func (f Field) readYesNo(path string, value any, formats Formats, wrong *mistakes) any {
	if value == nil {
		return nil
	}
	yes, ok := value.(bool)
	if !ok {
		wrong.add(path, "wrong_type")
		return nil
	}
	if f.Kind == Consent {
		return map[string]any{"given": yes, "at": formats.Now.UTC().Format(time.RFC3339)}
	}
	return yes
}

// readAmount reads euros to the cent.
func readAmount(path string, value any, wrong *mistakes) any {
	amount, ok := value.(float64)
	if text, isText := value.(string); isText {
		if text = strings.ReplaceAll(strings.Join(strings.Fields(text), ""), ",", "."); text == "" {
			return nil
		}
		parsed, err := strconv.ParseFloat(text, 64)
		amount, ok = parsed, err == nil && strings.Trim(text, "0123456789.") == "" // no 1e3, 0x10, inf
	}
	if value == nil {
		return nil
	}
	if !ok || math.Signbit(amount) || amount > 99_999.99 {
		wrong.add(path, "amount_invalid")
		return nil
	}
	return math.Round(amount*100) / 100
}

// readMany is a list as it was given; what is none, or too long, is wrong and empty.
func readMany(path string, value any, wrong *mistakes) []any {
	given, ok := value.([]any)
	switch {
	case value == nil:
	case !ok:
		wrong.add(path, "wrong_type")
	case len(given) > listed:
		wrong.add(path, "too_many")
	default:
		return given
	}
	return nil
}

// readSet reads several choices, or several children of the file, in a fixed order and each once.
func (f Field) readSet(path string, value any, formats Formats, wrong *mistakes) any {
	given := readMany(path, value, wrong)
	if len(given) == 0 {
		return nil
	}
	known, code := f.Choices, "unknown_value"
	if f.Kind == OfChildren {
		known, code = nil, "member_unknown"
		for _, c := range formats.File.Children {
			known = append(known, c.ID)
		}
	}
	for i, v := range given {
		if text, isText := v.(string); !isText || !slices.Contains(known, text) {
			wrong.add(fmt.Sprintf("%s[%d]", path, i), code)
		}
	}
	var clean []any
	for _, k := range known {
		if slices.Contains(given, any(k)) {
			clean = append(clean, k)
		}
	}
	if clean == nil {
		return nil
	}
	return clean
}

// readList reads records; one that holds nothing is left out.
func (f Field) readList(path string, value any, formats Formats, wrong *mistakes) any {
	var clean []any
	for i, v := range readMany(path, value, wrong) {
		if record := f.readRecord(fmt.Sprintf("%s[%d]", path, i), v, formats, wrong); len(record) > 0 {
			clean = append(clean, record)
		}
	}
	if clean == nil {
		return nil
	}
	return clean
}

func (f Field) readRecord(path string, value any, formats Formats, wrong *mistakes) map[string]any {
	given, ok := value.(map[string]any)
	if !ok {
		wrong.add(path, "wrong_type")
		return nil
	}
	if isBlank(given) {
		return nil
	}
	clean := map[string]any{}
	for _, item := range f.Items {
		mode := collectivity.Editable
		if item.Needed {
			mode = collectivity.Required
		}
		if v := item.read(path+"."+item.Name, given[item.Name], mode, formats, wrong); v != nil {
			clean[item.Name] = v
		}
	}
	for name := range given {
		if !slices.ContainsFunc(f.Items, func(item Field) bool { return item.Name == name }) {
			wrong.add(path+"."+name, "unknown_field")
		}
	}
	return clean
}

// isBlank says whether a record is a row that was left empty.
func isBlank(record map[string]any) bool {
	for _, v := range record {
		if text, isText := v.(string); v != nil && (!isText || strings.TrimSpace(text) != "") {
			return false
		}
	}
	return true
}

func (f Field) readText(text string, formats Formats) (any, string) {
	switch f.Kind {
	case Name:
		name, err := account.ReadName(f.Name, text)
		return name, unless(err == nil, "name_invalid")
	case Choice:
		return text, unless(slices.Contains(f.Choices, text), "unknown_value")
	case PastDate, AnyDate:
		return readDate(text, f.Kind == PastDate, formats.Today)
	case Postcode:
		return text, unless(isPostcode(text), "postcode_invalid")
	case Phone:
		number, ok := formats.Phone(text)
		return number, unless(ok, "phone_invalid")
	case Email:
		email, err := account.ReadEmail(f.Name, text)
		return email, unless(err == nil, "email_invalid")
	case Beneficiary:
		number := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
		return number, unless(isBeneficiary(number), "beneficiary_invalid")
	case TaxReference:
		number := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
		return number, unless(len(number) == 13 && strings.Trim(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "", "tax_invalid")
	case IBAN:
		return formats.IBAN(text)
	case BIC:
		bic, ok := formats.BIC(text)
		return bic, unless(ok, "bic_invalid")
	case Housemate:
		by, _ := formats.File.Member(formats.By)
		other, ok := formats.File.Member(text)
		return text, unless(ok && other.Target == Guardian && Near(by, other), "not_housemate")
	case OfFile:
		m, ok := formats.File.Member(text)
		return text, unless(ok && (m.Target == Guardian || m.Target == Child), "member_unknown")
	}
	return text, unless(!strings.ContainsFunc(text, invisible), "text_invalid")
}

// invisible are control characters and those that turn the direction of what follows.
func invisible(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func readDate(text string, past bool, today calendar.Date) (any, string) {
	d, err := calendar.ParseDate(text)
	if err != nil {
		return nil, "date_invalid"
	}
	return text, unless(d > "1900-01-01" && d < "2100-01-01" && (!past || d <= today), "date_implausible")
}

// isPostcode says whether a text is five digits of which the first two name a département, 01 to 98 (La Poste).
func isPostcode(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789") == "" && s >= "01" && s < "99"
}

// isBeneficiary says whether a text is a number of the CAF (seven digits, older ones with a letter behind) or of the MSA: a
// social security number, 13 digits or 15 with its key, 97 less the number modulo 97 (décret 82-103; 2A and 2B count as 19 and 18).
func isBeneficiary(s string) bool {
	digits := strings.TrimRight(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if len(digits) == 7 && len(s) <= 8 {
		return strings.Trim(digits, "0123456789") == ""
	}
	if len(s) > 6 { // the département of birth, behind sex, year and month
		s = s[:5] + strings.NewReplacer("2A", "19", "2B", "18").Replace(s[5:7]) + s[7:]
	}
	if strings.Trim(s, "0123456789") != "" || len(s) != 13 && len(s) != 15 {
		return false
	}
	if len(s) == 13 {
		return true
	}
	number, _ := strconv.ParseInt(s[:13], 10, 64)
	key, _ := strconv.ParseInt(s[13:], 10, 64)
	return key == 97-number%97
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
