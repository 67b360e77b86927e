package mail

import (
	"strings"
	"testing"
	"time"

	"preau/shared/collectivity"
)

// styled is a town that has set all that letters show of it.
func styled() collectivity.Settings {
	town := envelope().Town
	town.Logo = "0123abcd"
	town.Mail = collectivity.Mail{Sender: "Mairie de\r\nSaint-Aubin", ReplyTo: "reponse@saint-aubin.example", Signature: "L’équipe <enfance>\nMairie de Saint-Aubin"}
	return town
}

func TestEverySampleIsALetterOfItsTown(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	for _, l := range Samples(styled(), "https://portail.example", asking) {
		kinds[l.Kind]++
		if l.Sender() != "Mairie de Saint-Aubin" || l.ReplyTo() != "reponse@saint-aubin.example" {
			t.Errorf("%s comes from %q, answers go to %q", l.Kind, l.Sender(), l.ReplyTo())
		}
		for form, text := range both(t, l) {
			for _, said := range []string{"L’équipe <enfance>", "Saint-Aubin", "Service enfance"} {
				if !strings.Contains(text, said) {
					t.Errorf("%s, %s: no %q in\n%s", l.Kind, form, said, text)
				}
			}
			if strings.Contains(text, "%!") || strings.Contains(text, "Enfant, ") {
				t.Errorf("%s, %s: something has no name in\n%s", l.Kind, form, text)
			}
		}
		if !strings.Contains(both(t, l)["HTML"], "https://portail.example/v1/collectivities/saint-aubin/logo?logo=0123abcd") {
			t.Errorf("%s bears no logo", l.Kind)
		}
	}
	if len(kinds) < 18 {
		t.Errorf("only %d kinds: %v", len(kinds), kinds)
	}
}

func TestATownThatSetsNothingOfItsMailsHasLettersAllTheSame(t *testing.T) {
	t.Parallel()
	plain := envelope()
	if plain.Sender() != "Saint-Aubin" || plain.ReplyTo() != "enfance@saint-aubin.example" || plain.Logo() != "" || plain.Signature() != nil {
		t.Errorf("got %q, %q, %q, %v", plain.Sender(), plain.ReplyTo(), plain.Logo(), plain.Signature())
	}
	if text := both(t, plain.PasswordChanged(time.Now()))["HTML"]; strings.Contains(text, "<img") {
		t.Error("a picture is there without a logo")
	}
}

// A town that was erased leaves accounts behind: what their owners ask for still reaches them.
func TestALetterOfNoTownLeadsToThePortalItself(t *testing.T) {
	t.Parallel()
	e := envelope()
	e.Town = collectivity.Settings{Name: "Portail famille"}
	l := e.Reset("token", asking)
	if text := both(t, l)["plain text"]; !strings.Contains(text, "https://portail.example/nouveau-mot-de-passe#token") {
		t.Errorf("got\n%s", text)
	}
}
