// A new e-mail address, confirmed by the mailed link and the session of the account that asked.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, address, api, at, browse, faults, heading, link, open, password, secret } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

/** An account that asked for a new address: both, and the mailed link. */
async function moving() {
  const [from, to] = [address(), address()];
  await api('POST', '/v1/me/email', { email: to, password }, await account(from));
  return { from, to, mailed: await link(to, 'adresse') };
}

async function signIn(page, email) {
  await page.getByLabel('Adresse e-mail actuelle').fill(email);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter et confirmer' }).click();
}

test('without a session one signs in with the former address, and the new one is confirmed', async () => {
  const { from, to, mailed } = await moving();
  const { page, wrong } = await open(browser, mailed);
  await heading(page, 'Connectez-vous pour confirmer');
  assert.deepEqual(await faults(page, 'address-sign-in'), []);
  await signIn(page, to);
  await page.getByText('Adresse e-mail ou mot de passe incorrect.').waitFor();
  await signIn(page, from);
  await heading(page, 'Votre adresse est confirmée');
  await page.getByText(to).waitFor();
  assert.deepEqual(await faults(page, 'address-set'), []);
  assert.equal((await api('POST', '/v1/sessions', { email: to, password })).status, 200);
  assert.deepEqual(wrong, []);
});

test('with a session one click confirms', async () => {
  const { from, mailed } = await moving();
  const { page } = await open(browser, at());
  await page.evaluate(([email, password]) => fetch('/v1/sessions', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }),
  }), [from, password]);
  await page.goto(mailed);
  await heading(page, 'Confirmez votre nouvelle adresse');
  assert.deepEqual(await faults(page, 'address'), []);
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await heading(page, 'Votre adresse est confirmée');
});

test('another account confirms nothing', async () => {
  const { to, mailed } = await moving();
  const stranger = address();
  await account(stranger);
  const { page } = await open(browser, mailed);
  await heading(page, 'Connectez-vous pour confirmer');
  await signIn(page, stranger);
  await page.getByText('Ce n’est peut-être pas le bon compte.').waitFor();
  assert.equal((await api('POST', '/v1/sessions', { email: to, password })).status, 401);
});

test('after five failures the anti-robot check is done by itself', async () => {
  const { from, mailed } = await moving();
  for (let i = 0; i < 5; i++) await api('POST', '/v1/sessions', { email: from, password: 'pas le bon mot de passe' });
  const { page, asked } = await open(browser, mailed);
  await heading(page, 'Connectez-vous pour confirmer');
  const done = page.getByRole('heading', { name: 'Votre adresse est confirmée', level: 1 });
  const locked = page.getByText('Trop de mots de passe');
  await signIn(page, from);
  await done.or(locked).first().waitFor();
  while (await locked.isVisible()) { // Cognito takes no password for a second after the fifth wrong one
    await page.getByRole('button', { name: 'Se connecter et confirmer' }).click();
    await done.or(locked).first().waitFor();
  }
  await done.waitFor();
  assert.ok(asked.includes('GET /v1/captcha'));
});

test('a link that has served is told', async () => {
  const { from, mailed } = await moving();
  const first = await open(browser, mailed);
  await heading(first.page, 'Connectez-vous pour confirmer');
  await signIn(first.page, from);
  await heading(first.page, 'Votre adresse est confirmée');
  await first.page.goto('about:blank');
  await first.page.goto(mailed);
  await heading(first.page, 'Confirmez votre nouvelle adresse');
  await first.page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await heading(first.page, 'Ce lien ne sert plus');
});
