package mail

import (
	"strings"
	"testing"

	"preau/shared/family"
)

func TestALetterOnAChangeKeepsToItselfWhatTellsOfHealthAndMoney(t *testing.T) {
	t.Parallel()
	change := func(of family.Target, section string, fields ...string) family.Change {
		c := family.Change{ID: "f-c", Of: of, Target: "m", Section: section, CreatedAt: asking, DecidedAt: asking}
		for _, f := range fields {
			c.Fields = append(c.Fields, family.FieldChange{Field: f, State: family.Refused, Reason: "Motif de l’agent"})
		}
		return c
	}
	cases := []struct {
		says   string
		change family.Change
		has    []string
		hasNot []string
	}{
		{"telephones, field by field with the reason", change(family.Guardian, "phones", "mobile"), []string{"Téléphone mobile : refusé. Motif : Motif de l’agent"}, nil},
		{"bank details by the name of the field", change(family.Guardian, "bank", "iban"), []string{"IBAN : refusé. Le motif se lit dans votre dossier"}, []string{"Motif de l’agent"}},
		{"health by the name of the section only", change(family.Child, "health", "allergies", "medication"), []string{"Données sanitaires : le détail de la décision se lit dans votre dossier"}, []string{"Motif de l’agent", "Allergies", "Traitement"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			received := both(t, envelope().ChangeReceived(c.change, family.Member{ID: "m", Target: c.change.Of}))["plain text"]
			decided := both(t, envelope().ChangeDecided(c.change, family.Member{ID: "m", Target: c.change.Of}))["plain text"]
			for _, want := range c.has {
				if !strings.Contains(strings.Join(strings.Fields(decided), " "), want) {
					t.Errorf("%q is not in\n%s", want, decided)
				}
			}
			for _, no := range c.hasNot {
				if strings.Contains(decided+received, no) {
					t.Errorf("%q is told", no)
				}
			}
		})
	}
}
