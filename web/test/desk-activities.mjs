// Activities as the town sets them: in words, in a form, and tried before families meet them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading, phone } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a manager reads the notice rules in words, adds one, tries it before it is saved, and saves', async () => {
  const { page, wrong } = await openDesk(browser, 'activities', 'activites');
  await heading(page, 'Activités');
  assert.deepEqual(await faults(page, 'desk-activities'), []);
  await page.getByRole('link', { name: /^Accueil du soir/ }).click();
  await heading(page, 'Accueil du soir');
  await page.getByText('le jour même, à 12 h').waitFor();
  await page.getByRole('button', { name: 'Simuler' }).click();
  await page.getByText(/^Si un parent demande une réservation/).waitFor();
  assert.deepEqual(await faults(page, 'desk-activity'), []);

  await page.getByRole('link', { name: 'Modifier' }).click();
  await heading(page, 'Modifier : Accueil du soir');
  await page.getByRole('button', { name: 'Ajouter une règle' }).click();
  const dialog = page.getByRole('dialog', { name: 'Nouvelle règle' });
  await dialog.getByRole('radio', { name: 'Absences', exact: true }).check();
  await dialog.getByRole('textbox', { name: 'Nombre de jours' }).fill('deux');
  await dialog.getByRole('button', { name: 'Garder cette règle' }).click();
  await dialog.getByText('À corriger').waitFor();
  assert.deepEqual(await faults(page, 'desk-rule-wrong'), []);
  await dialog.getByRole('textbox', { name: 'Nombre de jours' }).fill('2');
  await dialog.getByText('2 jours ouvrés avant, à 10 h').waitFor();
  await dialog.getByRole('button', { name: 'Garder cette règle' }).click();
  assert.equal(await focused(page), 'Ajouter une règle');
  await page.getByRole('button', { name: 'Monter : Règle 2' }).click();
  assert.match(await focused(page), /^Modifier/);
  await page.getByLabel('Un parent demande').selectOption('absence');
  await page.getByLabel('Demandé le').fill('2027-01-04'); // a Monday
  await page.getByLabel('Demandé à').fill('09:00');
  await page.getByLabel('Jour demandé').fill('2027-01-05');
  await page.getByRole('button', { name: 'Simuler' }).click();
  await page.getByRole('status').getByText('Fermé', { exact: true }).waitFor();

  await page.getByLabel('Nom*', { exact: true }).fill('');
  await page.getByLabel('Nature').selectOption('Accueil du soir');
  await page.getByLabel('Places par jour', { exact: true }).fill('beaucoup');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('link', { name: 'Nom : Ce champ est obligatoire.' }).click();
  await page.keyboard.type('Accueil du soir');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('link', { name: 'Places par jour : Indiquez un nombre entier.' }).click();
  assert.deepEqual(await faults(page, 'desk-activity-wrong'), []);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('2');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('est enregistrée').waitFor();
  await heading(page, 'Accueil du soir');
  await page.getByText('2 jours ouvrés avant, à 10 h').waitFor();
  await page.getByText('2 places').waitFor();
  assert.deepEqual(wrong, []);
});

test('a reader sees the activities of their scope and changes nothing, on a phone', async () => {
  const { page, wrong } = await openDesk(browser, 'activities', 'activites', { viewport: phone, as: 'reader' });
  await page.getByRole('link', { name: /^Cantine/ }).click();
  await heading(page, 'Cantine');
  assert.equal(await page.getByRole('link', { name: 'Modifier' }).count(), 0);
  assert.deepEqual(await faults(page, 'desk-activity-reader'), []);
  assert.deepEqual(wrong, []);
});
