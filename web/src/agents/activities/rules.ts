// Notice rules as data (/rules.schema.json), and those of them that a form of a few fields can say.

import { weekdays } from '../../texts/dates';

export interface Moment {
  from?: string;
  at?: string;
  steps?: Step[];
  earliest?: Moment[];
  latest?: Moment[];
}

export interface Step {
  days?: number;
  clearDays?: number;
  weeks?: number;
  months?: number;
  periods?: number;
  hours?: number;
  minutes?: number;
  weekday?: string;
  dayOfMonth?: number;
  nth?: number;
  in?: string;
  roll?: string;
  of?: string[];
  to?: string[];
  except?: string[];
}

export interface Condition {
  from?: string;
  steps?: Step[];
  is?: string[];
  not?: string[];
  between?: { from: string; to: string };
}

export interface Rule {
  note?: string;
  kind?: string;
  residents?: boolean;
  if?: Condition[];
  never?: boolean;
  opens?: Moment;
  closes?: Moment;
  late?: { until?: Moment; surcharge?: string };
}

export interface WeekRule {
  note?: string;
  if?: Condition[];
  whole?: boolean;
  minimumDays?: number;
}

/** Rules as the API's types have them, which leave them open. */
export type RawRules = Record<string, never>;

export interface Rules {
  note?: string;
  rules?: Rule[];
  weeks?: WeekRule[];
}

export type Way = 'service' | 'days' | 'hours' | 'week' | 'month' | 'period' | 'date';

/** A limit as the form has it; numbers as they are typed. */
export interface Limit {
  way: Way;
  n: string;
  sort: string; // of the days that count: '' all, working, workable, school
  weekday: string;
  dayOfMonth: string;
  date: string;
  at: string; // '' is the end of the day, or its start for what opens
}

/** A rule as the form has it. */
export interface Draft {
  kind: string; // '' both
  residents: string; // '' everybody, yes, no
  weekdays: string[];
  from: string; // of the days that it is about
  to: string;
  never: boolean;
  opens: Limit | undefined;
  closes: Limit;
  late: boolean;
  surcharge: string;
  note: string;
}

export const limit = (way: Way = 'days'): Limit => ({ way, n: '1', sort: 'working', weekday: 'fri', dayOfMonth: '15', date: '', at: '' });

export const draft = (): Draft => ({ kind: '', residents: '', weekdays: [], from: '', to: '', never: false, opens: undefined, closes: { ...limit(), at: '10:00' }, late: false, surcharge: '', note: '' });

/** The moment that a limit of the form stands for. */
export function momentOf(l: Limit): Moment {
  const n = Math.abs(Number(l.n) || 0);
  const at = l.at ? { at: l.at } : {};
  const steps = (all: (Step | false)[]) => {
    const some = all.filter((s) => s !== false);
    return some.length > 0 ? { steps: some } : {};
  };
  switch (l.way) {
    case 'service':
      return { from: 'service' };
    case 'hours':
      return { from: 'service', ...steps([n > 0 && { hours: -n }]) };
    case 'week':
      return { from: 'week', ...at, ...steps([n > 0 && { weeks: -n }, l.weekday !== 'mon' && { weekday: l.weekday }]) };
    case 'month':
      return { from: 'month', ...at, ...steps([n > 0 && { months: -n }, Number(l.dayOfMonth) !== 1 && { dayOfMonth: Number(l.dayOfMonth) || 1 }]) };
    case 'period':
      return { from: 'period', ...at, ...steps([n > 0 && { days: -n, ...(l.sort && { of: [l.sort] }) }]) };
    case 'date':
      return { from: l.date, ...at };
  }
  const made = { ...at, ...steps([n > 0 && { days: -n, ...(l.sort && { of: [l.sort] }) }]) };
  return Object.keys(made).length > 0 ? made : { from: 'day' };
}

