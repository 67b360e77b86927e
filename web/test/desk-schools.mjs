// Schools and classes, and what a new school year would bring.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading, portal } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a manager adds a school with a class, looks at the school year, and has the children move to it', async (t) => {
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

  // From March on the year is the one to come, and nobody moves before the summer holidays: the API says from when.
  const move = page.getByRole('button', { name: 'Faire passer les enfants' });
  if (!(await move.isVisible())) {
    await page.getByText(/^Le passage sera possible à partir du/).waitFor();
    t.diagnostic('the move itself was not tried: it is possible from the summer holidays to the end of February');
    return;
  }
  await page.getByLabel(/^Vers.*CP/).selectOption({ label: 'École Jules-Verne, CE1' });
  await page.getByText('Les choix ont changé').waitFor();
  await page.getByRole('button', { name: 'Voir ce que cela donnerait' }).click();
  await page.getByText(/passe : École Jules-Verne, CE1 \(1 enfant\)/).waitFor();
  await move.click();
  const sure = page.getByRole('dialog', { name: /^Passer à l’année/ });
  assert.deepEqual(await faults(page, 'desk-school-year-sure'), []);
  await sure.getByRole('button', { name: 'Faire passer les enfants' }).click();
  await heading(page, 'Travaux');
  await fetch(`${portal}/_local/run/run-jobs`, { method: 'POST' });
  await page.getByText('Terminé', { exact: true }).waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Écoles et classes' }).first().click();
  await page.getByRole('link', { name: 'Préparer la nouvelle année scolaire' }).click();
  await page.getByRole('button', { name: 'Voir ce que cela donnerait' }).click();
  await page.getByText(/^Le passage à cette année a déjà été demandé/).waitFor();
  await page.getByText('déjà passé (1 enfant)').waitFor();
  assert.deepEqual(wrong, []);
});
