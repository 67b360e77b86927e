// Notice rules in words, and those that the form can say: held against all regulations that the engine is held against.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(`../src/agents/${path}`, import.meta.url).pathname)).module;
const { draftOf, ruleOf } = await load('activities/rules.ts');
const { ruleInWords, weekInWords } = await load('activities/words.ts');
const { instantAt } = await load('ui/hours.ts');

const plain = (text) => text.replace(/\u00a0/g, ' ');
const said = (rule) => ruleInWords(rule).lines.map((l) => `${l.label} : ${plain(l.text)}`).join(' | ');

for (const [rule, words] of [
  [{ closes: { at: '18:00', steps: [{ days: -1 }] } }, 'Ferme : la veille, à 18 h'],
  [{ closes: { from: 'service', steps: [{ hours: -48 }] } }, 'Ferme : 48 heures avant le début du service'],
  [{ closes: { at: '10:00', steps: [{ days: -2, of: ['working'] }] } }, 'Ferme : 2 jours ouvrés avant, à 10 h'],
  [{ closes: { from: 'week', at: '12:00', steps: [{ weeks: -1 }, { weekday: 'fri' }] } }, 'Ferme : le vendredi de la semaine précédente, à 12 h'],
  [{ closes: { from: 'month', steps: [{ months: -1 }, { dayOfMonth: 15 }] } }, 'Ferme : le 15 du mois précédent, inclus'],
  [{ opens: { from: 'period', steps: [{ weeks: -6 }, { weekday: 'mon' }] } }, 'Ouvre : le lundi, 6 semaines avant celle où commence la période (vacances ou école) | Ferme : au début du service'],
  [{ closes: { at: '12:00' }, late: { surcharge: '50 %' } }, 'Ferme : le jour même, à 12 h | Ensuite : accepté avec majoration (50 %) jusqu’au début du service'],
  [{ if: [{ is: ['mon', 'tue'] }], never: true }, 'Seulement si : le jour demandé est un lundi ou mardi | Réponse : rien n’est accepté'],
]) {
  test(`a rule reads ${words}`, () => assert.equal(said(rule), words));
}

const rulesIn = (value) => (Array.isArray(value) ? value.flatMap(rulesIn) : value && typeof value === 'object' ? [...(Array.isArray(value.rules) || Array.isArray(value.weeks) ? [value] : []), ...Object.values(value).flatMap(rulesIn)] : []);
const root = new URL('../../shared/notice/testdata/', import.meta.url);
const documents = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.json')).flatMap((name) => rulesIn(JSON.parse(readFileSync(new URL(name, root), 'utf8'))));
const rules = documents.flatMap((d) => d.rules ?? []).filter((r) => r.opens || r.closes || r.never);

test('every regulation that towns publish has words', () => {
  assert.ok(rules.length > 50, `only ${rules.length} rules were found`);
  for (const rule of rules) {
    const words = ruleInWords(rule);
    assert.doesNotMatch(JSON.stringify(words), /undefined|NaN|\[object/, JSON.stringify(rule));
    assert.ok(words.lines.every((l) => l.text.trim().length > 3), JSON.stringify(rule));
  }
  for (const week of documents.flatMap((d) => d.weeks ?? [])) assert.ok(weekInWords(week).lines.length > 0);
});

test('a rule that the form can say comes out of it as it went in', () => {
  const sorted = (v) => JSON.stringify(v, (_, one) => (one && typeof one === 'object' && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort()) : one));
  const simple = rules.filter((r) => draftOf(r));
  assert.ok(simple.length > 10, `only ${simple.length} of ${rules.length} rules fit the form`);
  for (const rule of simple) {
    const { closes, ...rest } = ruleOf(draftOf(rule));
    const made = rule.closes || rule.never ? { ...rest, ...(closes && { closes }) } : rest; // without an end the service's start is one
    const asked = structuredClone(rule);
    for (const at of ['opens', 'closes']) if (asked[at]?.from === 'day' && Object.keys(asked[at]).length > 1) delete asked[at].from; // the day asked for is where a moment starts from
    assert.equal(sorted(made), sorted(asked));
  }
});

test('an hour of the town is the same instant everywhere, across changes of clocks', () => {
  assert.equal(instantAt('2026-11-23', '09:00', 'Europe/Paris'), '2026-11-23T08:00:00Z');
  assert.equal(instantAt('2026-07-01', '09:00', 'Europe/Paris'), '2026-07-01T07:00:00Z');
  assert.equal(instantAt('2026-10-25', '12:00', 'Europe/Paris'), '2026-10-25T11:00:00Z');
  assert.equal(instantAt('2026-11-23', '09:00', 'Indian/Reunion'), '2026-11-23T05:00:00Z');
});
