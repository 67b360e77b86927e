// Notice rules in French: each rule as lines that people read. It says all that the language of rules can say.

import { dated } from '../../texts/dates';
import { typeset } from '../../texts/typeset';
import { listed } from '../../texts/words';
import { hourInWords } from '../ui/hours';
import type { Condition, Moment, Rule, Step, WeekRule } from './rules';

export interface Line {
  label: string;
  text: string;
}

const sorts: Record<string, [one: string, several: string]> = {
  mon: ['lundi', 'lundis'], tue: ['mardi', 'mardis'], wed: ['mercredi', 'mercredis'], thu: ['jeudi', 'jeudis'], fri: ['vendredi', 'vendredis'], sat: ['samedi', 'samedis'], sun: ['dimanche', 'dimanches'],
  school: ['jour d’école', 'jours d’école'],
  working: ['jour ouvré', 'jours ouvrés'],
  workable: ['jour ouvrable', 'jours ouvrables'],
  publicHoliday: ['jour férié', 'jours fériés'],
  term: ['jour de période scolaire', 'jours de période scolaire'],
  holidays: ['jour de vacances scolaires', 'jours de vacances scolaires'],
  autumn: ['jour des vacances de la Toussaint', 'jours des vacances de la Toussaint'],
  christmas: ['jour des vacances de Noël', 'jours des vacances de Noël'],
  winter: ['jour des vacances d’hiver', 'jours des vacances d’hiver'],
  spring: ['jour des vacances de printemps', 'jours des vacances de printemps'],
  summer: ['jour des vacances d’été', 'jours des vacances d’été'],
  evenWeek: ['jour de semaine paire', 'jours de semaine paire'],
  oddWeek: ['jour de semaine impaire', 'jours de semaine impaire'],
};
['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'].forEach((month, i) => {
  const of = /^[ao]/.test(month) ? `d’${month}` : `de ${month}`;
  sorts[['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'][i] ?? ''] = [`jour ${of}`, `jours ${of}`];
});

