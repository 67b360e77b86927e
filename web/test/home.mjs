// The collectivity's own page, and addresses that lead nowhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, open, portal, town } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('the home shows the collectivity in its colour, its contact and its legal texts', async () => {
  const { page, wrong } = await open(browser, `${portal}/${town}`);
  await page.getByRole('heading', { name: 'Portail famille', level: 1 }).waitFor();
  assert.equal(await page.locator('.banner').evaluate((e) => getComputedStyle(e).backgroundColor), 'rgb(31, 92, 153)');
  assert.deepEqual(await faults(page, 'home'), []);
  await page.getByText('Données personnelles', { exact: true }).click();
  await page.getByText('Délégué à la protection des données :').waitFor();
  assert.equal(await page.locator('#phone').textContent(), '02 99 00 00 00');
  assert.deepEqual(await faults(page, 'home-open'), []);
  assert.deepEqual(wrong, []);
});

for (const [what, path, said] of [
  ['an unknown collectivity', '/ville-inconnue', 'Ce portail n’existe pas'],
  ['no collectivity', '/', 'Il manque le nom de votre collectivité'],
]) {
  test(`${what} is told`, async () => {
    const { page } = await open(browser, portal + path);
    await page.getByText(said).waitFor();
    assert.deepEqual(await faults(page, what.replaceAll(' ', '-')), []);
  });
}

test('no script runs that is not one of the site\'s own files', async () => {
  const { page, wrong } = await open(browser, `${portal}/${town}`);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
    return globalThis.ran;
  });
  assert.equal(ran, undefined);
  assert.equal(wrong.length, 1, 'the other tests would see what the policy blocks');
});
