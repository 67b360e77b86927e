package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
)

// a fact is what causes a mail: it happens, and somebody is told.
type fact struct {
	name    string
	happens func(t *testing.T, o office) (to string)
	subject string
	has     []string // in the plain text
	not     []string
}

var facts = []fact{
	{
		name: "a sign-up with an address that has an account tells its owner, and nobody else",
		happens: func(t *testing.T, o office) string {
			o.signUp(t, attemptID, o.Account.Email)
			return o.Account.Email
		},
		subject: "Vous avez déjà un compte", has: []string{"Un compte existe déjà"}, not: []string{"activation#", "Durand"},
	},
	{
		name: "a new link of a sign-up is another one",
		happens: func(t *testing.T, o office) string {
			email := testkit.Address(t)
			a := o.signUp(t, attemptID, email)
			o.send(t, sample(t))
			must(t, o.app.store.AgainAttempts(t.Context(), o.Secret.Address(email), []account.Attempt{a}, town.Now.Add(time.Minute)))
			return email
		},
		subject: "Activez votre compte", has: []string{"Inscription du lundi 23 novembre 2026 à 9 h 30", ".1.", "mardi 24 novembre 2026 à 9 h 31"},
		not: []string{"Durand"},
	},
	{
		name: "new links of several sign-ups come in one letter that tells them apart by when they were made",
		happens: func(t *testing.T, o office) string {
			email := testkit.Address(t)
			first := o.signUp(t, attemptID, email)
			o.clock.set(town.Now.Add(time.Hour))
			second := o.signUp(t, attemptID+"z", email)
			o.clock.set(town.Now.Add(time.Hour + 10*time.Minute)) // when both first letters are due
			o.send(t, tick)
			must(t, o.app.store.AgainAttempts(t.Context(), o.Secret.Address(email), []account.Attempt{second, first}, town.Now.Add(2*time.Hour)))
			o.clock.set(town.Now.Add(3 * time.Hour))
			o.send(t, tick)
			return email
		},
		subject: "Activez votre compte", has: []string{"à 9 h 30", "à 10 h 30", attemptID + ".1.", attemptID + "z.1.", "mardi 24 novembre 2026 à 11 h 30"},
		not: []string{attemptID + ".0."},
	},
	{
		name: "new links to an address that became an account's tell its owner",
		happens: func(t *testing.T, o office) string {
			a := o.signUp(t, attemptID, o.Account.Email)
			o.send(t, sample(t))
			must(t, o.app.store.AgainAttempts(t.Context(), o.Secret.Address(o.Account.Email), []account.Attempt{a}, town.Now.Add(time.Minute)))
			return o.Account.Email
		},
		subject: "Vous avez déjà un compte", not: []string{"activation#"},
	},
	{
		name: "a link for a new password",
		happens: func(t *testing.T, o office) string {
			must(t, o.app.store.AskReset(t.Context(), o.account(t), town.Now))
			return o.Account.Email
		},
		subject: "Choisissez un nouveau mot de passe", has: []string{"/nouveau-mot-de-passe#", ".1.", "10 h 30", "Bonjour Anne Martin,"},
	},
	{
		name: "a link to a new address goes there",
		happens: func(t *testing.T, o office) string {
			email := testkit.Address(t)
			must(t, o.app.store.AskEmail(t.Context(), o.account(t), email, town.Now))
			return email
		},
		subject: "Confirmez votre nouvelle adresse", has: []string{"/adresse#"}, not: []string{"Martin"},
	},
	{
		name: "a new address that has an account tells its owner",
		happens: func(t *testing.T, o office) string {
			other := o.Citizen()
			must(t, o.app.store.AskEmail(t.Context(), o.account(t), other.Email, town.Now))
			return other.Email
		},
		subject: "Vous avez déjà un compte", not: []string{"/adresse#", "Martin"},
	},
	{
		name: "a replaced address is told at the former one",
		happens: func(t *testing.T, o office) string {
			email := testkit.Address(t)
			must(t, o.app.store.AskEmail(t.Context(), o.account(t), email, town.Now))
			must(t, o.app.store.TakeEmail(t.Context(), o.account(t), o.Secret.Address(o.Account.Email), o.Secret.Address(email), town.Now))
			return o.Account.Email
		},
		subject: "Votre adresse e-mail a changé", has: []string{"9 h 30"},
	},
	{
		name: "a changed password",
		happens: func(t *testing.T, o office) string {
			must(t, o.app.store.TakeUser(t.Context(), o.account(t), o.Account.ID+".2", nil, town.Now))
			return o.Account.Email
		},
		subject: "Votre mot de passe a changé", has: []string{"9 h 30"},
	},
	{
		name: "an address in use that was asked for again",
		happens: func(t *testing.T, o office) string {
			must(t, o.app.store.TellOwner(t.Context(), o.Account.ID, o.Secret.Address(o.Account.Email), town.Now))
			return o.Account.Email
		},
		subject: "Vous avez déjà un compte",
	},
	{
		name:    "a subscription", // the family of every test is subscribed already
		happens: func(_ *testing.T, o office) string { return o.Account.Email },
		subject: "Votre dossier famille est ouvert", has: []string{"9 h 30"},
	},
	{
		name: "the end of a subscription",
		happens: func(t *testing.T, o office) string {
			right, err := o.app.store.FamilyOf(t.Context(), caller(o), o.ID)
			must(t, err)
			must(t, right.Unsubscribe(t.Context(), town.Now))
			return o.Account.Email
		},
		subject: "Votre abonnement a pris fin",
	},
	{
		name: "a request of one day is acknowledged with what became of it",
		happens: func(_ *testing.T, o office) string {
			o.Day(booking.Booking, -1, "cantine", "", "2026-11-24")
			return o.Account.Email
		},
		subject: "Demande reçue et acceptée", has: []string{"Léa, Cantine – mardi 24 novembre 2026", "Noé, Cantine – mardi 24 novembre 2026", "Service enfance"},
	},
	{
		name: "a request that an agent decides is acknowledged with the implied decision and its date",
		happens: func(_ *testing.T, o office) string {
			o.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
			return o.Account.Email
		},
		subject: "Demande reçue, en attente de décision", has: []string{"Léa, Centre de loisirs du mercredi (Matin sans repas) – mercredi 25 novembre 2026", "samedi 23 janvier 2027"},
	},
	{
		name: "a decision on a request tells each day, reasons and remedies",
		happens: func(t *testing.T, o office) string {
			r := o.Ask(booking.Asking{
				Kind: booking.Booking, Period: calendar.Period{From: "2026-11-25", To: "2026-12-02"},
				Items: []booking.Item{{Child: o.Children[0], Activity: "mercredi", Option: "matin"}},
			})
			o.decide(t, r.ID, 0, true, "")
			o.decide(t, r.ID, 1, false, "Sortie complète")
			return o.Account.Email
		},
		subject: "Votre demande est acceptée en partie",
		has:     []string{"mercredi 25 novembre 2026", "mercredi 2 décembre 2026. Motif : Sortie complète", "tribunal administratif", "Défenseur des droits"},
	},
	{
		name: "a change is acknowledged without its values",
		happens: func(t *testing.T, o office) string {
			o.propose(t)
			return o.Account.Email
		},
		subject: "Demande de modification reçue", has: []string{"Téléphones", "Téléphone mobile", "samedi 23 janvier 2027"}, not: []string{"+33612345678"},
	},
	{
		name: "a change of sealed fields is acknowledged without a word of what they say",
		happens: func(_ *testing.T, o office) string {
			o.ProposeOf(town.Now, o.Guardians[0], "bank", map[string]any{"holder": "Zoé Banquier", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPREN"})
			return o.Account.Email
		},
		subject: "Demande de modification reçue", has: []string{"Coordonnées bancaires", "IBAN"}, not: []string{"FR14", "M02606", "PSST", "Banquier"},
	},
	{
		name: "a decision on a child's health is told without a word of what it says",
		happens: func(_ *testing.T, o office) string {
			o.Decide(o.ProposeOf(town.Now, o.Children[0], "health", map[string]any{
				"medication": "Ventoline", "allergies": []any{map[string]any{"allergen": "arachide", "treatment": "adrénaline"}}, "diet": []any{"no_pork"},
			}).ID, family.Verdict{Accept: true})
			return o.Account.Email
		},
		subject: "Votre modification est acceptée", has: []string{"Données sanitaires"}, not: []string{"Ventoline", "arachide", "adrénaline", "no_pork"},
	},
	{
		name: "a decision on a change tells its reason without its values",
		happens: func(t *testing.T, o office) string {
			c := o.propose(t)
			c.Fields[0].State, c.Fields[0].Reason = family.Refused, "Numéro illisible"
			household, err := o.MadeFamily.Store.Household(t.Context())
			must(t, err)
			must(t, o.MadeFamily.Store.DecideChange(t.Context(), household, c, c.Fields, o.Account.ID, "agent", town.Now))
			return o.Account.Email
		},
		subject: "Votre modification est refusée", has: []string{"Téléphone mobile : refusé. Motif : Numéro illisible", "tribunal administratif"}, not: []string{"+33612345678"},
	},
}

func TestEveryFactIsToldToWhomItConcerns(t *testing.T) {
	t.Parallel()
	for _, f := range slices.Concat(facts, requestFacts, personFacts) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			o := opened(t)
			to := f.happens(t, o)
			o.clock.set(town.Now.Add(10 * time.Minute))
			o.send(t, tick)
			m, ok := o.last(t, to, f.subject+" – Ville de test")
			if !ok {
				t.Fatalf("not told; %s", o.log.String())
			}
			for _, s := range f.has {
				if !strings.Contains(m.Text, s) {
					t.Errorf("it lacks %q:\n%s", s, m.Text)
				}
			}
			for _, s := range f.not {
				if strings.Contains(m.Text+m.HTML, s) {
					t.Errorf("it must not say %q:\n%s", s, m.Text)
				}
			}
			if strings.Join(m.ReplyTo, "") != "enfance@"+o.Slug+".example" || !strings.Contains(m.From, "Ville de test") {
				t.Errorf("from %s, answers to %v", m.From, m.ReplyTo)
			}
		})
	}
}

