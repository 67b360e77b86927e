package collectivity

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/refusal"
)

// What settings may say, besides what the API's own limits are.
const (
	shortestCode, longestCode = 7, 1095 // days that a subscriber code may live
	longestSilence            = 12      // months after which silence may decide
	longestArchive            = 30      // years after which files may be erased
)

// Check refuses settings that make no sense, alone or after those before them. The refusal names the path of each mistake as
// the API has it, contact.email, and shades that would do for colours that do not. found are mistakes that another package knows of.
func (s Settings) Check(before Settings, now time.Time, found ...refusal.Field) error {
	var m mistakes
	if strings.TrimSpace(s.Name) == "" {
		m.add("name", "required", "Ce champ est obligatoire.")
	}
	m.colour("colours.primary", s.Primary)
	m.colour("colours.accent", s.Accent)
	s.checkContact(&m)
	m.text("terms", before.Terms, s.Terms)
	m.text("privacy", before.Privacy, s.Privacy)
	m.text("legal", before.Legal, s.Legal)
	m.text("accessibility", before.Accessibility, s.Accessibility)
	s.checkModules(&m)
	s.checkRules(&m, calendar.DateOf(now, s.Zone()))
	if m = append(m, found...); len(m) == 0 {
		return nil
	}
	no := refusal.OfFields(m)
	if shades := s.shades(m); len(shades) > 0 {
		return no.With("suggestions", shades)
	}
	return no
}

// shades are colours that would do, by the path of those that do not.
func (s Settings) shades(m mistakes) map[string]string {
	colours, out := map[string]string{"colours.primary": s.Primary, "colours.accent": s.Accent}, map[string]string{}
	for _, f := range m {
		if f.Code == "colour_contrast" {
			out[f.Field] = Readable(colours[f.Field])
		}
	}
	return out
}

func (s Settings) checkContact(m *mistakes) {
	if strings.TrimSpace(s.Contact.Service) == "" {
		m.add("contact.service", "required", "Indiquez le service auquel les familles s’adressent.")
	}
	m.email("contact.email", s.Contact.Email)
	m.email("mail.replyTo", s.Mail.ReplyTo)
	if s.Contact.Website != "" && !isWebsite(s.Contact.Website) {
		m.add("contact.website", "url_invalid", "Une adresse de site s’écrit https://www.saint-aubin.fr.")
	}
	m.line("name", s.Name)
	m.line("mail.senderName", s.Mail.Sender)
}

// line refuses a text that stands in headers if it has a second line.
func (m *mistakes) line(path, text string) {
	if strings.ContainsAny(text, "\r\n\t") {
		m.add(path, "one_line", "Ce texte tient sur une seule ligne.")
	}
}

func isWebsite(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && strings.Contains(u.Hostname(), ".") && u.User == nil
}

// email refuses what can not be mailed to; nothing is fine.
func (m *mistakes) email(path, address string) {
	if address == "" {
		return
	}
	_, err := account.ReadEmail(path, address)
	var no *refusal.Refusal
	if errors.As(err, &no) {
		*m = append(*m, no.Fields...)
	}
}

// text refuses a text that people could not be held to: one that is missing, or another one under the same version.
func (m *mistakes) text(path string, before, now Text) {
	switch {
	case strings.TrimSpace(now.Text) == "":
		m.add(path+".text", "required", "Ce texte est obligatoire.")
	case strings.TrimSpace(now.Version) == "":
		m.add(path+".version", "required", "Donnez à ce texte une version, par exemple la date de sa décision.")
	case now.Version == before.Version && now.Text != before.Text:
		m.add(path+".version", "version_unchanged", "Ce texte a changé : donnez-lui une autre version.")
	}
}

func (s Settings) checkModules(m *mistakes) {
	each(m, "modules", ofModules(s.Modules), func(name string) (code, detail string) {
		needed, needs := moduleNeeds[Module(name)]
		switch {
		case !slices.Contains(Modules, Module(name)):
			return "module_unknown", "Ce service n’existe pas."
		case needs && !slices.Contains(s.Modules, needed):
			return "module_needs", fmt.Sprintf("Ce service ne peut être proposé sans « %s ».", needed)
		}
		return "", ""
	})
}

func ofModules(modules []Module) (names []string) {
	for _, m := range modules {
		names = append(names, string(m))
	}
	return names
}

func (s Settings) checkRules(m *mistakes, today calendar.Date) {
	each(m, "postcodes", s.Postcodes, func(code string) (string, string) {
		return unless(len(code) == 5 && strings.Trim(code, "0123456789") == "", "postcode_invalid"), "Un code postal compte cinq chiffres."
	})
	if s.Implied.Months < 0 || s.Implied.Months > longestSilence {
		m.add("implied.months", "out_of_range", "Indiquez de 1 à %d mois.", longestSilence)
	}
	if s.CodeDays != 0 && (s.CodeDays < shortestCode || s.CodeDays > longestCode) {
		m.add("codeDays", "out_of_range", "Un code abonné vaut de %d à %d jours.", shortestCode, longestCode)
	}
	if s.Archive != (Archive{}) {
		s.Archive.check(m, today)
	}
}

// check wants the agreement whole: nothing is erased under half of one.
func (a Archive) check(m *mistakes, today calendar.Date) {
	if strings.TrimSpace(a.Reference) == "" {
		m.add("archive.reference", "required", "Indiquez la référence du visa des archives départementales.")
	}
	_, err := calendar.ParseDate(string(a.SignedOn))
	switch {
	case err != nil:
		m.add("archive.signedOn", "date_invalid", "Cette date n’existe pas (forme attendue : 2026-11-23).")
	case !IsPlausible(a.SignedOn) || a.SignedOn > today:
		m.add("archive.signedOn", "out_of_range", "Indiquez une date passée.")
	}
	if a.Years < 1 || a.Years > longestArchive {
		m.add("archive.years", "out_of_range", "Indiquez de 1 à %d ans.", longestArchive)
	}
}

// After makes the settings what follows on others: what a manager does not set stays, and other terms are in force from now on.
func (s Settings) After(before Settings, now time.Time) Settings {
	s.Slug, s.Timezone, s.Calendar = before.Slug, before.Timezone, before.Calendar
	s.Mail.Address, s.Suspended, s.Leaves = before.Mail.Address, before.Suspended, before.Leaves
	s.TermsSince = before.TermsSince
	if s.Terms.Version != before.Terms.Version {
		s.TermsSince = now
	}
	return s
}
