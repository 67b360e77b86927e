package letter_test

import (
	"slices"
	"testing"

	"preau/shared/family"
	"preau/shared/letter"
)

func TestAnAddressIsWrittenForThePost(t *testing.T) {
	t.Parallel()
	lives := func(id string, address map[string]any) family.Member {
		return family.Member{ID: id, Target: family.Guardian, Values: map[string]map[string]any{"address": address}}
	}
	home := map[string]any{"street": "3 rue de l’Église", "complement": "Bâtiment B", "postcode": "35140", "city": "Saint-Ouen-des-Œuvres"}
	without := func(field string) map[string]any {
		some := map[string]any{}
		for name, v := range home {
			if name != field {
				some[name] = v
			}
		}
		return some
	}
	for _, c := range []struct {
		says string
		of   family.Member
		want []string
	}{
		{"what is particular first, the town in capitals", lives("a", home), []string{"Bâtiment B", "3 rue de l’Église", "35140 SAINT OUEN DES OEUVRES"}},
		{"no complement", lives("a", without("complement")), []string{"3 rue de l’Église", "35140 SAINT OUEN DES OEUVRES"}},
		{"the same as another's", lives("b", map[string]any{"sameAs": "a"}), []string{"Bâtiment B", "3 rue de l’Église", "35140 SAINT OUEN DES OEUVRES"}},
		{"no street", lives("a", without("street")), nil},
		{"no postcode", lives("a", without("postcode")), nil},
		{"no town", lives("a", without("city")), nil},
		{"nothing", lives("c", nil), nil},
		{"the same as somebody's who has none", lives("b", map[string]any{"sameAs": "c"}), nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			file := family.File{Guardians: []family.Member{lives("a", home), lives("c", nil)}}
			if c.of.ID == "b" {
				file.Guardians = append(file.Guardians, c.of)
			}
			got, ok := letter.AddressOf(file, c.of)
			if !slices.Equal(got, c.want) || ok != (c.want != nil) {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}
