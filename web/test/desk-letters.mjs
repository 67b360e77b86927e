// Subscriber codes with their letters, lists to take away, and the jobs that make them.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading, portal } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

async function contentOf(download) {
  const folder = mkdtempSync(join(tmpdir(), 'preau-'));
  await download.saveAs(join(folder, 'file'));
  const content = readFileSync(join(folder, 'file'));
  rmSync(folder, { recursive: true });
  return content;
}

test('a manager has codes issued, revokes one, and takes a list away', async () => {
  const { page, wrong } = await openDesk(browser, 'letters', 'codes');
  await heading(page, 'Codes et courriers');
  await page.locator('li').getByText('Valable', { exact: true }).first().waitFor();
  await page.getByRole('radio', { name: /^Tous, les codes précédents/ }).check();
  await page.getByRole('button', { name: 'Préparer les courriers' }).click();
  await page.getByRole('dialog', { name: 'Remplacer les codes déjà postés ?' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-codes-sure'), []);
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'Préparer les courriers');

  await page.getByRole('button', { name: /^Révoquer/ }).first().click();
  assert.deepEqual(await faults(page, 'desk-code-revoke'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Révoquer', exact: true }).click();
  await page.getByText('Le code est révoqué.').waitFor();
  await page.locator('li').getByText('Révoqué', { exact: true }).first().waitFor();
  await page.getByRole('radio', { name: 'Ceux qui n’ont pas de code valable' }).check();
  await page.getByRole('button', { name: 'Préparer les courriers' }).click();
  await page.getByText('Codes abonnés : familles sans abonné').waitFor();
  assert.deepEqual(await faults(page, 'desk-codes'), []);

  await page.getByRole('link', { name: 'Listes à emporter' }).click();
  await heading(page, 'Listes à emporter');
  await page.getByLabel('Du*', { exact: true }).fill('2026-09-30');
  await page.getByLabel('Au*', { exact: true }).fill('2026-09-01');
  await page.getByRole('button', { name: 'Préparer la liste' }).click();
  await page.getByRole('link', { name: 'Au : La période finit avant de commencer.' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-lists-wrong'), []);
  await page.getByRole('radio', { name: 'Enfants' }).check();
  await page.getByRole('radio', { name: 'CSV' }).check();
  await page.getByRole('button', { name: 'Préparer la liste' }).click();
  await page.getByText('Enfants, CSV').waitFor();

  await fetch(`${portal}/_local/run/run-jobs`, { method: 'POST' });
  await page.getByRole('link', { name: 'Travaux' }).click();
  await heading(page, 'Travaux');
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 30_000 }), page.getByRole('button', { name: /^Télécharger enfants.*\.csv/i }).click({ timeout: 30_000 })]);
  assert.match(download.suggestedFilename(), /\.csv$/);
  const [letters] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Télécharger .*\.pdf/i }).click()]);
  assert.equal((await contentOf(letters)).subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual(await faults(page, 'desk-jobs'), []);
  assert.deepEqual(wrong, []);
});
