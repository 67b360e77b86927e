// A family's days as the planning shows them. Pure.

import type { Api } from '../api/types';
import { mondayOf, monthEnd, monthStart, plus, plusMonths, span, weekdayOf, weekdays, weekNumber, type Weekday } from '../texts/dates';

export type Data = Api<'Planning'>;
export type Day = Api<'PlanningDay'>;
export type State = Day['state'];
export type Asking = Api<'NewRequest'>;
export type Outcome = Api<'RequestDay'>;
export type Kind = 'booking' | 'absence';
export type Action = 'book' | 'absent' | 'cancel';

export const views = ['mois', 'semaine', 'semaine5', 'liste'] as const;
export type View = (typeof views)[number];

/** The dates that a view shows around a date, and where it goes on. */
export interface Range {
  from: string;
  to: string;
  before: string; // a date of the range before
  after: string;
}

export function rangeOf(view: View, date: string): Range {
  if (view === 'mois' || view === 'liste') {
    return { from: monthStart(date), to: monthEnd(date), before: plusMonths(monthStart(date), -1), after: plusMonths(monthStart(date), 1) };
  }
  const monday = mondayOf(date);
  return { from: monday, to: plus(monday, view === 'semaine5' ? 4 : 6), before: plus(monday, -7), after: plus(monday, 7) };
}

/** The weeks of a range, Monday first; a date outside of it is left out. */
export function weeksOf(range: Range, columns: number): (string | undefined)[][] {
  const weeks: (string | undefined)[][] = [];
  for (let monday = mondayOf(range.from); monday <= range.to; monday = plus(monday, 7)) {
    weeks.push(span(monday, plus(monday, columns - 1)).map((d) => (d < range.from || d > range.to ? undefined : d)));
  }
  return weeks;
}

/** One child's day at one activity. */
export type Place = Pick<Day, 'date' | 'child' | 'activity'>;

/** Names a place. */
export const placeOf = (day: Place): string => `${day.date} ${day.child} ${day.activity}`;

/** Whether a request's day still waits for an answer. */
export const waits = (d: Outcome): boolean => !d.code && ['requested', 'waitlisted', 'absence_requested'].includes(d.state);

/** An activity on a day: a line for each state that its children are in. */
export interface Block {
  activity: string;
  lines: Group[];
}

/** What is shown in one line: children of whom the same is so at one activity. */
export interface Group {
  activity: string;
  state: State;
  option: string;
  charge: string;
  presence: string;
  sending: boolean;
  days: Shown[];
}

/** A day as it is shown: as the API said, or as it will be when what was just asked for is taken. */
export interface Shown extends Day {
  sending?: boolean;
}

/** What is shown of each date, in the order of the activities. Closed days say nothing and are left out. */
export function blocksOf(days: readonly Shown[], activities: readonly string[]): Map<string, Block[]> {
  const order = new Map(activities.map((a, i) => [a, i]));
  const all = new Map<string, Block[]>();
  for (const day of days) {
    if (day.state === 'closed') continue;
    let blocks = all.get(day.date);
    if (!blocks) all.set(day.date, (blocks = []));
    let block = blocks.find((b) => b.activity === day.activity);
    if (!block) blocks.push((block = { activity: day.activity, lines: [] }));
    const like = block.lines.find((g) => same(g, day));
    if (like) like.days.push(day);
    else block.lines.push({ activity: day.activity, state: day.state, option: day.option ?? '', charge: day.charge ?? '', presence: day.presence ?? '', sending: day.sending ?? false, days: [day] });
  }
  for (const blocks of all.values()) {
    blocks.sort((a, b) => (order.get(a.activity) ?? 0) - (order.get(b.activity) ?? 0));
    for (const b of blocks) b.lines.sort((x, y) => states.indexOf(x.state) - states.indexOf(y.state));
  }
  return all;
}

// What is expected comes first, what is free to ask for last.
const states: readonly State[] = ['booked', 'requested', 'waitlisted', 'absence_requested', 'absent', 'refused', 'cancelled', 'enrolled', 'closed'];

const same = (g: Group, day: Shown): boolean =>
  g.state === day.state && g.option === (day.option ?? '') && g.charge === (day.charge ?? '') && g.presence === (day.presence ?? '') && g.sending === (day.sending ?? false);

