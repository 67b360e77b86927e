// The session: renewed without a word, agreed between tabs, and asked for again without losing what was typed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openAgent } from './support/agents.mjs';
import { account, address, api, at, browse, faults, heading, official, open, openAs, parent, password, phone, secret, signUp, town } from './support/platform.mjs';

let browser;
let email;
before(async () => {
  browser = await browse();
  ({ email } = await parent('session'));
});
after(() => browser?.close());

const renewals = (asked) => asked.filter((a) => a === 'POST /v1/sessions/refresh').length;
const refused = (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Unauthorized"}' });

// endedOver has the session end while a name is being changed: the dialog over the page, and what lets the API take calls again.
async function endedOver(page) {
  await page.getByLabel('Prénom').fill('Anne-Lise');
  await page.context().clearCookies();
  let ended = true;
  await page.route('**/v1/me', (route) => (ended ? refused(route) : route.continue()));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const dialog = page.getByRole('dialog', { name: 'Votre session est terminée' });
  await dialog.waitFor();
  return { dialog, again: () => (ended = false) };
}

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
  const { dialog, again } = await endedOver(page);
  assert.deepEqual(await faults(page, 'sign-in-again'), []);
  again();
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
  const context = first.page.context();
  const second = await open(browser, at('compte'), { context });
  await heading(second.page, 'Mon compte');
  const count = () => renewals(first.asked) + renewals(second.asked);
  const before = count();
  const held = await hold(context, '**/v1/sessions/refresh');
  const refusals = [];
  for (const { page } of [first, second]) {
    let times = 0;
    refusals.push(new Promise((seen) => page.route('**/v1/me', (route) => {
      if (route.request().method() !== 'PATCH' || times++ > 0) return route.continue();
      seen();
      return refused(route);
    })));
  }
  await Promise.all([first, second].map(({ page }) => page.getByRole('button', { name: 'Enregistrer' }).click()));
  await Promise.all(refusals);
  await first.page.waitForFunction(async () => (await navigator.locks.query()).pending.length === 1); // one asks, the other waits
  held.release();
  await Promise.all([first, second].map(({ page }) => page.getByText('Votre identité est enregistrée.').waitFor()));
  assert.equal(count() - before, 1);
});

test('another person who signs in takes the other tabs along', async () => {
  const first = await openAs(browser, email, 'compte');
  const second = await open(browser, at('compte'), { context: first.page.context() });
  await heading(second.page, 'Mon compte');
  const other = await somebody();
  await cookieOf(first.page, other);
  await first.page.reload(); // the cookie is the other person's now, as is the token that this tab tells of
  await second.page.getByText(other.email).waitFor();
});

/** An account without a family. */
async function somebody() {
  const email = address();
  const token = await account(email);
  return { email, firstName: async () => (await api('GET', '/v1/me', undefined, token)).body.firstName };
}

/** Makes the browser's cookie that of another person, of which the pages learn nothing. */
const cookieOf = (page, { email }) => page.evaluate(([email, password]) => fetch('/v1/sessions', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }),
}), [email, password]);

/** Holds the answers to a request, of which the service has done what it asks, until they are released. */
async function hold(where, pattern) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  let came;
  const asked = new Promise((resolve) => (came = resolve));
  await where.route(pattern, async (route) => {
    const response = await route.fetch();
    came();
    await released;
    await route.fulfill({ response });
  });
  return { release, asked };
}

/** Remembers what the page asks its reader, and answers no. */
function questions(page) {
  const all = [];
  page.on('dialog', (dialog) => {
    all.push(dialog.type());
    void dialog.dismiss();
  });
  return all;
}

/** Opens a section of the family file and types into it. */
async function typed(page) {
  await page.getByRole('link', { name: /^Anne Martin/ }).click();
  const phones = page.getByRole('region', { name: 'Téléphones et e-mail' });
  await phones.getByRole('button', { name: 'Modifier' }).click();
  await phones.getByLabel('Téléphone mobile').fill('06 99 99 99 99');
}

test('another person who signs in over the page begins anew: nothing that the first one typed is sent as theirs', async () => {
  const { page } = await openAs(browser, email, 'compte');
  const other = await somebody();
  const { dialog, again } = await endedOver(page);
  again();
  await dialog.getByLabel('Adresse e-mail').fill(other.email);
  await secret(dialog).fill(password);
  await dialog.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText(other.email).first().waitFor();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Prénom').inputValue(), 'Anne');
  assert.equal(await other.firstName(), 'Anne');
});

test('a token that turns out to be another person’s carries nothing of the first', async () => {
  const { page } = await openAs(browser, email, 'compte');
  const other = await somebody();
  await page.getByLabel('Prénom').fill('Anne-Lise');
  await cookieOf(page, other);
  let times = 0;
  await page.route('**/v1/me', (route) => (route.request().method() === 'PATCH' && times++ === 0 ? refused(route) : route.continue()));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText(other.email).first().waitFor();
  assert.equal(await other.firstName(), 'Anne');
});

