// Who comes in on the agents' side: by an invitation, with an authenticator, and nobody else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, at, browse, faults, heading, link, open, openAs, parent, password, secret, totp } from './support/platform.mjs';
import { desktop, openAgent } from './support/agents.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const keyOf = async (page) => (await page.locator('.key').textContent()).replace(/\s/g, '');

test('an invited person chooses a password, enrols an authenticator and signs in; a manager resets it later', async () => {
  const email = address();
  await agent('POST', '/agents', { email, firstName: 'Claire', lastName: 'Petit', role: 'reader', activities: ['cantine'] });
  const { page, wrong } = await open(browser, await link(email, 'invitation'));
  await page.getByText('Bonjour Claire.').waitFor();
  await page.getByText(email).waitFor();
  assert.deepEqual(await faults(page, 'agents-invitation'), []);
  await page.getByLabel('Choisissez un mot de passe').fill('court');
  await page.getByRole('button', { name: 'Accepter l’invitation' }).click();
  await page.getByText('À corriger').waitFor();
  await page.getByLabel('Choisissez un mot de passe').fill(password);
  await page.getByRole('button', { name: 'Accepter l’invitation' }).click();

  await heading(page, 'Enregistrez votre application d’authentification');
  await page.getByRole('img', { name: /^Code QR/ }).waitFor();
  assert.deepEqual(await faults(page, 'agents-enrolment'), []);
  assert.equal(await page.getByLabel('Adresse e-mail').inputValue(), email);
  await secret(page).fill(password);
  await page.getByLabel('Code à six chiffres').fill(totp(await keyOf(page)));
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await heading(page, 'À traiter');
  await page.getByText('Votre ressort : Cantine').waitFor();
  assert.deepEqual(await faults(page, 'agents-desk-reader'), []);

  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await heading(page, 'Espace agents');
  const { items } = await agent('GET', '/agents');
  await agent('POST', `/agents/${items.find((one) => one.email === email).id}/authenticator`);
  await page.goto(await link(email, 'authentification'));
  await heading(page, 'Une autre application d’authentification');
  assert.deepEqual(await faults(page, 'agents-enrolment-again'), []);
  await page.getByLabel('Mot de passe*', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('img', { name: /^Code QR/ }).waitFor();
  assert.match(await keyOf(page), /^[A-Z2-7]{16,}$/);
  await page.goto(await link(email, 'invitation'), { waitUntil: 'commit' }).catch(() => undefined);
  assert.deepEqual(wrong, []);
});

test('an agent finds what waits, and the menu of their role; a parent does not come in', async () => {
  const { page, wrong } = await openAgent(browser, 'changes');
  await heading(page, 'À traiter');
  assert.deepEqual(await faults(page, 'agents-desk'), []);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await heading(page, 'Espace agents');
  assert.deepEqual(await faults(page, 'agents-sign-in'), []);
  assert.deepEqual(wrong, []);

  const { email } = await parent('refused');
  const other = await openAs(browser, email, 'compte', { viewport: desktop });
  await other.page.goto(at('agents'));
  await other.page.getByText('Ce compte n’est pas celui d’un agent').waitFor();
  assert.deepEqual(other.wrong, []);
});
