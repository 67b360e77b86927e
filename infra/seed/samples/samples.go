// Package samples has files as other software writes them, to be imported: families.csv and the like are read by people and tests,
// and Families makes as many families as are asked for, always the same.
//
// The names are of nobody: first and last names that are common in France, put together by a fixed sequence.
package samples

import (
	"bytes"
	"fmt"
	"strings"
)

// Columns of the files that Families makes, as a town's software names them.
const Columns = "N° famille;Civilité resp. 1;Nom resp. 1;Prénom resp. 1;Lien resp. 1;Adresse resp. 1;CP resp. 1;Ville resp. 1;Portable resp. 1;E-mail resp. 1;" +
	"Civilité resp. 2;Nom resp. 2;Prénom resp. 2;Lien resp. 2;Adresse resp. 2;CP resp. 2;Ville resp. 2;Portable resp. 2;" +
	"N° enfant;Nom enfant;Prénom enfant;Né(e) le;Sexe;École;Niveau;Classe"

// Schools is a file of the schools and classes that the families' children go to.
func Schools() []byte {
	out := bytes.NewBufferString("\ufeffÉcole;Classe;Niveau\r\n")
	for _, school := range schools {
		for _, class := range classes {
			fmt.Fprintf(out, "%s;%s;%s\r\n", school, class.name, class.level)
		}
	}
	return out.Bytes()
}

// Families is a file of so many families, a row for each child: of one parent or two, with twins, composed names, parents who live
// apart with a file each and the same child in both, and children whose birth date nobody knows.
func Families(n int) []byte {
	out := bytes.NewBufferString("\ufeff" + Columns + "\r\n")
	for i := 0; i < n; i++ {
		f := family(i)
		if i%20 == 19 && i+1 < n { // of parents who live apart: the next file has the same children
			apart(out, f, i)
			i++
			continue
		}
		for _, c := range f.children {
			row(out, f.number, f.mother, f.father, c)
		}
	}
	return out.Bytes()
}

type adult struct{ civility, last, first, relation, street, postcode, city, mobile, email string }

type child struct{ number, last, first, born, sex, school, level, class string }

type household struct {
	number         string
	mother, father adult
	children       []child
}

func row(out *bytes.Buffer, number string, one, two adult, c child) {
	cells := []string{
		number, one.civility, one.last, one.first, one.relation, one.street, one.postcode, one.city, one.mobile, one.email,
		two.civility, two.last, two.first, two.relation, two.street, two.postcode, two.city, two.mobile,
		c.number, c.last, c.first, c.born, c.sex, c.school, c.level, c.class,
	}
	for i, cell := range cells {
		if strings.ContainsAny(cell, ";\"") {
			cells[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
	}
	out.WriteString(strings.Join(cells, ";") + "\r\n")
}

// apart writes the files of two parents of the same children.
func apart(out *bytes.Buffer, f household, i int) {
	father := f.father
	father.street, father.postcode, father.city = street(i+7), "35140", "Saint-Aubin-du-Cormier"
	for _, c := range f.children {
		row(out, f.number, f.mother, adult{}, c)
	}
	for _, c := range f.children {
		row(out, number(i+1), father, adult{}, c)
	}
}

func number(i int) string { return fmt.Sprintf("F%05d", i+1) }

func street(i int) string { return fmt.Sprintf("%d %s", 1+i%97, streets[i%len(streets)]) }

// family is the family of a place in the sequence.
func family(i int) household {
	last, other := lastNames[i*7%len(lastNames)], lastNames[(i*11+5)%len(lastNames)]
	f := household{number: number(i)}
	f.mother = adult{"Mme", last, mothers[i*5%len(mothers)], "Mère", street(i), "35140", "Saint-Aubin-du-Cormier", fmt.Sprintf("06 %02d %02d %02d %02d", 10+i%20, i/20%100, i*3%100, i*7%100), fmt.Sprintf("parent%d@example.org", i+1)}
	if i%6 != 5 || i%20 == 19 { // else a parent alone
		f.father = adult{"M.", other, fathers[i*3%len(fathers)], "Père", "", "", "", fmt.Sprintf("07 %02d %02d %02d %02d", 50+i%40, i/40%100, i*9%100, i*13%100), ""}
		if i%4 == 0 {
			f.father.last = strings.ToUpper(last)
		}
	}
	for n := range 1 + i%3 {
		f.children = append(f.children, f.child(i, n, last))
	}
	return f
}

// child is the nth of a family. The second of some is the twin of the first.
func (f household) child(i, n int, last string) child {
	year, month, day := 2015+(i+n*2)%9, 1+(i*5+n)%12, 1+(i*7+n*3)%28
	c := child{number: fmt.Sprintf("E%05d-%d", i+1, n+1), last: last, first: girls[(i*3+n*5)%len(girls)], sex: "F", school: schools[i%len(schools)]}
	if (i+n)%2 == 1 {
		c.first, c.sex = boys[(i*3+n*5)%len(boys)], "M"
	}
	class := classes[max(0, min(len(classes)-1, 2023-year))]
	c.level, c.class = class.level, class.name
	c.born = fmt.Sprintf("%02d/%02d/%d", day, month, year)
	if n == 1 && i%10 == 4 && len(f.children) > 0 {
		twin := f.children[0]
		c.born, c.level, c.class = twin.born, twin.level, twin.class
	}
	if i%25 == 12 && n == 0 {
		c.born = ""
	}
	return c
}

var (
	schools = []string{"École Jules-Verne", "École des Tilleuls", "École Marie-Curie"}
	classes = []struct{ name, level string }{{"Petite section", "PS"}, {"Moyenne section", "MS"}, {"Grande section", "GS"}, {"CP A", "CP"}, {"CE1 A", "CE1"}, {"CE2 B", "CE2"}, {"CM1", "CM1"}, {"CM2", "CM2"}}

	lastNames = []string{
		"Martin", "Bernard", "Lefèvre", "Le Goff", "D’Almeida", "Dupont-Moreau", "N’Diaye", "Müller", "Ben Salah", "De La Rivière", "Gauthier", "Hélias", "Çelik", "O’Connor", "Garçon",
		"Lœuillet", "Nuñez", "Saint-Étienne", "Kervran", "Traoré", "Nguyễn", "Château", "Zieliński", "Roux", "Fabre", "Boëdec", "Pérez-García", "Vandenbroucke", "Morel",
	}
	mothers = []string{"Claire", "Hélène", "Anne-Sophie", "Aïcha", "Maëlle", "Marie-Thérèse", "Zoé", "Fatou", "Cécile", "Gaëlle", "Inès", "Jeanne", "Noémie"}
	fathers = []string{"Karim", "Jean-François", "Loïc", "Jérôme", "Mamadou", "François-Xavier", "Théo", "Rémi", "Gaël", "André", "Benoît"}
	girls   = []string{"Léa", "Anaïs", "Chloé", "Éloïse", "Marie-Lou", "Noémie", "Inès", "Maïwenn", "Zélie", "Lou-Ann", "Agathe", "Ève", "Salomé"}
	boys    = []string{"Noé", "Gaël", "Jean-Baptiste", "Maël", "Ismaël", "Théo", "Léon", "Raphaël", "Côme", "Paul-Émile", "Anaël"}
	streets = []string{"rue des Lilas", "allée du Château-d’Eau", "bis, rue de l’Église", "place de la Mairie", "impasse des Chênes", "route de Fougères", "rue du 8-Mai-1945", "lieu-dit Le Bois-Hamon"}
)
