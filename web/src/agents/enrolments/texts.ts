// What agents read about enrolments of children at activities.

import { typeset } from '../../texts/typeset';
import { many } from '../../texts/words';

export const x = typeset({
  title: 'Inscriptions',
  lead: 'Quel enfant peut venir à quelle activité, entre quelles dates. Une famille ne réserve que là où son enfant est inscrit.',
  add: 'Inscrire une classe',
  by: 'Voir par',
  byActivity: 'Activité',
  byClass: 'Classe',
  none: 'Aucune inscription.',
  period: (from: string, to: string) => `du ${from} au ${to}`,
  every: 'tous les jours d’ouverture',
  standing: 'réservée d’avance',
  edit: 'Modifier',
  form: {
    title: (child: string, activity: string) => `${child} : ${activity}`,
    to: 'Dernier jour',
    weekdays: 'Jours',
    weekdaysHint: 'Aucun coché : tous les jours d’ouverture.',
    save: 'Enregistrer',
  },
  saved: (child: string) => `L’inscription de ${child} est enregistrée.`,
  outside: (days: string) => `Ces journées restent réservées bien que l’inscription ne les couvre plus : ${days}. Une absence les libère.`,
  class: {
    title: 'Inscrire une classe',
    class: 'Classe',
    activity: 'Activité',
    from: 'Premier jour',
    to: 'Dernier jour',
    weekdays: 'Jours',
    standing: 'Réserver ces jours d’avance, dans la limite des places',
    option: 'Formule réservée',
    noOption: 'Aucune',
    send: 'Inscrire tous les enfants de la classe',
    done: (n: number) => `${many(n, 'enfant est inscrit', 'enfants sont inscrits')}.`,
    refused: (n: number) => `${many(n, 'enfant n’a pas pu l’être', 'enfants n’ont pas pu l’être')} :`,
    nobody: 'Aucun enfant n’est dans cette classe.',
  },
});
