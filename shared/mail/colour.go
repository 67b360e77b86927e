package mail

import (
	"math"
	"regexp"
	"strconv"
)

// usualColour is the buttons' where the collectivity has chosen none.
const usualColour = "#1f4e8c"

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Background is the colour of the letter's buttons.
func (e Envelope) Background() string {
	if hexColour.MatchString(e.Town.Primary) {
		return e.Town.Primary
	}
	return usualColour
}

// Ink is black or white, whichever reads better on the buttons (WCAG 2 contrast).
func (e Envelope) Ink() string {
	l := luminance(e.Background())
	if 1.05/(l+0.05) >= (l+0.05)/0.05 {
		return "#ffffff"
	}
	return "#000000"
}

// luminance of #rrggbb, from 0 to 1, as WCAG 2 defines it.
func luminance(colour string) float64 {
	part := func(from int) float64 {
		n, _ := strconv.ParseUint(colour[from:from+2], 16, 8) // the pattern allows nothing else
		c := float64(n) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(1) + 0.7152*part(3) + 0.0722*part(5)
}
