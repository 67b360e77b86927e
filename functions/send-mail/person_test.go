package main

import (
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/family"
	"preau/shared/store"
)

var personFacts = []fact{
	{
		name: "a closed account is told at the address that it had",
		happens: func(t *testing.T, o office) string {
			must(t, o.app.store.CloseAccount(t.Context(), caller(o), o.Secret.Address, town.Now))
			return o.Account.Email
		},
		subject: "Votre compte est fermé", has: []string{"Bonjour Anne Martin,", "9 h 30"}, not: []string{"abonnement a pris fin"},
	},
	{
		name: "an export that is ready, by a way to the portal and no link to the file",
		happens: func(t *testing.T, o office) string {
			o.exported(t)
			return o.Account.Email
		},
		subject: "Vos données sont prêtes", has: []string{"lundi 30 novembre 2026 à 9 h 30"}, not: []string{".zip", "exports/", "X-Amz"},
	},
	{
		name: "a document that ends, by its type and its child",
		happens: func(t *testing.T, o office) string {
			o.ending(t, "insurance")
			return o.Account.Email
		},
		subject: "Attestation d’assurance : fin de validité", has: []string{"« Attestation d’assurance » (Léa)", "mercredi 23 décembre 2026"},
	},
	{
		name: "a document that tells of health, without a word of that",
		happens: func(t *testing.T, o office) string {
			o.ending(t, "pai")
			return o.Account.Email
		},
		subject: "Un document arrive à échéance", has: []string{"Un document de votre dossier famille (Léa)", "mercredi 23 décembre 2026"}, not: []string{"PAI", "Projet", "sant"},
	},
}

// exported asks for an export, and has it put together.
func (o office) exported(t *testing.T) store.Export {
	t.Helper()
	_, err := o.app.store.AskExport(t.Context(), o.Account.ID, store.Export{}, town.Now)
	must(t, err)
	e, ok, err := o.app.store.ClaimExport(t.Context(), o.Account.ID, town.Now)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	subs, err := o.app.store.Subscriptions(t.Context(), o.Account.ID)
	must(t, err)
	must(t, o.app.store.ExportReady(t.Context(), o.Account.ID, e, subs, town.Now))
	return e
}

const ends = "2026-12-23"

// ending has the first guardian reminded of a document of the first child.
func (o office) ending(t *testing.T, kind string) (mailID string, document family.Member) {
	t.Helper()
	id := o.Join(family.Document, map[string]any{"type": kind, "about": o.Children[0], "validUntil": ends})
	document, _ = o.File().Member(id)
	d := store.DueDocument{Store: o.MadeFamily.Store, ID: id}
	must(t, d.RemindEnd(t.Context(), document, []store.Reader{{Account: o.Account.ID, Family: o.ID}}, town.Now))
	return store.MailDocumentEnding + "-" + id + "-" + ends + "-" + o.Account.ID, document
}

func TestALetterAboutWhatIsNoLongerSoIsMoot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		happens func(t *testing.T, o office) (id string)
	}{
		{"the export is another one", func(t *testing.T, o office) string {
			e := o.exported(t)
			_, err := o.app.store.AskExport(t.Context(), o.Account.ID, e, town.Now.Add(24*time.Hour))
			must(t, err)
			return store.MailExportReady + "-" + e.ID
		}},
		{"the account of the export is closed", func(t *testing.T, o office) string {
			e := o.exported(t)
			must(t, o.app.store.CloseAccount(t.Context(), caller(o), o.Secret.Address, town.Now))
			return store.MailExportReady + "-" + e.ID
		}},
		{"the document ends later by now", func(t *testing.T, o office) string {
			id, document := o.ending(t, "insurance")
			o.Give(document.ID, "document", map[string]any{"validUntil": "2027-12-23"})
			return id
		}},
		{"another document took its place", func(t *testing.T, o office) string {
			id, _ := o.ending(t, "insurance")
			o.Join(family.Document, map[string]any{"type": "insurance", "about": o.Children[0], "validFrom": "2026-12-01"})
			return id
		}},
		{"the closed account is nobody's any more", func(t *testing.T, o office) string {
			must(t, o.app.store.CloseAccount(t.Context(), caller(o), o.Secret.Address, town.Now))
			_, err := o.app.store.Forget(t.Context(), o.Account.ID, town.Now.Add(31*24*time.Hour))
			must(t, err)
			return store.MailAccountClosed + "-" + o.Account.ID
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

func TestMailsThatWereSentAreListedWithTheirAccount(t *testing.T) {
	t.Parallel()
	o := opened(t)
	must(t, o.app.store.AskReset(t.Context(), o.account(t), town.Now))
	must(t, o.app.store.TellOwner(t.Context(), o.Account.ID, o.Secret.Address(o.Account.Email), town.Now))
	must(t, o.app.store.MarkBounced(t.Context(), o.Secret.Address(o.Account.Email), "bounce", town.Now)) // the second is not sent
	o.clock.set(town.Now.Add(time.Hour))
	o.send(t, tick)
	sent, err := o.app.store.SentMails(t.Context(), o.Account.ID)
	if err != nil || len(sent) != 1 || sent[0].Kind != store.MailReset || !sent[0].At.Equal(town.Now.Add(time.Hour)) {
		t.Errorf("listed %v, %v", sent, err)
	}
	if others, err := o.app.store.SentMails(t.Context(), account.CallerOf("somebody", false).Account); err != nil || len(others) > 0 {
		t.Errorf("another has %v, %v", others, err)
	}
}
