// The pictures of the README: a town with a month of bookings, on a phone and on a desktop, and what its agents see of it. make pictures
// takes them again.

import { after, before, test } from 'node:test';
import { openAgent, signIn } from './agents.mjs';
import { agent, agents, at, browse, french, heading, monday, openAs, parent, plus } from './platform.mjs';

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

let p;
test('the pictures of families are taken', async () => {
  p = await parent('planning');
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

test('the pictures of agents are taken', async () => {
  const me = p.file.guardians.find((g) => g.you).id;
  await p.call('POST', '/changes', { target: me, section: 'address', version: p.file.version, values: { street: '4 rue du Port', postcode: '29200', city: 'Brest' } });
  const context = await named(await browser.newContext({ viewport: { width: 1280, height: 760 }, deviceScaleFactor: 2, locale: 'fr-FR', reducedMotion: 'reduce' }));
  const { page } = await openAgent(browser, 'changes', 'modifications', { context });
  await signIn(page, agents.changes);
  const take = (name) => page.screenshot({ path: `${folder}/${name}.png` });
  await page.getByRole('row', { name: /4 rue du Port/ }).waitFor();
  await take('agents-changes');
  await page.goto(at('agents/demandes'));
  await page.getByRole('group', { name: /^Centre de loisirs du mercredi/ }).first().waitFor();
  await take('agents-requests');
  await page.goto(at(`agents/presences?activite=cantine&date=${plus(monday, 1)}`));
  await page.getByRole('row', { name: /Léa/ }).waitFor();
  await take('agents-attendance');
});
