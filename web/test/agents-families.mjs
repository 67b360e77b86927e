// Families: found, opened, and what agents write about them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, codes, faults, heading, monday, parent, phone } from './support/platform.mjs';
import { desktop, openAgent } from './support/agents.mjs';

let browser;
let family;
let other;
let page;
let wrong;
before(async () => {
  browser = await browse();
  [family, other] = [await parent('opened'), await parent('merged')];
  const file = await family.call('GET', '');
  const me = file.guardians.find((g) => g.you).id;
  await family.call('POST', '/changes', { target: me, section: 'bank', version: file.version, values: { holder: 'Anne Martin', iban: 'FR1420041010050500013M02606' } });
  ({ page, wrong } = await openAgent(browser, 'files', 'familles'));
});
after(() => browser?.close());

const dialog = () => page.getByRole('dialog');
const file = async () => {
  await page.goto(at(`agents/familles/${family.family}`));
  await heading(page, 'Famille Martin');
};

test('a family is found by a code and by a name, and opened', async () => {
  await heading(page, 'Chercher une famille');
  await page.getByRole('searchbox').fill(codes('opened')[0]);
  await page.getByRole('link', { name: /^Famille Martin/ }).waitFor();
  assert.equal(await page.getByRole('link', { name: /^Famille Martin/ }).count(), 1);
  await page.getByRole('searchbox').fill('mart');
  await page.getByRole('link', { name: /^Famille Martin/ }).nth(1).waitFor();
  assert.deepEqual(await faults(page, 'agents-search'), []);
  await page.getByRole('searchbox').fill(codes('opened')[0]);
  await page.getByRole('button', { name: 'Chercher' }).click();
  await page.getByRole('link', { name: /^Famille Martin/ }).nth(1).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: /^Famille Martin/ }).click();
  await page.getByRole('article', { name: 'Anne Martin' }).waitFor();
  await page.getByText('1 modification à traiter').waitFor();
  assert.deepEqual(await faults(page, 'agents-file'), []);
  assert.deepEqual(wrong, []);
});

test('agents write notes and court orders, and see bank details for a reason only', async () => {
  await file();
  await page.getByLabel('Nouvelle note').fill('Rappeler la famille lundi.');
  await page.getByRole('button', { name: 'Ajouter la note' }).click();
  await page.getByText('Rappeler la famille lundi.', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Enregistrer une décision…' }).click();
  await dialog().getByLabel('Ce que la décision prévoit').selectOption('must_not_collect');
  await dialog().getByLabel('Responsable concerné').selectOption({ label: 'Une autre personne' });
  await dialog().getByLabel('Nom de la personne').fill('Jean Petit');
  await dialog().getByLabel('Juridiction et référence').fill('TJ Brest, 26/00123');
  assert.deepEqual(await faults(page, 'agents-order'), []);
  await dialog().getByRole('button', { name: 'Enregistrer la décision' }).click();
  await page.getByText('Ne doit pas venir chercher l’enfant : Jean Petit').waitFor();
  await page.getByRole('button', { name: /^Lever/ }).click();
  await dialog().getByRole('button', { name: 'Lever' }).click();
  await page.getByText('levée', { exact: true }).waitFor();

  // The queue leads to the change, its acceptance to the file.
  await page.getByRole('link', { name: /IBAN/ }).click();
  await page.getByRole('button', { name: /^Tout accepter/ }).click();
  await page.getByText('Accepté : Anne Martin').waitFor();
  await file(); // leaving sends what was held
  for (let i = 0; i < 50 && (await family.call('GET', '/changes')).items[0].state === 'pending'; i++) await new Promise((r) => setTimeout(r, 100));
  await file();
  await page.getByRole('button', { name: /^Afficher en entier/ }).click();
  await dialog().getByLabel('Pourquoi les consultez-vous ?').fill('Rejet de prélèvement');
  await dialog().getByRole('button', { name: 'Afficher' }).click();
  await dialog().getByText('FR14 2004 1010 0505 0001 3M02 606').waitFor();
  assert.deepEqual(await faults(page, 'agents-bank'), []);
  await page.keyboard.press('Escape');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Afficher en entier/);
  await page.getByRole('link', { name: 'Historique des modifications' }).click();
  await page.locator('.badge', { hasText: 'Acceptée' }).first().waitFor();
  assert.deepEqual(await faults(page, 'agents-history'), []);
  assert.deepEqual(wrong, []);
});

