// Who works here, where they are signed in, and what the audit tells of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, browse, faults, focused, heading } from './support/platform.mjs';
import { openDesk } from './support/desk.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a manager invites an agent, changes one, takes the invitation back, and finds it all in the audit', async () => {
  const { page, wrong } = await openDesk(browser, 'staff', 'agents');
  await heading(page, 'Agents');
  await page.getByRole('button', { name: 'Inviter un agent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Inviter un agent' });
  await dialog.getByLabel('Prénom').fill('Claire');
  await dialog.getByLabel('Nom*', { exact: true }).fill('Petit');
  await dialog.getByLabel('Adresse e-mail').fill('claire');
  await dialog.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await dialog.getByRole('link', { name: /^Adresse e-mail :/ }).waitFor();
  assert.deepEqual(await faults(page, 'desk-invite-wrong'), []);
  await dialog.getByLabel('Adresse e-mail').fill(address());
  await dialog.getByLabel('Cantine').check();
  await dialog.getByRole('button', { name: 'Envoyer l’invitation' }).click();
  await page.getByText(/^L’invitation est partie/).waitFor();
  await page.getByText('Claire Petit', { exact: true }).waitFor();
  assert.equal(await focused(page), 'Inviter un agent');
  assert.deepEqual(await faults(page, 'desk-staff'), []);

  await page.getByRole('button', { name: 'Retirer : Claire Petit' }).click();
  assert.deepEqual(await faults(page, 'desk-remove-agent'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Retirer', exact: true }).click();
  await page.getByText('Claire Petit n’a plus accès').waitFor();

  await page.getByRole('link', { name: 'Journal' }).click();
  await heading(page, 'Journal');
  await page.locator('li').getByText('Agent invité').first().waitFor();
  await page.getByText('Rôle : Traitement').waitFor();
  assert.equal(await page.getByLabel('Mois').locator('option').count(), 1); // the town's first month
  assert.deepEqual(await faults(page, 'desk-audit'), []);
  await page.getByLabel('Action', { exact: true }).selectOption('Agent invité');
  await page.waitForURL(/action=invite-agent/);
  await page.getByLabel('Jour', { exact: true }).fill('2026-01-01');
  await page.getByText('Rien pour ces critères.').waitFor();

  await page.getByRole('link', { name: 'Mes connexions' }).click();
  await heading(page, 'Mes connexions');
  await page.getByText('Cet appareil').waitFor();
  assert.deepEqual(await faults(page, 'desk-sessions'), []);
  assert.deepEqual(wrong, []);
});
