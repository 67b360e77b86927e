// The planning: what is shown, what a click asks for, and what is told when it does not come about.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { at, browse, desktop, faults, french, heading, monday, openAs, parent, phone, plus } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const month = (view = 'mois') => `planning?vue=${view}&date=${monday}`;
const day = (page, date) => page.getByRole('button', { name: new RegExp(`^${french(date)}\\b`) });
// shows waits until a day says what its dialog, in front of it, hides from roles.
const shows = (page, date, what) => page.locator(`[aria-label^="${french(date)}"][aria-label*="${what}"]`).waitFor();
const list = (names) => `${names.slice(0, -1).join(', ')} et ${names.at(-1)}`;
const sent = (asked) => asked.filter((a) => /^POST .*\/requests$/.test(a)).length;
const request = (kind, child, activity, date, more = {}) => ({ kind, items: [{ child, activity, ...more }], from: date, to: date });

describe('one day', () => {
  let home;
  before(async () => {
    home = await parent('planning');
  });

  test('siblings are booked together by a click, shown at once, and undone', async () => {
    const { page, wrong, asked } = await openAs(browser, home.email, month());
    await heading(page, 'Planning');
    await day(page, monday).waitFor();
    assert.deepEqual(await faults(page, 'planning-month'), []);

    await day(page, monday).click();
    const dialog = page.getByRole('dialog');
    const two = home.names.filter((name) => name !== 'Inès');
    assert.deepEqual(await faults(page, 'planning-day'), []);
    await dialog.getByRole('button', { name: `Réserver pour ${list(home.names)} : Cantine` }).click();
    await dialog.getByText('réservé aussitôt').first().waitFor();
    assert.deepEqual(await faults(page, 'planning-confirm'), []);
    await dialog.getByLabel('Inès').uncheck();
    await dialog.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await page.getByText(`Réservé : Cantine, ${list(two)}, ${french(monday)}.`).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.closest('td')?.dataset.date), monday, 'the focus is back on the day');
    assert.match(await day(page, monday).getAttribute('aria-label'), new RegExp(`Cantine : ${two.join(', ')}, Réservé`));
    assert.equal(sent(asked), 1, 'one request for both');
    assert.deepEqual(await faults(page, 'planning-booked'), []);

    await page.getByRole('button', { name: 'Annuler la réservation' }).click();
    await page.getByText(`C’est annulé : Cantine, ${list(two)}, ${french(monday)}.`).waitFor();
    assert.match(await day(page, monday).getAttribute('aria-label'), new RegExp(`Cantine : ${two.join(', ')}, Absent`));
    assert.deepEqual(wrong, []);
  });

  test('an absence is declared on a booked day, with its limit', async () => {
    const date = plus(monday, 1);
    await home.call('POST', '/requests', request('booking', home.child['Léa'], 'periscolaire', date));
    const { page } = await openAs(browser, home.email, month());
    await day(page, date).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Absence : Accueil du soir, Léa' }).click();
    await dialog.getByText(/jusqu’au .* à 12/).waitFor();
    await dialog.getByRole('button', { name: 'Confirmer l’absence' }).click();
    await page.getByText(`Absence déclarée : Accueil du soir, Léa, ${french(date)}.`).waitFor();
    await page.getByRole('button', { name: 'Annuler l’absence' }).waitFor();
  });

  test('what an agent decides on is asked for with its option, waits, and can be withdrawn', async () => {
    const date = plus(monday, 2);
    const { page } = await openAs(browser, home.email, month());
    await day(page, date).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Réserver : Centre de loisirs du mercredi, Noé' }).click();
    await dialog.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await dialog.getByText('Choisissez une formule.').first().waitFor();
    assert.deepEqual(await faults(page, 'planning-option'), []);
    await dialog.getByLabel('Matin sans repas').check();
    await dialog.getByText('la collectivité répondra').waitFor();
    await dialog.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await page.getByText('Demande envoyée : Centre de loisirs du mercredi, Noé').waitFor();
    assert.match(await day(page, date).getAttribute('aria-label'), /Noé, Demandé · Matin sans repas/);

    await day(page, date).click();
    await dialog.getByRole('button', { name: 'Retirer : Centre de loisirs du mercredi, Noé' }).click();
    await dialog.getByText('la retirer n’a aucune conséquence').waitFor();
    await dialog.getByRole('button', { name: 'Confirmer le retrait' }).click();
    await page.getByText('Demande retirée : Centre de loisirs du mercredi, Noé').waitFor();
  });

  test('what fails on its way is taken back, said, and sent again as the same request', async () => {
    const date = plus(monday, 3);
    const { page, asked } = await openAs(browser, home.email, month());
    const keys = [];
    await page.route('**/requests', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 3) return route.continue();
      if (keys.length === 3) await route.fetch(); // it is written, and the answer is lost
      return route.abort();
    });
    await day(page, date).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Réserver : Cantine, Noé' }).click();
    await page.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await page.getByText('Le service est injoignable. Rien n’est perdu').waitFor();
    await shows(page, date, 'Noé, Réservé'); // read again: it was written
    assert.deepEqual(await faults(page, 'planning-failed'), []);
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.getByText('Réservé : Cantine, Noé').waitFor();
    assert.equal(new Set(keys).size, 1, 'each try is the same request');
    assert.equal(sent(asked), 4);
    const { items } = await home.call('GET', `/requests?from=${date}&to=${date}`);
    assert.equal(items.length, 1, 'never a double booking');
  });

  test('a day that is taken away meanwhile is told', async () => {
    const date = plus(monday, 4);
    const { page } = await openAs(browser, home.email, month());
    await day(page, date).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Réserver : Cantine, Léa' }).click();
    await dialog.getByText('réservé aussitôt').waitFor(); // the answer that was to be expected
    await home.call('POST', '/requests', request('booking', home.child['Léa'], 'cantine', date));
    await dialog.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await page.getByText('Rien n’a changé. Cette journée est déjà réservée.').waitFor();
    await shows(page, date, 'Léa, Réservé');
  });

  test('a day that was taken away before is not offered for confirmation', async () => {
    const date = plus(monday, 8);
    const { page } = await openAs(browser, home.email, `planning?vue=mois&date=${date}`);
    await day(page, date).click();
    const dialog = page.getByRole('dialog');
    await home.call('POST', '/requests', request('booking', home.child['Noé'], 'cantine', date));
    await dialog.getByRole('button', { name: 'Réserver : Cantine, Noé' }).click();
    await dialog.getByText('Cette journée est déjà réservée.').waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Confirmer la réservation' }).count(), 0);
    await shows(page, date, 'Noé, Réservé');
  });

  test('views, switches, months and the list show the same days', async () => {
    const { page, wrong } = await openAs(browser, home.email, month(), { viewport: desktop });
    await day(page, monday).waitFor();
    assert.deepEqual(await faults(page, 'planning-desktop'), []);
    const entries = page.locator('td .cell-line');
    const all = await entries.count();
    await page.getByRole('switch', { name: 'Cantine' }).click();
    assert.ok((await entries.count()) < all);
    await page.getByRole('switch', { name: 'Noé' }).click();
    assert.ok(!(await day(page, plus(monday, 1)).getAttribute('aria-label')).includes('Noé'));
    await page.getByRole('switch', { name: 'Cantine' }).click();
    await page.getByRole('switch', { name: 'Noé' }).click();

    for (const [name, days] of [['7 jours', 7], ['5 jours', 5]]) {
      await page.getByRole('button', { name }).click();
      await page.waitForFunction((n) => document.querySelectorAll('td[data-date]').length === n, days);
      assert.deepEqual(await faults(page, `planning-${days}`), []);
    }
    await page.getByRole('button', { name: 'Semaine suivante' }).click();
    await day(page, plus(monday, 7)).waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('heading', { name: french(plus(monday, 8)) }).waitFor();
    assert.deepEqual(await faults(page, 'planning-agenda'), []);
    await page.setViewportSize(desktop);

    await page.goto(at(month()));
    await page.getByRole('link', { name: 'Afficher sous forme de liste' }).click();
    await page.getByRole('row', { name: /Noé Cantine.*Réservé/ }).first().waitFor();
    assert.deepEqual(await faults(page, 'planning-list'), []);
    await page.getByRole('switch', { name: 'Noé' }).click();
    assert.equal(await page.getByRole('row', { name: /Noé/ }).count(), 0);
    await page.getByRole('switch', { name: 'Noé' }).click();
    await page.getByRole('link', { name: 'Afficher sous forme de planning' }).click();
    await page.getByRole('grid').waitFor();
    await page.getByText('Ce que cela veut dire').click();
    await page.getByText('Votre enfant participe à l’activité').waitFor();
    assert.deepEqual(wrong, []);
  });

  test('days are gone through with the arrow keys, over the end of a month too', async () => {
    const { page } = await openAs(browser, home.email, month(), { viewport: desktop });
    await day(page, monday).waitFor();
    await page.getByRole('button', { name: /plusieurs jours/i }).focus();
    await page.keyboard.press('Tab');
    const on = () => page.evaluate(() => document.activeElement.closest('[data-date]')?.dataset.date);
    assert.equal(await on(), monday);
    for (const [key, date] of [['ArrowRight', plus(monday, 1)], ['ArrowDown', plus(monday, 8)], ['Home', plus(monday, 7)], ['End', plus(monday, 13)], ['ArrowUp', plus(monday, 6)], ['ArrowLeft', plus(monday, 5)]]) {
      await page.keyboard.press(key);
      assert.equal(await on(), date, key);
    }
    await page.keyboard.press('PageDown');
    const next = await on();
    assert.equal(next.slice(8), '01');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await on(), plus(next, -1));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await on(), plus(next, -1), 'the focus is back on the day');
  });
});