test('an activation in the browser of somebody who is signed in shows nothing of theirs', async () => {
  const { page } = await openAs(browser, email, 'dossier');
  await page.goto(await signUp(address(), { firstName: 'Berthe' }));
  await page.getByLabel(/^Mot de passe/).first().fill(password);
  await page.getByRole('button', { name: /^Activer/ }).click();
  await heading(page, 'Mes abonnements');
  await page.getByText('Aucun dossier famille n’est encore relié').waitFor();
  await page.goto(at('compte'));
  await heading(page, 'Mon compte');
  assert.equal(await page.getByLabel('Prénom').inputValue(), 'Berthe');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('preau.family'))), []);
});

test('what was typed does not keep a page of the person before', async () => {
  const first = await openAs(browser, email, 'compte');
  const second = await open(browser, at('dossier'), { context: first.page.context() });
  await typed(second.page);
  const asked = questions(second.page);
  await cookieOf(first.page, await somebody());
  await first.page.reload();
  await heading(second.page, 'Mes abonnements');
  assert.deepEqual(asked, []);
});

test('signing out in another tab leaves no page with what was typed', async () => {
  const first = await openAs(browser, email, 'compte');
  const second = await open(browser, at('dossier'), { context: first.page.context() });
  await typed(second.page);
  const asked = questions(second.page);
  await first.page.getByRole('button', { name: 'Se déconnecter' }).click();
  await heading(second.page, 'Portail famille Ville de test');
  assert.deepEqual(asked, []);
});

test('signing out asks once before what was typed is lost, and a no keeps the session', async () => {
  const { page } = await openAs(browser, email, 'dossier');
  await typed(page);
  const asked = questions(page);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  assert.deepEqual(asked, ['confirm']);
  assert.equal(await page.getByLabel('Téléphone mobile').inputValue(), '06 99 99 99 99');
  assert.ok(await page.getByRole('button', { name: 'Se déconnecter' }).isVisible());
  page.removeAllListeners('dialog');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await heading(page, 'Portail famille Ville de test');
});

test('who signs out while the session is being renewed stays signed out', async () => {
  const { page } = await openAs(browser, email, 'compte');
  const held = await hold(page, '**/v1/sessions/refresh');
  let times = 0;
  await page.route('**/v1/me', (route) => (route.request().method() === 'PATCH' && times++ === 0 ? refused(route) : route.continue()));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await held.asked;
  const over = page.waitForResponse((r) => r.request().method() === 'DELETE' && r.url().endsWith('/v1/sessions'));
  const renewed = page.waitForResponse('**/v1/sessions/refresh');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  held.release();
  await Promise.all([over, renewed]);
  await heading(page, 'Portail famille Ville de test');
  await page.evaluate(() => navigator.locks.request('preau-session', () => undefined)); // whoever renewed is done
  assert.equal(await page.getByRole('button', { name: 'Se déconnecter' }).count(), 0);
  await page.getByRole('link', { name: 'Se connecter' }).first().waitFor();
});

test('offline, a page that was not loaded yet is told where it would be, and opens when the network is back', async () => {
  const { page } = await openAs(browser, email, 'planning');
  const context = page.context();
  await page.evaluate(() => (globalThis.same = true));
  await context.setOffline(true);
  await page.getByRole('link', { name: 'Plan du site' }).click();
  await page.getByText('Le service est injoignable').waitFor();
  assert.equal(new URL(page.url()).pathname, `/${town}/plan-du-site`);
  await page.getByRole('link', { name: 'Planning', exact: true }).first().click();
  await heading(page, 'Planning');
  await page.getByRole('link', { name: 'Plan du site' }).click();
  await page.getByText('Le service est injoignable').waitFor();
  await context.setOffline(false);
  await page.getByRole('main').getByRole('button', { name: 'Réessayer' }).click();
  await heading(page, 'Plan du site');
  assert.ok(await page.evaluate(() => globalThis.same), 'it was not loaded anew');
});

test('after an update of the site the page is loaded anew', async () => {
  const { page } = await openAs(browser, email, 'planning');
  await page.evaluate(() => (globalThis.same = true));
  await page.route('**/assets/SiteMap-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.route('**/index.html', async (route) => {
    await page.unroute('**/assets/SiteMap-*.js');
    await route.fulfill({ contentType: 'text/html', body: '<script type="module" src="/assets/index-other.js"></script>' });
  });
  await page.getByRole('link', { name: 'Plan du site' }).click();
  await heading(page, 'Plan du site');
  assert.equal(await page.evaluate(() => globalThis.same), undefined);
});

test('a collectivity that is not read is told on every page, and can be asked for again', async () => {
  const { page } = await openAs(browser, email, 'compte');
  await page.route(`**/v1/collectivities/${town}`, (route) => route.fulfill({ status: 503, json: { message: 'Service Unavailable' } }));
  await page.reload();
  await heading(page, 'Mon compte');
  const notice = page.getByRole('alert').filter({ hasText: 'Certaines fonctions du portail manquent' });
  await notice.waitFor();
  assert.deepEqual(await faults(page, 'town-failed'), []);
  await page.unrouteAll();
  await notice.getByRole('button', { name: 'Réessayer' }).click();
  await notice.waitFor({ state: 'detached' });
});

