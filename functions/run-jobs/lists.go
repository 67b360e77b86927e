package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"preau/shared/background"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/sheet"
	"preau/shared/sheet/xlsx"
	"preau/shared/store"
)

// lists are what can be taken away. What is sealed (health, bank details, tax references) is not opened for any of them, and bank
// details have no column in none.
var lists = map[string]list{
	"families":      table[guardianRow]{"Familles", guardianColumns, guardianRows},
	"children":      table[childRow]{"Enfants", childColumns, childRows},
	"subscriptions": table[subscriptionRow]{"Abonnements", subscriptionColumns, subscriptionRows},
	"bookings":      table[dayRow]{"Réservations", bookingColumns, bookingRows},
	"attendance":    table[dayRow]{"Présences", attendanceColumns, attendanceRows},
}

// A list is what stands in a file: the same columns for each family.
type list interface {
	title() string
	columns() []sheet.Column
	rows(ctx context.Context, l listing, f store.FamilyStore) ([][]sheet.Cell, error)
}

// column says what stands in it of a T.
type column[T any] struct {
	name  string
	width float64
	of    func(T) sheet.Cell
}

// table is a list of Ts.
type table[T any] struct {
	name string
	all  []column[T]
	read func(ctx context.Context, l listing, f store.FamilyStore) ([]T, error)
}

func (t table[T]) title() string { return t.name }

func (t table[T]) columns() (columns []sheet.Column) {
	for _, c := range t.all {
		columns = append(columns, sheet.Column{Name: c.name, Width: c.width})
	}
	return columns
}

func (t table[T]) rows(ctx context.Context, l listing, f store.FamilyStore) (rows [][]sheet.Cell, err error) {
	found, err := t.read(ctx, l, f)
	for _, one := range found {
		row := make([]sheet.Cell, len(t.all))
		for i, c := range t.all {
			row[i] = c.of(one)
		}
		rows = append(rows, row)
	}
	return rows, err
}

// textOf is a column of texts.
func textOf[T any](name string, width float64, of func(T) string) column[T] {
	return column[T]{name, width, func(v T) sheet.Cell { return sheet.Text(of(v)) }}
}

// yes is a column that says yes, or nothing.
func yes[T any](name string, of func(T) bool) column[T] {
	return textOf(name, 10, func(v T) string {
		if of(v) {
			return "Oui"
		}
		return ""
	})
}

// listing is the making of a list.
type listing struct {
	*task
	right  store.AgentRight // of the agent who asked: nothing beyond their scope is listed
	set    store.Configuration
	period calendar.Period // of days
}

// What a list is refused for once it is being made.
var (
	errListLong = refusal.New(refusal.TooLarge, "list_too_long", "Cette liste est trop longue pour être établie d’une traite. Demandez-la pour une période plus courte ou pour une seule activité.")
	errBookLong = refusal.New(refusal.TooLarge, "list_too_long_for_xlsx", "Cette liste compte plus de 200 000 lignes. Demandez-la en CSV, ou pour une période plus courte.")
)

// mostInBook is how many rows a workbook has: the function's temporary folder holds them.
const mostInBook = 200_000

// wholeTick is what is left of a tick that has hardly begun.
const wholeTick = patience - 20*time.Second

// runList makes a list of the town's families, in one go: a run that was cut short begins anew. So it has a tick's whole time, or
// waits for the next. Rows go to the bucket as they come.
func runList(ctx context.Context, t *task) error {
	if background.Late(ctx, wholeTick) {
		return errLater
	}
	what, known := lists[t.About["list"]]
	if !known {
		return fmt.Errorf("there is no list %q", t.About["list"])
	}
	set, err := t.town.Configuration(ctx)
	if err != nil {
		return err
	}
	l := listing{t, t.Right(t.town), set, calendar.Period{From: calendar.Date(t.About["from"]), To: calendar.Date(t.About["to"])}}
	if t.Total, err = t.town.CountFamilies(ctx); err != nil {
		return err
	}
	f := l.file(what)
	out := t.files.Stream(ctx, f.Key, f.Type)
	if f.Count, err = l.fill(ctx, out, f.Type, what); err != nil {
		return err // the file was never ended, so there is none
	}
	if err := out.Close(); err != nil {
		return err
	}
	t.add(f)
	return nil
}