func TestAMailThatHasLostItsObjectIsMoot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		happens func(t *testing.T, o office) (id string)
	}{
		{"the sign-up was erased", func(t *testing.T, o office) string {
			a := o.signUp(t, attemptID, testkit.Address(t))
			o.erase(t)
			return "activation-" + a.ID + "-0"
		}},
		{"the sign-up was activated already", func(t *testing.T, o office) string {
			email := testkit.Address(t)
			a := o.signUp(t, attemptID, email)
			account := o.account(t)
			account.ID, account.User, account.Email = a.ID, a.User, email
			must(t, o.app.store.Activate(t.Context(), o.Secret.Address(email), a, account, nil))
			return "activation-" + a.ID + "-0"
		}},
		{"all sign-ups that were to get another link were erased", func(t *testing.T, o office) string {
			email := testkit.Address(t)
			a := o.signUp(t, attemptID, email)
			must(t, o.app.store.AgainAttempts(t.Context(), o.Secret.Address(email), []account.Attempt{a}, town.Now))
			o.erase(t)
			return "activations-" + a.ID + "-1"
		}},
		{"a later link replaced this one", func(t *testing.T, o office) string {
			must(t, o.app.store.AskReset(t.Context(), o.account(t), town.Now))
			must(t, o.app.store.AskReset(t.Context(), o.account(t), town.Now.Add(time.Second)))
			return "password-reset-" + o.Account.ID + "-1"
		}},
		{"nobody owns the address that a link was asked for", func(t *testing.T, o office) string {
			must(t, o.app.store.TellOwner(t.Context(), "", "hash", town.Now))
			return "has-account-hash-2026-11-23T08:30:00.000Z"
		}},
		{"the account has unsubscribed: it is told nothing more of the family", func(t *testing.T, o office) string {
			r := o.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
			right, err := o.app.store.FamilyOf(t.Context(), caller(o), o.ID)
			must(t, err)
			must(t, right.Unsubscribe(t.Context(), town.Now))
			return "request-received-" + r.ID
		}},
		{"a court bars the guardian: they are told nothing more of the family", func(t *testing.T, o office) string {
			r := o.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
			order := family.Order{ID: "o1", Kind: family.NoAccess, Guardian: o.Guardians[0], From: "2026-11-23", RecordedAt: town.Now, RecordedBy: "agent"}
			must(t, o.MadeFamily.Store.RecordOrder(t.Context(), o.Household(), order, time.UTC))
			return "request-received-" + r.ID
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := opened(t)
			id := c.happens(t, o)
			o.send(t, batch(t, id))
			if i := o.outbox(t, id); i.text("outcome") != "moot" || i.text("work") != "" {
				t.Errorf("its mail is %v; %s", i, o.log.String())
			}
		})
	}
}

