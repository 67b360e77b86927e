package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"preau/shared/background"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/importing"
	"preau/shared/phone"
	"preau/shared/refusal"
	"preau/shared/sheet"
	"preau/shared/store"
	"preau/shared/tabular"
)

// checking holds the file of an import against what the town has, and writes a report of what would become of each row, and a plan of
// what is to be done. It changes nothing else.
type checking struct {
	*task
	store.Import
	rules importing.Rules
	right store.AgentRight // of the agent who asked
	table *tabular.Reader
	plan  *planWriter
	lines []*importing.Line
}

// runCheckImport does it in one go: a run that was cut short begins anew.
func runCheckImport(ctx context.Context, t *task) error {
	if background.Late(ctx, wholeTick) {
		return errLater
	}
	i, err := t.theImport(ctx)
	if err != nil {
		return err
	}
	if i.Report == t.ID { // a run before came to the end, but for saying so
		return nil
	}
	c := &checking{task: t, Import: i, right: t.agent()}
	err = c.run(ctx)
	var no *refusal.Refusal
	switch {
	case err == nil:
		c.State, c.Report = store.ImportChecked, t.ID
	case errors.As(err, &no) && no.Kind != refusal.Busy && !errors.Is(err, store.ErrMoved):
		c.State, c.Code, c.Detail, c.Fields = store.ImportRefused, no.Code, no.Detail, no.Fields
		if len(no.Fields) > 0 { // the first says most
			c.Code, c.Detail = no.Fields[0].Code, no.Fields[0].Detail
		}
		c.Rows = []importing.Line{}
	default:
		return err
	}
	if failed := t.town.SettleImport(ctx, c.Import); failed != nil {
		return failed
	}
	if no != nil {
		return refusal.New(no.Kind, c.Code, c.Detail)
	}
	return nil
}

// theImport is what the job works on. ErrImportMoved: another job does by now.
func (t *task) theImport(ctx context.Context) (store.Import, error) {
	i, err := t.town.Import(ctx, t.About["import"])
	if err == nil && i.Job != t.ID {
		err = store.ErrImportMoved
	}
	return i, err
}

// agent is the right of who asked for the job, to whom nothing of their own family is left.
func (t *task) agent() store.AgentRight {
	right := t.Right(t.town)
	right.Account.ID = t.By
	return right
}

var (
	errFileMissing = refusal.New(refusal.Conflict, "file_missing", "Le fichier n’est pas arrivé. Envoyez-le à nouveau.")
	errNoRows      = refusal.New(refusal.Invalid, "file_without_rows", "Ce fichier n’a aucune ligne sous le nom des colonnes.")
)

func (c *checking) run(ctx context.Context) error {
	set, err := c.town.Configuration(ctx)
	if err != nil {
		return err
	}
	c.Version = set.Version
	if c.Turn, err = c.town.ImportTurn(ctx, c.Import); err != nil {
		return err
	}
	c.rules = c.rulesOf(set)
	if err := c.open(ctx); err != nil {
		return err
	}
	first, err := c.table.Next()
	if errors.Is(err, io.EOF) {
		return errNoRows
	}
	if err != nil {
		return err
	}
	if err := c.mapped(ctx, first); err != nil {
		return err
	}
	c.plan = newPlanWriter(c.files.Stream(ctx, c.town.ImportPlan(c.task.ID), planType))
	c.Counts = importing.Counts{}
	if err := checks[c.Of](ctx, c, first); err != nil {
		return err
	}
	if err := c.plan.close(); err != nil {
		return err
	}
	c.Counts.Planned = c.plan.n
	return c.report(ctx)
}

// checks are how the rows of each sort of import are held against the town, the first being read already.
var checks = map[importing.Sort]func(ctx context.Context, c *checking, first tabular.Row) error{
	importing.Families:   checkFamilies,
	importing.Schools:    checkSchools,
	importing.Enrolments: checkEnrolments,
}

func (t *task) rulesOf(set store.Configuration) importing.Rules {
	return importing.Rules{
		Town: set, Fold: store.Fold, Formats: family.Formats{Now: t.now(), Today: t.today(set), Phone: phone.Read},
	}
}

// open reads the file and the names of its columns.
func (c *checking) open(ctx context.Context) error {
	f, err := c.files.Get(ctx, c.town.ImportFile(c.Import.ID), tabular.MaxLength)
	switch {
	case errors.Is(err, bucket.ErrNotFound):
		return errFileMissing
	case errors.Is(err, bucket.ErrTooLarge):
		return tabular.ErrTooLarge
	case err != nil:
		return err
	}
	if c.table, err = tabular.Open(f.Content); err != nil {
		return err
	}
	head, err := c.table.Next()
	if errors.Is(err, io.EOF) {
		return tabular.ErrEmpty
	}
	if err != nil {
		return err
	}
	names := make([]string, len(head.Cells))
	for i, cell := range head.Cells {
		names[i] = cell.Text
	}
	c.rules.Of = c.Of
	c.rules.Columns, err = importing.ReadColumns(names)
	return err
}

