package importing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatManyRowsAreToldAlikeIsToldOnceWithTheirNumber(t *testing.T) {
	t.Parallel()
	class := warn("class_unknown", "Classe", "« CP 9 » n’est pas une classe de « Verne ».")
	school := warn("school_unknown", "École", "« Hugo » n’est pas une école de la collectivité.")
	var lines []*Line
	for i := range 5 {
		l := &Line{Line: i + 2, Notes: []Note{tell("", "Enfant ajouté"), school}}
		if i < 3 {
			l.note(class)
		}
		if i < 2 {
			l.note(warn("date_invalid", "Né le", "« 31/02 » n’est pas repris."))
		}
		lines = append(lines, l)
	}
	want := []Repeat{{school, 5}, {class, 3}} // of two rows each row tells; what changes is not summed up
	if d := cmp.Diff(want, Repeats(lines)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
