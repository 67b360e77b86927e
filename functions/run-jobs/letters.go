package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/letter"
	"preau/shared/sheet"
	"preau/shared/store"
)

// volume is how many letters a file holds: as many as a function has memory for, and a printer paper.
const volume = 1000

// printing prints the letters of an issue.
type printing struct {
	*task
	set store.Configuration
	on  calendar.Date
}

func newPrinting(t *task, c store.Configuration) printing { return printing{t, c, t.today(c)} }

// addressed is a letter, and the code that it brings.
type addressed struct {
	letter.Letter
	code      store.IssuedCode
	household store.Household
	guardian  family.Member
}

// from prints the letters behind some volumes, and at last lists whose letters have no address. A volume holds the same codes each
// time: which were issued, and in which order, never changes. Those that were used, revoked or replaced since have no letter.
func (p printing) from(ctx context.Context, done int) error {
	codes, err := p.town.CodesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	volumes := slices.Collect(slices.Chunk(codes, p.task.volume))
	p.Total = p.Done + len(codes) - min(done*p.task.volume, len(codes))
	if len(codes) == 0 {
		p.Detail = nobody(p.Job)
	}
	for n := done; n < len(volumes); n++ {
		if err := p.volume(ctx, volumes[n], n, len(volumes)); err != nil {
			return err
		}
		p.Done += len(volumes[n])
		if err := p.step(ctx, lettersFrom+" "+strconv.Itoa(n+1)); err != nil {
			return err
		}
	}
	return p.unaddressed(ctx)
}

// nobody says why a job issued no code.
func nobody(j store.Job) string {
	without := j.About["without"] == "subscriber"
	switch why := j.About["codes"]; {
	case j.Total == 0:
		return "Aucun courrier : aucune famille n’est concernée."
	case why == "expired":
		return "Aucun courrier : aucun dernier code n’a expiré sans servir."
	case why == "all" && without:
		return "Aucun courrier : toutes les familles ont un abonné."
	case why == "all":
		return "Aucun courrier : tous sont abonnés."
	case without:
		return "Aucun courrier : toutes les familles ont un abonné ou des codes valables."
	}
	return "Aucun courrier : tous sont abonnés ou ont un code valable."
}

// volume prints the letters of some codes: those with an address, and those to be handed over.
func (p printing) volume(ctx context.Context, codes []store.IssuedCode, n, of int) error {
	letters, err := p.letters(ctx, codes)
	if err != nil {
		return err
	}
	var posted, handed []addressed
	for _, l := range letters {
		if len(l.Address) > 0 {
			posted = append(posted, l)
		} else {
			handed = append(handed, l)
		}
	}
	from, err := p.sender(ctx)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		key, name string
		letters   []addressed
	}{{"courriers", "Courriers", posted}, {"a-remettre", "Courriers à remettre en main propre", handed}} {
		key := fmt.Sprintf("%s%s-%d.pdf", p.town.JobFolder(p.ID), part.key, n+1)
		if err := p.print(ctx, from, key, part.name+numbered(n, of)+" "+string(p.on)+".pdf", part.letters); err != nil {
			return err
		}
	}
	return store.Each(len(letters), func(i int) error {
		return p.town.Printed(ctx, letters[i].code, len(letters[i].Address) == 0, p.now())
	})
}

func numbered(n, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf(" (%d sur %d)", n+1, of)
}

func (p printing) print(ctx context.Context, from letter.Sender, key, name string, letters []addressed) error {
	if len(letters) == 0 {
		return nil
	}
	pages := make([]letter.Letter, len(letters))
	for i, l := range letters {
		pages[i] = l.Letter
	}
	var out bytes.Buffer
	if err := letter.Write(&out, from, p.on, pages); err != nil {
		return err
	}
	if err := p.files.Put(ctx, key, letter.Type, bytes.NewReader(out.Bytes())); err != nil {
		return err
	}
	p.add(store.JobFile{Key: key, Name: name, Type: letter.Type, Count: len(pages)})
	return nil
}

