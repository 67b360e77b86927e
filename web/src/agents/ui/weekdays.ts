import { t } from '../../texts';
import { weekdays, type Weekday } from '../../texts/dates';
import { listed } from '../../texts/words';

/** The days of the week as choices of a form, the first n of them. */
export const weekdayChoices = (n = 7) => weekdays.slice(0, n).map((value, i) => ({ value, label: t.planning.weekdays[i] ?? value }));

export const weekdayName = (day: string): string => t.planning.weekdays[weekdays.indexOf(day as Weekday)] ?? day;

/** Days of the week in words: lundi, mardi, jeudi et vendredi. */
export function weekdaysInWords(days: readonly string[] | undefined): string {
  return listed(weekdays.filter((d) => days?.includes(d)).map(weekdayName));
}
