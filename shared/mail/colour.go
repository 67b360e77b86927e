package mail

import "preau/shared/collectivity"

// usualColour is the buttons' where the collectivity has chosen none.
const usualColour = "#1f4e8c"

// Background is the colour of the letter's buttons.
func (e Envelope) Background() string {
	if collectivity.IsColour(e.Town.Primary) {
		return e.Town.Primary
	}
	return usualColour
}

// Ink is black or white, whichever reads better on the buttons (WCAG 2 contrast).
func (e Envelope) Ink() string {
	l := collectivity.Luminance(e.Background())
	if 1.05/(l+0.05) >= (l+0.05)/0.05 {
		return "#ffffff"
	}
	return "#000000"
}
