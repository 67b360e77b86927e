package letter

import (
	"strings"

	"preau/shared/calendar"
	"preau/shared/code"
	"preau/shared/glyph"
)

// civilities are how a person is addressed, on the envelope and in the letter.
var civilities = map[string]struct{ short, long string }{
	"mme": {"Mme", "Madame,"}, "m": {"M.", "Monsieur,"}, "": {"", "Madame, Monsieur,"},
}

// opening says what the letter is about.
func (p *printer) opening(l Letter) {
	p.line(left, openingY, right-left, "B", heading, glyph.Legible("Objet : votre code abonné – "+l.Family))
	y := openingY + 10
	y = p.paragraph(left, y, right-left, codeY, "", body, bodyLine, civilities[l.Civility].long) + 2
	p.paragraph(left, y, right-left, codeY-2, "", body, bodyLine, p.from.Name+" met à votre disposition un portail en ligne. Vous y tenez à jour le dossier de "+
		"votre famille, vous y suivez le planning de vos enfants, et vous y demandez leurs réservations et leurs absences. "+
		"Le code ci-dessous vous y donne accès.")
}

// code draws the frame with the code, as figures and letters and as a QR code.
func (p *printer) code(l Letter) error {
	p.SetLineWidth(0.3)
	p.Rect(left, codeY, right-left, codeHeight, "D")
	const inner = left + 8
	p.line(inner, codeY+7, 100, "", body, "Votre code abonné")
	p.SetFont(mono, "B", 26)
	p.SetXY(inner, codeY+14)
	p.CellFormat(100, 12, code.Format(l.Code), "", 0, "LM", false, 0, "")
	p.line(inner, codeY+31, 100, "", small, "Valable jusqu’au "+withoutWeekday(l.Until)+". Il ne sert qu’une fois.")
	return p.qr(p.from.Link(l.Code), right-codeHeight+2, codeY+2, codeHeight-4)
}

// withoutWeekday is a day with its year: 23 novembre 2027.
func withoutWeekday(d calendar.Date) string {
	_, rest, _ := strings.Cut(d.French(), " ")
	return rest
}

// steps says what to do.
func (p *printer) steps() {
	p.line(left, stepsY, right-left, "B", heading, "En trois étapes")
	site := strings.TrimPrefix(strings.TrimPrefix(p.from.Site, "https://"), "http://")
	y := stepsY + 9.0
	for i, text := range []string{
		"Scannez le code QR avec votre téléphone, ou ouvrez " + site + " dans votre navigateur.",
		"Créez votre compte, ou connectez-vous si vous en avez déjà un, puis saisissez le code ci-dessus s’il n’est pas déjà rempli.",
		"Vérifiez le nom de famille affiché et confirmez : vos enfants et leurs activités apparaissent aussitôt.",
	} {
		p.line(left, y+0.4, 6, "B", body, []string{"1.", "2.", "3."}[i])
		y = p.paragraph(left+7, y, right-left-7, bottom, "", body, bodyLine, text) + 1.5
	}
	p.SetY(y)
}

// closing says what the code is, and whom to ask.
func (p *printer) closing() {
	y := p.GetY() + 3
	y = p.paragraph(left, y, right-left, bottom, "B", body, bodyLine, "Ce code est personnel : il ouvre le dossier de votre famille. Ne le communiquez à personne. "+
		"Il remplace ceux que vous auriez reçus auparavant.") + 3
	p.paragraph(left, y, right-left, bottom, "", body, bodyLine, p.contact())
}

func (p *printer) contact() string {
	text := "Une question, un code perdu, ou ce courrier n’est pas pour vous ? " + p.from.Service
	var by []string
	for _, way := range []string{p.from.Phone, p.from.Email} {
		if way != "" {
			by = append(by, strings.ReplaceAll(way, " ", "\u00a0"))
		}
	}
	if len(by) > 0 {
		text += " : " + strings.Join(by, ", ")
	}
	text += "."
	if p.from.Hours != "" {
		text += "\n" + p.from.Hours
	}
	return text
}
