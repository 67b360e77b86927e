package views

import (
	"testing"

	"preau/shared/collectivity"
	"preau/shared/family"
)

func TestWhatIsMissingIsSaidInFrench(t *testing.T) {
	t.Parallel()
	gap := func(first, section, field string) family.Gap {
		for _, s := range family.Sections {
			if s.Key() == section {
				f, _ := s.Field(field)
				m := family.Member{ID: "m", Target: s.Target, Values: map[string]map[string]any{family.First(s.Target).Name: {"firstName": first}}}
				return family.Gap{Member: m, Section: s, Field: f}
			}
		}
		t.Fatalf("no section %s", section)
		return family.Gap{}
	}
	document := func(first, kind string) family.Gap {
		g := gap(first, "child.identity", "lastName")
		g.Field, g.Kind, g.Section = family.Field{}, kind, family.First(family.Document)
		return g
	}
	relation := gap("Paul", "guardian.relations", "lea")
	relation.Field.Label += " Léa"
	for want, g := range map[string]family.Gap{
		"Il manque : vaccins de Léa":                                         gap("Léa", "child.health", "vaccinations"),
		"Il manque : IBAN d’Anne":                                            gap("Anne", "guardian.bank", "iban"),
		"Il manque : BIC d’Inès":                                             gap("Inès", "guardian.bank", "bic"),
		"Il manque : projet d’accueil individualisé (PAI) d’Élie":            gap("Élie", "child.health", "pai"),
		"Il manque : e-mail d’Œdipe":                                         gap("Œdipe", "guardian.phones", "email"),
		"Il manque : école de Noé":                                           gap("Noé", "child.school", "school"),
		"Il manque : droit à l’image d’Hugo":                                 gap("Hugo", "child.authorisations", "image"),
		"Il manque : téléphone mobile d’Yves":                                gap("Yves", "guardian.phones", "mobile"),
		"Il manque : téléphone mobile de Yasmine":                            gap("Yasmine", "guardian.phones", "mobile"),
		"Il manque : téléphone de Jeanne":                                    gap("Jeanne", "contact.contact", "phone"),
		"Il manque : nom de أحمد":                                            gap("أحمد", "child.identity", "lastName"),
		"Il manque : prénom":                                                 gap("", "child.identity", "firstName"),
		"Il manque : lien avec l’enfant Léa de Paul":                         relation,
		"Il manque : attestation d’assurance de Tom":                         document("Tom", "insurance"),
		"Il manque : document du PAI d’Anaïs":                                document("Anaïs", "pai"),
		"Il manque : avis d’impôt de Tom":                                    document("Tom", "tax_notice"),
		"Il manque : accord pour interroger la CAF ou la MSA de Jean-Michel": gap("Jean-Michel", "guardian.fiscal", "consent"),
	} {
		if got := Missing([]family.Gap{g})[0].Detail; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEveryFieldAndDocumentHasAName(t *testing.T) {
	t.Parallel()
	for _, kind := range family.DocumentTypes {
		if documentLabels[kind] == "" {
			t.Errorf("document %s has no name", kind)
		}
	}
	for _, s := range Sections(collectivity.Settings{}) {
		for _, f := range s.Fields {
			if s.Label == "" || f.Label == "" || f.Kind == "" {
				t.Errorf("%s.%s.%s: %q, kind %q", s.Target, s.Name, f.Name, f.Label, f.Kind)
			}
		}
	}
}
