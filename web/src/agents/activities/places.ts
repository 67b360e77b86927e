import type { Activity } from '../activities.svelte';
import { x } from './texts';

const count = (n: number): string => (n > 0 ? n.toLocaleString('fr-FR') : x.facts.unlimited);

/** How many places an activity has a day, in words. */
export function placesOf(one: Activity): string {
  const groups = one.groups ?? [];
  if (groups.length > 0) return groups.map((g) => x.facts.group(g.name, g.from ?? 0, g.to ?? 0, count(g.capacity ?? 0))).join(' · ');
  const all = one.capacity ?? 0;
  return all > 0 ? `${count(all)} place${all > 1 ? 's' : ''}` : `places ${x.facts.unlimited}`;
}
