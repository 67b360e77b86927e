// What is pure: colours that stay readable, dates in French, and the fewest requests for the days that were picked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(`../src/${path}`, import.meta.url).pathname)).module;
const { contrast, readable } = await load('town/colours.ts');
const dates = await load('texts/dates.ts');
const { french } = await load('texts/typeset.ts');
const { asksOf, datesOf, initials, rangeOf } = await load('planning/model.ts');
const { besides, carry, Refusal } = await load('../test/support/acting.ts');
const { bare, codeOf, grouped, plausible } = await load('account/code.ts');
const { pageBack } = await load('account/back.ts');

test('black on white has the contrast that WCAG gives it', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
});

for (const colour of ['#ffe600', '#ffffff', '#000000', '#808080', '#e2001a', '#1f5c99']) {
  test(`a town of ${colour} has links and buttons that can be read`, () => {
    const made = readable(colour, '#f4f6f8');
    assert.ok(contrast(made, '#f4f6f8') >= 4.5);
    assert.ok(contrast(made, '#ffffff') >= 4.5, 'white on a button');
  });
}

test('a colour that is readable stays as it is', () => {
  assert.equal(readable('#1f5c99', '#f4f6f8'), '#1f5c99');
});

test('dates are written as French does', () => {
  assert.equal(dates.dated('2026-12-01', 'full'), 'mardi 1er décembre 2026');
  assert.equal(dates.dated('2026-12-11'), '11 décembre 2026');
  assert.equal(dates.dated('2026-12-01', 'month'), 'décembre 2026');
  assert.equal(dates.instant('2026-11-30T23:05:00Z', 'Europe/Paris'), 'mardi 1er décembre à 0\u00a0h\u00a005');
  assert.equal(dates.instant('2026-11-30T09:00:00Z', 'Indian/Reunion'), 'lundi 30 novembre à 13\u00a0h');
});

test('calendars know weeks, months and what does not exist', () => {
  assert.equal(dates.weekNumber('2027-01-03'), 53);
  assert.equal(dates.weekNumber('2026-01-01'), 1);
  assert.equal(dates.monthEnd('2028-02-10'), '2028-02-29');
  assert.equal(dates.plusMonths('2026-01-31', 1), '2026-02-28');
  assert.equal(dates.mondayOf('2026-12-06'), '2026-11-30');
  assert.ok(!dates.isDate('2026-02-30') && dates.isDate('2026-02-28'));
  assert.ok(!dates.isDate('9999-12-31') && !dates.isDate('0001-01-01') && dates.isDate('1900-01-01') && dates.isDate('2099-12-31'), 'what an address may hold');
  assert.deepEqual(rangeOf('semaine5', '2026-12-06'), { from: '2026-11-30', to: '2026-12-04', before: '2026-11-23', after: '2026-12-07' });
});

test('French punctuation stays with its word', () => {
  assert.equal(french('Qui ? « Vous » : oui'), 'Qui\u00a0? «\u00a0Vous\u00a0»\u00a0: oui');
});

test('siblings are told apart by as many letters as it takes', () => {
  assert.deepEqual(initials(['Léa', 'Noé', 'Inès']), ['L', 'N', 'I']);
  assert.deepEqual(initials(['Léa', 'Louis', 'Lou']), ['Lé', 'L2', 'L3']);
});

test('a mistyped code is seen before it is sent', () => {
  assert.ok(plausible('7K3M-Q2XA-9TRQ'), 'as printed'); // as shared/code's package comment writes one
  assert.ok(plausible('7k3m q2xa 9trq'), 'as typed');
  for (const wrong of ['7K3M-Q2XA-9TRD', 'K73M-Q2XA-9TRQ', '7K3M-Q2XA-9TR', '7K3M-Q2XA-9TRU', '']) assert.ok(!plausible(wrong), wrong);
});

test('a code is read whatever its hyphens', () => {
  assert.equal(grouped('abcd 1234.efgh'), 'ABCD-1234-EFGH');
  assert.equal(bare('abcd-12'), 'ABCD12');
  assert.equal(codeOf('code=ABCD1234EFGH'), 'ABCD-1234-EFGH');
  assert.equal(codeOf('xyz'), '');
});

for (const [address, page] of [
  ['/ville/planning', 'planning'],
  ['/ville/dossier/documents?tri=nom', 'dossier/documents?tri=nom'],
  ['/ville/x/../planning', 'planning'],
  ['/ville/', ''],
  ['/ville/../../evil', undefined],
  ['/ville/%2e%2e/evil', undefined],
  ['/villette/planning', undefined],
  ['//evil.example/ville/planning', undefined],
  ['/\\evil.example/ville/planning', undefined],
  ['https://evil.example/ville/planning', undefined],
  ['', undefined],
]) {
  test(`after signing in, ${address || 'no address'} leads to ${page ?? 'no page of its own'}`, () => {
    assert.equal(pageBack(address, 'ville', 'https://portail.example'), page);
  });
}

const item = (child) => [{ child, activity: 'cantine' }];
const asked = (asks) => asks.flatMap((a) => datesOf(a.from, a.to, a.weekdays ?? [], a.weeks ?? 'every').flatMap((d) => a.items.map((i) => `${d} ${i.child}`))).sort();
const never = () => false;

