package importing

import (
	"fmt"
	"slices"
	"sync"

	"preau/shared/family"
)

// Field is something that a column of a file can say.
type Field struct {
	Name    string // child.birthDate, guardian1.mobile
	Label   string // French
	Section string // of the member's file, where it goes there
	Field   string
	calls   []string // what columns call it, as headings are compared
}

// A base is a field of a kind of person, whoever of that kind it is.
type base struct {
	name, label, section, field string
	calls                       []string
}

// The fields of persons. Calls are without accents, capitals, articles and the word for whose it is.
var (
	guardianBase = []base{
		{"id", "N°", "", "", []string{"numero", "n", "no", "num", "id", "identifiant", "code", "matricule", "reference", "ref"}},
		{"civility", "Civilité", "identity", "civility", []string{"civilite", "titre", "civ"}},
		{"lastName", "Nom", "identity", "lastName", []string{"nom", "noms", "nom usage", "nom famille", "nom usuel"}},
		{"firstName", "Prénom", "identity", "firstName", []string{"prenom", "prenoms", "prenom usuel"}},
		{"birthName", "Nom de naissance", "identity", "birthName", []string{"nom naissance", "nom jeune fille", "nom patronymique"}},
		{"birthDate", "Date de naissance", "identity", "birthDate", []string{"date naissance", "date naiss", "naissance", "ne", "nee", "ne e", "ddn", "date nais"}},
		{"situation", "Situation familiale", "identity", "situation", []string{"situation familiale", "situation", "etat civil", "situation famille"}},
		{"relation", "Lien avec l’enfant", "relations", "relation", []string{"lien", "lien parente", "lien enfant", "lien avec enfant", "qualite", "role", "parente"}},
		{"street", "Numéro et voie", "address", "street", []string{"adresse", "rue", "voie", "numero voie", "numero et voie", "adresse 1", "adresse1", "adresse postale"}},
		{"complement", "Complément d’adresse", "address", "complement", []string{"complement", "complement adresse", "adresse 2", "adresse2"}},
		{"postcode", "Code postal", "address", "postcode", []string{"cp", "code postal", "codepostal"}},
		{"city", "Commune", "address", "city", []string{"ville", "commune", "localite"}},
		{"mobile", "Téléphone mobile", "phones", "mobile", []string{"mobile", "portable", "tel portable", "telephone portable", "tel mobile", "telephone mobile", "gsm", "tel", "telephone", "numero telephone"}},
		{"home", "Téléphone du domicile", "phones", "home", []string{"fixe", "tel fixe", "telephone fixe", "domicile", "tel domicile", "telephone domicile"}},
		{"work", "Téléphone professionnel", "phones", "work", []string{"tel travail", "telephone travail", "tel professionnel", "tel pro", "telephone professionnel", "telephone pro"}},
		{"email", "E-mail", "phones", "email", []string{"mail", "email", "e mail", "courriel", "adresse mail", "adresse e mail", "adresse email", "adresse courriel", "adresse electronique"}},
		{"profession", "Profession", "work", "profession", []string{"profession", "metier"}},
		{"employer", "Employeur", "work", "employer", []string{"employeur", "nom employeur"}},
		{"scheme", "Régime d’allocations", "fiscal", "scheme", []string{"regime", "regime allocations", "regime allocataire"}},
		{"quotient", "Quotient familial", "fiscal", "quotient", []string{"quotient", "quotient familial", "qf"}},
		{"quotientDate", "Date du quotient", "fiscal", "quotientDate", []string{"date quotient", "date qf", "date quotient familial"}},
	}
	childBase = []base{
		{"id", "N°", "", "", []string{"numero", "n", "no", "num", "id", "identifiant", "code", "matricule", "reference", "ref", "ine"}},
		{"lastName", "Nom", "identity", "lastName", []string{"nom", "noms", "nom usage", "nom famille", "nom usuel"}},
		{"firstName", "Prénom", "identity", "firstName", []string{"prenom", "prenoms", "prenom usuel"}},
		{"birthDate", "Date de naissance", "identity", "birthDate", []string{"date naissance", "date naiss", "naissance", "ne", "nee", "ne e", "ddn", "date nais"}},
		{"birthPlace", "Lieu de naissance", "identity", "birthPlace", []string{"lieu naissance", "commune naissance", "ville naissance"}},
		{"sex", "Sexe", "identity", "sex", []string{"sexe", "genre"}},
		{"school", "École", "school", "school", []string{"ecole", "etablissement", "nom ecole", "etablissement scolaire", "nom etablissement"}},
		{"level", "Niveau", "school", "level", []string{"niveau", "niveau scolaire"}},
		{"class", "Classe", "school", "class", []string{"classe", "division", "nom classe", "libelle classe"}},
	}
	familyBase = []base{
		{"id", "N°", "", "", []string{"numero", "n", "no", "num", "id", "identifiant", "code", "reference", "ref", "numero dossier", "code dossier"}},
		{"label", "Libellé", "", "", []string{"libelle", "nom dossier", "intitule"}},
	}
	enrolmentBase = []base{
		{"activity", "Activité", "", "", []string{"activite", "accueil", "service", "prestation"}},
		{"from", "Du", "", "", []string{"du", "debut", "date debut", "depuis", "from"}},
		{"to", "Au", "", "", []string{"au", "fin", "date fin", "jusque", "jusqu au", "to"}},
		{"weekdays", "Jours", "", "", []string{"jours", "jour", "jours semaine"}},
		{"standing", "Réservée d’avance", "", "", []string{"reservee avance", "permanent", "permanente", "recurrent", "standing"}},
		{"option", "Formule", "", "", []string{"formule", "option"}},
	}
)

// known lists the fields of each sort of import.
var known = sync.OnceValue(func() map[Sort][]Field {
	return map[Sort][]Field{
		Families: slices.Concat(
			named("family", "de la famille", familyBase), named("guardian1", "du responsable 1", guardianBase),
			named("guardian2", "du responsable 2", guardianBase), named("child", "de l’enfant", childBase),
		),
		Schools:    named("school", "", []base{{"name", "École", "", "", childBase[6].calls}, {"class", "Classe", "", "", childBase[8].calls}, {"level", "Niveau", "", "", childBase[7].calls}}),
		Enrolments: slices.Concat(named("family", "de la famille", familyBase[:1]), named("child", "de l’enfant", childBase[:4]), named("enrolment", "", enrolmentBase)),
	}
})

func named(whose, of string, all []base) (fields []Field) {
	for _, b := range all {
		label := b.label
		if of != "" {
			label += " " + of
		}
		fields = append(fields, Field{Name: whose + "." + b.name, Label: label, Section: b.section, Field: b.field, calls: b.calls})
	}
	return fields
}

// FieldsOf lists what columns of a sort of import can say.
func FieldsOf(of Sort) []Field { return known()[of] }

// FieldOf finds a field by its name.
func FieldOf(of Sort, name string) (Field, bool) {
	i := slices.IndexFunc(known()[of], func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return known()[of][i], true
}

// rule is the field of the family file that says how a value is read.
func (f Field) rule(of family.Target) (family.Section, family.Field) {
	section, ok := family.SectionOf(of, f.Section)
	if !ok {
		panic(fmt.Sprintf("importing: %s is of no section", f.Name))
	}
	if section.PerID {
		return section, section.Fields[0]
	}
	field, ok := section.Field(f.Field)
	if !ok {
		panic(fmt.Sprintf("importing: %s is no field", f.Name))
	}
	return section, field
}
