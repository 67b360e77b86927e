// What the person wants to see of the planning, for as long as the tab is open; the view also next time.

import { SvelteSet } from 'svelte/reactivity';
import { views, type View } from './model';

/** Children and activities that are switched off. */
export const hidden = new SvelteSet<string>();

const place = 'preau.vue';

export function lastView(): View {
  try {
    return views.find((v) => v === localStorage.getItem(place)) ?? 'mois';
  } catch {
    return 'mois';
  }
}

export function rememberView(view: View): void {
  try {
    localStorage.setItem(place, view);
  } catch {
    // a browser that keeps nothing
  }
}
