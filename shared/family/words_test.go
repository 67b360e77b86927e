package family_test

import (
	"testing"

	"preau/shared/family"
)

func TestEveryChoiceHasItsWords(t *testing.T) {
	t.Parallel()
	for _, s := range family.Sections {
		for _, f := range s.Fields {
			for _, choice := range f.Choices {
				if f.Wording(choice) == "" {
					t.Errorf("%s.%s: %s has no French words", s.Key(), f.Name, choice)
				}
			}
		}
	}
	s, _ := family.SectionOf(family.Child, "identity")
	sex, _ := s.Field("sex")
	if got := sex.Wording("m"); got != "Masculin" {
		t.Errorf("a boy is %q", got)
	}
}
