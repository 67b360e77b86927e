// Dates and instants as people read them. A date 2026-11-23 is of no zone; an instant is told by the town's clocks.

const locale = 'fr-FR';

const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);

const options = {
  full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  monthDay: { day: 'numeric', month: 'long' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
  weekday: { weekday: 'long' },
  weekdayShort: { weekday: 'short' },
  numbers: { day: '2-digit', month: '2-digit', year: 'numeric' },
  hour: { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

type How = keyof typeof options;

// Made when first needed, and once.
const made = new Map<string, Intl.DateTimeFormat>();

function format(how: How, zone = 'UTC'): Intl.DateTimeFormat {
  const name = `${how} ${zone}`;
  let known = made.get(name);
  if (!known) made.set(name, (known = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options[how] })));
  return known;
}

/** Makes a first format, in a task of its own: it takes a slow phone 60 ms, and those after it one. */
export const warm = (): void => void setTimeout(() => format('day'));

/** Writes a date: full mardi 1er décembre 2026, long 1er décembre 2026, day mardi 1er décembre, month décembre 2026 … */
export const dated = (date: string, how: How = 'long'): string => first(format(how).format(utc(date)));

// French counts the first of a month as premier.
const first = (text: string): string => text.replace(/(^|\s)1(?= \p{L})/u, '$11er');

/** Writes an instant's day and hour: mardi 1er décembre à 9 h 30. */
export function instant(at: string, zone: string): string {
  const day = first(format('day', zone).format(new Date(at)));
  return `${day} à ${hour(at, zone)}`;
}

/** Writes an instant's day alone: 1er décembre 2026. */
export const dayOf = (at: string, zone: string): string => first(format('long', zone).format(new Date(at)));

function hour(at: string, zone: string): string {
  const part = parts('hour', zone, new Date(at));
  const minute = part.minute === '00' ? '' : `\u00a0${part.minute}`;
  return `${Number(part.hour)}\u00a0h${minute}`;
}

/** Today by the town's clocks. */
export function today(zone: string): string {
  const { year, month, day } = parts('numbers', zone, new Date());
  return `${year}-${month}-${day}`;
}

const parts = (how: How, zone: string, at: Date): Partial<Record<Intl.DateTimeFormatPartTypes, string>> => Object.fromEntries(format(how, zone).formatToParts(at).map((p) => [p.type, p.value]));

/** A date some days later. */
export function plus(date: string, days: number): string {
  const at = utc(date);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The days of the week by the API's names, in the order of a calendar. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** The day of the week: 0 is Monday. */
export const weekdayOf = (date: string): number => (utc(date).getUTCDay() + 6) % 7;

/** The Monday of a date's week. */
export const mondayOf = (date: string): string => plus(date, -weekdayOf(date));

export const monthStart = (date: string): string => `${date.slice(0, 7)}-01`;

/** The last day of a date's month. */
export function monthEnd(date: string): string {
  const at = utc(monthStart(date));
  at.setUTCMonth(at.getUTCMonth() + 1, 0);
  return at.toISOString().slice(0, 10);
}

/** The same day some months later, or the last of that month. */
export function plusMonths(date: string, months: number): string {
  const at = utc(monthStart(date));
  at.setUTCMonth(at.getUTCMonth() + months);
  const start = at.toISOString().slice(0, 10);
  const end = monthEnd(start);
  const day = `${start.slice(0, 8)}${date.slice(8)}`;
  return day > end ? end : day;
}

/** All dates from one to another, both included. */
export function span(from: string, to: string): string[] {
  const all: string[] = [];
  for (let d = from; d <= to; d = plus(d, 1)) all.push(d);
  return all;
}

/** The number of a date's ISO week. */
export function weekNumber(date: string): number {
  const thursday = plus(mondayOf(date), 3);
  const first = utc(`${thursday.slice(0, 4)}-01-01`).getTime();
  return Math.floor((utc(thursday).getTime() - first) / 86_400_000 / 7) + 1;
}

/** Whether a text is a date that exists, from 1900 to 2099: an address may hold any. */
export const isDate = (text: string | null | undefined): text is string => /^(19|20)\d{2}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(utc(text ?? '').getTime()) && utc(text ?? '').toISOString().startsWith(text ?? '?');
