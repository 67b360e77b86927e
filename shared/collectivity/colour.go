package collectivity

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// readable is the contrast of text that WCAG 2 asks for at level AA.
const readable = 4.5

// IsColour says whether a text is a colour as settings have it: #1f5c99.
func IsColour(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(strings.ToLower(s[1:]), "0123456789abcdef") == ""
}

// Luminance of a colour, from 0 to 1, as WCAG 2 defines it.
func Luminance(colour string) float64 {
	part := func(from int) float64 {
		n, _ := strconv.ParseUint(colour[from:from+2], 16, 8) // IsColour said so
		c := float64(n) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(1) + 0.7152*part(3) + 0.0722*part(5)
}

// Contrast of a colour and white, from 1 to 21: of white text on it, and of it as text on white, which are the same.
func Contrast(colour string) float64 { return 1.05 / (Luminance(colour) + 0.05) }

// Readable is the colour, or the nearest darker shade of it that text can be read on.
func Readable(colour string) string {
	const steps = 256
	for k := uint64(steps); k > 0; k-- {
		if shade := shaded(colour, k, steps); Contrast(shade) >= readable {
			return shade
		}
	}
	return "#000000"
}

// shaded mixes a colour with black: k parts of all are its own. Hue and saturation stay.
func shaded(colour string, k, all uint64) string {
	var parts [3]uint64
	for i := range parts {
		n, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		parts[i] = n * k / all
	}
	return fmt.Sprintf("#%02x%02x%02x", parts[0], parts[1], parts[2])
}

// colour refuses what is no colour, or one that text can not be read on.
func (m *mistakes) colour(path, colour string) {
	switch {
	case !IsColour(colour):
		m.add(path, "colour_invalid", "Une couleur s’écrit #1f5c99.")
	case Contrast(colour) < readable:
		ratio := math.Floor(Contrast(colour)*10) / 10 // never rounded up to what would do
		m.add(path, "colour_contrast", "Un texte blanc y serait peu lisible : contraste de %s pour 1, il en faut 4,5 au moins. La nuance la plus proche qui convient est %s.",
			strings.Replace(strconv.FormatFloat(ratio, 'f', 1, 64), ".", ",", 1), Readable(colour))
	}
}
