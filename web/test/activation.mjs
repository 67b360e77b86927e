// The activation page, from the mailed link to Mes abonnements.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, api, browse, code, faults, link, open, password, portal, signUp, town } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const activate = 'Activer mon compte';
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

test('opening the link sends nothing and takes the token out of the address bar', async () => {
  const email = address();
  const { page, wrong, asked } = await open(browser, await signUp(email));
  await heading(page, 'Activez votre compte');
  assert.equal(page.url(), `${portal}/${town}/activation`);
  await page.goBack({ timeout: 2000 }).catch(() => null);
  assert.ok(!page.url().includes('#'), 'the history keeps no token');
  assert.deepEqual(asked.filter((a) => a.startsWith('POST')), []);
  assert.equal((await api('POST', '/v1/sessions', { email, password })).body.code, 'account_not_activated');
  assert.deepEqual(wrong, []);
});

test('a wrong password is told beside the field, the right one leads to Mes abonnements, by keyboard alone', async () => {
  const email = address();
  const { page, wrong } = await open(browser, await signUp(email));
  await heading(page, 'Activez votre compte');
  assert.deepEqual(await faults(page, 'activation'), []);

  const field = page.getByLabel('Mot de passe choisi');
  for (let i = 0; i < 9 && !(await field.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press('Tab');
  await page.keyboard.type('pas le bon mot de passe');
  await page.keyboard.press('Enter');
  await page.getByText('Ce n’est pas le mot de passe choisi à l’inscription.').first().waitFor();
  assert.ok(await page.locator('.summary').evaluate((e) => e === document.activeElement), 'the summary has the focus');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await field.inputValue(), 'pas le bon mot de passe', 'what was typed stays');
  assert.deepEqual(await faults(page, 'activation-wrong'), []);

  await page.keyboard.press('Tab'); // the summary's link to the field
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await heading(page, 'Votre compte est activé');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the result has the focus');
  await page.getByRole('heading', { name: 'Mes abonnements' }).waitFor();
  await page.getByText('Retrouvez le courrier').waitFor();
  assert.deepEqual(await faults(page, 'activated'), []);
  assert.equal((await api('POST', '/v1/sessions', { email, password })).status, 200);
  assert.deepEqual(wrong, []);
});

test('a code given at sign-up shows its family at once', { skip: !code && 'PREAU_CODE is not set' }, async () => {
  const { page } = await open(browser, await signUp(address(), { subscriberCode: code }));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Votre compte donne accès à ce dossier').waitFor();
  await page.getByText('Famille').first().waitFor();
  assert.deepEqual(await faults(page, 'activated-subscribed'), []);
});

test('a wrong code given at sign-up activates the account and says why it opens nothing', async () => {
  const { page } = await open(browser, await signUp(address(), { subscriberCode: 'ABCD' }));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le code donné à l’inscription n’a pas pu être utilisé').waitFor();
});

test('two clicks send once', async () => {
  const { page, asked } = await open(browser, await signUp(address()));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).dblclick();
  await heading(page, 'Votre compte est activé');
  assert.equal(asked.filter((a) => a === 'POST /v1/accounts/activation').length, 1);
});

test('without a connection nothing is lost, and the same click works later', async () => {
  const { page } = await open(browser, await signUp(address()));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le service est injoignable. Rien n’est perdu').waitFor();
  assert.deepEqual(await faults(page, 'activation-offline'), []);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Votre compte est activé');
});

test('a failing service is told in French, without its own words', async () => {
  const { page } = await open(browser, await signUp(address()));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.route('**/v1/accounts/activation', (route) => route.fulfill({ status: 503, json: { message: 'Service Unavailable' } }));
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le service ne répond pas pour l’instant. Rien n’est perdu').waitFor();
  assert.equal(await page.getByText('Service Unavailable').count(), 0);
  await page.unrouteAll();
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Votre compte est activé');
});

test('a link that has served says so and offers another', async () => {
  const email = address();
  const mailed = await signUp(email);
  await api('POST', '/v1/accounts/activation', { token: new URL(mailed).hash.slice(1), password });
  const { page } = await open(browser, mailed);
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Demander un nouveau lien');
  await page.getByText('Ce lien a déjà servi').waitFor();
  assert.deepEqual(await faults(page, 'activation-used'), []);
});

test('a damaged link offers another, which works in the same tab', async () => {
  const email = address();
  const { page, wrong } = await open(browser, `${await signUp(email)}x`);
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Ce lien n’est pas valable').waitFor();

  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await page.getByText('Ce champ est obligatoire.').first().waitFor();
  await page.getByLabel('Adresse e-mail').fill('pas une adresse');
  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await page.getByText('Cette adresse e-mail n’est pas valable.').first().waitFor();
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await heading(page, 'Regardez vos courriels');
  assert.deepEqual(await faults(page, 'sent'), []);

  const again = await link(email, 'activation', 2);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, new URL(again).hash);
  await heading(page, 'Activez votre compte');
  assert.ok(!page.url().includes('#'));
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Votre compte est activé');
  assert.deepEqual(wrong, []);
});

test('the page without a link asks for the address', async () => {
  const { page } = await open(browser, `${portal}/${town}/activation`);
  await heading(page, 'Demander un nouveau lien');
});

test('an address with an account activates no second one', async () => {
  const email = address();
  const first = await signUp(email);
  const second = await link(await again(email), 'activation', 2);
  await api('POST', '/v1/accounts/activation', { token: new URL(first).hash.slice(1), password });
  const { page } = await open(browser, second);
  await page.getByLabel('Mot de passe choisi').fill(password);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Un compte existe déjà pour cette adresse.').waitFor();
});

async function again(email) {
  await signUp(email);
  return email;
}
