package enrolment

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Row is a line of an imported file: whom it asks to enrol, or the code of why it can not be read.
type Row struct {
	Line int // in the file, the columns' names being the first
	Asked
	Code string
}

// MaxRows is the largest file taken.
const MaxRows = 1000

var columns = []string{"family", "child", "activity", "from", "to", "weekdays", "standing", "option"}

// needed are the columns that a file must have; the others may be left out.
const needed = 5

// ReadCSV reads a file: columns separated by semicolons or commas, their names in the first line in any order. Activities
// and formules may be called by id or by name. Lines that can not be read say why; a file that is none is refused.
func ReadCSV(text string, c collectivity.Configuration) ([]Row, error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comma = -1, true, ','
	if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, ";") {
		r.Comma = ';'
	}
	names, err := r.Read()
	if err != nil {
		return nil, refusal.OfField("csv", "required", "Le fichier est vide ou illisible.")
	}
	at, err := headed(names)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if len(rows) == MaxRows {
			return nil, refusal.OfField("csv", "too_many_rows", "Un fichier compte au plus 1 000 lignes.")
		}
		rows = append(rows, read(r, cells, err, at, len(names), c))
	}
}

// headed says where each column stands.
func headed(names []string) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[name]; twice || !slices.Contains(columns, name) {
			return nil, refusal.OfField("csv", "column_unknown", "La première ligne nomme les colonnes, chacune une fois : "+strings.Join(columns, ", ")+". « "+name+" » n’en est pas une.")
		}
		at[name] = i
	}
	for _, name := range columns[:needed] {
		if _, there := at[name]; !there {
			return nil, refusal.OfField("csv", "column_missing", "La colonne « "+name+" » manque.")
		}
	}
	return at, nil
}

func read(r *csv.Reader, cells []string, err error, at map[string]int, width int, c collectivity.Configuration) (row Row) {
	var unreadable *csv.ParseError
	if errors.As(err, &unreadable) {
		return Row{Line: unreadable.StartLine, Code: "line_unreadable"}
	}
	row.Line, _ = r.FieldPos(0)
	cell := func(name string) string {
		if i, there := at[name]; there && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	if len(cells) > width {
		row.Code = "cell_extra"
		return row
	}
	row.fill(cell, c)
	return row
}

// ReadRow reads a row whose cells are called as the columns of ReadCSV.
func ReadRow(cell func(name string) string, c collectivity.Configuration) (row Row) {
	row.fill(cell, c)
	return row
}

// fill takes a line's cells. The first that can not be read gives the code.
func (row *Row) fill(cell func(string) string, c collectivity.Configuration) {
	row.Family, row.Child = cell("family"), cell("child")
	row.Enrolment = booking.Enrolment{Child: row.Child, Activity: cell("activity"), Option: cell("option")}
	for _, name := range columns[:needed] {
		if cell(name) == "" {
			row.Code = "cell_missing"
			return
		}
	}
	row.name(c)
	var ok [4]bool
	row.Period.From, ok[0] = date(cell("from"))
	row.Period.To, ok[1] = date(cell("to"))
	row.Weekdays, ok[2] = weekdays(cell("weekdays"))
	row.Standing, ok[3] = yes(cell("standing"))
	switch {
	case !ok[0] || !ok[1]:
		row.Code = "date_invalid"
	case !ok[2]:
		row.Code = "weekday_invalid"
	case !ok[3]:
		row.Code = "standing_invalid"
	}
}

// name brings the names of an activity and a formule to their ids.
func (row *Row) name(c collectivity.Configuration) {
	a, known := c.Activity(row.Activity)
	if !known {
		i := slices.IndexFunc(c.Activities, func(a collectivity.Activity) bool { return !a.Archived && strings.EqualFold(a.Name, row.Activity) })
		if i < 0 {
			return // and is refused as unknown
		}
		a = c.Activities[i]
	}
	row.Activity = a.ID
	if i := slices.IndexFunc(a.Options, func(o collectivity.Option) bool { return strings.EqualFold(o.Name, row.Option) }); i >= 0 {
		row.Option = a.Options[i].ID
	}
}

// date reads 2026-11-23 and 23/11/2026.
func date(text string) (calendar.Date, bool) {
	if parts := strings.Split(text, "/"); len(parts) == 3 {
		text = parts[2] + "-" + twoFigures(parts[1]) + "-" + twoFigures(parts[0])
	}
	d, err := calendar.ParseDate(text)
	return d, err == nil
}

func twoFigures(n string) string {
	if len(n) == 1 {
		return "0" + n
	}
	return n
}

// weekdays reads a list such as "lun mar", "mon,tue" or "lundi, mardi"; none: every day that the activity opens.
func weekdays(text string) (days []calendar.Weekday, ok bool) {
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" ,;/+", r) }) {
		i := slices.IndexFunc(weekdayNames[:], func(names [3]string) bool { return slices.Contains(names[:], word) })
		if i < 0 {
			return nil, false
		}
		days = append(days, calendar.Weekdays[i])
	}
	return days, true
}

var weekdayNames = [7][3]string{
	{"mon", "lun", "lundi"},
	{"tue", "mar", "mardi"},
	{"wed", "mer", "mercredi"},
	{"thu", "jeu", "jeudi"},
	{"fri", "ven", "vendredi"},
	{"sat", "sam", "samedi"},
	{"sun", "dim", "dimanche"},
}

func yes(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "oui", "o", "yes", "y", "vrai", "true", "1", "x":
		return true, true
	case "", "non", "n", "no", "faux", "false", "0":
		return false, true
	}
	return false, false
}