// mapped finds which column says what, remembers it, and shows the agent the columns with what stands first in them.
func (c *checking) mapped(ctx context.Context, first tabular.Row) error {
	c.Columns = nil
	for i, name := range c.rules.Columns {
		column := store.ImportColumn{Name: name}
		if i < len(first.Cells) {
			column.Sample = string([]rune(first.Cells[i].Text)[:min(len([]rune(first.Cells[i].Text)), 60)])
		}
		if name != "" {
			c.Columns = append(c.Columns, column)
		}
	}
	given := c.Mapping != nil
	if !given {
		usual, err := c.town.UsualMapping(ctx, c.Of)
		if err != nil {
			return err
		}
		c.Mapping = importing.Guess(c.Of, c.rules.Columns, usual, store.Fold)
	}
	c.rules.Mapping = c.Mapping
	if err := c.Mapping.Check(c.Of, c.rules.Columns); err != nil {
		return err
	}
	c.Ignored = c.rules.Ignored()
	if given {
		return c.town.KeepMapping(ctx, c.Of, c.Mapping)
	}
	return nil
}

// rows hands every row to take, the first being read already.
func (c *checking) rows(ctx context.Context, first tabular.Row, take func(tabular.Row) error) error {
	for row := first; ; {
		if err := take(row); err != nil {
			return err
		}
		next, err := c.table.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		row = next
	}
}

// directory reads all families of the town.
func (t *task) directory(ctx context.Context) (*importing.Directory, error) {
	d := importing.NewDirectory(store.Fold)
	return d, t.town.Directory(ctx, func(l store.Listed) error {
		d.Add(knownOf(l))
		return nil
	})
}

func knownOf(l store.Listed) importing.Known {
	k := importing.Known{ID: l.Family, Label: l.Label, External: l.External}
	for i, name := range l.Guardians {
		p := importing.KnownPerson{Name: name}
		if i < len(l.Adults) {
			p.ID = l.Adults[i]
		}
		if i < len(l.Numbers) {
			p.External = l.Numbers[i]
		}
		k.Guardians = append(k.Guardians, p)
	}
	for _, c := range l.Children {
		k.Children = append(k.Children, importing.KnownPerson{ID: c.ID, Name: c.Name, Born: c.Born, External: c.External})
	}
	return k
}

// shownRows is how many rows of a report agents see without the file, and shownText about how many bytes these say: both lie in one item
// of the table, which has 400 KB at most.
const (
	shownRows = 200
	shownText = 200 << 10
)

// report writes what becomes of each row.
func (c *checking) report(ctx context.Context) error {
	lines := make([]importing.Line, len(c.lines))
	for i, l := range c.lines {
		lines[i] = *l
		c.Counts.Add(*l)
	}
	f, err := c.writeReport(ctx, "Rapport de vérification", lines)
	if err != nil {
		return err
	}
	c.add(f)
	c.Rows, c.Repeats = worst(lines), importing.Repeats(c.lines)
	return c.town.Progress(ctx, &c.task.Job, c.now())
}

// worst are the rows that an agent sees first: errors, then what is left to them, warnings, and what changes.
func worst(lines []importing.Line) []importing.Line {
	rank := func(l importing.Line) int {
		switch {
		case l.Outcome == importing.Wrong:
			return 0
		case l.Outcome == importing.Left:
			return 1
		case l.Has(importing.Warning):
			return 2
		case l.Outcome != importing.Same:
			return 3
		}
		return 4
	}
	lines = slices.Clone(lines)
	slices.SortStableFunc(lines, func(a, b importing.Line) int { return rank(a) - rank(b) })
	shown, text := 0, 0
	for ; shown < min(len(lines), shownRows); shown++ {
		if text += weight(lines[shown]); text > shownText {
			break
		}
	}
	return slices.Clone(lines[:shown])
}

// noteNames is about what a note takes in the table beside its texts.
const noteNames = 50

// weight is about how many bytes a row of a report takes.
func weight(l importing.Line) int {
	n := noteNames + len(l.Who)
	for _, note := range l.Notes {
		n += noteNames + len(note.Code) + len(note.Column) + len(note.Detail)
	}
	return n
}

var outcomes = map[importing.Outcome]string{
	importing.Creates: "Ajout", importing.Updates: "Mise à jour", importing.Same: "Inchangé", importing.Left: "À décider", importing.Wrong: "Erreur",
}

var levels = map[importing.Level]string{importing.Error: "Erreur : ", importing.Warning: "Attention : "}

// writeReport writes rows as a CSV file.
func (t *task) writeReport(ctx context.Context, title string, lines []importing.Line) (store.JobFile, error) {
	f := store.JobFile{Key: t.town.JobFolder(t.ID) + "rapport.csv", Name: title + ".csv", Type: sheet.CSVType, Count: len(lines)}
	out := t.files.Stream(ctx, f.Key, f.Type)
	w, err := sheet.NewCSV(out, []sheet.Column{{Name: "Ligne"}, {Name: "Qui"}, {Name: "Résultat"}, {Name: "Détails"}})
	if err != nil {
		return f, err
	}
	for _, l := range lines {
		var notes []string
		for _, n := range l.Notes {
			text := levels[n.Level] + n.Detail
			if n.Column != "" {
				text = fmt.Sprintf("%scolonne « %s » : %s", levels[n.Level], n.Column, n.Detail)
			}
			notes = append(notes, text)
		}
		err = errors.Join(err, w.Row([]sheet.Cell{sheet.Number(l.Line), sheet.Text(l.Who), sheet.Text(outcomes[l.Outcome]), sheet.Text(strings.Join(notes, " | "))}))
	}
	return f, errors.Join(err, w.Close(), out.Close())
}