test('many days for siblings are picked, checked and sent in as few requests as may be', async () => {
  const home = await parent('several');
  const { page, wrong, asked } = await openAs(browser, home.email, month());
  await page.getByRole('button', { name: /plusieurs jours/i }).click();
  await page.waitForFunction(() => document.activeElement.textContent === 'Choisir plusieurs jours');
  assert.ok((await day(page, monday).boundingBox()).y < phone.height, 'the days are in sight');
  await page.locator('summary', { hasText: 'Changer' }).click();
  await page.getByRole('checkbox', { name: 'Centre de loisirs du mercredi' }).uncheck();
  await page.getByRole('checkbox', { name: 'Cantine' }).check();
  await page.getByRole('button', { name: 'Vérifier et envoyer' }).click();
  await page.getByText('Touchez au moins un jour du planning.').waitFor();
  assert.deepEqual(await faults(page, 'planning-picking'), []);
  await page.getByRole('checkbox', { name: 'Inès' }).uncheck();
  for (const date of [monday, plus(monday, 1), plus(monday, 7), plus(monday, 8)]) await day(page, date).click();
  await page.getByText('4 jours choisis, 8 journées-enfant').waitFor();
  await day(page, plus(monday, 2)).click({ force: true }); // a Wednesday: nothing to ask for
  await page.getByText('4 jours choisis, 8 journées-enfant').waitFor();
  assert.deepEqual(await faults(page, 'planning-picked'), []);
  await page.getByRole('button', { name: 'Vérifier et envoyer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Vérifiez votre demande' });
  await dialog.getByText('8 journées').waitFor();
  assert.deepEqual(await faults(page, 'planning-review'), []);
  await dialog.getByRole('button', { name: 'Envoyer la demande' }).click();
  const done = page.getByRole('dialog', { name: 'Votre demande est envoyée' });
  await done.getByText('8 journées : Réservé').waitFor();
  assert.deepEqual(await faults(page, 'planning-sent'), []);
  assert.equal(sent(asked), 1);
  await done.getByRole('button', { name: 'Voir le planning' }).click();
  await page.waitForFunction(() => document.querySelectorAll('td .sign.booked').length === 8);
  assert.deepEqual(wrong, []);
});

