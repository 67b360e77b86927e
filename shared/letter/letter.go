// Package letter prints the letters that bring families their subscriber codes: a page each, for envelopes with a window.
//
// The page is laid out as NF Z 11-001 has it: the sender on the left, the addressee on the right where the window of an envelope
// DL (110 × 220 mm, window at 20 mm from its right and lower edges) shows them, marks for the two folds. Whatever the page does
// within the envelope, the window shows the address and nothing else: least of all the code.
package letter

import (
	"fmt"
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"preau/shared/calendar"
	"preau/shared/code"
	"preau/shared/glyph"
)

// Type is the media type of the letters.
const Type = "application/pdf"

// Sender is the collectivity that writes.
type Sender struct {
	Name    string // Saint-Aubin
	Service string // that families write to
	Address string // of the service, some lines
	Phone   string
	Email   string
	Hours   string
	Logo    []byte // PNG; none: no logo
	Site    string // address of the page where a code is entered
}

// Letter brings a guardian their code.
type Letter struct {
	Civility string   // "mme", "m", or ""
	Name     string   // of the guardian
	Address  []string // below the name; none: the letter is handed over
	Family   string   // label of the file that the code opens
	Code     string
	Until    calendar.Date // the last day on which it opens
}

// Link is the page that the letter's QR code opens. The code stands in its fragment: no server and no log on the way sees it.
func (s Sender) Link(c string) string { return s.Site + "#code=" + code.Format(c) }

// Write prints letters of a day, each on a page of its own.
func Write(w io.Writer, s Sender, on calendar.Date, letters []Letter) error {
	p := newPrinter(s, on)
	for _, l := range letters {
		if err := p.letter(l); err != nil {
			return err
		}
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("print %d letters: %w", len(letters), err)
	}
	return nil
}

// printer writes letters one after the other.
type printer struct {
	*fpdf.Fpdf
	from Sender
	on   calendar.Date
}

const (
	sans = "go"
	mono = "mono"
	logo = "logo"
)

func newPrinter(s Sender, on calendar.Date) *printer {
	p := &printer{fpdf.New("P", "mm", "A4", ""), legible(s), on}
	p.AddUTF8FontFromBytes(sans, "", glyph.Regular)
	p.AddUTF8FontFromBytes(sans, "B", glyph.Bold)
	p.AddUTF8FontFromBytes(mono, "B", glyph.Mono)
	p.SetTitle("Codes abonnés", true)
	p.SetAuthor(p.from.Name, true)
	p.SetLang("fr-FR")
	p.SetMargins(0, 0, 0)
	p.SetAutoPageBreak(false, 0)
	p.SetCellMargin(0)
	p.SetDrawColor(120, 120, 120)
	if len(s.Logo) > 0 {
		p.RegisterImageOptionsReader(logo, fpdf.ImageOptions{ImageType: "PNG"}, strings.NewReader(string(s.Logo)))
		if p.Err() { // a letter without its logo is a letter
			p.ClearError()
			p.from.Logo = nil
		}
	}
	return p
}

func legible(s Sender) Sender {
	for _, text := range []*string{&s.Name, &s.Service, &s.Address, &s.Phone, &s.Email, &s.Hours} {
		*text = strings.TrimSpace(glyph.Legible(*text))
	}
	return s
}

func (p *printer) letter(l Letter) error {
	p.AddPage()
	p.sender()
	p.addressee(l)
	p.folds()
	p.opening(l)
	if err := p.code(l); err != nil {
		return err
	}
	p.steps()
	p.closing()
	return p.Error()
}