func TestAnAddressThatBouncedIsLeftAlone(t *testing.T) {
	t.Parallel()
	o := opened(t)
	id := "has-account-" + o.Secret.Address(o.Account.Email) + "-" + town.Stamp(town.Now)
	must(t, o.app.store.TellOwner(t.Context(), o.Account.ID, o.Secret.Address(o.Account.Email), town.Now))
	must(t, o.app.store.MarkBounced(t.Context(), o.Secret.Address(o.Account.Email), "bounce", town.Now))
	o.send(t, batch(t, id))
	if i := o.outbox(t, id); i.text("outcome") != "suppressed" || o.log.count(`"MailSuppressed":1`) != 1 {
		t.Errorf("its mail is %v; %s", i, o.log.String())
	}
	if got := testkit.Mails(t, o.Account.Email); len(got) != 0 {
		t.Error("a mail went to it")
	}
}

// TestABounceLocksNobodyOut: what somebody waits for leaves all the same.
func TestABounceLocksNobodyOut(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	a := o.signUp(t, attemptID, email)
	must(t, o.app.store.AgainAttempts(t.Context(), o.Secret.Address(email), []account.Attempt{a}, town.Now))
	must(t, o.app.store.AskReset(t.Context(), o.account(t), town.Now))
	must(t, o.app.store.AskEmail(t.Context(), o.account(t), "n."+email, town.Now))
	want := map[string]int{email: 2, o.Account.Email: 1, "n." + email: 1}
	for address := range want {
		must(t, o.app.store.MarkBounced(t.Context(), o.Secret.Address(address), "complaint", town.Now))
	}
	o.send(t, batch(t, "activation-"+a.ID+"-0", "activations-"+a.ID+"-1", "password-reset-"+o.Account.ID+"-1", "new-email-"+o.Account.ID+"-1"))
	for address, n := range want {
		if got := len(testkit.Mails(t, address)); got != n {
			t.Errorf("%s got %d mails, want %d; %s", address, got, n, o.log.String())
		}
	}
}

