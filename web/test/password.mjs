// A new password by a mailed link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, address, api, at, browse, faults, heading, link, open, password } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a forgotten password is replaced by a mailed link, with its rules told while one types', async () => {
  const email = address();
  await account(email);
  const { page, wrong } = await open(browser, at('nouveau-mot-de-passe'));
  assert.deepEqual(await faults(page, 'password-forgotten'), []);
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByRole('button', { name: 'Recevoir un lien' }).click();
  await heading(page, 'Regardez vos courriels');

  const mailed = await link(email, 'nouveau-mot-de-passe');
  await page.goto(mailed); // only the fragment is new
  await heading(page, 'Choisissez un nouveau mot de passe');
  assert.equal(page.url(), at('nouveau-mot-de-passe'));
  const kept = () => page.locator('.rules .kept').count();
  const field = page.getByLabel('Nouveau mot de passe');
  assert.equal(await kept(), 0);
  for (const [typed, rules] of [['court', 2], ['aaaaaaaaaaaa', 2], ['douze lettres ', 2], ['une autre phrase secrète', 3]]) {
    await field.fill(typed);
    assert.equal(await kept(), rules, `rules kept by ${typed}`);
  }
  assert.deepEqual(await faults(page, 'password-new'), []);

  await field.fill(`secret ${email}`);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Ce mot de passe contient votre adresse e-mail.').first().waitFor();
  await field.fill('une autre phrase secrète');
  await page.getByRole('button', { name: 'Afficher le mot de passe' }).click();
  assert.equal(await field.getAttribute('type'), 'text');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await heading(page, 'Votre mot de passe est changé');
  await page.getByText('Votre session est ouverte').waitFor();
  assert.deepEqual(await faults(page, 'password-set'), []);
  assert.equal((await api('POST', '/v1/sessions', { email, password })).status, 401);
  assert.equal((await api('POST', '/v1/sessions', { email, password: 'une autre phrase secrète' })).status, 200);

  await page.goto(mailed);
  await field.fill('encore une autre phrase');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Ce lien a').waitFor();
  await heading(page, 'Mot de passe oublié');
  assert.deepEqual(wrong, []);
});
