// The session: renewed without a word, agreed between tabs, and asked for again without losing what was typed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, address, at, browse, faults, heading, official, open, openAs, parent, password, secret } from './support/platform.mjs';

let browser;
let email;
before(async () => {
  browser = await browse();
  ({ email } = await parent('session'));
});
after(() => browser?.close());

const renewals = (asked) => asked.filter((a) => a === 'POST /v1/sessions/refresh').length;
const refused = (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Unauthorized"}' });

test('no token lies where scripts of another day could find it', async () => {
  const { page } = await openAs(browser, email, 'planning');
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
  assert.ok(!/eyJ/.test(kept), kept);
});

test('the home and the menu of who is signed in lead everywhere', async () => {
  const { page, wrong } = await openAs(browser, email, 'planning');
  await page.getByRole('link', { name: /Portail famille$/ }).click();
  await page.getByRole('heading', { name: 'Que voulez-vous faire ?' }).waitFor();
  assert.deepEqual(await faults(page, 'home-signed-in'), []);
  const open = page.getByRole('button', { name: 'Menu' });
  await open.click();
  const menu = page.getByRole('dialog', { name: 'Menu' });
  await menu.getByRole('heading', { name: 'Mon espace citoyen' }).waitFor();
  assert.deepEqual(await faults(page, 'menu'), []);
  await page.keyboard.press('Escape');
  assert.ok(await open.evaluate((e) => e === document.activeElement), 'the focus is back on the button');
  for (const [name, title] of [['Mes abonnements', 'Mes abonnements'], ['Mon compte', 'Mon compte'], ['Planning', 'Planning'], ['Dossier Famille', 'Dossier Famille'], ['Mes demandes', 'Mes demandes']]) {
    await open.click();
    await menu.getByRole('link', { name }).click();
    await heading(page, title);
    await menu.waitFor({ state: 'detached' });
  }
  assert.deepEqual(wrong, []);
});

test('the site map leads to every page', async () => {
  const { page, wrong } = await openAs(browser, email, 'planning');
  await page.getByRole('link', { name: 'Plan du site' }).click();
  await heading(page, 'Plan du site');
  assert.deepEqual(await faults(page, 'site-map'), []);
  const links = page.getByRole('main').getByRole('link');
  const names = await links.allTextContents();
  assert.ok(names.includes('Agenda et rappels') && names.includes('Mon compte') && names.includes('Accessibilité'), String(names));
  for (const name of names) {
    await links.filter({ hasText: new RegExp(`^${name}$`) }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/plan-du-site'));
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Plan du site' }).waitFor();
    assert.equal(await page.getByText('Cette page n’existe pas').count(), 0, name);
    await page.goBack();
    await heading(page, 'Plan du site');
  }
  assert.deepEqual(wrong, []);
});

test('an agent is asked for the code of the authenticator', async () => {
  const { page } = await open(browser, at('connexion'));
  await page.getByLabel('Adresse e-mail').fill(official.email);
  await secret(page).fill(official.password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  const code = page.getByLabel('Code à six chiffres');
  await code.waitFor();
  assert.deepEqual(await faults(page, 'sign-in-code'), []);
  await code.fill('000000');
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.locator('.error').waitFor();
});

test('after a lunch of half an hour the parent is still in', async () => {
  const { page, asked } = await open(browser, 'about:blank');
  await page.clock.install();
  await page.goto(at('connexion'));
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await heading(page, 'Planning');
  const before = renewals(asked);
  await page.clock.fastForward('35:00');
  await page.getByRole('link', { name: 'Demandes', exact: true }).click();
  await heading(page, 'Mes demandes');
  await page.getByText('Vous n’avez encore rien demandé.').waitFor();
  assert.ok(renewals(asked) > before);
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('a reload finds the session by its cookie', async () => {
  const { page } = await openAs(browser, email, 'dossier');
  await page.reload();
  await heading(page, 'Dossier Famille');
  await page.getByText('Famille Martin').first().waitFor();
});

test('a token that is refused is renewed once, and the call goes on', async () => {
  const { page, asked } = await openAs(browser, email, 'dossier');
  const before = renewals(asked);
  let times = 0;
  await page.route('**/v1/families/*/requests**', (route) => (times++ === 0 ? refused(route) : route.continue()));
  await page.getByRole('link', { name: 'Demandes', exact: true }).click();
  await page.getByText('Vous n’avez encore rien demandé.').waitFor();
  assert.equal(renewals(asked), before + 1);
});

test('a session that has ended is opened again over the page, and nothing typed is lost', async () => {
  const { page } = await openAs(browser, email, 'compte');
  await page.getByLabel('Prénom').fill('Anne-Lise');
  await page.context().clearCookies();
  let ended = true;
  await page.route('**/v1/me', (route) => (ended ? refused(route) : route.continue()));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Votre session est terminée' });
  await dialog.waitFor();
  assert.deepEqual(await faults(page, 'sign-in-again'), []);
  ended = false;
  await secret(dialog).fill(password);
  await dialog.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText('Votre identité est enregistrée.').waitFor();
  assert.equal(await page.getByLabel('Prénom').inputValue(), 'Anne-Lise');
});

test('signing in and out in one tab does so in all', async () => {
  const first = await openAs(browser, email, 'planning');
  const context = first.page.context();
  const second = await open(browser, at('dossier'), { context });
  await heading(second.page, 'Dossier Famille');
  await first.page.getByRole('button', { name: 'Se déconnecter' }).click();
  await heading(first.page, 'Portail famille Ville de test');
  await heading(second.page, 'Portail famille Ville de test');
  await second.page.getByText('Vous êtes déconnecté.').waitFor();

  await first.page.goto(at('connexion'));
  await second.page.goto(at('connexion'));
  await first.page.getByLabel('Adresse e-mail').fill(email);
  await secret(first.page).fill(password);
  await first.page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await heading(first.page, 'Planning');
  await heading(second.page, 'Planning');
});

test('two tabs that need a new token at once renew it by one request', async () => {
  const first = await openAs(browser, email, 'compte');
  const second = await open(browser, at('compte'), { context: first.page.context() });
  await heading(second.page, 'Mon compte');
  const count = () => renewals(first.asked) + renewals(second.asked);
  const before = count();
  for (const { page } of [first, second]) {
    let times = 0;
    await page.route('**/v1/me', (route) => (route.request().method() === 'PATCH' && times++ === 0 ? refused(route) : route.continue()));
  }
  await Promise.all([first, second].map(({ page }) => page.getByRole('button', { name: 'Enregistrer' }).click()));
  await Promise.all([first, second].map(({ page }) => page.getByText('Votre identité est enregistrée.').waitFor()));
  assert.ok(count() - before <= 2);
});

test('another person who signs in takes the other tabs along', async () => {
  const first = await openAs(browser, email, 'compte');
  const second = await open(browser, at('compte'), { context: first.page.context() });
  await heading(second.page, 'Mon compte');
  const other = address();
  await account(other);
  await first.page.evaluate(([email, password]) => fetch('/v1/sessions', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }),
  }), [other, password]);
  await first.page.reload(); // the cookie is the other person's now, as is the token that this tab tells of
  await second.page.getByText(other).waitFor();
});