// fill writes the list's file, and counts its rows.
func (l listing) fill(ctx context.Context, out io.Writer, mediaType string, what list) (n int, err error) {
	if mediaType != xlsx.Type {
		w, err := sheet.NewCSV(out, what.columns())
		if err != nil {
			return 0, err
		}
		n, err := l.write(ctx, w.Row, what)
		return n, errors.Join(err, w.Close())
	}
	book, err := xlsx.New(out, l.set.Name, what.title(), what.columns())
	if err != nil {
		return 0, err
	}
	defer book.Forget()
	add := func(cells []sheet.Cell) error {
		if n++; n > mostInBook {
			return errBookLong
		}
		return book.Row(cells)
	}
	if n, err := l.write(ctx, add, what); err != nil {
		return n, err
	}
	return n, book.Close()
}

// file is what the list is saved as.
func (l listing) file(what list) store.JobFile {
	name := what.title()
	if l.period.From != "" {
		name += fmt.Sprintf(" %s au %s", l.period.From, l.period.To)
	} else {
		name += " " + string(l.today(l.set))
	}
	f := store.JobFile{Key: l.town.JobFolder(l.ID) + "liste." + l.About["format"], Name: name + "." + l.About["format"], Type: sheet.CSVType}
	if l.About["format"] == "xlsx" {
		f.Type = xlsx.Type
	}
	return f
}

// write lists the town's families, in the order of their ids, and counts the rows.
func (l listing) write(ctx context.Context, add func([]sheet.Cell) error, what list) (n int, err error) {
	l.Done = 0
	for last := ""; ; {
		ids, err := l.town.FamiliesAfter(ctx, last, familiesAtOnce)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		found := make([][][]sheet.Cell, len(ids))
		err = store.Each(len(ids), func(i int) (err error) {
			found[i], err = what.rows(ctx, l, l.due.Family(ids[i]))
			if errors.Is(err, family.ErrUnknown) { // erased, or merged into another, since they were listed
				return nil
			}
			return err
		})
		if err != nil {
			return n, err
		}
		for _, row := range slices.Concat(found...) {
			if err := add(row); err != nil {
				return n, err
			}
			n++
		}
		last = ids[len(ids)-1]
		l.Done += len(ids)
		if err := l.town.Progress(ctx, &l.Job, l.now()); err != nil {
			return n, err
		}
		if background.Late(ctx, reserve) {
			return n, errListLong
		}
	}
}

// household reads a family as the agent's scope leaves it; ok is false where nothing of it is of that scope.
func (l listing) household(ctx context.Context, f store.FamilyStore) (h store.Household, ok bool, err error) {
	h, err = f.Household(ctx)
	return l.scoped(h), err == nil && l.right.Reaches(h, l.set, l.now()), err
}

// scoped is a household without the children of other schools than the agent's.
func (l listing) scoped(h store.Household) store.Household {
	h.Children = slices.DeleteFunc(slices.Clone(h.Children), func(c family.Member) bool { return !l.set.SeesChild(l.right.Agent, c.Text("school", "school")) })
	return h
}

// school is the name of a child's school, as the town calls it, and of its class.
func (l listing) school(c family.Member) (school, class string) {
	name, of := c.Text("school", "school"), c.Text("school", "class")
	s, known := l.set.SchoolOf(name)
	if !known {
		return name, of
	}
	if k, known := s.ClassOf(of); known {
		of = k.Name
	}
	return s.Name, of
}

// activity is how the town calls an activity and an option of it.
func (l listing) activity(id, option string) (string, string) {
	a, known := l.set.Activity(id)
	if !known {
		return id, option
	}
	for _, o := range a.Options {
		if o.ID == option {
			return a.Name, o.Name
		}
	}
	return a.Name, option
}

func french(d calendar.Date) string { return sheet.Day(d).String() }

// dates says which days an enrolment is for: Cantine (01/09/2026 au 02/07/2027).
func (l listing) dates(e booking.Enrolment) string {
	name, _ := l.activity(e.Activity, "")
	return name + " (" + french(e.Period.From) + " au " + french(e.Period.To) + ")"
}