// sender is the town as its letters show it.
func (p printing) sender(ctx context.Context) (letter.Sender, error) {
	s, c := p.set.Settings, p.set.Contact
	from := letter.Sender{
		Name: cmp.Or(s.FullName, s.Name), Service: c.Service, Address: c.Address, Phone: c.Phone, Email: c.Email, Hours: c.Hours,
		Site: p.portal + "/" + s.Slug + "/inscription",
	}
	logo, err := p.town.Logo(ctx, s.Logo)
	if err != nil && !errors.Is(err, store.ErrNoLogo) {
		return from, err
	}
	from.Logo = logo.Picture
	return from, nil
}

// letters are those of codes that still open something.
func (p printing) letters(ctx context.Context, codes []store.IssuedCode) ([]addressed, error) {
	all := make([]addressed, len(codes))
	err := store.Each(len(codes), func(i int) (err error) { all[i], err = p.letter(ctx, codes[i]); return err })
	return slices.DeleteFunc(all, func(l addressed) bool { return l.Code == "" }), err
}

// letter is that of a code; none without a code in it.
func (p printing) letter(ctx context.Context, c store.IssuedCode) (addressed, error) {
	if c.State(p.now()) != store.CodeOpen {
		return addressed{}, nil
	}
	h, id, err := p.town.HouseholdOf(ctx, c.Family, c.Guardian)
	if errors.Is(err, family.ErrUnknown) {
		return addressed{}, nil
	}
	g, there := h.Member(id)
	if err != nil || !there || !g.MayHaveCode() {
		return addressed{}, err
	}
	address, _ := letter.AddressOf(h.File, g)
	last := calendar.DateOf(c.Until.Add(-1), p.set.Zone())
	return addressed{letter.Letter{
		Civility: g.Text("identity", "civility"), Name: g.Name(), Address: address, Family: h.Label,
		Code: p.secret.IssuedCode(c.Issue, c.Guardian, c.Draw), Until: last,
	}, c, h, g}, nil
}

// unaddressed lists whose letters have to be handed over, and why.
func (p printing) unaddressed(ctx context.Context) error {
	codes, err := p.town.CodesOf(ctx, p.ID)
	if err != nil {
		return err
	}
	handed := slices.DeleteFunc(codes, func(c store.IssuedCode) bool { return !c.ByHand })
	letters, err := p.letters(ctx, handed)
	if err != nil {
		return err
	}
	t := sheet.Table{Name: "Responsables sans adresse", Columns: []sheet.Column{
		{Name: "Dossier"}, {Name: "Nom"}, {Name: "Prénom"}, {Name: "Enfants"}, {Name: "Adresse"}, {Name: "Motif"},
	}}
	for _, l := range letters {
		t.Rows = append(t.Rows, unaddressedRow(l))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	content, err := t.CSV()
	if err != nil {
		return err
	}
	key := p.town.JobFolder(p.ID) + "sans-adresse.csv"
	if err := p.files.Put(ctx, key, sheet.CSVType, bytes.NewReader(content)); err != nil {
		return err
	}
	p.add(store.JobFile{Key: key, Name: t.Name + " " + string(p.on) + ".csv", Type: sheet.CSVType, Count: len(t.Rows)})
	return nil
}

func unaddressedRow(l addressed) []sheet.Cell {
	var children []string
	for _, c := range l.household.Children {
		children = append(children, c.Text("identity", "firstName"))
	}
	at := l.household.Lives(l.guardian)
	known := strings.Join(strings.Fields(at.Text("address", "street")+" "+at.Text("address", "postcode")+" "+at.Text("address", "city")), " ")
	why := "Adresse absente"
	if known != "" {
		why = "Adresse incomplète"
	}
	return []sheet.Cell{
		sheet.Text(l.household.Label), sheet.Text(l.guardian.Text("identity", "lastName")), sheet.Text(l.guardian.Text("identity", "firstName")),
		sheet.Text(strings.Join(children, ", ")), sheet.Text(known), sheet.Text(why),
	}
}
