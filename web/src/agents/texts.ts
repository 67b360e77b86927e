// What agents read, besides what families read too (texts/fr.ts): loaded with the agents' pages alone. Each large part of the
// agents' side may have such a file of its own.

import { typeset } from '../texts/typeset';

const many = (n: number, one: string, several: string): string => `${n.toLocaleString('fr-FR')} ${n > 1 ? several : one}`;

export const a = typeset({
  space: 'Espace agents',

  nav: {
    label: 'Menu des agents',
    daily: 'Au quotidien',
    town: 'La collectivité',
    desk: 'À traiter',
    account: 'Mon compte',
    portal: 'Portail des familles',
    waits: (n: number) => `${n.toLocaleString('fr-FR')} en attente`,
  },

  entry: {
    title: 'Espace agents',
    lead: 'Munissez-vous de votre téléphone : l’application d’authentification donne le code.',
    send: 'Se connecter',
    forgotten: 'Mot de passe oublié ?',
    lost: 'Téléphone perdu ou changé ? Un gestionnaire de votre collectivité réinitialise votre application d’authentification.',
    family: 'Vous êtes un parent ? Ouvrir le portail des familles',
    refused: 'Ce compte n’est pas celui d’un agent de cette collectivité, ou il est connecté sans le code de l’application d’authentification. Connectez-vous avec votre compte d’agent.',
  },

  page: {
    role: 'Cette page ne vous est pas ouverte',
    roleText: 'Elle demande un autre rôle que le vôtre. Un gestionnaire de votre collectivité peut vous le donner.',
  },

  roles: { reader: 'Consultation', reviewer: 'Traitement', manager: 'Gestion' } as Record<string, string>,
  rolesIn: {
    reader: 'consulter les dossiers de votre ressort',
    reviewer: 'consulter les dossiers de votre ressort et traiter les demandes',
    manager: 'traiter les demandes et régler le portail',
  } as Record<string, string>,

  invitation: {
    title: 'Votre invitation',
    open: 'Ouvrez le lien tel qu’il figure dans le courriel : il ne sert qu’à la personne qui l’a reçu.',
    lead: (first: string, town: string) => `Bonjour ${first}. ${town} vous ouvre l’espace des agents : vous pourrez`,
    email: 'Adresse de connexion',
    until: (at: string) => `Invitation valable jusqu’au ${at}.`,
    newPassword: 'Choisissez un mot de passe',
    password: 'Mot de passe de votre compte',
    passwordHint: 'Un compte existe déjà à cette adresse : saisissez son mot de passe.',
    send: 'Accepter l’invitation',
    next: 'Préparez votre téléphone : à l’étape suivante, vous enregistrez une application d’authentification.',
    keeps: 'C’est accepté. Gardez l’application d’authentification que vous utilisez déjà.',
  },

  enrolment: {
    title: 'Enregistrez votre application d’authentification',
    again: 'Une autre application d’authentification',
    againLead: 'Saisissez votre mot de passe : vous recevrez ensuite le code à enregistrer dans votre application.',
    password: 'Mot de passe',
    send: 'Continuer',
    once: 'Ce code ne sera plus montré : enregistrez-le maintenant.',
    steps: [
      { title: 'Ouvrez une application d’authentification', text: 'sur votre téléphone : FreeOTP, Aegis, Google Authenticator, Microsoft Authenticator ou une autre.' },
      { title: 'Photographiez ce code', text: 'depuis l’application, avec « ajouter un compte ».' },
      { title: 'Connectez-vous', text: 'avec les six chiffres que l’application affiche alors.' },
    ],
    picture: 'Code QR à photographier avec l’application d’authentification',
    here: 'Ouvrir dans l’application de cet appareil',
    typed: 'Pas d’appareil photo ? Saisissez cette clé dans l’application :',
    leave: 'Quitter sans avoir enregistré le code ? Il ne sera plus montré.',
  },

  desk: {
    hello: (first: string) => `Bonjour ${first}`,
    nothing: 'Rien n’attend. Tout est traité.',
    today: 'Aujourd’hui',
    none: 'Aucune activité n’ouvre aujourd’hui.',
    list: 'Faire l’appel',
    scope: (what: string) => `Votre ressort : ${what}`,
    health: 'Vous avez accès aux données de santé.',
    changes: (n: number) => many(n, 'modification de dossier', 'modifications de dossiers'),
    requests: (n: number) => many(n, 'demande de réservation ou d’absence', 'demandes de réservation ou d’absence'),
    changesAny: 'Modifications de dossiers',
    requestsAny: 'Demandes de réservation et d’absence',
    open: 'Traiter',
    read: 'Consulter',
  },
});
