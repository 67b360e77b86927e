// Who may come to what: seen by activity and class, changed, and a whole class at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading, plus } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const today = new Date().toISOString().slice(0, 10);

test('a manager changes an enrolment, and is told that a class is empty', async () => {
  const { page, wrong } = await openDesk(browser, 'enrolments', 'inscriptions');
  await heading(page, 'Inscriptions');
  await page.getByLabel('Activité', { exact: true }).selectOption('Cantine');
  await page.getByRole('button', { name: /^Modifier : Léa.*, Cantine$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Dernier jour').fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await dialog.getByText('À corriger').waitFor();
  assert.deepEqual(await faults(page, 'desk-enrolment-wrong'), []);
  await dialog.getByLabel('Dernier jour').fill(plus(today, 60));
  await dialog.getByLabel('mardi').check();
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText(/^L’inscription de Léa/).waitFor();
  await page.getByText(/· mardi$/).waitFor();
  assert.match(await focused(page), /Léa/);
  assert.deepEqual(await faults(page, 'desk-enrolments'), []);

  await page.getByRole('button', { name: 'Inscrire une classe' }).click();
  await dialog.getByLabel('Premier jour').fill(plus(today, 1));
  await dialog.getByRole('button', { name: 'Inscrire tous les enfants de la classe' }).click();
  await dialog.getByText('Aucun enfant n’est dans cette classe.').waitFor();
  assert.deepEqual(await faults(page, 'desk-enrol-class'), []);
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'Inscrire une classe');
  assert.deepEqual(wrong, []);
});
