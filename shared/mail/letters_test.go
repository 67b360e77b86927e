package mail

import (
	"html"
	"strings"
	"testing"
	"time"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

var asking = time.Date(2026, 11, 23, 8, 5, 0, 0, time.UTC)

func envelope() Envelope {
	return Envelope{
		To: "ana@example.org", Reader: account.Person{Civility: "mme", FirstName: "Ana", LastName: "Martin"}, Portal: "https://portail.example",
		Town: collectivity.Settings{
			Slug: "saint-aubin", Name: "Saint-Aubin", Timezone: "Europe/Paris", Primary: "#1F5C99",
			Contact: collectivity.Contact{Service: "Service enfance", Email: "enfance@saint-aubin.example", Phone: "02 99 00 00 00", Address: "Place de la Mairie"},
		},
	}
}

func refusing() Envelope {
	e := envelope()
	e.Town.Implied = collectivity.Implied{Refusal: true, Months: 1}
	return e
}

// both gives the letter's two forms, the HTML without its escapes.
func both(t *testing.T, l Letter) map[string]string {
	t.Helper()
	rich, plain, err := l.Written()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"HTML": html.UnescapeString(rich), "plain text": plain}
}

func line(child, activity string, d calendar.Date, s booking.State) booking.Line {
	return booking.Line{Place: booking.Place{Date: d, Child: child, Activity: activity}, State: s}
}

func because(l booking.Line, code, reason string) booking.Line {
	l.Code, l.Reason = code, reason
	return l
}

func asked(kind booking.Kind, lines ...booking.Line) Asked {
	named := func(id, first string) family.Member {
		return family.Member{ID: id, Target: family.Child, Values: map[string]map[string]any{"identity": {"firstName": first, "lastName": "Durand"}}}
	}
	return Asked{
		Request:  booking.Request{ID: "fam-1", CreatedAt: asking, Asking: booking.Asking{Kind: kind}, Lines: lines, Settled: true},
		Children: []family.Member{named("c1", "Léa"), named("c2", "Noé")},
		Activities: []collectivity.Activity{
			{ID: "cantine", Name: "Cantine"},
			{ID: "mercredi", Name: "Centre de loisirs", Options: []collectivity.Option{{ID: "jour", Name: "Journée avec repas"}}},
		},
	}
}

func change(state family.ChangeState, reason string) family.Change {
	return family.Change{
		ID: "fam-2", Target: "g1", Of: family.Guardian, Section: "phones", CreatedAt: asking,
		Fields: []family.FieldChange{
			{Field: "mobile", Old: "+33611111111", New: "+33622222222", State: state, Reason: reason},
			{Field: "home", New: "+33233333333", State: family.Accepted},
		},
	}
}

var guardian = family.Member{ID: "g1", Target: family.Guardian}

