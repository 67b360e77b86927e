package main

import (
	"context"

	"preau/shared/account"
	"preau/shared/store"
)

// accountFile is compte.json.
type accountFile struct {
	ID            string             `json:"identifiant"`
	Civility      string             `json:"civilite,omitempty"`
	FirstName     string             `json:"prenom"`
	LastName      string             `json:"nom"`
	Email         string             `json:"email"`
	NewEmail      string             `json:"emailAConfirmer,omitempty"`
	FormerEmails  []string           `json:"anciennesAdresses"`
	CreatedAt     string             `json:"creeLe"`
	Agent         bool               `json:"agentDUneCollectivite"`
	Terms         []acceptedTerms    `json:"conditionsAcceptees"`
	Subscriptions []subscriptionPart `json:"abonnements"`
	Mails         []mailPart         `json:"courrielsEnvoyes"`
}

type acceptedTerms struct {
	Collectivity string `json:"collectivite"`
	Version      string `json:"version"`
	At           string `json:"accepteesLe"`
}

type subscriptionPart struct {
	Family        string `json:"dossier"`
	Collectivity  string `json:"collectivite"`
	Guardian      string `json:"responsable"`
	Since         string `json:"depuis"`
	Remind        int    `json:"rappelsJoursAvant"`
	CalendarSince string `json:"lienAgendaDepuis,omitempty"`
	Exported      bool   `json:"dansCetExport"`
}

type mailPart struct {
	Kind string `json:"type"`
	Name string `json:"objet"`
	At   string `json:"envoyeLe"`
}

// account writes compte.json.
func (x *exporter) account(ctx context.Context, subs []store.Subscription) error {
	me := x.me
	out := accountFile{
		ID: me.ID, Civility: me.Person.Civility, FirstName: me.Person.FirstName, LastName: me.Person.LastName, Email: me.Email, NewEmail: me.NewEmail,
		FormerEmails: []string{}, CreatedAt: instant(me.CreatedAt), Agent: me.Agent, Terms: termsOf(me), Subscriptions: []subscriptionPart{}, Mails: []mailPart{},
	}
	for _, f := range me.FormerEmails {
		out.FormerEmails = append(out.FormerEmails, f.Email)
	}
	for _, sub := range subs {
		part, err := x.subscription(ctx, sub)
		if err != nil {
			return err
		}
		out.Subscriptions = append(out.Subscriptions, part)
	}
	sent, err := x.store.SentMails(ctx, me.ID)
	if err != nil {
		return err
	}
	for _, m := range sent {
		out.Mails = append(out.Mails, mailPart{m.Kind, mailNames[m.Kind], instant(m.At)})
	}
	return x.json("compte.json", out)
}

// termsOf lists which terms the person accepted, and when.
func termsOf(me account.Account) []acceptedTerms {
	out := []acceptedTerms{}
	if me.TermsVersion != "" {
		out = append(out, acceptedTerms{me.Collectivity, me.TermsVersion, instant(me.TermsAt)})
	}
	for _, a := range me.Accepted {
		out = append(out, acceptedTerms{a.Collectivity, a.Version, instant(a.At)})
	}
	return out
}

// subscription is a subscription with what hangs on it.
func (x *exporter) subscription(ctx context.Context, sub store.Subscription) (subscriptionPart, error) {
	out := subscriptionPart{Family: sub.Family, Collectivity: sub.Slug, Guardian: sub.Guardian, Since: instant(sub.Since)}
	right, err := x.store.LeaveOf(ctx, account.CallerOf(x.me.User, false), sub.Family)
	if suspended(err) {
		return out, nil
	}
	if err != nil {
		return out, void(err)
	}
	out.Exported = true
	if out.Remind, err = right.Reminders(ctx); err != nil {
		return out, err
	}
	link, err := right.Calendar(ctx)
	out.CalendarSince = instant(link.Since)
	return out, err
}

// mailNames says what a mail was about.
var mailNames = map[string]string{
	store.MailActivation: "Activation du compte", store.MailActivations: "Activation du compte", store.MailReset: "Nouveau mot de passe demandé",
	store.MailPasswordChanged: "Mot de passe changé", store.MailNewEmail: "Nouvelle adresse à confirmer", store.MailEmailChanged: "Adresse remplacée",
	store.MailHasAccount: "Compte déjà existant", store.MailSubscribed: "Abonnement", store.MailUnsubscribed: "Fin d’abonnement",
	store.MailAccountClosed: "Compte fermé", store.MailExportReady: "Export prêt", store.MailDocumentEnding: "Document arrivant à échéance",
	store.MailRequestReceived: "Demande reçue", store.MailRequestDecided: "Demande traitée", store.MailRequestPromoted: "Place libérée",
	store.MailRequestNoPlace: "Pas de place", store.MailLimitsClosing: "Rappel de délai", store.MailChangeReceived: "Modification reçue",
	store.MailChangeDecided: "Modification traitée", store.MailEventDeclared: "Annonce de la collectivité", store.MailEventRevoked: "Annonce retirée",
}