/** The rule that a draft stands for. */
export function ruleOf(d: Draft): Rule {
  const conditions: Condition[] = [...(d.weekdays.length > 0 ? [{ is: d.weekdays }] : []), ...(d.from && d.to ? [{ between: { from: d.from, to: d.to } }] : [])];
  const about = {
    ...(d.note.trim() && { note: d.note.trim() }),
    ...(d.kind && { kind: d.kind }),
    ...(d.residents && { residents: d.residents === 'yes' }),
    ...(conditions.length > 0 && { if: conditions }),
  };
  if (d.never) return { ...about, never: true };
  const late = d.late ? { late: d.surcharge.trim() ? { surcharge: d.surcharge.trim() } : {} } : {};
  return { ...about, ...(d.opens && { opens: momentOf(d.opens) }), closes: momentOf(d.closes), ...late };
}

/** The draft that gives a rule exactly; undefined where the form can not say it. */
export function draftOf(rule: Rule): Draft | undefined {
  const conditions = rule.if ?? [];
  const closes = rule.closes ? limitOf(rule.closes) : limit('service');
  const opens = rule.opens && limitOf(rule.opens);
  if (!closes || (rule.opens && !opens) || rule.late?.until) return undefined;
  const days = conditions.find((c) => c.is);
  const period = conditions.find((c) => c.between);
  const found: Draft = {
    kind: rule.kind ?? '',
    residents: rule.residents === undefined ? '' : rule.residents ? 'yes' : 'no',
    weekdays: days?.is ?? [],
    from: period?.between?.from ?? '',
    to: period?.between?.to ?? '',
    never: rule.never ?? false,
    opens,
    closes,
    late: rule.late !== undefined,
    surcharge: rule.late?.surcharge ?? '',
    note: rule.note ?? '',
  };
  if (found.weekdays.some((d) => !weekdays.some((w) => w === d))) return undefined;
  const again = ruleOf(found);
  const asked = rule.never || rule.closes ? rule : { ...rule, closes: { from: 'service' } };
  return same(again, asked) ? found : undefined;
}

function limitOf(m: Moment): Limit | undefined {
  const at = m.at ?? '';
  const [first, second, ...more] = m.steps ?? [];
  if (m.earliest || m.latest || more.length > 0) return undefined;
  const base = { ...limit(), at };
  const tries: Limit[] = [];
  const back = (s: Step | undefined, name: 'days' | 'weeks' | 'months' | 'hours') => String(-(s?.[name] ?? 0));
  switch (m.from ?? 'day') {
    case 'service':
      tries.push(first ? { ...base, way: 'hours', n: back(first, 'hours'), at: '' } : { ...base, way: 'service', at: '' });
      break;
    case 'day':
      tries.push({ ...base, way: 'days', n: back(first, 'days'), sort: first?.of?.[0] ?? '' });
      break;
    case 'period':
      tries.push({ ...base, way: 'period', n: back(first, 'days'), sort: first?.of?.[0] ?? '' });
      break;
    case 'week':
      tries.push({ ...base, way: 'week', n: back(first, 'weeks'), weekday: second?.weekday ?? first?.weekday ?? 'mon' });
      break;
    case 'month':
      tries.push({ ...base, way: 'month', n: back(first, 'months'), dayOfMonth: String(second?.dayOfMonth ?? first?.dayOfMonth ?? 1) });
      break;
    default:
      tries.push({ ...base, way: 'date', date: m.from ?? '' });
  }
  return tries.find((l) => same(momentOf(l), m.from === 'day' && (m.at || m.steps) ? { ...m, from: undefined } : m));
}

// same compares what JSON would say, whatever the order of names.
function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

function text(v: unknown): string {
  if (Array.isArray(v)) return `[${v.map(text).join()}]`;
  if (v && typeof v === 'object') return `{${Object.entries(v).filter(([, one]) => one !== undefined).sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, one]) => `${name}:${text(one)}`).join()}}`;
  return JSON.stringify(v) ?? '';
}
