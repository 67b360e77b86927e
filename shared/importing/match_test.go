package importing

import "testing"

// twoHomes is a town where Léa Morel lives in family 12 and in one that has no number, and Tom Petit in family 13.
func twoHomes() *Directory {
	d := NewDirectory(fold)
	lea := KnownPerson{ID: "lea", Name: "Léa Morel", Born: "2018-05-04"}
	d.Add(Known{ID: "a", Label: "Famille Morel", External: "12", Children: []KnownPerson{lea}})
	d.Add(Known{ID: "b", Label: "Famille Petit-Morel", Children: []KnownPerson{lea}})
	d.Add(Known{ID: "c", Label: "Famille Petit", External: "13", Children: []KnownPerson{{ID: "tom", Name: "Tom Petit", External: "7"}}})
	return d
}

func child(family, number, first, last, born string) Asked {
	values := map[string]map[string]any{"identity": {"firstName": first, "lastName": last}}
	if born != "" {
		values["identity"]["birthDate"] = born
	}
	return Asked{Family: family, Child: Person{External: number, Values: values}}
}

func TestAChildIsFoundByNumbersOrNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		asked Asked
		want  string // family and child, or why nobody is sure
	}{
		{"its number", child("", "7", "", "", ""), "c tom"},
		{"its number, in another family", child("12", "7", "", "", ""), "child_unknown"},
		{"the ids of the portal's lists", child("c", "tom", "", "", ""), "c tom"},
		{"its id alone", child("", "tom", "", "", ""), "c tom"},
		{"its id, with its family's number", child("13", "tom", "", "", ""), "c tom"},
		{"its id, in another family", child("a", "tom", "", "", ""), "child_unknown"},
		{"its names, in its family by id", child("c", "", "Tom", "Petit", ""), "c tom"},
		{"its names, and nothing to tell", child("", "", "Tom", "Petit", ""), "ambiguous"},
		{"a child of two homes, of which one is meant", child("12", "", "Léa", "Morel", "2018-05-04"), "a lea"},
		{"the other one, which has no number", child("b", "", "Léa", "Morel", "2018-05-04"), "b lea"},
		{"its id, and no word of which home", child("", "lea", "", "", ""), "ambiguous"},
		{"a family of nobody", child("99", "", "Tom", "Petit", "2018-05-04"), "child_unknown"},
		{"nobody", child("", "", "Zoé", "Petit", ""), "child_unknown"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			at, no := twoHomes().Child(c.asked)
			got := at.Family + " " + at.Child
			if no != nil {
				got = no.Code
			}
			if got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
		})
	}
}
