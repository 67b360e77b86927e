// The queue of changes: what a parent sends from a phone, an agent decides, and the parent sees the answer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, at, browse, faults, heading, openAs, parent, phone } from './support/platform.mjs';
import { desktop, openAgent } from './support/agents.mjs';

let browser;
let family;
let opened;
before(async () => {
  browser = await browse();
  family = await parent('changes');
  opened = await openAgent(browser, 'changes');
});
after(() => browser?.close());

const propose = (target, section, values, version) => family.call('POST', '/changes', { target, section, version, values });
const state = async (id) => (await family.call('GET', '/changes')).items.find((c) => c.id === id)?.state;
const show = async (page, id) => {
  await page.goto(at(`agents/modifications?modification=${encodeURIComponent(id)}`));
  await page.getByRole('navigation', { name: 'File d’attente' }).locator('[aria-current]').waitFor();
};
const settle = async (id, wanted) => {
  for (let i = 0; i < 100 && (await state(id)) !== wanted; i++) await new Promise((r) => setTimeout(r, 100));
  assert.equal(await state(id), wanted);
};

test('a parent sends a change from a phone, the agent accepts it with one key, the parent sees it', async () => {
  const other = await openAs(browser, family.email, 'dossier', { viewport: phone });
  await other.page.getByRole('link', { name: /^Anne Martin/ }).click();
  const phones = other.page.getByRole('region', { name: 'Téléphones et e-mail' });
  await phones.getByRole('button', { name: 'Modifier' }).click();
  await phones.getByLabel('Téléphone mobile').fill('06 12 34 56 78');
  await phones.getByRole('button', { name: 'Continuer' }).click();
  await phones.getByRole('button', { name: 'Envoyer pour validation' }).click();
  await phones.getByText('En attente : 06 12 34 56 78').waitFor();

  const [{ id }] = (await family.call('GET', '/changes')).items;
  const { page, wrong } = opened;
  await show(page, id);
  await page.getByRole('row', { name: /Téléphone mobile.*06 12 34 56 78/ }).waitFor();
  assert.deepEqual(await faults(page, 'agents-change'), []);
  await page.keyboard.press('a');
  await page.getByText('Accepté : Anne Martin, Téléphones et e-mail.').waitFor();
  await page.keyboard.press('z');
  await page.getByRole('button', { name: /^Accepter/ }).waitFor();
  assert.equal(await state(id), 'pending', 'a decision that was taken back is not sent');
  await page.keyboard.press('a');
  await page.getByRole('link', { name: 'À traiter' }).first().click(); // leaving sends what was held
  await settle(id, 'accepted');

  await other.page.reload();
  await phones.getByText('06 12 34 56 78').waitFor();
  assert.equal(await phones.getByText('En attente').count(), 0);
  assert.deepEqual([...wrong, ...other.wrong], []);
});

test('a change is decided per field, with a reason; keys can be turned off', async () => {
  const { page, wrong } = opened;
  const file = await family.call('GET', '');
  const me = file.guardians.find((g) => g.you).id;
  const { id } = await propose(me, 'address', { street: '4 rue du Port', postcode: '29200', city: 'Brest' }, file.version);
  await show(page, id);
  await page.keyboard.press('3');
  await page.getByRole('button', { name: /^Accepter 2, refuser 1/ }).waitFor();
  await page.keyboard.press('a');
  await page.getByRole('textbox', { name: 'Motif' }).waitFor();
  assert.deepEqual(await faults(page, 'agents-change-reason'), []);
  await page.getByRole('button', { name: 'Envoyer la décision' }).click();
  await page.getByText('À corriger').waitFor();
  await page.getByRole('textbox', { name: 'Motif' }).fill('La commune ne correspond pas.');
  await page.getByRole('textbox', { name: 'Motif' }).press('Enter');
  await page.getByText('Accepté en partie : Anne Martin, Adresse.').waitFor();

  await page.getByRole('button', { name: /^Raccourcis/ }).click();
  assert.deepEqual(await faults(page, 'agents-shortcuts'), []);
  await page.getByRole('switch', { name: 'Utiliser les raccourcis' }).click();
  await page.keyboard.press('Escape');
  await settle(id, 'partly');
  const { id: second } = await propose(me, 'phones', { home: '02 99 00 00 00' }, (await family.call('GET', '')).version);
  await show(page, second);
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Refuser' }).click();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByRole('button', { name: /^Raccourcis/ }).click();
  await page.getByRole('switch', { name: 'Utiliser les raccourcis' }).click();
  await page.keyboard.press('Escape');
  assert.equal(await state(second), 'pending');

  // Another agent decides meanwhile: told plainly.
  await agent('POST', '/changes/decisions', { decisions: [{ change: second, decision: 'refuse', reason: 'Illisible.' }] });
  await page.keyboard.press('a');
  await page.getByText('Un autre agent l’a refusée entre-temps.').first().waitFor();
  await propose(me, 'identity', { birthName: 'Le Goff' }, (await family.call('GET', '')).version);
  await page.setViewportSize(phone);
  await page.goto(at('agents/modifications'));
  await heading(page, 'Modifications de dossiers');
  await page.getByRole('link', { name: /^Anne Martin.*Identité/ }).first().waitFor();
  assert.deepEqual(await faults(page, 'agents-changes-list'), []);
  await page.setViewportSize(desktop);
  assert.deepEqual(wrong, []);
});
