// The portal's pages by the first part of their address. Each is loaded when it is gone to.

import type { Component } from 'svelte';

export interface Page {
  load: () => Promise<{ default: Component }>;
  for: 'anyone' | 'account' | 'family'; // who sees it: with a session, or with a subscription here too
  wide?: boolean; // uses the whole width
}

export const pages: Record<string, Page> = {
  '': { load: () => import('../town/Home.svelte'), for: 'anyone' },
  'informations': { load: () => import('../town/Legal.svelte'), for: 'anyone' },
  'creer-un-compte': { load: () => import('../account/SignUp.svelte'), for: 'anyone' },
  'activation': { load: () => import('../account/Activation.svelte'), for: 'anyone' },
  'connexion': { load: () => import('../account/SignIn.svelte'), for: 'anyone' },
  'nouveau-mot-de-passe': { load: () => import('../account/Reset.svelte'), for: 'anyone' },
  'adresse': { load: () => import('../account/Address.svelte'), for: 'anyone' },
  'abonnements': { load: () => import('../account/Subscriptions.svelte'), for: 'account' },
  'compte': { load: () => import('../account/Account.svelte'), for: 'account' },
};
