import { t } from '../../texts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** The days of the week as choices of a form, the first n of them. */
export const weekdayChoices = (n = 7) => weekdays.slice(0, n).map((value, i) => ({ value, label: t.planning.weekdays[i] ?? value }));

export const weekdayName = (day: string): string => t.planning.weekdays[weekdays.indexOf(day as Weekday)] ?? day;

/** Days of the week in words: lundi, mardi, jeudi et vendredi. */
export function weekdaysInWords(days: readonly string[] | undefined): string {
  const names = weekdays.filter((d) => days?.includes(d)).map(weekdayName);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} et ${names.at(-1)}`;
}