// TestEachReplacedAddressIsToldOfItsOwnChange however quickly the changes follow.
func TestEachReplacedAddressIsToldOfItsOwnChange(t *testing.T) {
	t.Parallel()
	o := opened(t)
	addresses := []string{o.Account.Email, testkit.Address(t), testkit.Address(t)}
	var ids []string
	for n, email := range addresses[1:] {
		must(t, o.app.store.AskEmail(t.Context(), o.account(t), email, town.Now))
		must(t, o.app.store.TakeEmail(t.Context(), o.account(t), o.Secret.Address(addresses[n]), o.Secret.Address(email), town.Now))
		ids = append(ids, "email-changed-"+o.Account.ID+"-"+strconv.Itoa(n+1))
	}
	o.send(t, batch(t, ids...))
	for n, email := range addresses {
		_, told := o.last(t, email, "Votre adresse e-mail a changé – Ville de test")
		if told != (n < 2) || len(testkit.Mails(t, email)) > 1 {
			t.Errorf("address %d is told: %v", n, told)
		}
	}
}

func TestARequestIsAcknowledgedWhenAllOfItIsWritten(t *testing.T) {
	t.Parallel()
	o := opened(t)
	id := o.unsettled(t)
	o.send(t, batch(t, "request-received-"+id))
	if got := testkit.Mails(t, o.Account.Email); len(got) != 0 {
		t.Fatal("acknowledged before it was known what became of it")
	}
	if o.log.count("MailFailed") > 0 {
		t.Error("waiting is no failure")
	}
	f := o.MadeFamily.Store
	r, err := f.Request(t.Context(), id)
	must(t, err)
	_, err = f.Resume(t.Context(), r, town.Now.Add(time.Minute))
	must(t, err)
	o.clock.set(town.Now.Add(2 * time.Minute))
	o.send(t, tick)
	m, ok := o.last(t, o.Account.Email, "Demande reçue et acceptée – Ville de test")
	if !ok || !strings.Contains(m.Text, "mar. 24, jeu. 26") {
		t.Errorf("not acknowledged: %s %s", m.Text, o.log.String())
	}
}