func TestALetterSaysWhatItsReaderNeeds(t *testing.T) {
	t.Parallel()
	option := line("c2", "mercredi", "2026-11-25", booking.Requested)
	option.Option = "jour"
	gone := change(family.Accepted, "")
	gone.Section = "hobbies"
	for _, c := range []struct {
		name     string
		letter   Letter
		subject  string
		has, not []string
	}{
		{
			"an activation link, and nobody's name", Envelope{To: "x", Town: envelope().Town, Portal: envelope().Portal}.Activation("a-b.0.M_-", asking),
			"Activez votre compte – Saint-Aubin",
			[]string{"Bonjour,", "https://portail.example/saint-aubin/activation#a-b.0.M_-", "jusqu’au lundi 23 novembre 2026 à 9 h 05", "une fois"},
			nil,
		},
		{
			"the links of all sign-ups that wait, and when each was made",
			Envelope{To: "x", Town: envelope().Town, Portal: envelope().Portal}.Activations([]WaitingSignUp{{"a-c.1.M", asking.Add(time.Hour), asking.Add(25 * time.Hour)}, {"a-b.1.M", asking, asking.Add(25 * time.Hour)}}),
			"Activez votre compte – Saint-Aubin",
			[]string{"Bonjour,", "Inscription du lundi 23 novembre 2026 à 9 h 05", "Inscription du lundi 23 novembre 2026 à 10 h 05", "/saint-aubin/activation#a-b.1.M", "/saint-aubin/activation#a-c.1.M", "jusqu’au mardi 24 novembre 2026 à 10 h 05"},
			nil,
		},
		{
			"a link for a new password", envelope().Reset("acc.1.M", asking), "Choisissez un nouveau mot de passe – Saint-Aubin",
			[]string{"Bonjour Madame Martin,", "https://portail.example/saint-aubin/nouveau-mot-de-passe#acc.1.M"},
			nil,
		},
		{
			"a link to a new address", envelope().NewEmail("acc.1.M", asking), "Confirmez votre nouvelle adresse – Saint-Aubin",
			[]string{"https://portail.example/saint-aubin/adresse#acc.1.M"},
			nil,
		},
		{"an account that is there already", envelope().HasAccount(), "Vous avez déjà un compte – Saint-Aubin", []string{"Un compte existe déjà"}, []string{"#"}},
		{"a changed password and when", envelope().PasswordChanged(asking), "Votre mot de passe a changé – Saint-Aubin", []string{"9 h 05", "Si ce n’est pas vous"}, nil},
		{"a replaced address", envelope().EmailChanged(asking), "Votre adresse e-mail a changé – Saint-Aubin", []string{"9 h 05", "Si ce n’est pas vous"}, nil},
		{"a subscription", envelope().Subscribed(asking), "Votre dossier famille est ouvert – Saint-Aubin", []string{"9 h 05"}, nil},
		{
			"the end of an account, and what stays with the town", envelope().AccountClosed(asking), "Votre compte est fermé – Saint-Aubin",
			[]string{"9 h 05", "Le dossier famille, lui, reste à la collectivité", "Si ce n’est pas vous", "Service enfance"},
			[]string{"ana@example.org", "Ouvrir"},
		},
		{
			"an export that waits on the portal, without a link to the file", envelope().ExportReady(asking), "Vos données sont prêtes – Saint-Aubin",
			[]string{"jusqu’au lundi 23 novembre 2026 à 9 h 05", "https://portail.example/saint-aubin"},
			[]string{".zip", "exports", "X-Amz"},
		},
		{
			"the end of a document whose type may be named", envelope().DocumentEnding("insurance", "Léa", "2026-12-23"), "Attestation d’assurance : fin de validité – Saint-Aubin",
			[]string{"Le document « Attestation d’assurance » (Léa) est valable jusqu’au mercredi 23 décembre 2026."},
			nil,
		},
		{
			"the end of a document that tells of health, and does not say so", envelope().DocumentEnding("pai", "Léa", "2026-12-23"), "Un document arrive à échéance – Saint-Aubin",
			[]string{"Un document de votre dossier famille (Léa) est valable jusqu’au mercredi 23 décembre 2026."},
			[]string{"PAI", "pai", "sant", "accueil"},
		},
		{
			"the end of a document that tells of money, in the same words", envelope().DocumentEnding("tax_notice", "", "2026-12-23"), "Un document arrive à échéance – Saint-Aubin",
			[]string{"Un document de votre dossier famille est valable jusqu’au"},
			[]string{"impôt", "tax"},
		},
		{"the end of a subscription", envelope().Unsubscribed(asking), "Votre abonnement a pris fin – Saint-Aubin", []string{"9 h 05"}, nil},
		{
			"the receipt of a request that waits: instant, service, days, implied acceptance and its date",
			envelope().RequestReceived(asked(booking.Booking, option, line("c1", "cantine", "2026-11-24", booking.Booked), line("c1", "cantine", "2026-12-01", booking.Booked), line("c1", "cantine", "2026-11-26", booking.Booked))),
			"Demande reçue, en attente de décision – Saint-Aubin",
			[]string{
				"demande de réservation le lundi 23 novembre 2026 à 9 h 05", "accusé de réception",
				"Service enfance", "Place de la Mairie", "02 99 00 00 00", "enfance@saint-aubin.example",
				"Léa, Cantine – novembre 2026 : mar. 24, jeu. 26 ; décembre 2026 : mar. 1er",
				"Noé, Centre de loisirs (Journée avec repas) – mercredi 25 novembre 2026",
				"samedi 23 janvier 2027", "considérée comme acceptée", "L232-3", "Pour un jour antérieur à cette date",
			},
			[]string{"Durand", "tribunal"},
		},
		{
			"the remedies of an implied refusal, on the date that the settings say",
			refusing().RequestReceived(asked(booking.Booking, option)), "Demande reçue, en attente de décision – Saint-Aubin",
			[]string{"mercredi 23 décembre 2026", "considérée comme refusée", "deux mois à compter de cette date", "recours gracieux", "tribunal administratif", "Défenseur des droits"},
			[]string{"L232-3", "de ce courriel"},
		},
		{
			"a request granted at once, with nothing to wait for or to contest",
			envelope().RequestReceived(asked(booking.Absence, line("c1", "cantine", "2026-11-24", booking.Absent))), "Demande reçue et acceptée – Saint-Aubin",
			[]string{"demande d’absence le lundi", "Accepté", "mardi 24 novembre 2026"},
			[]string{"Sans réponse", "tribunal", "Refusé"},
		},
		{
			"a day without a place, why, and the remedies",
			envelope().RequestReceived(asked(booking.Booking, line("c1", "cantine", "2026-11-24", booking.Booked), because(line("c2", "cantine", "2026-11-24", booking.Enrolled), "slot_full", ""))),
			"Demande reçue et acceptée en partie – Saint-Aubin",
			[]string{"Noé, Cantine – mardi 24 novembre 2026. Motif : Il n’y a plus de place ce jour-là.", "tribunal administratif", "Défenseur des droits"},
			[]string{"Sans réponse"},
		},
		{
			"a decision day by day with the agent's reason",
			envelope().RequestDecided(asked(booking.Booking, line("c1", "mercredi", "2026-11-25", booking.Booked), because(line("c2", "mercredi", "2026-11-25", booking.Refused), "", "Groupe des petits complet"))),
			"Votre demande est acceptée en partie – Saint-Aubin",
			[]string{"Léa, Centre de loisirs – mercredi 25 novembre 2026", "Noé, Centre de loisirs – mercredi 25 novembre 2026. Motif : Groupe des petits complet", "recours gracieux", "deux mois à compter de ce courriel"},
			nil,
		},
		{
			"an acceptance without remedies",
			envelope().RequestDecided(asked(booking.Booking, line("c1", "mercredi", "2026-11-25", booking.Booked))), "Votre demande est acceptée – Saint-Aubin",
			[]string{"Accepté"},
			[]string{"tribunal", "Motif"},
		},
		{
			"days of an activity that is gone, without its id",
			envelope().RequestDecided(asked(booking.Booking, line("c9", "gone-id", "2026-11-25", booking.Booked))), "Votre demande est acceptée – Saint-Aubin",
			[]string{"Enfant, Activité – mercredi 25 novembre 2026"},
			[]string{"gone-id", "c9"},
		},
		{
			"the receipt of a change: its fields' names, never their values",
			envelope().ChangeReceived(change(family.Pending, ""), guardian), "Demande de modification reçue – Saint-Aubin",
			[]string{"Téléphones", "Téléphone mobile", "Téléphone du domicile", "samedi 23 janvier 2027", "Service enfance"},
			[]string{"+336", "+332", "0611111111"},
		},
		{
			"a refused field with its reason and remedies, never its value",
			envelope().ChangeDecided(change(family.Refused, "Numéro injoignable"), guardian), "Votre modification est acceptée en partie – Saint-Aubin",
			[]string{"Téléphone mobile : refusé. Motif : Numéro injoignable", "Téléphone du domicile : accepté", "tribunal administratif"},
			[]string{"+336", "+332"},
		},
		{
			"a change of a section that we do not know any more",
			envelope().ChangeDecided(gone, family.Member{}), "Votre modification est acceptée – Saint-Aubin",
			[]string{"Dossier famille"},
			[]string{"+336"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reads(t, c.letter, c.subject, c.has, c.not)
		})
	}
}

