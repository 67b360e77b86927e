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

  keys: {
    title: 'Raccourcis clavier',
    open: 'Raccourcis',
    on: 'Utiliser les raccourcis',
    fields: 'Ils n’agissent pas pendant que vous écrivez dans un champ.',
    help: 'Afficher cette aide',
  },

  refusing: {
    reason: 'Motif',
    hint: 'La famille le lit dans le courriel de réponse. Entrée pour envoyer.',
    usual: 'Motifs courants',
    missing: 'Indiquez le motif : la famille doit savoir pourquoi.',
  },

  changes: {
    title: 'Modifications de dossiers',
    short: 'Modifications',
    none: 'Aucune modification n’attend. Tout est traité.',
    list: 'File d’attente',
    left: (n: number, more: boolean) => `${many(n, 'à traiter', 'à traiter')}${more ? ' et plus' : ''}`,
    place: (n: number, of: number, more: boolean) => `${n} sur ${of}${more ? '+' : ''}`,
    next: 'Suivante',
    previous: 'Précédente',
    back: 'Retour à la liste',
    kinds: { add: 'Ajout', remove: 'Retrait' } as Record<string, string>,
    file: 'Ouvrir le dossier de la famille',
    by: (name: string, at: string) => `Envoyé par ${name}, ${at}`,
    at: (at: string) => `Envoyé ${at}`,
    field: 'Information',
    old: 'Dans le dossier',
    fresh: 'Demandé',
    empty: 'vide',
    cleared: 'à effacer',
    removal: (name: string) => `${name} ne figurera plus au dossier.`,
    opens: 'Ouvrir le fichier',
    photo: (name: string) => `Nouvelle photo : ${name}`,
    refuseField: 'Refuser',
    keepField: 'Refusé',
    accept: 'Accepter',
    acceptAll: 'Tout accepter',
    refuse: 'Refuser',
    refuseAll: 'Tout refuser',
    partly: (yes: number, no: number) => (yes === 0 ? 'Tout refuser…' : `Accepter ${yes}, refuser ${no}…`),
    refuseSend: 'Refuser',
    partlySend: 'Envoyer la décision',
    decided: (how: string, what: string) => `${{ accepted: 'Accepté', refused: 'Refusé', partly: 'Accepté en partie' }[how] ?? how} : ${what}.`,
    undo: 'Annuler',
    undone: 'La décision est annulée.',
    states: { accepted: 'Accepté', refused: 'Refusé', partly: 'En partie', gone: 'Déjà traité' } as Record<string, string>,
    sending: 'envoi…',
    gone: (state: string) =>
      ({
        accepted: 'Un autre agent l’a acceptée entre-temps.',
        refused: 'Un autre agent l’a refusée entre-temps.',
        partly: 'Un autre agent l’a traitée entre-temps, acceptée en partie.',
        withdrawn: 'La famille l’a retirée entre-temps.',
      })[state] ?? 'Elle n’attend plus : un autre agent l’a traitée, ou la famille l’a retirée.',
    moved: (label: string, current: string, proposed: string) => `${label} : le dossier porte désormais « ${current} », la demande « ${proposed} ». Refusez cette information pour traiter le reste.`,
    unexpected: 'La décision n’est pas arrivée. Rien n’est perdu : décidez à nouveau.',
    problem: (what: string, why: string) => `${what} : ${why}`,
    see: 'Voir',
    hidden: 'Le contenu ne vous est pas montré : il demande le droit de santé ou un autre rôle.',
    notYours: 'Vous pouvez lire cette modification, mais pas la traiter.',
    already: { accepted: 'déjà accepté', refused: 'déjà refusé' } as Record<string, string>,
    usual: [
      'Le justificatif manque. Envoyez-le depuis votre dossier, puis refaites la demande.',
      'Le document est illisible. Envoyez-le de nouveau.',
      'Cette information ne correspond pas au justificatif fourni.',
      'Cette modification demande l’accord de l’autre responsable.',
    ],
    choose: 'Choisissez une modification dans la liste.',
    keys: { accept: 'Accepter (sauf ce qui est refusé), puis passer à la suivante', refuse: 'Refuser, avec un motif', field: 'Refuser ou retenir une information', next: 'Suivante', previous: 'Précédente', undo: 'Annuler la dernière décision', file: 'Ouvrir le dossier de la famille' },
  },
});
