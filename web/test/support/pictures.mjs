// The pictures of the README: a town with a month of bookings, on a phone and on a desktop. make pictures takes them again.

import { after, before, test } from 'node:test';
import { agent, at, browse, french, heading, monday, openAs, parent, plus } from './platform.mjs';

const folder = process.env.PREAU_PICTURES ?? '.';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

async function month({ call, child }) {
  const [from, to] = [`${monday.slice(0, 8)}01`, plus(monday, 20)];
  const ask = (kind, activity, children, weekdays, more) =>
    call('POST', '/requests', { kind, items: children.map((c) => ({ child: child[c], activity, ...(activity === 'mercredi' && { option: 'journee' }) })), from, to, weekdays, ...more });
  await ask('booking', 'cantine', ['Léa', 'Noé'], ['mon', 'tue', 'thu', 'fri']);
  await ask('booking', 'cantine', ['Inès'], ['mon', 'thu']);
  await ask('booking', 'periscolaire', ['Léa'], ['tue', 'thu']);
  await ask('booking', 'periscolaire', ['Noé'], ['tue']);
  await ask('absence', 'cantine', ['Noé'], ['fri'], { from: plus(monday, 4), to: plus(monday, 4) });
  const accepted = await ask('booking', 'mercredi', ['Léa', 'Noé'], ['wed'], { to: plus(monday, -1) });
  await agent('POST', '/requests/decisions', { decisions: [{ request: accepted.id, decision: 'accept' }] });
  await ask('booking', 'mercredi', ['Léa', 'Noé'], ['wed'], { from: monday });
}

async function named(context) {
  await context.route('**/v1/collectivities/*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), name: 'Saint-Aubin', fullName: 'Saint-Aubin' } });
  });
  return context;
}

test('the pictures are taken', async () => {
  const p = await parent('planning');
  await month(p);
  const booked = plus(monday, 1);
  for (const [device, viewport] of Object.entries({ phone: { width: 360, height: 700 }, desktop: { width: 1280, height: 900 } })) {
    const context = await named(await browser.newContext({ viewport, deviceScaleFactor: 2, locale: 'fr-FR', reducedMotion: 'reduce' }));
    const { page } = await openAs(browser, p.email, `planning?vue=mois&date=${monday}`, { context });
    const take = (name) => page.screenshot({ path: `${folder}/${name}-${device}.png` });
    await page.getByRole('button', { name: new RegExp(`^${french(booked)}`) }).waitFor();
    await take('planning');
    if (device === 'desktop') continue;
    await page.getByRole('button', { name: new RegExp(`^${french(booked)}`) }).click();
    await page.getByRole('dialog').waitFor();
    await take('day');
    await page.goto(at('dossier'));
    await heading(page, 'Dossier Famille');
    await page.getByRole('link', { name: /^Léa/ }).waitFor();
    await take('file');
  }
});
