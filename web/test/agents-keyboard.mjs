// An agent's day by keyboard alone, without any shortcut: sign-in, a family, its changes, requests, the roll, a setting.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agents, at, browse, called, codes, french, heading, monday, open, parent, plus, secret, tabTo, totp } from './support/platform.mjs';
import { desktop } from './support/agents.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('an agent does a day’s work by keyboard alone', async () => {
  const family = await parent('typed');
  const me = family.file.guardians.find((g) => g.you).id;
  const asked = (await family.call('POST', '/changes', { target: me, section: 'phones', version: family.file.version, values: { mobile: '06 12 34 56 78' } })).id;
  const wednesday = plus(monday, 30);
  const request = (await family.call('POST', '/requests', { kind: 'booking', items: [{ child: family.child['Léa'], activity: 'mercredi', option: 'journee' }], from: wednesday, to: wednesday })).id;
  const { page, wrong } = await open(browser, at('agents'), { viewport: desktop });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const enter = async (locator) => {
    await locator.waitFor();
    await tabTo(page, locator, 300);
    await press('Enter');
  };
  const menu = (name) => enter(page.getByRole('navigation', { name: 'Menu des agents' }).getByRole('link', { name }));
  const change = async (id) => (await family.call('GET', '/changes')).items.find((c) => c.id === id)?.state;
  const settled = async (id, state) => {
    for (let i = 0; i < 50 && (await change(id)) !== state; i++) await new Promise((r) => setTimeout(r, 100));
    assert.equal(await change(id), state);
  };

  await heading(page, 'Espace agents');
  await tabTo(page, page.getByLabel('Adresse e-mail'));
  await page.keyboard.type(agents.typed.email);
  await tabTo(page, secret(page));
  await page.keyboard.type(agents.typed.password);
  await tabTo(page, page.getByLabel('Code à six chiffres'));
  await page.keyboard.type(totp(agents.typed.secret));
  await press('Enter');
  await heading(page, 'À traiter');

  // A family is found, and its change accepted.
  const find = async () => {
    await menu(/^Familles/);
    await heading(page, 'Chercher une famille');
    await tabTo(page, page.getByRole('searchbox'));
    await page.keyboard.type(codes('typed')[0]);
    await press('Enter');
    await enter(page.getByRole('link', { name: /^Famille Martin/ }));
    await heading(page, 'Famille Martin');
  };
  await find();
  await enter(page.getByRole('link', { name: /Téléphone mobile/ }));
  await page.getByRole('cell', { name: /06 12 34 56 78/ }).waitFor();
  const help = page.getByRole('button', { name: /^Raccourcis/ });
  await enter(help);
  await tabTo(page, page.getByRole('switch', { name: 'Utiliser les raccourcis' }));
  await press('Space', 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await help.evaluate((e) => e === document.activeElement), true, 'the focus is where it was before the dialog');
  await enter(page.getByRole('button', { name: /^Accepter/ }));
  await page.getByText('Accepté : Anne Martin, Téléphones et e-mail.').waitFor();
  await menu(/^Demandes/); // leaving sends what was held
  await settled(asked, 'accepted');

  // A day of a request is accepted.
  await enter(page.getByRole('button', { name: new RegExp(`^Accepter .*Léa.*${french(wednesday)}`) }));
  await page.getByText('1 journée acceptée.').waitFor();
  assert.equal((await family.call('GET', `/requests/${request}`)).days[0].state, 'booked');

  // The roll of some days ago is called.
  await menu(/^Présences/);
  await heading(page, 'Présences');
  await tabTo(page, page.getByLabel('Activité'));
  await page.keyboard.type('Cantine');
  await tabTo(page, page.getByRole('button', { name: 'Jour précédent' }));
  for (let day = new URL(page.url()).searchParams.get('date') ?? new Date().toISOString().slice(0, 10); day > plus(called, 1); day = plus(day, -1)) {
    await press('Enter');
    await page.waitForURL((url) => url.searchParams.get('date') === plus(day, -1));
  }
  await enter(page.getByRole('button', { name: /^Présent.*Martin Léa/ }));
  await page.getByRole('listitem').filter({ hasText: '1 présent' }).waitFor();

  // A change is refused, with its reason.
  const { id: second } = await family.call('POST', '/changes', { target: me, section: 'phones', version: (await family.call('GET', '')).version, values: { home: '02 99 00 00 00' } });
  await find();
  await enter(page.getByRole('link', { name: /^Anne Martin – / }));
  await enter(page.getByRole('button', { name: 'Refuser' }));
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA', 'the reason is asked for where the focus is');
  await press('Escape');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Accepter/);
  await enter(page.getByRole('button', { name: 'Refuser' }));
  await page.keyboard.type('Ce numéro n’est pas attribué.');
  await press('Enter');
  await page.getByText('Refusé : Anne Martin, Téléphones et e-mail.').waitFor();

  // A setting is changed.
  await menu(/^Réglages/);
  await settled(second, 'refused');
  await enter(page.getByRole('link', { name: /^Contact et courriels/ }));
  await heading(page, 'Contact et courriels');
  await tabTo(page, page.getByLabel('Site internet'));
  await press('ControlOrMeta+a');
  await page.keyboard.type('https://www.ville.example');
  await press('Enter');
  await page.getByText('Les réglages sont enregistrés.').waitFor();
  assert.deepEqual(wrong, []);
});