// reads wants a subject, and sentences that both forms of a letter have, or have not.
func reads(t *testing.T, l Letter, subject string, has, not []string) {
	t.Helper()
	if l.Subject != subject {
		t.Errorf("subject is %q, want %q", l.Subject, subject)
	}
	for form, text := range both(t, l) {
		_, body, _ := strings.Cut(text, "<body") // colours of the head are no links
		if form == "plain text" {
			body = text
		}
		for _, s := range has {
			if !strings.Contains(body, s) {
				t.Errorf("the %s lacks %q", form, s)
			}
		}
		for _, s := range not {
			if s == "#" {
				s = "saint-aubin#"
			}
			if strings.Contains(body, s) {
				t.Errorf("the %s must not say %q", form, s)
			}
		}
	}
}

func TestEveryLetterIsForPhonesDarkScreensAndReadersWithoutButtons(t *testing.T) {
	t.Parallel()
	rich, plain, err := envelope().Reset("acc.1.M", asking).Written()
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://portail.example/saint-aubin/nouveau-mot-de-passe#acc.1.M"
	for _, s := range []string{
		`lang="fr"`, `name="viewport"`, "prefers-color-scheme: dark", `content="light dark"`, "background-color:#1F5C99",
		`<a href="` + address + `"`, ">" + address + "</a>",
	} {
		if !strings.Contains(rich, s) {
			t.Errorf("the HTML lacks %s", s)
		}
	}
	if !strings.Contains(plain, "\n"+address+"\n") || strings.Contains(plain, "<") {
		t.Errorf("the plain text has its link on a line of its own and no markup:\n%s", plain)
	}
}