test('a period for several children says what each day will answer before it is sent', async () => {
  const home = await parent('period');
  await home.call('POST', '/requests', request('booking', home.child['Noé'], 'cantine', plus(monday, 1)));
  const { page, wrong } = await openAs(browser, home.email, month());
  await page.getByRole('link', { name: 'Nouvelle demande' }).click();
  await heading(page, 'Nouvelle demande');
  assert.deepEqual(await faults(page, 'period'), []);
  await page.getByRole('button', { name: 'Vérifier ma demande' }).click();
  const summary = page.locator('.summary');
  await summary.getByText('À corriger').waitFor();
  assert.deepEqual(
    (await summary.getByRole('listitem').allInnerTexts()).map((line) => line.replace(/\s/g, ' ').split(' : ')[0]),
    ['Pour quels enfants ?', 'Pour quelles activités ?', 'Au'],
    'all that is wrong is told at once, in the order of the form',
  );
  assert.deepEqual(await faults(page, 'period-missing'), []);
  await page.getByLabel('Léa').check();
  await page.getByLabel('Noé').check();
  await page.getByLabel('Cantine').check();
  await page.getByLabel('Centre de loisirs du mercredi').check();
  await page.getByLabel('Formule pour Léa – Centre de loisirs du mercredi').selectOption({ label: 'Journée avec repas' });
  await page.getByLabel('Formule pour Noé – Centre de loisirs du mercredi').selectOption({ label: 'Matin sans repas' });
  await page.getByLabel(/^Du/).fill(monday);
  await page.getByLabel(/^Au/).fill(plus(monday, 11));
  for (const name of ['mardi', 'mercredi']) await page.getByRole('checkbox', { name, exact: true }).check();
  await page.getByText('4 jours dans cette période').waitFor();
  assert.deepEqual(await faults(page, 'period-filled'), []);
  await page.getByRole('button', { name: 'Vérifier ma demande' }).click();
  const dialog = page.getByRole('dialog', { name: 'Vérifiez votre demande' });
  await dialog.getByText('Cette journée est déjà réservée.').first().waitFor();
  await dialog.getByText('la collectivité répondra').first().waitFor();
  assert.deepEqual(await faults(page, 'period-review'), []);
  await dialog.getByRole('button', { name: 'Envoyer la demande' }).click();
  const done = page.getByRole('dialog', { name: 'Votre demande est envoyée' });
  await done.getByText('3 journées : Réservé').waitFor();
  await done.getByText('4 journées : Demande envoyée').waitFor();
  await done.getByRole('link', { name: 'Suivre mes demandes' }).click();

  await heading(page, 'Mes demandes');
  await page.getByRole('button', { name: /Réservation En attente/ }).waitFor();
  assert.deepEqual(await faults(page, 'requests'), []);
  await page.getByLabel('Demande', { exact: true }).selectOption({ label: 'Absence' });
  await page.getByText('Aucune demande ne correspond à ces filtres.').waitFor();
  await page.getByLabel('Demande', { exact: true }).selectOption({ label: 'Toutes' });
  await page.getByLabel('Enfant', { exact: true }).selectOption({ label: 'Léa' });
  await page.getByRole('button', { name: /Réservation En attente/ }).click();
  const whole = page.getByRole('dialog');
  await whole.getByText('4 journées : Demande envoyée').waitFor();
  assert.deepEqual(await faults(page, 'request'), []);
  await whole.getByRole('button', { name: 'Retirer la demande' }).click();
  await whole.getByText('Cette demande compte 4 journées en attente').waitFor();
  await whole.getByRole('button', { name: 'Confirmer le retrait' }).click();
  await whole.getByText('4 journées : Demande retirée').waitFor();
  assert.deepEqual(wrong, []);
});

