package letter

import (
	"fmt"

	"github.com/skip2/go-qrcode"
)

// quiet is the white margin that a QR code needs, in modules.
const quiet = 4

// qr draws a QR code, its margin included, in a square. It is made of rectangles, a run of dark modules each: smaller than a
// picture, and sharp on any printer.
func (p *printer) qr(content string, x, y, size float64) error {
	made, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw a QR code: %w", err)
	}
	made.DisableBorder = true
	rows := made.Bitmap()
	module := size / float64(len(rows)+2*quiet)
	p.SetFillColor(0, 0, 0)
	for i, row := range rows {
		for from := 0; from < len(row); from++ {
			to := from
			for to < len(row) && row[to] {
				to++
			}
			if to > from {
				p.Rect(x+float64(from+quiet)*module, y+float64(i+quiet)*module, float64(to-from)*module, module, "F")
			}
			from = to
		}
	}
	return nil
}