const or = (names: string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ou ${names.at(-1)}`);
const one = (names: string[] | undefined) => or((names ?? []).map((s) => sorts[s]?.[0] ?? s));
const several = (names: string[] | undefined) => or((names ?? []).map((s) => sorts[s]?.[1] ?? s));

const anchors: Record<string, string> = {
  day: 'le jour demandé',
  service: 'le début du service',
  week: 'le lundi de la semaine du jour demandé',
  month: 'le 1er du mois du jour demandé',
  period: 'le début de la période (vacances ou école)',
  schoolYear: 'le 1er septembre de l’année scolaire',
};
const anchor = (from: string): string => anchors[from] ?? `le ${dated(from, 'full')}`;

/** What a rule is about and says. */
export function ruleInWords(rule: Rule): { title: string; lines: Line[]; note: string } {
  const kind = rule.kind === 'booking' ? 'Réservations' : rule.kind === 'absence' ? 'Absences' : 'Réservations et absences';
  const who = rule.residents === undefined ? '' : rule.residents ? ' des familles de la commune' : ' des familles hors commune';
  const lines: Line[] = (rule.if ?? []).map((c) => ({ label: 'Seulement si', text: conditionInWords(c) }));
  if (rule.never) lines.push({ label: 'Réponse', text: 'rien n’est accepté' });
  else {
    if (rule.opens) lines.push({ label: 'Ouvre', text: momentInWords(rule.opens, 'opens') });
    lines.push({ label: 'Ferme', text: rule.closes ? momentInWords(rule.closes, 'closes') : 'au début du service' });
    if (rule.late) {
      const until = rule.late.until ? `jusqu’à cette limite : ${momentInWords(rule.late.until, 'closes')}` : 'jusqu’au début du service';
      lines.push({ label: 'Ensuite', text: `accepté avec majoration${rule.late.surcharge ? ` (${rule.late.surcharge})` : ''} ${until}` });
    }
  }
  return typeset({ title: kind + who, lines, note: rule.note ?? '' });
}

/** What a rule for weeks says. */
export function weekInWords(rule: WeekRule): { title: string; lines: Line[]; note: string } {
  const lines: Line[] = (rule.if ?? []).map((c) => ({ label: 'Seulement si', text: `au premier jour pris, ${conditionInWords(c)}` }));
  lines.push({ label: 'Condition', text: rule.whole ? 'tous les jours d’ouverture de la semaine, ou aucun' : `au moins ${rule.minimumDays} jour${(rule.minimumDays ?? 0) > 1 ? 's' : ''} dans la semaine` });
  return typeset({ title: 'Jours pris ensemble, par semaine', lines, note: rule.note ?? '' });
}

function conditionInWords(c: Condition): string {
  const day = c.steps?.length || (c.from ?? 'day') !== 'day' ? walked(c.from ?? 'day', c.steps ?? [])[0] : 'le jour demandé';
  const parts = [
    ...(c.is ? [`est un ${one(c.is)}`] : []),
    ...(c.not ? [`n’est pas un ${one(c.not)}`] : []),
    ...(c.between ? [`est entre le ${dated(c.between.from)} et le ${dated(c.between.to)}`] : []),
  ];
  return `${day} ${listed(parts)}`;
}

function momentInWords(m: Moment, end: 'opens' | 'closes'): string {
  if (m.earliest) return `au plus tôt de ces moments : ${m.earliest.map((one) => momentInWords(one, end)).join(' ; ')}`;
  if (m.latest) return `au plus tard de ces moments : ${m.latest.map((one) => momentInWords(one, end)).join(' ; ')}`;
  const [text, clock] = walked(m.from ?? 'day', m.steps ?? []);
  if (m.from === 'service') return clock || !(m.steps?.length) ? text.replace(/^le début/, 'au début') : `${text}, à l’heure du service`;
  if (m.at === '24:00' || (!m.at && end === 'closes')) return `${text}, inclus`;
  return m.at ? `${text}, à ${hourInWords(m.at)}` : text;
}

// walked is where steps lead from an anchor, and whether the last of them are of the clock.
function walked(from: string, steps: Step[]): [text: string, clock: boolean] {
  const usual = shortcut(from, steps);
  if (usual) return [usual, false];
  let text = anchor(from);
  let clock = false;
  for (const s of steps) {
    clock = s.hours !== undefined || s.minutes !== undefined;
    text = moved(text, s);
  }
  return [text, clock];
}

// shortcut is how people say the usual ways.
function shortcut(from: string, steps: Step[]): string | undefined {
  const [a, b] = steps;
  if (from === 'day' && steps.length === 0) return 'le jour même';
  if (from === 'day' && steps.length === 1 && a?.days !== undefined && !a.except && a.days < 0) {
    const n = -a.days;
    if (!a.of) return n === 1 ? 'la veille' : n === 2 ? 'l’avant-veille' : `${n} jours avant`;
    return n === 1 ? `le ${one(a.of)} précédent` : `${n} ${several(a.of)} avant`;
  }
  if (from === 'week' && a?.weeks !== undefined && a.weeks < 0 && (steps.length === 1 || (steps.length === 2 && b?.weekday))) {
    const day = sorts[b?.weekday ?? 'mon']?.[0] ?? '';
    return a.weeks === -1 ? `le ${day} de la semaine précédente` : `le ${day}, ${-a.weeks} semaines avant`;
  }
  if (from === 'week' && steps.length === 1 && a?.weekday) return `le ${sorts[a.weekday]?.[0] ?? ''} de la même semaine`;
  if (from === 'month' && a?.months !== undefined && a.months < 0 && (steps.length === 1 || (steps.length === 2 && b?.dayOfMonth))) {
    const day = b?.dayOfMonth === 31 ? 'le dernier jour' : `le ${b?.dayOfMonth && b.dayOfMonth > 1 ? b.dayOfMonth : '1er'}`;
    return a.months === -1 ? `${day} du mois précédent` : `${day}, ${-a.months} mois avant`;
  }
  if (from === 'period' && a?.weeks !== undefined && b?.weekday && steps.length === 2) {
    const n = Math.abs(a.weeks);
    return `le ${sorts[b.weekday]?.[0] ?? ''}, ${n} semaine${n > 1 ? 's' : ''} ${a.weeks < 0 ? 'avant' : 'après'} celle où commence la période (vacances ou école)`;
  }
  return undefined;
}

// lying leads from a week or a month to the day that it is counted from: 6 semaines avant …, or le jour demandé.
const lying = (text: string, where: string): string => (/^\d/.test(text) ? `${where} ${text}` : `comprenant ${text}`);

function moved(text: string, s: Step): string {
  const shift = (n: number, unit: string) => `${Math.abs(n)} ${unit} ${n < 0 ? 'avant' : 'après'} ${text}`;
  const unless = s.except ? ` (hors ${several(s.except)})` : '';
  const plural = (n: number, word: string) => (Math.abs(n) > 1 && !word.endsWith('s') ? `${word}s` : word);
  if (s.days !== undefined) return shift(s.days, (s.of ? (Math.abs(s.days) > 1 ? several(s.of) : one(s.of)) : plural(s.days, 'jour')) + unless);
  if (s.clearDays !== undefined) return shift(s.clearDays, Math.abs(s.clearDays) > 1 ? 'jours francs' : 'jour franc');
  if (s.weeks !== undefined) return shift(s.weeks, plural(s.weeks, 'semaine'));
  if (s.months !== undefined) return shift(s.months, 'mois');
  if (s.hours !== undefined) return shift(s.hours, plural(s.hours, 'heure'));
  if (s.minutes !== undefined) return shift(s.minutes, plural(s.minutes, 'minute'));
  if (s.periods !== undefined) return `le premier jour de la ${Math.abs(s.periods)}e période (vacances ou école) ${s.periods < 0 ? 'avant' : 'après'} ${text}`;
  if (s.weekday) return `le ${sorts[s.weekday]?.[0] ?? s.weekday} de la semaine ${lying(text, 'située')}`;
  if (s.dayOfMonth) return `${s.dayOfMonth === 31 ? 'le dernier jour' : `le ${s.dayOfMonth === 1 ? '1er' : s.dayOfMonth}`} du mois ${lying(text, 'situé')}`;
  if (s.nth !== undefined) {
    const span = { week: 'de la semaine', month: 'du mois', period: 'de la période' }[s.in ?? ''] ?? '';
    const rank = s.nth === 1 ? 'premier' : s.nth === -1 ? 'dernier' : s.nth > 0 ? `${s.nth}e` : `${-s.nth}e en partant de la fin,`;
    return `le ${rank} ${s.of ? one(s.of) : 'jour'}${unless} ${span} ${lying(text, s.in === 'month' ? 'situé' : 'située')}`;
  }
  if (s.roll) {
    const which = s.to ? one(s.to) : 'jour';
    const no = s.to ? 'si ce n’en est pas un' : `si c’est un ${one(s.except)}`;
    return `${text}, ou le ${which}${s.to ? unless : ''} ${s.roll === 'back' ? 'précédent' : 'suivant'} ${no}`;
  }
  return text;
}