let second;
const another = () => (second ??= parent('several', 1)); // its other parent's account

test('a double click on a dialog’s last button does nothing to the day that lies beneath it', async () => {
  const home = await another();
  const { page } = await openAs(browser, home.email, month(), { viewport: desktop });
  await day(page, plus(monday, 4)).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Réserver : Cantine, Léa' }).click();
  await dialog.getByText('réservé aussitôt').waitFor(); // the button has its place
  const confirm = dialog.getByRole('button', { name: 'Confirmer la réservation' });
  const { x, y, width, height } = await confirm.boundingBox();
  await page.mouse.dblclick(x + width / 2, y + height / 2);
  await page.getByText('Réservé : Cantine, Léa').waitFor();
  assert.equal(await dialog.count(), 0);
  await day(page, plus(monday, 4)).click();
  await dialog.waitFor();
});

test('a request that is being sent stays open until its answer is there', async () => {
  const home = await another();
  const { page } = await openAs(browser, home.email, month());
  await page.getByRole('button', { name: /plusieurs jours/i }).click();
  await page.locator('summary', { hasText: 'Changer' }).click();
  await page.getByRole('checkbox', { name: 'Accueil du soir' }).uncheck();
  await page.getByRole('checkbox', { name: 'Cantine' }).check();
  await day(page, plus(monday, 3)).click();
  await page.getByRole('button', { name: 'Vérifier et envoyer' }).click();
  const dialog = page.getByRole('dialog');
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route('**/requests', async (route) => {
    await held;
    await route.continue();
  });
  await dialog.getByRole('button', { name: 'Envoyer la demande' }).click();
  await dialog.getByText('Envoi en cours').waitFor();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Modifier' }).click({ force: true });
  assert.equal(await dialog.getByRole('button', { name: 'Fermer' }).count(), 0);
  go();
  await dialog.getByRole('heading', { name: 'Votre demande est envoyée' }).waitFor();
});

