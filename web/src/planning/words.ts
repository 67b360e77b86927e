// The planning's states in words.

import { named, t } from '../texts';
import type { Group, Shown } from './model';

/** What is so of a line: Réservé, majoré · Journée avec repas. */
export function stateOf(g: Pick<Group, 'state' | 'presence' | 'charge' | 'sending' | 'activity' | 'option'>, options: Map<string, string>): string {
  if (g.sending) return t.planning.sending;
  const state = g.presence ? named(t.presences, g.presence) : named(t.states, g.state);
  const charge = t.charges[g.charge];
  return [charge ? `${state}, ${charge}` : state, options.get(`${g.activity} ${g.option}`)].filter(Boolean).join(' · ');
}

/** The same of one day, with its place on the waiting list. */
export function stateOfDay(d: Shown, options: Map<string, string>): string {
  const word = stateOf({ state: d.state, presence: d.presence ?? '', charge: d.charge ?? '', sending: d.sending ?? false, activity: d.activity, option: d.option ?? '' }, options);
  return d.rank ? `${word} · ${t.planning.rank(d.rank)}` : word;
}
