// What agents read in the audit.

import { typeset } from '../../texts/typeset';

export const x = typeset({
  title: 'Journal',
  lead: 'Qui a fait et consulté quoi. Rien ne s’y efface ni ne s’y modifie.',
  month: 'Mois',
  day: 'Jour',
  dayHint: 'Vide : tout le mois.',
  agent: 'Agent',
  anyAgent: 'Tous, et les familles',
  action: 'Action',
  anyAction: 'Toutes',
  filters: 'Filtrer',
  ofFamily: 'Une seule famille',
  allFamilies: 'Toutes les familles',
  none: 'Rien pour ces critères.',
  end: 'Fin du journal pour ces critères.',
  subscriber: 'Un abonné, ou un agent parti',
  onlyFamily: 'Voir seulement cette famille',
  count: (n: number) => `${n.toLocaleString('fr-FR')} ligne${n > 1 ? 's' : ''}`,
});
