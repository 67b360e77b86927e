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
  await dialog.getByRole('button', { name: 'Il n’y a plus de place ce jour-là.' }).click();
  assert.deepEqual(await faults(page, 'agents-requests-refuse'), []);
  await dialog.getByRole('button', { name: 'Refuser' }).click();
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

test('who may only read sees the queue of their activities and decides nothing', async () => {
  await ask(['Léa'], plus(monday, 16));
  const { page, wrong } = await openAgent(browser, 'reader', 'demandes');
  await page.getByText('Aucune demande n’attend').waitFor();
  assert.equal(await page.getByRole('checkbox').count(), 0);
  await page.goto(at('agents/modifications'));
  await page.getByRole('heading', { name: 'Modifications de dossiers', level: 1 }).waitFor();
  assert.deepEqual(wrong, []);
});
