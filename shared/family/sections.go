package family

import (
	"cmp"
	"slices"
	"strings"

	"preau/shared/collectivity"
)

// Target is what a section belongs to.
type Target string

// The members of a file.
const (
	Guardian Target = "guardian"
	Child    Target = "child"
	Contact  Target = "contact"  // an adult whom children may be given to, or to call
	Document Target = "document" // a paper of the family, with the file that it was sent as
)

// Targets are all kinds of member, in the order in which a file shows them.
var Targets = []Target{Guardian, Child, Contact, Document}

// Section is a group of fields that are edited and decided together.
type Section struct {
	Target  Target
	Name    string
	Label   string // French
	Private bool   // of a guardian: seen within one household only
	Right   Right  // what an agent needs to see it; "": any role
	Fields  []Field
	PerID   bool // its fields are named by the ids of children, and all like Fields[0]
}

// Field is one field of a section.
type Field struct {
	Name    string
	Label   string // French
	Kind    Kind
	Choices []string
	Max     int               // characters; 100 unless said
	Needed  bool              // whoever edits the section must give it
	Default collectivity.Mode // where the collectivity said nothing; editable unless said
	Sealed  bool              // kept encrypted, and nowhere else
	Joint   bool              // of a consent: holds only when every holder of parental authority gave it
	Safety  Safety            // what carers see of a change before an agent has decided
	Items   []Field           // of a List: the fields of each record
	Class   Class             // how long it is kept
}

// Safety says which changes carers see at once, marked as declared and not verified.
type Safety string

// What does not wait: the withdrawal of a consent or of a person who may collect, and what is added to an allergy or a treatment.
const (
	Waits      Safety = ""
	Withdrawal Safety = "withdrawal"
	Addition   Safety = "addition"
)

