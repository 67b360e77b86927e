package mail

import (
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// news is of a strike on two days.
func news(effect collectivity.Effect, change func(*News)) News {
	n := News{Asked: asked(booking.Booking), Event: collectivity.Event{
		Kind: collectivity.Strike, Effect: effect, Name: "Grève nationale", Text: "Les écoles restent ouvertes.", Until: "09:00",
		Period: calendar.Period{From: "2026-11-24", To: "2026-11-25"},
	}}
	change(&n)
	return n
}

func TestALetterOfAnEventSaysWhatItMeansForTheFamily(t *testing.T) {
	t.Parallel()
	option := line("c2", "mercredi", "2026-11-25", booking.Cancelled)
	option.Option = "jour"
	for _, c := range []struct {
		name     string
		letter   Letter
		subject  string
		has, not []string
	}{
		{
			"cancelled days of all children, not billed, and whom to ask",
			envelope().EventDeclared(news(collectivity.Cancels, func(n *News) {
				n.Cancelled = []booking.Line{line("c1", "cantine", "2026-11-24", booking.Cancelled), option}
			})),
			"Journées annulées : Grève nationale – Saint-Aubin",
			[]string{
				"Grève : Grève nationale, du mardi 24 novembre 2026 au mercredi 25 novembre 2026.", "Les écoles restent ouvertes.", "Journées annulées",
				"Léa, Cantine – mardi 24 novembre 2026", "Noé, Centre de loisirs (Journée avec repas) – mercredi 25 novembre 2026", "ne sont pas facturées",
				"aucune démarche", "Service enfance", "02 99 00 00 00",
			},
			[]string{"Durand", "Demandes annulées", "absence"},
		},
		{
			"what only waited, and absences that are not billed after all",
			envelope().EventDeclared(news(collectivity.Cancels, func(n *News) {
				n.Dropped = []booking.Line{line("c1", "cantine", "2026-11-24", booking.Cancelled)}
				late := line("c2", "cantine", "2026-11-24", booking.Absent)
				late.Due = true
				n.Waived = []booking.Line{late}
			})),
			"Journées annulées : Grève nationale – Saint-Aubin",
			[]string{"Demandes annulées", "attendaient une décision ou une place", "Absences non facturées", "Noé, Cantine – mardi 24 novembre 2026", "finalement pas facturées"},
			[]string{"reste facturée"},
		},
		{
			"until when absences are taken on the day itself",
			envelope().EventDeclared(news(collectivity.Reopens, func(n *News) { n.Reopened = []booking.Line{line("c1", "cantine", "2026-11-24", booking.Booked)} })),
			"Absences acceptées plus tard : Grève nationale – Saint-Aubin",
			[]string{"Journées réservées", "Léa, Cantine – mardi 24 novembre 2026", "le jour même jusqu’à 9 h 00", "sans que la journée soit facturée", "Sans déclaration, la journée reste réservée et facturée"},
			[]string{"annulée"},
		},
		{
			"until when on the day before",
			envelope().EventDeclared(news(collectivity.Reopens, func(n *News) {
				n.Event.Until, n.Event.DayBefore = "18:30", true
				n.Reopened = []booking.Line{line("c1", "cantine", "2026-11-24", booking.Booked)}
			})),
			"Absences acceptées plus tard : Grève nationale – Saint-Aubin",
			[]string{"la veille jusqu’à 18 h 30"},
			nil,
		},
		{
			"what a revocation gives back, and what it does not",
			envelope().EventRevoked(news(collectivity.Cancels, func(n *News) {
				n.Released = []booking.Line{line("c1", "cantine", "2026-11-24", booking.Cancelled)}
				n.Dropped = []booking.Line{line("c2", "cantine", "2026-11-24", booking.Cancelled)}
				n.Cancelled = []booking.Line{line("c2", "mercredi", "2026-11-25", booking.Cancelled)}
			})),
			"Annonce retirée : Grève nationale – Saint-Aubin",
			[]string{
				"Grève nationale", "est retirée", "Journées de nouveau réservées", "Léa, Cantine – mardi 24 novembre 2026", "Votre enfant est attendu",
				"Demandes à refaire", "Noé, Cantine – mardi 24 novembre 2026", "Journées qui restent annulées", "Noé, Centre de loisirs – mercredi 25 novembre 2026",
			},
			[]string{"9 h 00"},
		},
		{
			"the hour that stays when a strike with minimum service is revoked",
			envelope().EventRevoked(news(collectivity.Reopens, func(*News) {})),
			"Annonce retirée : Grève nationale – Saint-Aubin",
			[]string{"Le service est assuré", "reste valable", "le jour même jusqu’à 9 h 00"},
			[]string{"annulée"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.letter.Subject != c.subject {
				t.Errorf("subject is %q, want %q", c.letter.Subject, c.subject)
			}
			for form, text := range both(t, c.letter) {
				for _, s := range c.has {
					if !strings.Contains(text, s) {
						t.Errorf("the %s lacks %q", form, s)
					}
				}
				for _, s := range c.not {
					if strings.Contains(text, s) {
						t.Errorf("the %s must not say %q", form, s)
					}
				}
			}
		})
	}
}

func TestADeclarationThatTakesNothingIsEmpty(t *testing.T) {
	t.Parallel()
	if n := news(collectivity.Cancels, func(*News) {}); !n.Empty() {
		t.Error("it is not")
	}
	if n := news(collectivity.Reopens, func(n *News) { n.Reopened = make([]booking.Line, 1) }); n.Empty() {
		t.Error("it is")
	}
}