test('all signs and badges of a full month lie within their day, on a phone and on a desktop', async () => {
  const home = await another();
  const many = (n, names) => Array.from({ length: n }, (_, i) => names[i % names.length]);
  const states = ['enrolled', 'booked', 'requested', 'absent', 'waitlisted'];
  const full = (from, to, firstNames, names) => {
    const children = firstNames.map((firstName, i) => ({ id: `c${i}`, firstName, colour: ['#0072B2', '#D55E00', '#009E73', '#CC79A7'][i % 4] }));
    const activities = names.map((name, j) => ({ id: `a${j}`, name, options: [] }));
    const days = [];
    for (let date = from; date <= to; date = plus(date, 1)) {
      for (const [i, c] of children.entries()) for (const [j, a] of activities.entries()) days.push({ date, child: c.id, activity: a.id, state: states[(i + j) % states.length], actions: [] });
    }
    return { from, to, children, activities, days, legend: states.map((state) => ({ state, label: state })) };
  };
  const names = ['Accueil périscolaire du matin', 'Restauration', 'Étude surveillée', 'Garderie'];
  for (const [name, viewport, firstNames] of [
    ['phone', { width: 360, height: 740 }, ['Mathéo', 'Mathis', 'Mathieu', 'Mathilde']],
    ['desktop', desktop, many(8, ['Léa', 'Louis', 'Lou', 'Noé', 'Inès', 'Tom', 'Zoé', 'Ali'])],
  ]) {
    const { page } = await openAs(browser, home.email, 'dossier', { viewport });
    await page.route('**/planning?*', (route) => {
      const query = new URL(route.request().url()).searchParams;
      return query.has('from') ? route.fulfill({ json: full(query.get('from'), query.get('to'), firstNames, names) }) : route.continue();
    });
    await page.goto(at(month()));
    await page.locator('td .kid').first().waitFor();
    await page.setViewportSize({ ...viewport, height: 12_000 }); // all of it is laid out
    await page.waitForFunction(() => [...document.querySelectorAll('td[data-date] .entries')].every((e) => e.querySelector('.kid')));
    const outside = await page.evaluate(() => [...document.querySelectorAll('td[data-date]')].flatMap((td) => {
      const cell = td.getBoundingClientRect();
      return [...td.querySelectorAll('.sign, .kid, .what, .cell-line, .line, .block')].filter((e) => {
        const box = e.getBoundingClientRect();
        const clip = e.closest('.line, .entries').getBoundingClientRect();
        return box.width === 0 || box.left < cell.left || box.right > cell.right + 0.5 || box.bottom > cell.bottom + 0.5 || box.right > clip.right + 0.5 || box.bottom > clip.bottom + 0.5;
      }).map((e) => `${td.dataset.date} ${e.className} ${e.textContent}`);
    }));
    assert.deepEqual(outside.slice(0, 5), [], name);
    const kids = await page.evaluate(() => document.querySelector('td[data-date] .entries').querySelectorAll('.kid').length);
    assert.equal(kids, name === 'phone' ? 4 : 32, name);
    await page.context().close();
  }
});