/** What a child is shown by besides a colour: as many letters of the name as it takes to tell siblings apart. */
export function initials(names: readonly string[]): string[] {
  return names.map((name, i) => {
    for (let n = 1; n <= Math.min(3, name.length); n++) {
      const short = name.slice(0, n);
      if (!names.some((other, j) => j !== i && other.slice(0, n) === short)) return short;
    }
    return `${name.slice(0, 1)}${i + 1}`;
  });
}

interface Item {
  child: string;
  activity: string;
  option?: string;
}

/**
 * The fewest requests that ask for just these days: those of one week that want the same together, and weeks on end that do
 * so too. A day on which nothing could be asked may lie between them: the API leaves it out.
 */
export function asksOf(kind: Kind, picked: Map<string, Item[]>, useless: (date: string) => boolean, comment = ''): Asking[] {
  const asks: Asking[] = [];
  for (const [content, dates] of alike(picked)) {
    const items = JSON.parse(content) as Item[];
    const weeks = weekSets(dates);
    for (let i = 0; i < weeks.length; ) {
      let last = i;
      let days = new Set(weeks[i]?.days);
      while (last + 1 < weeks.length) {
        const next = joined(weeks.slice(i, last + 2), useless);
        if (!next) break;
        days = next;
        last++;
      }
      const from = weeks[i]?.dates[0] ?? '';
      const to = weeks[last]?.dates.at(-1) ?? '';
      const chosen = weekdays.filter((_, n) => days.has(n));
      asks.push({ kind, items, from, to, ...(from !== to && { weekdays: chosen, weeks: 'every' as const }), ...(comment && { comment }) });
      i = last + 1;
    }
  }
  return asks;
}

// alike brings dates of which the same is wanted together.
function alike(picked: Map<string, Item[]>): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [date, items] of [...picked].sort(([a], [b]) => a.localeCompare(b))) {
    if (items.length === 0) continue;
    const content = JSON.stringify(items);
    all.set(content, [...(all.get(content) ?? []), date]);
  }
  return all;
}

interface Week {
  monday: string;
  dates: string[];
  days: Set<number>;
}

function weekSets(dates: string[]): Week[] {
  const weeks: Week[] = [];
  for (const date of dates) {
    const monday = mondayOf(date);
    const last = weeks.at(-1);
    if (last?.monday === monday) {
      last.dates.push(date);
      last.days.add(weekdayOf(date));
    } else weeks.push({ monday, dates: [date], days: new Set([weekdayOf(date)]) });
  }
  return weeks;
}

// joined gives the weekdays by which weeks on end ask for just their dates, if there are such.
function joined(weeks: Week[], useless: (date: string) => boolean): Set<number> | undefined {
  const days = new Set(weeks.flatMap((w) => [...w.days]));
  const wanted = new Set(weeks.flatMap((w) => w.dates));
  const from = weeks[0]?.dates[0] ?? '';
  const to = weeks.at(-1)?.dates.at(-1) ?? '';
  const exact = span(from, to).every((d) => !days.has(weekdayOf(d)) || wanted.has(d) || useless(d));
  return exact ? days : undefined;
}

/** The dates that a request of a period asks for. */
export function datesOf(from: string, to: string, chosen: readonly Weekday[], weeks: string): string[] {
  return span(from, to).filter((d) => {
    const day = weekdays[weekdayOf(d)];
    if (chosen.length > 0 && (!day || !chosen.includes(day))) return false;
    return weeks === 'odd' ? weekNumber(d) % 2 === 1 : weeks === 'even' ? weekNumber(d) % 2 === 0 : true;
  });
}

/** Outcomes that say the same, with how many of each, in the order in which they are told. */
export function tally(days: readonly Outcome[]): { state: string; code: string; detail: string; count: number }[] {
  const all: { state: string; code: string; detail: string; count: number }[] = [];
  for (const d of days) {
    const [state, code] = [d.code ? 'not' : d.state, d.code ?? ''];
    const like = all.find((one) => one.state === state && one.code === code);
    if (like) like.count++;
    else all.push({ state, code, detail: d.detail ?? '', count: 1 });
  }
  return all.sort((a, b) => Number(a.state === 'not') - Number(b.state === 'not'));
}