for (const [says, picked, requests, useless = never] of [
  ['one day is one request', { '2026-12-01': item('a') }, 1],
  ['the same weekdays of weeks on end are one request', { '2026-12-01': item('a'), '2026-12-03': item('a'), '2026-12-08': item('a'), '2026-12-10': item('a') }, 1],
  ['other weekdays in another week are another', { '2026-12-01': item('a'), '2026-12-10': item('a') }, 2],
  ['what siblings want apart is asked apart', { '2026-12-01': item('a'), '2026-12-02': item('b') }, 2],
  ['a day on which nothing can be asked may lie between', { '2026-12-01': item('a'), '2026-12-08': item('a'), '2026-12-10': item('a') }, 1, (d) => d === '2026-12-03'],
]) {
  test(`days that were picked: ${says}`, () => {
    const days = new Map(Object.entries(picked));
    const asks = asksOf('booking', days, useless);
    assert.equal(asks.length, requests);
    const wanted = [...days].flatMap(([d, items]) => items.map((i) => `${d} ${i.child}`)).sort();
    assert.deepEqual(asked(asks).filter((a) => !useless(a.slice(0, 10))), wanted, 'just these days');
  });
}

// A planning of one day for two children, of which acts are done; what is told of it is kept.
function page({ days, ask, withdraw }) {
  const seen = { told: [], warned: [], sent: [], keys: new Set(), expected: [], refreshed: 0 };
  const means = {
    days: () => days,
    childOf: (id) => id,
    activityOf: () => 'Cantine',
    ask: (asking, key) => ask(asking, seen.keys.add(key)),
    withdraw: (request) => withdraw(request, seen.sent.push(request)),
    expecting: (places, state, work) => (seen.expected.push(...places.map((p) => `${p.date} ${p.child} ${state(p)}`)), work()),
    refresh: async () => void seen.refreshed++,
    tell: (text, action) => seen.told.push({ text, action }),
    warn: (text, action) => seen.warned.push({ text, action }),
  };
  return { seen, means };
}
const dayOf = (child, request, more = {}) => ({ date: '2026-12-02', child, activity: 'cantine', state: 'requested', actions: ['cancel'], request, ...more });
const answer = (...days) => ({ days: days.map((d) => ({ ...d, state: 'withdrawn' })) });
const lost = () => new Refusal('network', 'Injoignable.');

test('what a withdrawal takes besides is what waits in all of its requests', () => {
  const [lea, noe] = [dayOf('Léa', 'r1'), dayOf('Noé', 'r2')];
  const later = dayOf('Noé', 'r2', { date: '2026-12-09' });
  const answered = dayOf('Noé', 'r2', { date: '2026-12-16', state: 'booked' });
  const refused = dayOf('Noé', 'r2', { date: '2026-12-23', code: 'full' });
  const whole = [{ days: [lea] }, { days: [noe, later, answered, refused] }];
  assert.deepEqual(besides(whole, [lea, noe]), [later]);
  assert.deepEqual(besides(whole, [lea]), [noe, later], 'of a child who is not meant, what goes all the same');
});

test('a withdrawal withdraws each request once, shows all that goes, and tells of it', async () => {
  const [lea, noe, later] = [dayOf('Léa', 'r1'), dayOf('Noé', 'r2'), dayOf('Noé', 'r2', { date: '2026-12-09' })];
  const { seen, means } = page({ days: [lea, noe, later], withdraw: async () => answer(lea, noe, later) });
  await carry({ action: 'cancel', days: [lea, noe], also: [later] }, means);
  assert.deepEqual(seen.sent, ['r1', 'r2']);
  assert.deepEqual(seen.expected, ['2026-12-02 Léa enrolled', '2026-12-02 Noé enrolled', '2026-12-09 Noé enrolled']);
  assert.match(seen.told[0].text, /Demande retirée.*Léa et Noé.*Une autre journée est retirée aussi/);
});

test('where one of the requests was decided meanwhile, its days say so and the others are withdrawn', async () => {
  const [lea, noe] = [dayOf('Léa', 'r1'), dayOf('Noé', 'r2')];
  const { seen, means } = page({ days: [lea, noe], withdraw: async (r) => {
    if (r === 'r1') throw new Refusal('nothing_pending', 'Plus rien n’est en attente.', [], 409);
    return answer(noe);
  } });
  await carry({ action: 'cancel', days: [lea, noe] }, means);
  assert.deepEqual(seen.sent, ['r1', 'r2']);
  assert.match(seen.warned[0].text, /Demande retirée.*Noé.*Léa.*Plus rien n’est en attente/);
});

test('after a lost answer the planning is read again, and the same is sent anew', async () => {
  const lea = dayOf('Léa', '', { state: 'enrolled', actions: ['book'] });
  let fails = 1;
  const { seen, means } = page({ days: [lea], ask: async () => {
    if (fails-- > 0) throw lost();
    return { days: [{ ...lea, state: 'booked' }] };
  } });
  await carry({ action: 'book', days: [lea] }, means);
  assert.equal(seen.refreshed, 1, 'it may have been written');
  seen.warned[0].action.run();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(seen.keys.size, 1, 'one key');
  assert.match(seen.told[0].text, /Réservé.*Léa/);
});
