package xlsx_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"preau/shared/sheet"
	"preau/shared/sheet/xlsx"
)

// TestManyRowsAreNeverHeld is not parallel: it weighs the process.
func TestManyRowsAreNeverHeld(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	weigh := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse
	}
	columns := make([]sheet.Column, 12)
	cells := make([]sheet.Cell, len(columns))
	for i := range cells {
		columns[i].Name, cells[i] = "Nom", sheet.Text("un texte d’une vingtaine de lettres")
	}
	runtime.GC()
	before := weigh()
	out := &counter{}
	b, err := xlsx.New(out, "Ville", "Liste", columns)
	if err != nil {
		t.Fatal(err)
	}
	most, written := uint64(0), 0
	for n := range 60_000 {
		if err := b.Row(cells); err != nil {
			t.Fatal(err)
		}
		if written += len(columns) * 60; n%1000 == 0 {
			most = max(most, weigh())
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	const mega = 1 << 20
	if held := (max(most, weigh()) - before) / mega; held > 64 || written < 40*mega {
		t.Errorf("%d MB were held of %d MB", held, written/mega)
	}
	if out.n < mega/2 {
		t.Errorf("the workbook has %d bytes", out.n)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

func TestAWorkbookThatIsNeverEndedLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b, err := xlsx.New(io.Discard, "Ville", "Liste", []sheet.Column{{Name: "Nom"}})
	if err != nil {
		t.Fatal(err)
	}
	long := sheet.Text(string(bytes.Repeat([]byte("texte "), 5000)))
	for range 1000 { // 30 MB: more than is kept in memory
		if err := b.Row([]sheet.Cell{long}); err != nil {
			t.Fatal(err)
		}
	}
	if there, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(there) == 0 {
		t.Error("its rows are held in memory")
	}
	b.Forget()
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestAWorkbookThatIsWrittenRowByRowCanBeRead(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b, err := xlsx.New(&out, "Ville", "Liste", []sheet.Column{{Name: "Nom"}, {Name: "Quotient"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := b.Row([]sheet.Cell{sheet.Text("=1+1"), sheet.Amount(612.5)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Liste")
	raw, _ := f.GetCellValue("Liste", "B4", excelize.Options{RawCellValue: true})
	if err != nil || len(rows) != 4 || rows[3][0] != "=1+1" || rows[3][1] != "612.50" || raw != "612.5" {
		t.Errorf("read %q, %q, %v", rows, raw, err)
	}
}
