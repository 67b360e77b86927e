// The collectivity's own pages, and addresses that lead nowhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, faults, heading, open, portal } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('the home shows the collectivity in its colour, how to begin, and leads to its legal texts', async () => {
  const { page, wrong, asked } = await open(browser, at());
  await heading(page, 'Portail famille Ville de test');
  assert.equal(await page.locator('.banner').evaluate((e) => getComputedStyle(e).backgroundColor), 'rgb(31, 92, 153)');
  assert.deepEqual(asked.filter((a) => a.includes('/v1/sessions')), [], 'nobody signed in here: no session is asked for');
  assert.deepEqual(await faults(page, 'home'), []);
  await page.getByRole('link', { name: 'Données personnelles' }).click();
  await heading(page, 'Données personnelles');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the new page has the focus');
  assert.equal(await page.title(), 'Données personnelles – Ville de test');
  await page.getByText('Délégué à la protection des données :').waitFor();
  assert.deepEqual(await faults(page, 'privacy'), []);
  await page.goBack();
  await heading(page, 'Portail famille Ville de test');
  await page.getByRole('link', { name: 'Contact', exact: true }).click();
  await page.getByRole('link', { name: '02 99 00 00 00' }).waitFor();
  assert.deepEqual(await faults(page, 'contact'), []);
  assert.deepEqual(wrong, []);
});

for (const [what, path, said] of [
  ['an unknown collectivity', '/ville-inconnue', 'Ce portail n’existe pas'],
  ['no collectivity', '/', 'Il manque le nom de votre collectivité'],
  ['an unknown page', `${new URL(at()).pathname}/nulle-part`, 'Cette page n’existe pas'],
]) {
  test(`${what} is told`, async () => {
    const { page } = await open(browser, portal + path);
    await page.getByText(said).waitFor();
    assert.deepEqual(await faults(page, what.replaceAll(' ', '-')), []);
  });
}

test('a portal that does not answer says so, and opens when it does', async () => {
  const { page } = await open(browser, 'about:blank');
  await page.route('**/v1/collectivities/*', (route) => route.fulfill({ status: 503, json: { message: 'Service Unavailable' } }));
  await page.goto(at());
  await page.getByText('Le service ne répond pas pour l’instant').waitFor();
  assert.equal(await page.getByText('Service Unavailable').count(), 0);
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await heading(page, 'Portail famille Ville de test');
});

test('no script runs that is not one of the site’s own files', async () => {
  const { page, wrong } = await open(browser, at());
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    return globalThis.ran;
  });
  assert.equal(ran, undefined);
  assert.equal(wrong.length, 1, 'the other tests would see what the policy blocks');
});

test('the site’s files are kept for good, its page is asked for each time', async () => {
  const html = await fetch(at());
  assert.equal(html.headers.get('cache-control'), 'no-cache');
  const [, script] = /src="(\/assets\/[^"]+)"/.exec(await html.text());
  assert.match((await fetch(portal + script)).headers.get('cache-control'), /immutable/);
});
