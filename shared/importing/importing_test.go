package importing

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/tabular"
)

// fold compares names as the directory does, for the accents that these tests have.
func fold(text string) string {
	text = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "ç", "c", "ï", "i", "ô", "o").Replace(strings.ToLower(text))
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

func TestColumnsAreKnownByTheirHeadings(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, columns string
		of            Sort
		want          string
	}{
		{
			"an export with a row for each child", "Code famille;Civilité Resp. 1;Nom Resp. 1;Prénom Resp. 1;Tél. portable Resp. 1;E-mail Resp. 1;Nom Resp. 2;Prénom Resp. 2;Nom de famille de l’enfant;Prénom de l’enfant;Né(e) le;Sexe;École;Classe", Families,
			"family.id guardian1.civility guardian1.lastName guardian1.firstName guardian1.mobile guardian1.email guardian2.lastName guardian2.firstName child.lastName child.firstName child.birthDate child.sex child.school child.class",
		},
		{
			"parents by what they are", "N° dossier;Nom mère;Prénom mère;Adresse mère;CP mère;Ville mère;Nom père;Prénom père;Nom;Prénom;Date de naissance", Families,
			"family.id guardian1.lastName guardian1.firstName guardian1.street guardian1.postcode guardian1.city guardian2.lastName guardian2.firstName child.lastName child.firstName child.birthDate",
		},
		{"adults alone", "Nom;Prénom;Adresse;Code postal;Commune;Téléphone;Mail", Families, "guardian1.lastName guardian1.firstName guardian1.street guardian1.postcode guardian1.city guardian1.mobile guardian1.email"},
		{"pupils", "Numéro élève;Nom;Prénom;Né(e) le;Niveau;Classe", Families, "child.id child.lastName child.firstName child.birthDate child.level child.class"},
		{"the relation to the child", "Nom responsable;Prénom responsable;Lien avec l’enfant;Nom enfant;Prénom enfant", Families, "guardian1.lastName guardian1.firstName guardian1.relation child.lastName child.firstName"},
		{"what nobody knows", "Blabla;;Nom;Prénom", Families, "- - guardian1.lastName guardian1.firstName"},
		{"schools", "École;Classe;Niveau", Schools, "school.name school.class school.level"},
		{"enrolments", "N° famille;Nom enfant;Prénom enfant;Activité;Du;Au;Jours;Formule", Enrolments, "family.id child.lastName child.firstName enrolment.activity enrolment.from enrolment.to enrolment.weekdays enrolment.option"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			columns := strings.Split(c.columns, ";")
			m := Guess(c.of, columns, nil, fold)
			var got []string
			for _, column := range columns {
				names := slices.DeleteFunc(slices.Collect(maps.Keys(m)), func(name string) bool { return m[name].Column != column })
				got = append(got, strings.Join(append(names, "-")[:1], ""))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), c.want)
			}
		})
	}
}

