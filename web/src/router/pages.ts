// The portal's pages by the first part of their address. Each is loaded when it is gone to.

import type { Component } from 'svelte';

export interface Page {
  load: () => Promise<{ default: Component }>;
  for: 'anyone' | 'account' | 'family'; // who sees it: with a session, or with a subscription here too
  wide?: boolean; // uses the whole width
  more?: boolean; // its address goes on
  module?: string; // of the portal, that the town offers or not
}

/** The pages of a family that menus name, the first one first, with the module that each belongs to. */
export const familyPages = [
  { page: 'planning', module: 'planning' },
  { page: 'dossier', module: 'family' },
  { page: 'demandes', module: 'requests' },
] as const;

const pages: Record<string, Page> = {
  '': { load: () => import('../town/Home.svelte'), for: 'anyone' },
  'informations': { load: () => import('../town/Legal.svelte'), for: 'anyone', more: true },
  'plan-du-site': { load: () => import('../town/SiteMap.svelte'), for: 'anyone' },
  'inscription': { load: () => import('../account/SignUp.svelte'), for: 'anyone' },
  'activation': { load: () => import('../account/Activation.svelte'), for: 'anyone' },
  'connexion': { load: () => import('../account/SignIn.svelte'), for: 'anyone' },
  'nouveau-mot-de-passe': { load: () => import('../account/Reset.svelte'), for: 'anyone' },
  'adresse': { load: () => import('../account/Address.svelte'), for: 'anyone' },
  'invitation': { load: () => import('../agents/entry/Invitation.svelte'), for: 'anyone' },
  'authentification': { load: () => import('../agents/entry/Enrolment.svelte'), for: 'anyone' },
  'abonnements': { load: () => import('../account/Subscriptions.svelte'), for: 'account' },
  'compte': { load: () => import('../account/Account.svelte'), for: 'account' },
  'planning': { load: () => import('../planning/Planning.svelte'), for: 'family', wide: true, module: 'planning' },
  'planning/demande': { load: () => import('../planning/PeriodForm.svelte'), for: 'family', module: 'requests' },
  'planning/agenda': { load: () => import('../planning/CalendarPage.svelte'), for: 'family', module: 'planning' },
  'dossier': { load: () => import('../family/Family.svelte'), for: 'family', more: true, module: 'family' },
  'demandes': { load: () => import('../requests/Requests.svelte'), for: 'family', module: 'requests' },
};

/** The page of an address. */
export function pageOf(parts: readonly string[]): Page | undefined {
  const whole = pages[parts.join('/')];
  if (whole) return whole;
  const first = pages[parts[0] ?? ''];
  return first?.more ? first : undefined;
}
