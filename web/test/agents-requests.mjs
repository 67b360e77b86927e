// The queue of requests: many are decided at once, by day and activity or by family.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agent, at, browse, faults, french, monday, parent, phone, plus } from './support/platform.mjs';
import { openAgent } from './support/agents.mjs';

let browser;
let family;
before(async () => {
  browser = await browse();
  family = await parent('asks');
});
after(() => browser?.close());

const ask = (children, from, to = from) =>
  family.call('POST', '/requests', { kind: 'booking', items: children.map((c) => ({ child: family.child[c], activity: 'mercredi', option: 'journee' })), from, to, weekdays: ['wed'] });
const states = async (id) => (await family.call('GET', `/requests/${id}`)).days.map((d) => d.state).join(' ');

test('days are chosen and accepted together, one is refused with its reason, another agent was faster', async () => {
  const first = plus(monday, 2);
  const second = plus(monday, 9);
  const { id } = await ask(['Léa', 'Noé'], first, second);
  const { id: late } = await ask(['Inès'], first);
  const { page, wrong } = await openAgent(browser, 'requests', 'demandes?activite=mercredi');
  const group = (day) => page.getByRole('group', { name: new RegExp(`^Centre de loisirs du mercredi.*${french(day)}`) });
  await group(first).getByText('Inès').waitFor();
  await group(first).locator('.places .badge').first().waitFor();
  assert.deepEqual(await faults(page, 'agents-requests'), []);

  // One with the keys: down to the first row, then accept it.
  await agent('POST', '/requests/decisions', { decisions: [{ request: late, decision: 'refuse', reason: 'Hors délai.' }] });
  await group(first).getByRole('checkbox', { name: /^Tout choisir/ }).check();
  await page.getByText('3 journées choisies').waitFor();
  assert.deepEqual(await faults(page, 'agents-requests-chosen'), []);
  await page.keyboard.press('a');
  await page.getByText('Déjà traité par un autre agent, ou retiré par la famille.').waitFor();
  await group(first).getByText('Accepté').nth(1).waitFor();
  assert.equal(await states(id), 'booked booked requested requested');

  await group(second).getByRole('checkbox', { name: /^Choisir .*Léa/ }).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Refuser cette journée' });
  await dialog.waitFor();
  assert.deepEqual(await faults(page, 'agents-requests-refuse'), []);
  await page.keyboard.type('Le centre est complet.'); // the dialog opens where the reason is typed
  await page.keyboard.press('Enter');
  await page.getByText('1 journée refusée.').waitFor();

  await page.getByLabel('Ranger').selectOption('famille');
  await page.getByRole('heading', { name: /^Famille Martin.*Réservation/ }).first().waitFor();
  await page.setViewportSize(phone);
  assert.deepEqual(await faults(page, 'agents-requests-family'), []);
  await page.getByRole('button', { name: new RegExp(`^Accepter .*Noé.*${french(second)}`) }).click();
  await page.getByText('1 journée acceptée.').waitFor();
  assert.equal((await states(id)).split(' ').sort().join(' '), 'booked booked booked refused');
  assert.deepEqual(wrong, []);
});

test('an agent accepts beyond the places only after a confirmation, and gives a place to who waits', async () => {
  const full = plus(monday, 23); // one place
  const { id } = await ask(['Léa', 'Noé'], full);
  const evening = plus(monday, 15); // one place a day, and no agent decides
  await family.call('POST', '/requests', { kind: 'booking', items: ['Léa', 'Noé'].map((c) => ({ child: family.child[c], activity: 'periscolaire' })), from: evening, to: evening });
  const { page, wrong } = await openAgent(browser, 'places', `demandes?activite=mercredi&du=${full}&au=${full}`);
  const group = page.getByRole('group', { name: new RegExp(`^Centre de loisirs du mercredi.*${french(full)}`) });
  await group.getByText('1 place libre sur 1').waitFor();
  await group.getByRole('checkbox', { name: /^Tout choisir/ }).check();
  await page.getByRole('region', { name: '2 journées choisies' }).getByRole('button', { name: /^Accepter/ }).click();
  await page.getByText(/1 journée n’a plus de place et attend toujours/).first().waitFor();
  assert.equal((await states(id)).split(' ').sort().join(' '), 'booked requested');
  assert.deepEqual(await faults(page, 'agents-requests-full'), []);
  await group.getByRole('button', { name: 'Accepter en surnombre…' }).click();
  const sure = page.getByRole('dialog', { name: 'Accepter cette journée en surnombre ?' });
  assert.deepEqual(await faults(page, 'agents-requests-overbook'), []);
  await sure.getByRole('button', { name: 'Annuler' }).click();
  assert.equal((await states(id)).split(' ').sort().join(' '), 'booked requested');
  await group.getByRole('button', { name: 'Accepter en surnombre…' }).click();
  await sure.getByRole('button', { name: 'Accepter' }).click();
  await group.getByText('Accepté', { exact: true }).nth(1).waitFor();
  assert.equal(await states(id), 'booked booked');

  await page.goto(at(`agents/presences?activite=periscolaire&date=${evening}`));
  const waiting = page.getByRole('region', { name: 'Liste d’attente' });
  await waiting.getByText('1er').waitFor();
  assert.deepEqual(await faults(page, 'agents-attendance-waiting'), []);
  await waiting.getByRole('button', { name: /^Donner une place/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Donner une place' }).click();
  await page.getByText(/a une place\.$/).waitFor();
  await waiting.waitFor({ state: 'detached' });
  assert.deepEqual(wrong, []);
});

test('who may only read sees the queue of their activities and decides nothing', async () => {
  await ask(['Léa'], plus(monday, 16));
  const { page, wrong } = await openAgent(browser, 'reader', 'demandes');
  await page.getByText('Aucune demande n’attend').waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await page.goto(at('agents/modifications'));
  await page.getByRole('heading', { name: 'Modifications de dossiers', level: 1 }).waitFor();
  assert.deepEqual(wrong, []);
});
