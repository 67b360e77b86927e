package collectivity

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestContrastIsThatOfWCAG takes pairs that WCAG's own techniques and tools give.
func TestContrastIsThatOfWCAG(t *testing.T) {
	t.Parallel()
	for colour, want := range map[string]float64{"#000000": 21, "#ffffff": 1, "#767676": 4.54, "#777777": 4.48, "#ff0000": 4.0, "#0000ff": 8.59} {
		if got := Contrast(colour); math.Abs(got-want) > 0.01 {
			t.Errorf("%s: %.3f, want %.2f", colour, got, want)
		}
	}
}

func TestAReadableShadeIsReadableAndNoDarkerThanItMustBe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		colour := fmt.Sprintf("#%06X", rapid.IntRange(0, 1<<24-1).Draw(t, "colour"))
		shade := Readable(colour)
		if !IsColour(shade) || Contrast(shade) < readable {
			t.Fatalf("%s becomes %s, contrast %.2f", colour, shade, Contrast(shade))
		}
		if Contrast(colour) < readable && Contrast(shade) > 4.9 {
			t.Fatalf("%s becomes %s, contrast %.2f: too dark", colour, shade, Contrast(shade))
		}
		if Contrast(colour) >= readable && Contrast(shade) != Contrast(colour) {
			t.Fatalf("%s becomes %s although it does", colour, shade)
		}
	})
}

func TestWhatIsNoColour(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "red", "#fff", "#1f5c9", "#1f5c999", "1f5c99#", "#1f5c9g", "#1f5c9é", "rgb(0,0,0)"} {
		if IsColour(s) {
			t.Errorf("%q is taken", s)
		}
	}
}
