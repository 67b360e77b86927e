// A file is brought, read, held against what is there, applied and undone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, heading, portal } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
let page;
let wrong;
before(async () => {
  browser = await browse();
  ({ page, wrong } = await openDesk(browser, 'imports', 'imports'));
});
after(() => browser?.close());

const work = () => fetch(`${portal}/_local/run/run-jobs`, { method: 'POST' });

test('a manager imports schools: the file is checked, applied, and undone', async () => {
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
  assert.deepEqual(await faults(page, 'desk-import-apply'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Importer', exact: true }).click();
  await page.getByText('L’import est en cours.').waitFor();
  await work();
  await page.getByRole('heading', { name: 'Ce qui a été fait' }).waitFor({ timeout: 30_000 });
  assert.deepEqual(await faults(page, 'desk-import-applied'), []);
  await page.getByText('Dès que des codes abonnés sont émis').waitFor();
  await page.getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('L’import est en train d’être annulé.').waitFor();
  await work();
  await page.locator('.badge').getByText('Annulé', { exact: true }).waitFor({ timeout: 30_000 });
  assert.deepEqual(wrong, []);
});

test('a file whose check was not answered is one import when it is sent again', async () => {
  await page.getByRole('link', { name: 'Tous les imports' }).click();
  await page.getByRole('link', { name: 'Importer un fichier' }).click();
  let announced = 0;
  page.on('request', (r) => (announced += Number(r.method() === 'POST' && new URL(r.url()).pathname.endsWith('/imports'))));
  const lost = (route) => route.abort('connectionreset');
  await page.route('**/imports/*/check', lost);
  await page.getByRole('radio', { name: /^Écoles/ }).check();
  await page.getByLabel('Fichier').setInputFiles({ name: 'encore.csv', mimeType: 'text/csv', buffer: Buffer.from('École;Classe;Niveau\nÉcole Curie;CP;CP\n') });
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await page.getByText('Le service est injoignable.').first().waitFor();
  await page.unroute('**/imports/*/check', lost);
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await heading(page, 'Écoles et classes : encore.csv');
  assert.equal(announced, 1);
  await work();
  await page.getByRole('heading', { name: 'Rapport' }).waitFor({ timeout: 30_000 });
});

const families = (n) => {
  const rows = Array.from({ length: n }, (_, i) => `${1000 + i};Petit${'abcdefghij'[i % 10]}${i};Anne;Mère;Petit${i};Enfant${i};04/05/2018;École Inconnue;CP 9;${i}`);
  rows[7] = rows[7].replace('Petit7;Enfant7', ';Enfant7'); // a child without a name is an error
  return `N° famille;Nom responsable 1;Prénom responsable 1;Lien responsable 1;Nom enfant;Prénom enfant;Né(e) le;École;Classe;Casier\n${rows.join('\n')}\n`;
};

test('a report of hundreds of rows says once what they have alike, and is read by outcome and page by page', async () => {
  await page.getByRole('link', { name: 'Tous les imports' }).click();
  await page.getByRole('link', { name: 'Importer un fichier' }).click();
  await page.getByLabel('Fichier').setInputFiles({ name: 'familles.csv', mimeType: 'text/csv', buffer: Buffer.from(families(260)) });
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await page.getByText('Le fichier est lu et comparé').waitFor();
  await work();
  await page.getByRole('heading', { name: 'Rapport' }).waitFor({ timeout: 30_000 }); // by itself

  await page.getByText('Pas reprises : Casier.').waitFor();
  await page.getByText('Voir quelle colonne dit quoi').click();
  await page.getByRole('row', { name: /Nom responsable 1 Petita0/ }).waitFor();
  await page.getByText('260 lignes : École, « École Inconnue » n’est pas une école').waitFor();
  assert.deepEqual(await faults(page, 'desk-import-families'), []);

  const rows = page.getByRole('region', { name: 'Ligne par ligne' });
  assert.equal(await rows.getByRole('listitem').count(), 50);
  assert.match(await rows.getByRole('listitem').first().innerText(), /Ligne 9[^]*erreur[^]*manque/);
  assert.equal(await rows.getByText('n’est pas une école').count(), 0); // it was said above
  for (let at = 1; at <= 5; at++) await rows.getByRole('button', { name: 'Suivantes' }).click();
  await rows.getByText('Lignes 251 à 260 sur 260').waitFor();
  await rows.getByText('Ligne 261').waitFor(); // behind the 200 that come with the import
  assert.equal(await rows.getByRole('listitem').count(), 10);
  await rows.getByLabel('Montrer').selectOption({ label: 'En erreur (1)' });
  assert.equal(await rows.getByRole('listitem').count(), 1);
  await rows.getByLabel('Montrer').selectOption({ label: 'Créées (259)' });
  await rows.getByText('Lignes 1 à 50 sur 259').waitFor();

  await page.getByRole('button', { name: 'Corriger la correspondance' }).click();
  await page.getByLabel('École de l’enfant').selectOption('');
  await page.getByLabel('Classe de l’enfant').selectOption('');
  assert.deepEqual(await faults(page, 'desk-import-mapping'), []);
  await page.getByRole('button', { name: 'Vérifier de nouveau' }).click();
  await page.getByText('Le fichier est lu et comparé').waitFor();
  await work();
  await page.getByText('Pas reprises : École, Classe, Casier.').waitFor({ timeout: 30_000 });
  assert.equal(await page.getByText('n’est pas une école').count(), 0);
  assert.deepEqual(wrong, []);
});

test('an undoing that is refused says why, beside the report of what was made', async () => {
  await page.getByRole('link', { name: 'Tous les imports' }).click();
  await page.getByRole('link', { name: 'Importer un fichier' }).click();
  const file = 'N° famille;Nom responsable 1;Prénom responsable 1;Lien responsable 1;Nom enfant;Prénom enfant;Né(e) le\n9001;Garnier;Anne;Mère;Garnier;Lou;04/05/2018\n9002;Perrot;Anne;Mère;;Tim;04/05/2018\n';
  await page.getByLabel('Fichier').setInputFiles({ name: 'deux.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await page.getByRole('button', { name: 'Envoyer et vérifier' }).click();
  await page.getByText('Le fichier est lu et comparé').waitFor();
  await work();
  await page.getByRole('button', { name: 'Importer', exact: true }).click({ timeout: 30_000 });
  await page.getByRole('dialog').getByRole('button', { name: 'Importer', exact: true }).click();
  await page.getByText('L’import est en cours.').waitFor();
  await work();
  await page.getByRole('heading', { name: 'Ce qui a été fait' }).waitFor({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Codes et courriers' }).click();
  await page.getByRole('button', { name: 'Préparer les courriers' }).click();
  await page.getByText('Codes abonnés : familles sans abonné').waitFor();
  await work();
  await page.locator('li').getByText('Valable', { exact: true }).first().waitFor({ timeout: 30_000 });
  await page.goBack();
  await page.getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('L’import est en train d’être annulé.').waitFor();
  await work();
  await page.getByText('Cet import ne peut plus être annulé. Un code abonné a été émis. Rien n’a été annulé').waitFor({ timeout: 30_000 });
  const stays = page.getByRole('region', { name: 'Ce qui empêche l’annulation' });
  assert.match(await stays.getByRole('listitem').innerText(), /Ligne 2[^]*Un code abonné a été émis/);
  assert.match(await page.getByRole('region', { name: 'Ligne par ligne' }).getByRole('listitem').first().innerText(), /Ligne 3[^]*erreur[^]*manque/);
  assert.deepEqual(await faults(page, 'desk-import-stays'), []);
  assert.deepEqual(wrong, []);
});
