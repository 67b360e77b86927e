// An agent at work by keyboard alone, without any shortcut: sign-in, the queue, a refusal with its reason, a dialog.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agents, at, browse, heading, open, parent, secret, tabTo, totp } from './support/platform.mjs';
import { desktop } from './support/agents.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('an agent signs in, refuses a change and asks for help by keyboard alone', async () => {
  const family = await parent('typed');
  const me = family.file.guardians.find((g) => g.you).id;
  const { id } = await family.call('POST', '/changes', { target: me, section: 'phones', version: family.file.version, values: { mobile: '06 12 34 56 78' } });
  const { page, wrong } = await open(browser, at('agents'), { viewport: desktop });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const enter = async (locator) => {
    await locator.waitFor();
    await tabTo(page, locator, 120);
    await press('Enter');
  };

  await heading(page, 'Espace agents');
  await tabTo(page, page.getByLabel('Adresse e-mail'));
  await page.keyboard.type(agents.typed.email);
  await tabTo(page, secret(page));
  await page.keyboard.type(agents.typed.password);
  await tabTo(page, page.getByLabel('Code à six chiffres'));
  await page.keyboard.type(totp(agents.typed.secret));
  await press('Enter');
  await heading(page, 'À traiter');

  await enter(page.getByRole('navigation', { name: 'Menu des agents' }).getByRole('link', { name: /^Modifications de dossiers/ }));
  await heading(page, 'Modifications de dossiers');
  const help = page.getByRole('button', { name: /^Raccourcis/ });
  await enter(help);
  const on = page.getByRole('switch', { name: 'Utiliser les raccourcis' });
  await tabTo(page, on);
  await press('Space', 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await help.evaluate((e) => e === document.activeElement), true, 'the focus is where it was before the dialog');

  await page.goto(at(`agents/modifications?modification=${encodeURIComponent(id)}`));
  await page.getByRole('cell', { name: /06 12 34 56 78/ }).waitFor();
  await enter(page.getByRole('button', { name: 'Refuser' }));
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA', 'the reason is asked for where the focus is');
  await press('Escape');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Accepter/);
  await enter(page.getByRole('button', { name: 'Refuser' }));
  await page.keyboard.type('Ce numéro n’est pas attribué.');
  await press('Enter');
  await page.getByText('Refusé : Anne Martin, Téléphones et e-mail.').waitFor();
  await enter(page.getByRole('navigation', { name: 'Menu des agents' }).getByRole('link', { name: 'Familles', exact: true }));
  await heading(page, 'Chercher une famille');
  for (let i = 0; i < 50 && (await family.call('GET', '/changes')).items[0].state === 'pending'; i++) await new Promise((r) => setTimeout(r, 100));
  assert.equal((await family.call('GET', '/changes')).items[0].state, 'refused');
  assert.deepEqual(wrong, []);
});