func TestWhatPeopleTypedIsNoMarkup(t *testing.T) {
	t.Parallel()
	e := envelope()
	e.Town.Name = `<script>alert(1)</script>`
	e.Town.Primary = "red;background:url(//evil.example)"
	e.Town.Contact.Service = `<img src="//evil.example">`
	e.Reader = account.Person{LastName: `<a href="//evil.example">Martin</a>`}
	refused := because(line("c1", "cantine", "2026-11-24", booking.Refused), "", "<b>non</b>\nBcc: x@evil.example")
	rich, _, err := e.RequestDecided(asked(booking.Booking, refused)).Written()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"<script>", "<img", `<a href="//`, "<b>", "url("} {
		if strings.Contains(rich, s) {
			t.Errorf("%s went through", s)
		}
	}
}

func TestButtonsAreLegibleOnAnyColour(t *testing.T) {
	t.Parallel()
	for colour, want := range map[string]string{
		"#1F5C99": "#ffffff", "#000000": "#ffffff", "#ffd400": "#000000", "#FFFFFF": "#000000", "blue": "#ffffff", "": "#ffffff",
	} {
		e := envelope()
		e.Town.Primary = colour
		if got := e.Ink(); got != want {
			t.Errorf("on %q the ink is %s, want %s", colour, got, want)
		}
	}
}

func TestTheReaderIsGreetedAsTheyAreCalled(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]account.Person{
		"Bonjour Madame Martin,":   {Civility: "mme", FirstName: "Ana", LastName: "Martin"},
		"Bonjour Monsieur Martin,": {Civility: "m", FirstName: "Jo", LastName: "Martin"},
		"Bonjour Ana Martin,":      {FirstName: "Ana", LastName: "Martin"},
		"Bonjour,":                 {},
	} {
		if got := (Envelope{Reader: p}).Greeting(); got != want {
			t.Errorf("%+v is greeted %q, want %q", p, got, want)
		}
	}
}