test('an agent books for the family, shares a child and takes it out again, merges two files, and records a departure', async () => {
  await file();
  await page.getByRole('link', { name: 'Réserver pour la famille' }).click();
  await page.getByLabel('Léa').check();
  await page.getByLabel('Cantine').check();
  await page.getByRole('textbox', { name: 'Du' }).fill(monday);
  await page.getByRole('textbox', { name: 'Au' }).fill(monday);
  await page.setViewportSize(phone);
  assert.deepEqual(await faults(page, 'agents-book'), []);
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await page.getByText('1 journée enregistrée.').waitFor();
  assert.deepEqual(await faults(page, 'agents-booked'), []);

  await file();
  await page.setViewportSize(desktop);
  const pick = async (family) => {
    await dialog().getByRole('searchbox').fill(codes(family)[0]);
    await page.keyboard.press('Enter');
    await dialog().getByRole('button', { name: /^Choisir/ }).click();
  };
  const children = page.getByRole('region', { name: 'Enfants' }).getByRole('article');
  assert.equal(await children.count(), 3);
  await page.getByRole('button', { name: 'Ajouter un enfant d’un autre dossier…' }).click();
  await pick('merged');
  await dialog().getByRole('radio', { name: 'Tom' }).check();
  await dialog().getByLabel('Lien de Anne Martin avec l’enfant').selectOption({ label: 'Mère' });
  assert.deepEqual(await faults(page, 'agents-share'), []);
  await dialog().getByRole('button', { name: 'Ajouter l’enfant' }).click();
  await page.getByText('Tom Martin figure maintenant aussi dans ce dossier.').waitFor();
  const tom = page.getByRole('article', { name: /^Tom/ });
  await tom.getByText('Figure aussi dans un autre dossier').waitFor();
  assert.deepEqual(await faults(page, 'agents-file-shared'), []);
  await tom.getByRole('button', { name: /^Retirer de ce dossier/ }).click();
  assert.deepEqual(await faults(page, 'agents-unshare'), []);
  await dialog().getByRole('button', { name: 'Retirer de ce dossier' }).click();
  await page.getByText(/^Tom.* ne figure plus dans ce dossier\.$/).waitFor();
  await tom.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Fusionner avec un autre dossier…' }).click();
  await pick('twin');
  await dialog().getByRole('button', { name: 'Voir ce qui va se passer' }).click();
  await dialog().getByRole('heading', { name: 'Responsables' }).waitFor();
  assert.deepEqual(await faults(page, 'agents-merge'), []);
  await dialog().getByRole('button', { name: 'Fusionner définitivement' }).click();
  await page.getByText('Les deux dossiers n’en font plus qu’un.').waitFor();
  await children.nth(3).waitFor(); // Hugo has come

  await page.getByRole('button', { name: 'Enregistrer un départ…' }).click();
  await dialog().getByLabel(/^Hugo/).check();
  await dialog().getByLabel('Motif').fill('Déménagement');
  await dialog().getByRole('button', { name: 'Enregistrer le départ' }).click();
  await dialog().getByText(/est encore inscrit à une activité/).waitFor();
  assert.deepEqual(await faults(page, 'agents-departure-wrong'), []);
  await dialog().getByLabel(/^Hugo/).uncheck();
  await dialog().getByLabel('Paul Martin').last().check(); // of whom the other file told
  await dialog().getByRole('button', { name: 'Enregistrer le départ' }).click();
  await page.getByText('Le départ est enregistré.').waitFor();
  const guardians = page.getByRole('region', { name: 'Responsables' }).getByRole('article');
  await guardians.nth(3).waitFor({ state: 'detached' });
  assert.equal(await guardians.count(), 3);

  await page.getByRole('button', { name: 'Émettre un code…' }).click();
  await dialog().getByRole('button', { name: 'Préparer le courrier' }).click();
  await dialog().getByText(/^Le courrier/).first().waitFor();
  assert.deepEqual(await faults(page, 'agents-code'), []);
  assert.deepEqual(wrong, []);
  assert.ok(other.family);
});