func TestDaysAreReadAsFrenchSoftwareWritesThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2018-05-04": "2018-05-04", "04/05/2018": "2018-05-04", "4/5/2018": "2018-05-04", "04.05.2018": "2018-05-04", "04-05-2018": "2018-05-04",
		"04/05/18": "2018-05-04", "04/05/85": "1985-05-04", "20180504": "2018-05-04", "04/05/2018 00:00:00": "2018-05-04", "2018-05-04T00:00:00": "2018-05-04",
		"43224": "2018-05-04", "31/02/2018": "2018-02-31", "mai 2018": "mai 2018", "": "",
	} {
		if got, err := readDay(text, "2026-11-23"); got != want || err != nil {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	var american errAmerican
	if _, err := readDay("04/23/2018", "2026-11-23"); !errors.As(err, &american) || american.meant != "23/04/2018" {
		t.Errorf("got %v", err)
	}
}

// rows reads a table through a book.
func rows(t *testing.T, file string) (*Book, error) {
	t.Helper()
	r, err := tabular.Open([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	head, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, c := range head.Cells {
		columns = append(columns, c.Text)
	}
	b := NewBook(Rules{
		Of: Families, Columns: columns, Mapping: Guess(Families, columns, nil, fold), Fold: fold,
		Formats: family.Formats{Today: calendar.Date("2026-11-23"), Phone: func(s string) (string, bool) { return s, len(s) == 10 }},
	})
	for {
		row, err := r.Next()
		if err != nil {
			b.Close()
			return b, nil
		}
		if err := b.Row(row); err != nil {
			return b, err
		}
	}
}

func TestWordsOfOtherSoftwareAreUnderstood(t *testing.T) {
	t.Parallel()
	b, err := rows(t, "Nom resp 1;Prénom resp 1;Civilité resp 1;Situation resp 1;Lien resp 1;Tél resp 1;CP resp 1;Nom enfant;Prénom enfant;Sexe\nMorel;Claire;Madame;Divorcé(e);Maman;612345678;1000;Morel;Noé;Garçon\n")
	if err != nil {
		t.Fatal(err)
	}
	claire, noe := b.Families[0].Guardians[0], b.Families[0].Children[0]
	if claire.Text("identity", "civility") != "mme" || claire.Text("identity", "situation") != "divorced" || claire.Relations[noe.Key] != "mother" ||
		claire.Text("phones", "mobile") != "0612345678" || claire.Text("address", "postcode") != "01000" || noe.Text("identity", "sex") != "m" {
		t.Errorf("read as %+v and %+v; %+v", claire, noe, b.Lines[0])
	}
}

func TestTwoAdultsLiveTogetherUnlessTheirRowsSayOtherwise(t *testing.T) {
	t.Parallel()
	const head = "Nom resp 1;Prénom resp 1;Situation resp 1;Adresse resp 1;Ville resp 1;Nom resp 2;Prénom resp 2;Adresse resp 2;Ville resp 2\n"
	for says, c := range map[string]struct {
		row      string
		together bool
	}{
		"the same address":           {"Morel;Claire;;4 rue des Lilas;Lyon;Morel;Karim;4, Rue des Lilas;LYON", true},
		"one address":                {"Morel;Claire;;4 rue des Lilas;Lyon;Morel;Karim;;", true},
		"no address":                 {"Morel;Claire;;;;Morel;Karim;;", true},
		"two addresses":              {"Morel;Claire;;4 rue des Lilas;Lyon;Morel;Karim;9 rue Basse;Lyon", false},
		"one address, and separated": {"Morel;Claire;Séparée;4 rue des Lilas;Lyon;Morel;Karim;;", false},
	} {
		b, err := rows(t, head+c.row)
		if err != nil {
			t.Fatal(err)
		}
		g := b.Families[0].Guardians
		if (g[0].Home == g[1].Home) != c.together {
			t.Errorf("%s: %+v", says, g)
		}
	}
}

func TestAMappingThatMakesNoSenseIsRefusedByItsPath(t *testing.T) {
	t.Parallel()
	columns := []string{"A", "B", "C"}
	for says, c := range map[string]struct {
		mapping Mapping
		want    string
	}{
		"a field that is none":  {Mapping{"child.shoes": {Column: "A"}}, "mapping.child.shoes: field_unknown"},
		"a column that is none": {Mapping{"guardian1.lastName": {Column: "A"}, "guardian1.firstName": {Column: "Z"}}, "mapping.guardian1.firstName: column_unknown"},
		"a column twice":        {Mapping{"guardian1.lastName": {Column: "A"}, "guardian1.firstName": {Column: "A"}}, "mapping.guardian1.lastName: column_twice"},
		"neither nor":           {Mapping{"guardian1.lastName": {}, "guardian1.firstName": {Column: "A"}}, "mapping.guardian1.lastName: source_invalid"},
		"nobody":                {Mapping{}, "mapping.child.lastName: column_missing"},
		"a child of nobody":     {Mapping{"child.lastName": {Column: "A"}, "child.firstName": {Column: "B"}}, "mapping.guardian1.lastName: column_missing"},
	} {
		var no *refusal.Refusal
		if err := c.mapping.Check(Families, columns); !errors.As(err, &no) || !strings.Contains(no.Error(), c.want) {
			t.Errorf("%s: %v", says, err)
		}
	}
	if err := (Mapping{"family.id": {Column: "A"}, "child.lastName": {Column: "B"}, "child.firstName": {Column: "C"}}).Check(Families, columns); err != nil {
		t.Error(err)
	}
}

func TestEachFieldOfTheMappingIsOneOfTheFile(t *testing.T) {
	t.Parallel()
	for _, f := range FieldsOf(Families) {
		if f.Section != "" {
			f.rule(f.target()) // panics where there is none
		}
	}
}