test('a day that waits takes its whole request with it, and nothing goes that was not told', async () => {
  const home = await another();
  const date = plus(monday, 2);
  const option = { option: 'matin' };
  await home.call('POST', '/requests', request('booking', home.child['Léa'], 'mercredi', date, option));
  await home.call('POST', '/requests', { ...request('booking', home.child['Noé'], 'mercredi', date, option), to: plus(date, 28), weekdays: ['wed'] });
  const { page, asked } = await openAs(browser, home.email, month(), { viewport: desktop });
  await page.locator(`td[data-date="${date}"] .cell-line.s-requested`).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('4 autres journées seront retirées aussi.').waitFor();
  await dialog.getByText(`Noé, Centre de loisirs du mercredi : ${french(plus(date, 7))}, ${french(plus(date, 14))}`).waitFor();
  assert.deepEqual(await faults(page, 'planning-withdraw'), []);
  await dialog.getByLabel('Noé').uncheck();
  await dialog.getByText('Cette journée est encore en attente').waitFor();
  await dialog.getByRole('button', { name: 'Confirmer le retrait' }).click();
  await page.getByText('Demande retirée : Centre de loisirs du mercredi, Léa').waitFor();
  assert.equal(asked.filter((a) => /^DELETE .*\/requests\//.test(a)).length, 1, 'Léa’s request alone');

  await page.route('**/requests/*', (route) => route.abort());
  await page.locator(`td[data-date="${date}"] .cell-line.s-requested`).click();
  await dialog.getByText('Le service est injoignable').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Confirmer le retrait' }).count(), 0, 'nothing is confirmed before it is known what goes');
  await page.unroute('**/requests/*');
  await dialog.getByRole('button', { name: 'Réessayer' }).click();
  await dialog.getByRole('button', { name: 'Confirmer le retrait' }).click();
  await page.getByText('Demande retirée : Centre de loisirs du mercredi, Noé').waitFor();
  await page.getByText('4 autres journées sont retirées aussi.').waitFor();
});

test('where all places are taken one waits, and sees one’s place in the queue', async () => {
  const home = await parent('waiting');
  const date = plus(monday, 10);
  await home.call('POST', '/requests', request('booking', home.child['Léa'], 'periscolaire', date)); // there is one place
  await home.call('POST', '/requests', request('booking', home.child['Inès'], 'periscolaire', date));
  const { page } = await openAs(browser, home.email, month());
  await day(page, date).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Réserver : Accueil du soir, Noé' }).click();
  await dialog.getByText('complet : inscription sur la liste d’attente').waitFor();
  await dialog.getByRole('button', { name: 'Confirmer la réservation' }).click();
  await page.getByText('Sur liste d’attente : Accueil du soir, Noé').waitFor();
  await day(page, date).click();
  await dialog.getByText('Liste d’attente · 2e sur la liste').waitFor();
  assert.deepEqual(await faults(page, 'planning-waiting'), []);
});

test('the calendar link and the reminders are made and ended', async () => {
  const home = await parent('waiting', 1);
  const { page, wrong } = await openAs(browser, home.email, 'planning');
  await page.getByRole('link', { name: 'Agenda et rappels' }).click();
  await heading(page, 'Agenda et rappels');
  await page.getByRole('button', { name: 'Créer mon lien' }).click();
  const url = await page.getByLabel('Votre lien').inputValue();
  assert.match(await (await fetch(url)).text(), /BEGIN:VCALENDAR/);
  assert.deepEqual(await faults(page, 'calendar'), []);
  await page.getByRole('button', { name: 'Couper ce lien' }).click();
  assert.deepEqual(await faults(page, 'calendar-revoke'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Couper ce lien' }).click();
  await page.getByRole('button', { name: 'Créer mon lien' }).waitFor();
  await page.getByLabel('Me prévenir').selectOption({ label: '2 jours avant la date limite' });
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('vous serez prévenu 2 jours avant').waitFor();
  assert.equal((await home.call('GET', '/reminders')).days, 2);
  assert.deepEqual(wrong, []);
});
