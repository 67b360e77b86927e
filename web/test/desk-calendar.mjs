// The town's calendar and what is declared of its days.

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

test('a manager closes a day, declares a strike, sees whom it concerns, and takes it back', async () => {
  const { page, wrong } = await openDesk(browser, 'calendar', 'calendrier?mois=2027-05');
  await heading(page, 'Calendrier');
  await page.getByRole('cell', { name: '1 Fête du Travail' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-calendar'), []);
  await page.getByRole('button', { name: 'Mois suivant' }).click();
  await page.getByRole('heading', { name: 'juin 2027' }).waitFor();

  await page.getByRole('link', { name: 'Modifier' }).click();
  await heading(page, 'Régler le calendrier');
  await page.getByRole('button', { name: 'Ajouter une exception' }).click();
  await page.getByLabel('Du', { exact: false }).first().fill('2027-06-14');
  await page.getByLabel('Nom', { exact: true }).fill('Pont');
  await page.getByLabel('Au*', { exact: true }).fill('2027-06-10');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('À corriger').waitFor();
  assert.deepEqual(await faults(page, 'desk-calendar-wrong'), []);
  await page.getByLabel('Au*', { exact: true }).fill('2027-06-14');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Le calendrier est enregistré.').waitFor();
  await page.getByText('Pont').first().waitFor();

  await page.getByRole('link', { name: 'Événements' }).click();
  await page.getByText('Aucun événement n’a été déclaré.').waitFor();
  await page.getByRole('link', { name: 'Déclarer un événement' }).click();
  await heading(page, 'Déclarer un événement');
  await page.getByRole('button', { name: 'Vérifier avant de déclarer' }).click();
  await page.getByRole('link', { name: 'Nom : Ce champ est obligatoire.' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-event-wrong'), []);
  await page.getByLabel('Nom*', { exact: true }).fill('Grève nationale');
  await page.getByLabel('Premier jour').fill(plus(today, 10));
  await page.getByRole('radio', { name: /^Laisser les journées/ }).check();
  await page.getByLabel('Absences acceptées jusqu’à').fill('09:00');
  const check = page.getByRole('button', { name: 'Vérifier avant de déclarer' });
  await check.click();
  const dialog = page.getByRole('dialog', { name: 'Déclarer cet événement ?' });
  await dialog.getByText('Absences rouvertes jusqu’à 9 h le jour même').waitFor();
  assert.deepEqual(await faults(page, 'desk-event-confirm'), []);
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'Vérifier avant de déclarer');
  await check.click();
  await dialog.getByRole('button', { name: 'Déclarer et prévenir les familles' }).click();
  await page.getByText(/famille concernée|familles? : journées|Aucune famille concernée|sur 1 famille/).waitFor();
  assert.deepEqual(await faults(page, 'desk-events'), []);

  await page.getByRole('button', { name: 'Retirer : Grève nationale' }).click();
  assert.deepEqual(await faults(page, 'desk-event-revoke'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Retirer', exact: true }).click();
  await page.getByText('Retiré', { exact: true }).waitFor();
  assert.deepEqual(wrong, []);
});
