// What managers read about bringing families, schools and enrolments from other software.

import { typeset } from '../../texts/typeset';

const many = (n: number, one: string, several: string): string => `${n.toLocaleString('fr-FR')} ${n > 1 ? several : one}`;

export const x = typeset({
  title: 'Imports',
  lead: 'Reprendre les familles, les écoles ou les inscriptions d’un autre logiciel : le fichier est d’abord lu et vérifié, rien n’est écrit avant votre accord, et tout peut être défait.',
  add: 'Importer un fichier',
  none: 'Aucun fichier n’a encore été importé.',
  back: 'Tous les imports',
  of: { families: 'Familles', schools: 'Écoles et classes', enrolments: 'Inscriptions' } as Record<string, string>,
  ofLong: { families: 'Familles, avec responsables et enfants', schools: 'Écoles, avec leurs classes', enrolments: 'Inscriptions d’enfants déjà connus' } as Record<string, string>,
  states: { awaited: 'Fichier attendu', checking: 'Vérification en cours', refused: 'Fichier refusé', checked: 'À valider', applying: 'Import en cours', applied: 'Importé', undoing: 'Annulation en cours', undone: 'Annulé' } as Record<string, string>,
  by: (author: string, at: string) => `${author}, ${at}`,
  until: (at: string) => `gardé jusqu’au ${at}`,

  form: {
    title: 'Importer un fichier',
    of: 'Contenu du fichier',
    file: 'Fichier',
    fileHint: 'CSV ou Excel (XLSX), 20 Mo au plus. La première ligne donne le nom des colonnes.',
    choose: 'Choisissez un fichier.',
    tooLarge: 'Ce fichier dépasse 20 Mo.',
    failed: 'Le fichier n’est pas arrivé. Rien n’est perdu : réessayez.',
    send: 'Envoyer et vérifier',
    sending: 'Envoi du fichier…',
  },

  checking: 'Le fichier est lu et comparé à ce qui existe. Vous pouvez quitter cette page et y revenir.',
  applying: 'L’import est en cours. Vous pouvez quitter cette page et y revenir.',
  undoing: 'L’import est en train d’être défait.',
  awaited: 'Le fichier n’est pas arrivé jusqu’ici. Envoyez-le de nouveau.',
  progress: (done: number, total: number) => (total > 0 ? `${done.toLocaleString('fr-FR')} sur ${total.toLocaleString('fr-FR')}` : ''),

  mapping: {
    title: 'Correspondance des colonnes',
    lead: 'Chaque donnée vient d’une colonne du fichier, ou d’une même valeur pour toutes les lignes.',
    nothing: 'Pas importé',
    fixed: 'Même valeur partout',
    value: (label: string) => `Valeur : ${label}`,
    sample: (text: string) => `par exemple : ${text}`,
    overwrite: 'Les valeurs du fichier remplacent celles que les familles peuvent modifier',
    overwriteHint: 'Sinon, ce que les familles ont saisi est gardé, et signalé.',
    ignored: (names: string) => `Cachés par vos réglages, donc pas importés : ${names}.`,
    check: 'Vérifier de nouveau',
  },

  report: {
    title: 'Rapport',
    done: 'Ce qui a été fait',
    outcomes: { created: 'Créées', updated: 'Mises à jour', unchanged: 'Inchangées', left: 'Laissées à un agent', errors: 'En erreur', warnings: 'Avec avertissement' } as Record<string, string>,
    adds: (what: string) => `Nouveaux : ${what}.`,
    families: (n: number) => many(n, 'famille', 'familles'),
    guardians: (n: number) => many(n, 'responsable', 'responsables'),
    children: (n: number) => many(n, 'enfant', 'enfants'),
    enrolments: (n: number) => many(n, 'inscription', 'inscriptions'),
    schools: (n: number) => many(n, 'école', 'écoles'),
    classes: (n: number) => many(n, 'classe', 'classes'),
    rows: (n: number) => many(n, 'ligne lue', 'lignes lues'),
    first: (n: number) => `Les ${n.toLocaleString('fr-FR')} premières lignes, les plus graves d’abord. Le rapport complet se télécharge.`,
    line: (n: number) => `Ligne ${n}`,
    row: { created: 'créée', updated: 'mise à jour', unchanged: 'inchangée', left: 'laissée à un agent', error: 'erreur' } as Record<string, string>,
    levels: { error: 'Erreur', warning: 'Avertissement', info: 'À savoir' } as Record<string, string>,
    files: 'Fichiers',
  },

  apply: 'Importer',
  applyTitle: 'Importer ces lignes ?',
  applyText: (n: number) => `${many(n, 'ligne sera écrite', 'lignes seront écrites')}. Les lignes en erreur et celles laissées à un agent ne le sont pas. L’import pourra être défait tant que personne n’a touché à ce qu’il a fait.`,
  nothingToApply: 'Rien à importer : aucune ligne ne change quelque chose.',
  undo: 'Défaire l’import',
  undoTitle: 'Défaire tout l’import ?',
  undoText: 'Tout ce qu’il a créé ou changé revient à ce qui était avant, si personne n’y a touché depuis. Sinon rien n’est défait, et le rapport dit ce qui a été touché.',
  started: 'C’est demandé.',
});
