// A file is brought, read, held against what is there, applied and undone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, heading, portal } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const work = () => fetch(`${portal}/_local/run/run-jobs`, { method: 'POST' });

test('a manager imports schools: the file is checked, applied, and undone', async () => {
  const { page, wrong } = await openDesk(browser, 'imports', 'imports');
  await page.getByText('Aucun fichier n’a encore été importé.').waitFor();
  assert.deepEqual(await faults(page, 'desk-imports'), []);
  await page.getByRole('link', { name: 'Importer un fichier' }).click();
  await heading(page, 'Importer un fichier');
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await page.getByRole('link', { name: 'Fichier : Choisissez un fichier.' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-import-wrong'), []);
  await page.getByRole('radio', { name: /^Écoles/ }).check();
  await page.getByLabel('Fichier').setInputFiles({ name: 'ecoles.csv', mimeType: 'text/csv', buffer: Buffer.from('École;Classe;Niveau\nÉcole Pasteur;CP bleu;CP\nÉcole Pasteur;CE1 vert;CE1\n;CM1;CM1\n') });
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await heading(page, 'Écoles et classes : ecoles.csv');
  await page.getByText('Le fichier est lu et comparé').waitFor();
  await work();
  await page.getByRole('heading', { name: 'Rapport' }).waitFor({ timeout: 30_000 });
  await page.getByRole('heading', { name: 'Correspondance des colonnes' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-import-report'), []);
  await page.getByRole('button', { name: 'Importer', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Importer', exact: true }).click();
  await page.getByText('L’import est en cours.').waitFor();
  await work();
  await page.getByRole('heading', { name: 'Ce qui a été fait' }).waitFor({ timeout: 30_000 });
  assert.deepEqual(await faults(page, 'desk-import-applied'), []);
  await page.getByRole('button', { name: 'Défaire l’import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Défaire l’import' }).click();
  await page.getByText('L’import est en train d’être défait.').waitFor();
  await work();
  await page.getByText('Annulé', { exact: true }).waitFor({ timeout: 30_000 });
  assert.deepEqual(wrong, []);
});
