package mail

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// Letter is one mail: to whom, in whose name, and its blocks.
type Letter struct {
	Envelope
	Kind    string // counts letters in SES's statistics: letters, digits, hyphens
	Subject string
	Body    []Block
}

// Envelope is what every letter needs, whatever it says.
type Envelope struct {
	To     string         // e-mail address
	Reader account.Person // greeted by name; nobody for an address that has not proved whose it is
	Town   collectivity.Settings
	Portal string // origin of the site, no slash at its end
}

// Block is one piece of a letter; one of its members is set.
type Block struct {
	Text    string
	Heading string
	Items   []string
	Link    *Link
}

// Link is a button with its address, which plain text and readers without buttons see in clear.
type Link struct{ Label, URL string }

func say(format string, values ...any) Block       { return Block{Text: fmt.Sprintf(format, values...)} }
func heading(s string) Block                       { return Block{Heading: s} }
func list(items ...string) Block                   { return Block{Items: items} }
func (e Envelope) button(label, page string) Block { return Block{Link: &Link{label, e.page(page)}} }

// page is the address of one of the site's pages at the collectivity; without one, at none.
func (e Envelope) page(path string) string {
	if e.Town.Slug == "" {
		return e.Portal + cmp.Or(path, "/")
	}
	return e.Portal + "/" + e.Town.Slug + path
}

// Logo is where the collectivity's logo is to be had, or "".
func (e Envelope) Logo() string {
	if e.Town.Logo == "" {
		return ""
	}
	return e.Portal + "/v1/collectivities/" + e.Town.Slug + "/logo?logo=" + e.Town.Logo
}

// Signature is the lines that the collectivity ends its letters with.
func (e Envelope) Signature() []string {
	if text := strings.TrimSpace(e.Town.Mail.Signature); text != "" {
		return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	}
	return nil
}

func (e Envelope) letter(kind, subject string, body ...Block) Letter {
	return Letter{e, kind, subject + " – " + e.Town.Name, body}
}

// Greeting is the letter's first line.
func (e Envelope) Greeting() string {
	name := e.Reader.LastName
	switch title := titles[e.Reader.Civility]; {
	case name == "":
		return "Bonjour,"
	case title != "":
		return "Bonjour " + title + " " + name + ","
	}
	return "Bonjour " + strings.TrimSpace(e.Reader.FirstName+" "+name) + ","
}

var titles = map[string]string{"mme": "Madame", "m": "Monsieur"}

// Contact lists how to reach the service in charge.
func (e Envelope) Contact() []string {
	c := e.Town.Contact
	var lines []string
	for _, s := range []string{c.Service, c.Address, c.Phone, c.Email, c.Hours} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	if len(lines) == 0 {
		return []string{e.Town.Name}
	}
	return lines
}

// instant writes a moment on the collectivity's clocks: lundi 23 novembre 2026 à 9 h 05.
func (e Envelope) instant(t time.Time) string {
	local := t.In(e.Town.Zone())
	return fmt.Sprintf("%s à %d h %02d", calendar.DateOf(local, e.Town.Zone()).French(), local.Hour(), local.Minute())
}

// oneLine turns line breaks and other control characters into spaces: a header is one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}
