// What is done with days of one date, and how it is told and undone.

import { Refusal } from '../api/refusal';
import { named, t } from '../texts';
import { dated } from '../texts/dates';
import { placeOf, waits, type Action, type Asking, type Day, type Outcome, type Place, type Shown, type State } from './model';

/** One action on days of one date and activity. */
export interface Act {
  action: Action;
  days: Shown[];
  option?: string;
  foreseen?: Record<string, State>; // child → what it will most likely be
  also?: Place[]; // days that a withdrawal takes besides: requests go whole
}

/** The requests that a withdrawal of days is about. */
export const requestsOf = (days: readonly Day[]): string[] => [...new Set(days.map((d) => d.request ?? ''))].filter(Boolean).sort();

/** What waits of whole requests besides the days that are meant. */
export function besides(requests: readonly { days: Outcome[] }[], meant: readonly Day[]): Outcome[] {
  const places = new Set(meant.map(placeOf));
  return requests.flatMap((r) => r.days.filter((d) => waits(d) && !places.has(placeOf(d))));
}

/** The request that an act is. */
export function askingOf({ action, days, option }: Act): Asking {
  const date = days[0]?.date ?? '';
  return {
    kind: action === 'book' ? 'booking' : 'absence',
    items: days.map((d) => ({ child: d.child, activity: d.activity, ...(option && { option }) })),
    from: date,
    to: date,
  };
}

/** What a day will be when the act is taken. */
export function expectedOf({ action, foreseen = {} }: Act, day: Day): State {
  if (action === 'cancel') return day.state === 'absence_requested' ? 'booked' : 'enrolled';
  return foreseen[day.child] ?? (action === 'book' ? 'requested' : 'absence_requested');
}

/** Tells what became of an act, child by child where it differs, and how many days went besides. */
export function told(outcomes: readonly Outcome[], nameOf: (child: string) => string, activity: string, also = 0): { text: string; whole: boolean } {
  const taken = outcomes.filter((d) => !d.code);
  const sentences = [...new Set(taken.map((d) => d.state))].map((state) => {
    const of = taken.filter((d) => d.state === state);
    return t.planning.done(named(t.planning.outcome, state), of.map((d) => nameOf(d.child)), activity, dated(of[0]?.date ?? '', 'day'));
  });
  if (also > 0) sentences.push(t.planning.alsoWithdrawn(also));
  const not = outcomes.filter((d) => d.code).map((d) => `${nameOf(d.child)} : ${d.detail ?? t.planning.review.not}`);
  if (not.length === 0) return { text: sentences.join(' '), whole: true };
  return { text: [...sentences, t.planning.partly(not.join(' '))].join(' '), whole: false };
}

/** Why nothing was done, in the words of each day where there are any. */
export function whyNot(error: unknown): { text: string; passing: boolean } {
  if (!(error instanceof Refusal)) return { text: t.problems.unexpected, passing: false };
  const details = error.fields.map((f) => f.detail);
  const text = error.code === 'nothing_to_take' && details.length > 0 ? details.join(' ') : error.message;
  return { text: error.passing ? text : t.planning.notDone(text), passing: error.passing };
}

/** The act that takes days back to what they were, where the rules let that be without a price. */
export function undoOf(days: readonly (Day | undefined)[], before: readonly Day[]): (Act & { label: string }) | undefined {
  const now = days.filter((d): d is Day => d !== undefined);
  const [first] = now;
  const action = first?.actions[0] as Action | undefined;
  if (!first || !action || now.length < days.length || !now.every((d) => d.actions[0] === action && !d.late && d.state === first.state)) return undefined;
  if (action === 'cancel' && new Set(now.map((d) => d.request)).size > 1) return undefined;
  const option = action === 'book' ? (before[0]?.option ?? '') : '';
  const label = t.planning.undo[first.state];
  return label ? { action, days: now, label, ...(option && { option }) } : undefined;
}