/** Makes a town of fewer modules. */
const without = (context, ...modules) => context.route(`**/v1/collectivities/${town}`, async (route) => {
  const response = await route.fetch();
  const info = await response.json();
  await route.fulfill({ response, json: { ...info, modules: info.modules.filter((m) => !modules.includes(m)) } });
});

test('signing in leads to the first service that the town offers', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'fr-FR', reducedMotion: 'reduce' });
  await without(context, 'planning');
  const { page } = await open(browser, at('connexion'), { context });
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await heading(page, 'Dossier Famille');
  await page.goto(at('abonnements'));
  await page.getByRole('link', { name: 'Ouvrir le dossier' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Ouvrir le planning' }).count(), 0);
});

test('the home promises no request that the town does not take', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'fr-FR', reducedMotion: 'reduce' });
  await without(context, 'requests');
  const { page } = await openAs(browser, email, 'compte', { context });
  await page.goto(at());
  const main = page.getByRole('main');
  await main.getByText('Le planning de vos enfants').waitFor();
  assert.equal(await main.getByText('Réserver').count(), 0);
});

test('a family that was shown here once and is one’s own no more leads to Mes abonnements', async () => {
  const other = await somebody();
  for (const path of ['planning', 'planning/demande', 'planning/agenda', 'demandes', 'dossier']) {
    const { page } = await openAs(browser, other.email, 'compte');
    await page.evaluate((town) => localStorage.setItem(`preau.family.${town}`, 'fam_gone'), town);
    await page.goto(at(path));
    await heading(page, 'Mes abonnements');
    await page.context().close();
  }
});

test('news can be answered while a dialog is open', async () => {
  const { page } = await openAs(browser, email, 'compte');
  await page.route('**/v1/sessions', (route) => route.abort());
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  const again = page.getByRole('button', { name: 'Réessayer' });
  await again.waitFor();
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.getByRole('dialog', { name: 'Menu' }).waitFor();
  assert.deepEqual(await faults(page, 'toast-in-dialog'), []);
  await again.click();
  await again.waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.unrouteAll();
  await again.click();
  await heading(page, 'Portail famille Ville de test');
});

test('an address to come back to that leaves the town is not followed', async () => {
  for (const back of [`/${town}/../../evil`, `/${town}/%2e%2e/evil`, `//evil/${town}/`, `/${town}x/planning`]) {
    const { page } = await open(browser, at(`connexion?retour=${encodeURIComponent(back)}`));
    await page.getByLabel('Adresse e-mail').fill(email);
    await secret(page).fill(password);
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await heading(page, 'Planning');
    assert.equal(new URL(page.url()).pathname, `/${town}/planning`, back);
    await page.context().close();
  }
});

test('an agent’s last decision is sent before they are signed out or the page is left', async () => {
  const family = await parent('leaving');
  const me = family.file.guardians.find((g) => g.you).id;
  const propose = async (section, values) => (await family.call('POST', '/changes', { target: me, section, version: (await family.call('GET', '')).version, values })).id;
  const state = async (id) => (await family.call('GET', '/changes')).items.find((c) => c.id === id)?.state;
  const ids = [await propose('phones', { home: '02 99 00 00 00' }), await propose('identity', { birthName: 'Le Goff' })];

  const { page, asked } = await openAgent(browser, 'leaving');
  const warned = [];
  page.on('console', (m) => m.type() === 'warning' && warned.push(m.text()));
  const decide = async (id) => {
    await page.goto(at(`agents/modifications?modification=${encodeURIComponent(id)}`));
    await page.getByRole('button', { name: /^Accepter/ }).click();
    await page.getByText('Accepté : ').first().waitFor();
  };
  const decisions = `**/v1/collectivities/${town}/changes/decisions`;

  asked.length = 0;
  await decide(ids[0]);
  assert.equal(asked.filter((a) => a === `GET /v1/collectivities/${town}/desk`).length, 1, 'the desk is read once');
  await page.goto('about:blank');
  for (let i = 0; i < 100 && (await state(ids[0])) === 'pending'; i++) await new Promise((r) => setTimeout(r, 50));
  assert.equal(await state(ids[0]), 'accepted', 'a page that is left sends it');

  await decide(ids[1]);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  for (let i = 0; i < 100 && (await state(ids[1])) === 'pending'; i++) await new Promise((r) => setTimeout(r, 10));
  assert.equal(await state(ids[1]), 'accepted', 'a page that is hidden sends it');

  ids.push(await propose('phones', { mobile: '06 11 22 33 44' }));
  await decide(ids[2]);
  await page.route(decisions, (route) => route.abort());
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByText('Une décision n’est pas enregistrée').waitFor();
  assert.equal(await state(ids[2]), 'pending');
  await page.unroute(decisions);
  await decide(ids[2]);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByLabel('Code à six chiffres').waitFor();
  assert.equal(await state(ids[2]), 'accepted', 'signing out waits for it');
  assert.deepEqual(warned, []);
});
