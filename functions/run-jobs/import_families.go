package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/store"
	"preau/shared/tabular"
)

// matching finds the town's families that those of a file are, and says what would become of them.
type matching struct {
	*checking
	book     *importing.Book
	town     *importing.Directory
	matches  []importing.Match
	own      map[string]bool
	decided  map[string]importing.Place // of families of the file that are imported, by key: the family's id
	children map[string]string          // ids of their children, by the family's key and theirs
}

func checkFamilies(ctx context.Context, c *checking, first tabular.Row) error {
	m := matching{checking: c, book: importing.NewBook(c.rules), decided: map[string]importing.Place{}, children: map[string]string{}}
	if err := c.rows(ctx, first, m.book.Row); err != nil {
		return err
	}
	m.book.Close()
	c.lines = m.book.Lines
	var err error
	if m.town, err = c.directory(ctx); err != nil {
		return err
	}
	if err := m.match(ctx); err != nil {
		return err
	}
	c.Total = len(m.book.Families)
	for some := range slices.Chunk(indexes(len(m.book.Families)), familiesAtOnce*2) {
		if err := m.some(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// match finds which families of the town those of the file are, and which of them are the agent's own.
func (m *matching) match(ctx context.Context) (err error) {
	var found []string
	taken := map[string]*importing.Family{}
	m.matches = make([]importing.Match, len(m.book.Families))
	for i, f := range m.book.Families {
		if f.Bad {
			continue
		}
		match := m.town.Match(*f)
		if other := taken[match.Family]; match.Family != "" && other != nil {
			match = importing.Match{Left: true, Note: &importing.Note{Level: importing.Warning, Code: "ambiguous", Detail: fmt.Sprintf(
				"Le fichier a deux familles qui seraient le même dossier (voir la ligne %d). La décision vous revient : rien n’est importé pour celle-ci.", m.lines[other.Lines[0]].Line)}}
		}
		if m.matches[i] = match; match.Family != "" {
			taken[match.Family] = f
			found = append(found, match.Family)
		}
	}
	m.own, err = m.right.OwnFamilies(ctx, found)
	return err
}

// some reads the households of some families, and then says of each, in the file's order, what would become of it.
func (m *matching) some(ctx context.Context, some []int) error {
	households := make([]store.Household, len(some))
	err := store.Each(len(some), func(n int) (err error) {
		if at := m.matches[some[n]].Family; at != "" {
			households[n], err = m.due.Family(at).Household(ctx)
		}
		if errors.Is(err, family.ErrUnknown) {
			m.matches[some[n]].Left, err = true, nil
		}
		return err
	})
	if err != nil {
		return err
	}
	for n, i := range some {
		if err := m.one(m.book.Families[i], m.matches[i], households[n]); err != nil {
			return err
		}
	}
	m.Done += len(some)
	if m.Done%1000 < len(some) {
		return m.checking.town.Progress(ctx, &m.task.Job, m.now())
	}
	return nil
}

// one says what would become of a family, and plans it.
func (m *matching) one(f *importing.Family, match importing.Match, h store.Household) error {
	switch no := m.refuses(f, match); {
	case no != nil:
		m.leave(f, *no)
		return nil
	case f.Bad:
		m.outcome(f, importing.Wrong)
		return nil
	}
	step := importing.Step{Family: match.Family, Creates: match.Family == "", Want: *f, Homes: match.Homes, Overwrite: m.Overwrite}
	if step.Creates {
		step.Family = m.familyID(*f)
	}
	for _, c := range f.Children {
		if c.Twin != nil {
			step.Homes[c.Key] = importing.Place{Family: m.decided[c.Twin.Family].Family, Child: m.children[c.Twin.Family+"\n"+c.Twin.Child]}
		}
	}
	edit := m.rules.Edit(step, h.File, namer(step.Family))
	m.decided[f.Key] = importing.Place{Family: step.Family}
	for key, child := range edit.IDs {
		m.children[f.Key+"\n"+key] = child
	}
	return m.planned(step, edit)
}

// refuses says why a family is left to the agent; nil: it is not.
func (m *matching) refuses(f *importing.Family, match importing.Match) *importing.Note {
	warn := func(code, detail string) *importing.Note {
		return &importing.Note{Level: importing.Warning, Code: code, Detail: detail}
	}
	switch {
	case f.Bad:
		return nil
	case match.Left && match.Note != nil:
		return match.Note
	case match.Left:
		return warn("family_gone", "Ce dossier vient d’être effacé ou fusionné : faites vérifier le fichier à nouveau.")
	case m.own[match.Family]:
		return warn("own_family", "Un agent n’importe rien dans le dossier de sa propre famille : un autre gestionnaire le peut.")
	}
	for _, c := range f.Children {
		if c.Twin == nil {
			continue
		}
		if _, imported := m.decided[c.Twin.Family]; !imported {
			return warn("other_home_left", "L’autre famille du même enfant n’est pas importée : celle-ci attend qu’elle le soit.")
		}
	}
	return nil
}

// leave leaves a family to the agent: each of its rows says why.
func (m *matching) leave(f *importing.Family, why importing.Note) {
	m.outcome(f, importing.Left)
	for _, i := range f.Lines {
		m.lines[i].Notes = append(m.lines[i].Notes, why)
	}
}

func (m *matching) outcome(f *importing.Family, o importing.Outcome) {
	for _, i := range f.Lines {
		m.lines[i].Outcome = o
	}
}

// planned tells each row of a family what changes, and adds the family to the plan if anything does.
func (m *matching) planned(step importing.Step, edit importing.Edit) error {
	for _, n := range edit.Notes {
		l := m.lines[n.Line]
		if !slices.Contains(l.Notes, n.Note) {
			l.Notes = append(l.Notes, n.Note)
		}
	}
	for _, i := range step.Want.Lines {
		m.lines[i].Outcome = importing.Same
		if step.Creates {
			m.lines[i].Outcome = importing.Creates
		} else if m.lines[i].Has(importing.Info) {
			m.lines[i].Outcome = importing.Updates
		}
	}
	if !step.Creates && !edit.Changes() {
		return nil
	}
	m.count(step, edit)
	outcome := importing.Updates
	if step.Creates {
		outcome = importing.Creates
	}
	return m.plan.add(planned{Rows: m.rowsOf(step.Want.Lines), Outcome: outcome, Family: &step})
}

func (m *matching) count(step importing.Step, edit importing.Edit) {
	if step.Creates {
		m.Counts.NewFamilies++
	}
	for _, added := range edit.Add {
		if added.Target == family.Child {
			m.Counts.NewChildren++
		} else {
			m.Counts.NewGuardians++
		}
	}
}

// rowsOf are the rows at some places of the report.
func (c *checking) rowsOf(places []int) (rows []row) {
	for _, i := range places {
		rows = append(rows, row{c.lines[i].Line, c.lines[i].Who})
	}
	return rows
}

// familyID names a new family: one with a number always the same, so that no import makes it twice.
func (m *matching) familyID(f importing.Family) string {
	if f.External != "" {
		return id.Derived("imported family", m.checking.town.Slug(), strings.ToLower(f.External))
	}
	return id.Derived("imported family", m.checking.town.Slug(), m.Import.ID, f.Key)
}

// namer names the new members of a family, each time the same.
func namer(familyID string) func(of family.Target, key string) string {
	return func(of family.Target, key string) string { return id.Derived(familyID, string(of), key) }
}