// Sections are all sections of a file. A new section is a new entry here: proposals, decisions, mails, rights, retention and
// the API follow.
var Sections = []Section{
	{Target: Guardian, Name: "identity", Label: "Identité", Fields: []Field{
		{Name: "civility", Label: "Civilité", Kind: Choice, Choices: []string{"mme", "m"}},
		{Name: "lastName", Label: "Nom", Kind: Name, Needed: true},
		{Name: "firstName", Label: "Prénom", Kind: Name, Needed: true},
		{Name: "birthName", Label: "Nom de naissance", Kind: Name},
		{Name: "birthDate", Label: "Date de naissance", Kind: PastDate},
		{Name: "situation", Label: "Situation familiale", Kind: Choice, Choices: []string{"single", "married", "civil_union", "cohabiting", "separated", "divorced", "widowed"}},
	}},
	{Target: Guardian, Name: "relations", Label: "Lien avec les enfants", PerID: true, Fields: []Field{
		{Name: "relation", Label: "Lien avec l’enfant", Kind: Choice, Choices: Relations},
	}},
	{Target: Guardian, Name: "address", Label: "Adresse", Private: true, Fields: []Field{
		{Name: "sameAs", Label: "Même adresse que", Kind: Housemate},
		{Name: "street", Label: "Numéro et voie", Kind: Text, Needed: true},
		{Name: "complement", Label: "Complément d’adresse", Kind: Text},
		{Name: "postcode", Label: "Code postal", Kind: Postcode, Needed: true},
		{Name: "city", Label: "Commune", Kind: Name, Needed: true},
	}},
	{Target: Guardian, Name: "phones", Label: "Téléphones et e-mail", Private: true, Fields: []Field{
		{Name: "mobile", Label: "Téléphone mobile", Kind: Phone},
		{Name: "home", Label: "Téléphone du domicile", Kind: Phone},
		{Name: "work", Label: "Téléphone professionnel", Kind: Phone},
		{Name: "email", Label: "E-mail", Kind: Email},
	}},
	{Target: Guardian, Name: "work", Label: "Profession", Private: true, Right: Office, Fields: []Field{
		{Name: "profession", Label: "Profession", Kind: Text, Default: collectivity.Hidden},
		{Name: "employer", Label: "Employeur", Kind: Text, Default: collectivity.Hidden},
	}},
	{Target: Guardian, Name: "fiscal", Label: "Informations fiscales", Private: true, Right: Office, Fields: []Field{
		{Name: "scheme", Label: "Régime d’allocations", Kind: Choice, Choices: []string{"caf", "msa"}},
		// The MSA's is a social security number.
		{Name: "beneficiary", Label: "Numéro d’allocataire", Kind: Beneficiary, Sealed: true, Class: Billing},
		{Name: "quotient", Label: "Quotient familial", Kind: Amount, Class: Billing},
		{Name: "quotientDate", Label: "Date du quotient", Kind: PastDate, Class: Billing},
		{Name: "quotients", Label: "Quotients précédents", Kind: List, Default: collectivity.Shown, Class: Billing, Items: []Field{
			{Name: "quotient", Label: "Quotient familial", Kind: Amount},
			{Name: "date", Label: "Date", Kind: PastDate},
		}},
		{Name: "taxReference", Label: "Référence de l’avis d’impôt", Kind: TaxReference, Sealed: true, Class: UntilQuotient},
		{Name: "consent", Label: "Accord pour interroger la CAF ou la MSA", Kind: YesNo, Class: Billing},
	}},
	{Target: Guardian, Name: "bank", Label: "Coordonnées bancaires", Private: true, Right: Office, Fields: []Field{
		{Name: "holder", Label: "Titulaire du compte", Kind: Name, Needed: true, Class: Bank},
		{Name: "iban", Label: "IBAN", Kind: IBAN, Needed: true, Sealed: true, Class: Bank},
		{Name: "bic", Label: "BIC", Kind: BIC, Sealed: true, Class: Bank},
		{Name: "rum", Label: "Référence unique du mandat", Kind: Text, Max: 35, Default: collectivity.Shown, Class: Bank},
		{Name: "mandateDate", Label: "Date du mandat", Kind: PastDate, Default: collectivity.Shown, Class: Bank},
		{Name: "mandateType", Label: "Type de mandat", Kind: Choice, Choices: []string{"recurrent", "one_off"}, Default: collectivity.Shown, Class: Bank},
	}},

	{Target: Child, Name: "identity", Label: "Informations générales", Fields: []Field{
		{Name: "lastName", Label: "Nom", Kind: Name, Needed: true},
		{Name: "firstName", Label: "Prénom", Kind: Name, Needed: true},
		{Name: "birthDate", Label: "Date de naissance", Kind: PastDate, Needed: true},
		{Name: "birthPlace", Label: "Lieu de naissance", Kind: Name},
		{Name: "sex", Label: "Sexe", Kind: Choice, Choices: []string{"f", "m"}},
	}},
	{Target: Child, Name: "school", Label: "Scolarité", Fields: []Field{
		{Name: "school", Label: "École", Kind: Text, Default: collectivity.Shown},
		{Name: "level", Label: "Niveau", Kind: Text, Default: collectivity.Shown},
		{Name: "class", Label: "Classe", Kind: Text, Default: collectivity.Shown},
	}},
	{Target: Child, Name: "photo", Label: "Photo", Fields: []Field{
		{Name: "photo", Label: "Photo", Kind: Attached, Class: SchoolYear},
	}},
	{Target: Child, Name: "authorisations", Label: "Autorisations", Fields: []Field{
		{Name: "image", Label: "Droit à l’image", Kind: Consent, Joint: true, Safety: Withdrawal, Class: SchoolYear},
		{Name: "socialMedia", Label: "Diffusion sur les réseaux sociaux", Kind: Consent, Joint: true, Safety: Withdrawal, Class: SchoolYear},
		{Name: "leavesAlone", Label: "Part seul", Kind: Consent, Safety: Withdrawal, Class: SchoolYear},
		{Name: "outings", Label: "Sorties", Kind: Consent, Safety: Withdrawal, Class: SchoolYear},
		{Name: "transport", Label: "Transport", Kind: Consent, Safety: Withdrawal, Class: SchoolYear},
		{Name: "hospitalisation", Label: "Hospitalisation et soins d’urgence", Kind: Consent, Safety: Withdrawal, Class: SchoolYear},
	}},
	{Target: Child, Name: "health", Label: "Données sanitaires", Right: Health, Fields: []Field{
		{Name: "doctor", Label: "Médecin traitant", Kind: Text, Sealed: true, Class: SchoolYear},
		{Name: "doctorPhone", Label: "Téléphone du médecin", Kind: Phone, Sealed: true, Class: SchoolYear},
		{Name: "vaccinations", Label: "Vaccins", Kind: List, Sealed: true, Class: SchoolYear, Items: []Field{
			{Name: "name", Label: "Vaccin", Kind: Text, Needed: true},
			{Name: "date", Label: "Date", Kind: PastDate},
		}},
		{Name: "allergies", Label: "Allergies", Kind: List, Sealed: true, Safety: Addition, Class: SchoolYear, Items: []Field{
			{Name: "allergen", Label: "Allergène", Kind: Text, Needed: true},
			{Name: "consequence", Label: "Conséquence", Kind: Text, Max: 300},
			{Name: "treatment", Label: "Conduite à tenir", Kind: Text, Max: 300},
		}},
		{Name: "pai", Label: "Projet d’accueil individualisé (PAI)", Kind: YesNo, Sealed: true, Safety: Addition, Class: SchoolYear},
		{Name: "medication", Label: "Traitement", Kind: Text, Max: 500, Sealed: true, Safety: Addition, Class: SchoolYear},
		// What a child does not eat, never why (design: never a religion).
		{Name: "diet", Label: "Repas", Kind: Choices, Choices: []string{"no_pork", "no_meat", "no_fish", "vegetarian", "no_gluten", "no_lactose", "packed_lunch"}, Sealed: true, Safety: Addition, Class: SchoolYear},
		{Name: "advice", Label: "Autres recommandations", Kind: Text, Max: 500, Sealed: true, Safety: Addition, Class: SchoolYear},
	}},

	{Target: Contact, Name: "contact", Label: "Personne à contacter", Fields: []Field{
		{Name: "lastName", Label: "Nom", Kind: Name, Needed: true, Class: SchoolYear},
		{Name: "firstName", Label: "Prénom", Kind: Name, Needed: true, Class: SchoolYear},
		{Name: "link", Label: "Lien", Kind: Text, Class: SchoolYear},
		{Name: "phone", Label: "Téléphone", Kind: Phone, Needed: true, Class: SchoolYear},
		{Name: "otherPhone", Label: "Autre téléphone", Kind: Phone, Class: SchoolYear},
		{Name: "collect", Label: "Peut venir chercher l’enfant", Kind: YesNo, Safety: Withdrawal, Class: SchoolYear},
		{Name: "emergency", Label: "À appeler en cas d’urgence", Kind: YesNo, Class: SchoolYear},
		{Name: "children", Label: "Enfants concernés", Kind: OfChildren, Needed: true, Class: SchoolYear},
	}},

	{Target: Document, Name: "document", Label: "Document", Fields: []Field{
		// Sealed, because some types tell that a child is ill.
		{Name: "type", Label: "Type", Kind: Choice, Choices: DocumentTypes, Needed: true, Sealed: true, Class: Paper},
		{Name: "about", Label: "Personne concernée", Kind: OfFile, Needed: true, Class: Paper},
		{Name: "validFrom", Label: "Valable du", Kind: AnyDate, Class: Paper},
		{Name: "validUntil", Label: "Valable jusqu’au", Kind: AnyDate, Class: Paper},
		{Name: "file", Label: "Fichier", Kind: Attached, Class: Paper},
	}},
}

