// The roll of a day: children are called with a click, others came without a booking, absences are justified; on paper too.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, browse, called, faults, heading, monday, phone } from './support/platform.mjs';
import { openAgent } from './support/agents.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('the roll of a day is called, on a desk and on a phone, and taken away', async () => {
  const { page, wrong } = await openAgent(browser, 'attendance', `presences?activite=cantine&date=${called}`);
  await heading(page, 'Présences');
  const there = (name) => page.getByRole('button', { name: new RegExp(`^Présent.*${name}`) });
  const away = (name) => page.getByRole('button', { name: new RegExp(`^Absent.*${name}`) });
  await there('Martin Léa').first().waitFor();
  assert.deepEqual(await faults(page, 'agents-attendance'), []);

  await page.getByRole('button', { name: /^Tous présents/ }).click();
  await page.getByText('2 enfants notés présents.').waitFor();
  await page.getByRole('listitem').filter({ hasText: '2 présents' }).waitFor();
  await away('Martin Noé').click();
  await page.getByRole('listitem').filter({ hasText: '1 manquant' }).waitFor();
  await page.getByRole('button', { name: /^Justifier.*Martin Noé/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Certificat médical reçu.' }).click();
  assert.deepEqual(await faults(page, 'agents-attendance-justify'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Justifier', exact: true }).click();
  await page.getByText('justifié', { exact: true }).waitFor();
  await page.reload();
  await page.getByText('justifié', { exact: true }).waitFor();
  assert.equal(await away('Martin Noé').getAttribute('aria-pressed'), 'true');

  await page.getByText(/^Venu sans réservation/).click();
  await page.getByLabel('Chercher un enfant').fill('ines');
  await there('Martin Inès').first().click();
  await page.getByRole('listitem').filter({ hasText: '1 sans réservation' }).waitFor();
  await page.getByLabel('Chercher un enfant').fill('');
  await page.getByLabel('Ranger').selectOption('class');
  await page.getByText('Sans classe').first().waitFor();

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Excel' }).click()]);
  assert.match(file.suggestedFilename(), /\.xlsx$/);
  await page.emulateMedia({ media: 'print' });
  await page.getByRole('columnheader', { name: 'Signature' }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: 'Imprimer' }).isVisible(), false);
  await page.emulateMedia({ media: 'screen' });

  await page.setViewportSize(phone);
  assert.deepEqual(await faults(page, 'agents-attendance-phone'), []);
  await there('Martin Noé').first().click();
  await page.getByRole('listitem').filter({ hasText: '2 présents' }).waitFor();

  await page.getByRole('link', { name: 'Fiche sanitaire' }).click();
  await heading(page, 'Fiche sanitaire');
  await page.getByRole('heading', { name: 'Martin Léa' }).waitFor();
  assert.deepEqual(await faults(page, 'agents-care'), []);
  assert.deepEqual(wrong, []);
});

test('a day to come is shown and not called yet; who may only read does not call', async () => {
  const { page, wrong } = await openAgent(browser, 'reader', `presences?activite=cantine&date=${monday}`);
  await page.getByText('L’appel s’ouvrira ce jour-là.').waitFor();
  await page.goto(at(`agents/presences?activite=cantine&date=${called}`));
  await page.getByRole('rowheader', { name: /Léa/ }).first().waitFor();
  assert.equal(await page.getByRole('button', { name: /^Présent/ }).count(), 0);
  await page.goto(at(`agents/presences/sante?activite=cantine&date=${called}`));
  await page.getByText('Vous n’avez pas accès aux données de santé').waitFor();
  assert.deepEqual(await faults(page, 'agents-care-hidden'), []);
  assert.deepEqual(wrong, []);
});
