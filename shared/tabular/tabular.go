// Package tabular reads tables that people bring from other software: CSV as French spreadsheets write it, and Excel workbooks. A
// row at a time, within limits that hold whatever the file says of itself; what can not be read for sure is refused, with the line.
package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"preau/shared/refusal"
)

// What is read at most.
const (
	MaxLength   = 20 << 20 // bytes of a file
	MaxUnpacked = 50 << 20 // bytes of a workbook's parts, once unpacked
	MaxRows     = 20_000   // below the columns' names
	MaxColumns  = 200
	maxCell     = 2000 // bytes of a cell: what is longer is cut, and no name or address is
)

// Row is one line of a table.
type Row struct {
	Line  int // in the file, the first being 1
	Cells []Cell
}

// Cell is what stands in a row below a column. Days of workbooks are written 2018-05-04, yes and no oui and non.
type Cell struct {
	Text    string
	Formula bool // it is reckoned, or begins as what is reckoned does
	Broken  bool // an error of the spreadsheet: #REF!
}

// Reader gives a table row by row, the columns' names first.
type Reader struct {
	next func() (Row, error) // io.EOF behind the last
	rows int
	left func() int // bytes
	all  int
}

// Open begins to read a file. It is refused as a whole where it is empty, no table, or written in two ways.
func Open(content []byte) (*Reader, error) {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return nil, ErrEmpty
	case len(content) > MaxLength:
		return nil, ErrTooLarge
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return openWorkbook(content)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return nil, errOldExcel
	}
	return openCSV(content)
}

// Next is the next row that holds something. io.EOF: there is none.
func (r *Reader) Next() (Row, error) {
	for {
		row, err := r.next()
		if err != nil {
			return row, err
		}
		if row.blank() {
			continue
		}
		if len(row.Cells) > MaxColumns {
			return row, errColumns.in(row.Line)
		}
		if r.rows++; r.rows > MaxRows+1 {
			return row, errRows.in(row.Line)
		}
		return row, nil
	}
}

// Progress is which part of the file was read, from 0 to 1.
func (r *Reader) Progress() float64 { return 1 - float64(r.left())/float64(max(r.all, 1)) }

func (r Row) blank() bool {
	for _, c := range r.Cells {
		if c.Text != "" || c.Formula || c.Broken {
			return false
		}
	}
	return true
}

// clean is a text as it is kept: without what is not seen, in one line.
func clean(s string) string {
	if len(s) > maxCell {
		s = strings.ToValidUTF8(s[:maxCell], "")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\ufffe' || r == '\uffff':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// reckoned says whether a spreadsheet that opens a text would take it for a formula, or did: an apostrophe before it says that it is
// none. A sign before figures alone is a number, or a telephone's.
func reckoned(s string) (text string, formula bool) {
	if bare, quoted := strings.CutPrefix(s, "'"); quoted && bare != "" && strings.ContainsRune("=+-@", rune(bare[0])) {
		s = bare
		if s[0] != '+' {
			return s, true
		}
	}
	if s == "" || !strings.ContainsRune("=+-@", rune(s[0])) {
		return s, false
	}
	rest := strings.TrimLeft(s[1:], " ")
	return s, s[0] == '=' || s[0] == '@' || strings.Trim(rest, "0123456789 .,()-") != ""
}

// Why a file is not read.
var (
	ErrEmpty     = refusal.New(refusal.Invalid, "file_empty", "Ce fichier est vide.")
	ErrTooLarge  = refusal.New(refusal.TooLarge, "file_too_large", "Ce fichier dépasse 20 Mo.")
	ErrNoTable   = refusal.New(refusal.Invalid, "file_not_table", "Ce fichier n’est pas un tableau : un fichier CSV ou un classeur Excel (.xlsx) est attendu.")
	errOldExcel  = refusal.New(refusal.Invalid, "file_old_excel", "Ce classeur est d’un ancien format d’Excel (.xls), ou protégé par un mot de passe. Enregistrez-le sans mot de passe au format .xlsx.")
	errUnpacked  = refusal.New(refusal.TooLarge, "file_unpacks_too_large", "Ce classeur dépasse 50 Mo une fois décompressé.")
	errUTF16     = refusal.New(refusal.Invalid, "encoding_unknown", "Ce fichier est en « texte Unicode » (UTF-16). Enregistrez-le au format « CSV UTF-8 ».")
	errDamaged   = refusal.New(refusal.Invalid, "file_damaged", "Ce classeur est abîmé : ouvrez-le dans votre tableur et enregistrez-le à nouveau.")
	errRows      = atLine{refusal.TooLarge, "too_many_rows", "Un fichier compte au plus 20 000 lignes. Celui-ci en a davantage (ligne %d) : partagez-le en plusieurs, sans séparer une famille."}
	errColumns   = atLine{refusal.TooLarge, "too_many_columns", "Un tableau compte au plus 200 colonnes (ligne %d)."}
	errEncoding  = atLine{refusal.Invalid, "encoding_unknown", "La ligne %d n’est ni en UTF-8 ni en Windows-1252. Enregistrez le fichier au format « CSV UTF-8 »."}
	errQuotes    = atLine{refusal.Invalid, "line_unreadable", "La ligne %d ne se lit pas : vérifiez ses guillemets."}
	errBadNumber = atLine{refusal.Invalid, "line_unreadable", "La ligne %d du classeur ne se lit pas."}
)

// atLine is a refusal that says where.
type atLine struct {
	kind   refusal.Kind
	code   string
	detail string
}

func (a atLine) in(line int) *refusal.Refusal {
	return refusal.New(a.kind, a.code, fmt.Sprintf(a.detail, line)).With("line", line)
}

// ended says whether an error is only the end.
func ended(err error) bool { return errors.Is(err, io.EOF) }
