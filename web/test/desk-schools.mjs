// Schools and classes, and what a new school year would bring.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a manager adds a school with a class, and looks at the next school year', async () => {
  const { page, wrong } = await openDesk(browser, 'schools', 'ecoles');
  await heading(page, 'Écoles et classes');
  await page.getByRole('heading', { name: 'École Jules-Verne' }).waitFor();
  await page.getByRole('button', { name: 'Nouvelle école' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle école' });
  await dialog.getByLabel('Nom de l’école').fill('École Jules-Verne');
  await dialog.getByRole('button', { name: 'Ajouter une classe' }).click();
  await page.keyboard.type('Petite section');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await dialog.getByRole('link', { name: 'Nom de l’école : Une autre école porte ce nom, ou l’a porté.' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-school-wrong'), []);
  await dialog.getByLabel('Nom de l’école').fill('École des Tilleuls');
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('heading', { name: 'École des Tilleuls' }).waitFor();
  assert.equal(await focused(page), 'Nouvelle école');
  assert.deepEqual(await faults(page, 'desk-schools'), []);

  await page.getByRole('link', { name: 'Préparer la nouvelle année scolaire' }).click();
  await heading(page, 'Nouvelle année scolaire');
  await page.getByLabel('Cantine').check();
  await page.getByRole('button', { name: 'Voir ce que cela donnerait' }).click();
  await page.getByText('Passent en classe supérieure').waitFor();
  assert.match(await focused(page), /^20\d\d-20\d\d$/);
  assert.deepEqual(await faults(page, 'desk-school-year'), []);
  assert.deepEqual(wrong, []);
});
