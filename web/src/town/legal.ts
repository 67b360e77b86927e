import { t } from '../texts';

/** Pages of what the collectivity has to say by law, by their address below informations/. */
export const legalPages: readonly (readonly [page: string, label: string])[] = [
  ['contact', t.legal.contact],
  ['conditions', t.legal.terms],
  ['donnees-personnelles', t.legal.privacy],
  ['mentions-legales', t.legal.notice],
  ['accessibilite', t.legal.accessibility],
];