// Relations of a guardian to a child. Mother, father and legal guardian hold parental authority unless a court said otherwise.
var Relations = []string{"mother", "father", "legal_guardian", "step_parent", "grandparent", "foster_family", "other"}

// DocumentTypes that families send.
var DocumentTypes = []string{"insurance", "vaccination", "pai", "absence_certificate", "address_proof", "tax_notice", "judgment", "other"}

// HealthDocument says whether a type of document tells of a person's health, so that an agent needs the right to it.
func HealthDocument(kind string) bool {
	return kind == "vaccination" || kind == "pai" || kind == "absence_certificate"
}

// AdultDocument says whether a type of document tells of an adult's address, income or quarrels, so that it is about a guardian and
// never about a child, whose papers all guardians of both households see.
func AdultDocument(kind string) bool {
	return kind == "address_proof" || kind == "tax_notice" || kind == "judgment"
}

// SectionOf finds a section of a kind of member.
func SectionOf(target Target, name string) (Section, bool) {
	i := slices.IndexFunc(Sections, func(s Section) bool { return s.Target == target && s.Name == name })
	if i < 0 {
		return Section{}, false
	}
	return Sections[i], true
}

// SectionsOf lists the sections of a kind of member.
func SectionsOf(target Target) []Section {
	return slices.DeleteFunc(slices.Clone(Sections), func(s Section) bool { return s.Target != target })
}

// SealedIn says whether some section of a name holds what is kept sealed.
func SealedIn(name string) bool {
	return slices.ContainsFunc(Sections, func(s Section) bool {
		return s.Name == name && slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Sealed })
	})
}

// First is the section with which a member is added: all that it takes to be known.
func First(target Target) Section { return SectionsOf(target)[0] }

// Key is the section's name in the settings: guardian.phones.
func (s Section) Key() string { return string(s.Target) + "." + s.Name }

// Field of the section that a value's name belongs to: consents bear the guardian who gave them behind an @, and relations are
// named by the child.
func (s Section) Field(name string) (Field, bool) {
	if s.PerID {
		f := s.Fields[0]
		f.Name = name
		return f, true
	}
	base, _, _ := strings.Cut(name, "@")
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == base })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// FieldLabel is the French name of one of the section's fields.
func (s Section) FieldLabel(name string) string {
	if name == Removed {
		return "Retrait du dossier"
	}
	f, _ := s.Field(name)
	return cmp.Or(f.Label, name)
}

// Mode is what a collectivity lets families do with a field.
func (s Section) Mode(settings collectivity.Settings, f Field) collectivity.Mode {
	name := f.Name
	if s.PerID {
		name = s.Fields[0].Name
	}
	mode := settings.Mode(s.Key()+"."+name, cmp.Or(f.Default, collectivity.Editable))
	if mode == collectivity.Editable && f.Needed {
		return collectivity.Required
	}
	return mode
}
