// What a town sets of its portal: told when it will not do, kept, and undone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, faults, focused, heading } from './support/platform.mjs';
import { inDesk, openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a manager gives the town another name and colour, sees the mails, and goes back', async () => {
  const { page, wrong } = await openDesk(browser, 'settings', 'reglages');
  await heading(page, 'Réglages');
  assert.deepEqual(await faults(page, 'desk-settings'), []);
  await page.getByRole('link', { name: /^Nom, logo et couleurs/ }).click();
  await page.getByLabel('Nom court').fill('Ville-Neuve');
  await page.getByLabel('Couleur principale*', { exact: true }).fill('#ffcc00');
  await page.getByText('Contraste avec le blanc : 1,5 pour 1.').waitFor();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('link', { name: /^Couleur principale : Un texte blanc y serait peu lisible/ }).waitFor();
  assert.deepEqual(await faults(page, 'desk-settings-colour'), []);
  await page.getByRole('button', { name: /^Prendre la nuance/ }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Les réglages sont enregistrés.').waitFor();
  await page.getByRole('link', { name: /^Ville-Neuve/ }).waitFor();

  for (const [name, title] of [[/^Contact et courriels/, 'Contact et courriels'], [/^Textes/, 'Textes'], [/^Services proposés/, 'Services proposés'], [/^Dossier famille/, 'Dossier famille']]) {
    await page.getByRole('link', { name }).click();
    await heading(page, title);
    await page.getByRole('button', { name: 'Enregistrer' }).waitFor();
    if (title === 'Dossier famille') await page.getByText('Enfant : Autorisations').click();
    assert.deepEqual(await faults(page, `desk-settings-${title}`), []);
    await page.getByRole('link', { name: 'Tous les réglages' }).click();
  }

  await page.getByRole('link', { name: /^Règles/ }).click();
  await page.getByLabel('Codes postaux').fill('35140 3514');
  await page.getByRole('button', { name: 'Ajouter une pièce' }).click();
  assert.match(await focused(page), /Attestation d’assurance/);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('link', { name: 'Codes postaux des résidents : Un code postal compte cinq chiffres.' }).waitFor();
  assert.deepEqual(await faults(page, 'desk-settings-rules'), []);
  await page.getByLabel('Codes postaux').fill('35140');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Les réglages sont enregistrés.').waitFor();

  await page.goto(inDesk('settings', 'reglages/courriels'));
  await page.locator('dd').getByText('Activez votre compte').waitFor();
  assert.deepEqual(await faults(page, 'desk-settings-mails'), []);
  await page.getByRole('link', { name: 'Tous les réglages' }).click();
  await page.getByRole('link', { name: /^Historique/ }).click();
  await page.getByText('Réglages modifiés : nom, couleurs').waitFor();
  assert.deepEqual(await faults(page, 'desk-settings-history'), []);
  await page.getByRole('button', { name: /^Revenir à ce qui était avant/ }).last().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revenir à ce qui était avant' }).click();
  await page.getByText('Les réglages d’avant sont repris.').waitFor();
  await page.getByRole('link', { name: /^Ville de test/ }).waitFor();
  assert.deepEqual(wrong, []);
});
