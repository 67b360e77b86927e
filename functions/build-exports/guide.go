package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"preau/shared/calendar"
)

// guide is LISEZMOI.txt: what each file is, and what is not there.
type guide struct {
	at        time.Time
	families  []string // folders
	suspended []string // towns whose portal is closed
	missing   []string // files that are not to be had
	withheld  []withheld
}

// withheld are notes that a town gives itself.
type withheld struct{ folder, town, officer string }

const explained = `VOS DONNÉES SUR LE PORTAIL FAMILLE

Cette archive a été préparée le %s à votre demande (droit d'accès et droit à la portabilité, articles 15 et 20 du RGPD).
Elle contient ce que le portail garde de votre compte et, pour chaque dossier famille auquel vous êtes abonné, tout ce que vous pouvez en
voir. Elle ne contient ni vos mots de passe ni vos connexions. Gardez-la en lieu sûr : elle peut contenir des données de santé et des
coordonnées bancaires.

Les fichiers .json sont des textes structurés : un éditeur de texte les ouvre, et d'autres services peuvent les relire. Les instants y sont
donnés en temps universel (UTC).

LE COMPTE
  compte.json              votre identité et vos adresses e-mail, les conditions d'utilisation acceptées et quand, vos abonnements
                           (rappels, lien d'agenda), les courriels envoyés ces 30 derniers jours (leur type et leur date)

CHAQUE DOSSIER FAMILLE, dans un dossier à son nom
  dossier.json             les responsables, les enfants, les contacts et les documents, rubrique par rubrique. « valeur » est ce qui est
                           enregistré, « texte » ce que cela veut dire. Des adultes d'un autre foyer ne figurent que le nom et le prénom ;
                           les coordonnées bancaires d'un autre adulte de votre foyer sont masquées, comme sur le portail.
  photos/                  les photos des enfants
  documents/               les documents que vous pouvez voir
  modifications.json       les modifications demandées, avec leurs valeurs avant et après et la décision prise
  inscriptions.json        les inscriptions des enfants aux activités
  demandes.json            les demandes de réservation et d'absence, avec chacun de leurs jours
  journees.json            les journées : réservations, absences, présences, facturation
  consultations.json       les agents de la collectivité qui ont lu des données de santé des enfants ou vos coordonnées bancaires
  mes-actions.json         ce que le journal de la collectivité a retenu de vos propres actions (12 mois)
  notes-de-la-collectivite.json   les notes des agents sur la famille, s'il y en a
`

const ending = `
CE QUI N'Y EST PAS
Les personnes retirées d'un dossier, les données d'un autre foyer et les archives de la collectivité ne sont pas dans cette archive. Pour
toute demande, rectification ou effacement, adressez-vous à la collectivité ou à son délégué à la protection des données ; vous pouvez
aussi saisir la CNIL (www.cnil.fr).
`

// write writes the guide, with line ends that every editor shows.
func (g guide) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, explained, calendar.DateOf(g.at, time.UTC).French())
	if len(g.families) > 0 {
		b.WriteString("\nLES DOSSIERS DE CETTE ARCHIVE\n")
	}
	for _, folder := range g.families {
		fmt.Fprintf(&b, "  %s\n", folder)
	}
	b.WriteString(ending)
	for _, town := range g.suspended {
		fmt.Fprintf(&b, "Le portail de « %s » est suspendu : demandez vos données à cette collectivité.\n", town)
	}
	for _, n := range g.withheld {
		fmt.Fprintf(&b, "%s : ce dossier réunit plusieurs foyers. Les notes de %s peuvent parler d'un autre que le vôtre : demandez-les à son délégué à la protection des données%s.\n", n.folder, n.town, officer(n.officer))
	}
	for _, name := range g.missing {
		fmt.Fprintf(&b, "%s : ce fichier n'a pas été retrouvé. Signalez-le à la collectivité.\n", name)
	}
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "\n", "\r\n"))
	return err
}

func officer(address string) string {
	if address == "" {
		return ""
	}
	return " (" + address + ")"
}
