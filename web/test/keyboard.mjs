// The whole of it without a mouse: every step is reached by Tab and done by the keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, address, at, browse, codes, desktop, french, heading, monday, open, password, plus, secret, tabTo } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

test('a parent signs in, subscribes, books, edits the file and signs out by keyboard alone', async () => {
  const email = address();
  await account(email);
  const { page, wrong } = await open(browser, at('connexion'), { viewport: desktop });
  await heading(page, 'Se connecter');
  const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  const type = (text) => page.keyboard.type(text);
  const enter = async (locator) => {
    await tabTo(page, locator);
    await press('Enter');
  };

  await press('Tab'); // the first thing is the way past the menu
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Aller au contenu');
  await press('Enter');
  await tabTo(page, page.getByLabel('Adresse e-mail'));
  await type(email);
  await tabTo(page, secret(page));
  await type(password);
  await press('Enter');

  await heading(page, 'Mes abonnements');
  await enter(page.getByRole('button', { name: 'M’abonner' }));
  await tabTo(page, page.getByLabel('Saisir votre code abonné'));
  await type(codes('keyboard')[0]);
  await press('Enter');
  await page.getByRole('heading', { name: 'Dossier trouvé' }).waitFor();
  await enter(page.getByRole('button', { name: 'Confirmer mon abonnement' }));
  await page.getByRole('heading', { name: 'Famille Martin' }).waitFor();

  await page.goto(at(`planning?vue=mois&date=${monday}`));
  const day = page.getByRole('button', { name: new RegExp(`^${french(monday)}`) });
  await day.waitFor();
  await tabTo(page, day);
  await press('ArrowRight', 'Enter');
  await enter(page.getByRole('button', { name: /^Réserver pour .* : Cantine$/ }));
  await enter(page.getByRole('button', { name: 'Confirmer la réservation' }));
  await page.getByText(new RegExp(`^Réservé\\s: Cantine, .*, ${french(plus(monday, 1))}\\.$`)).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.closest('td')?.dataset.date), plus(monday, 1));

  await enter(page.getByRole('button', { name: /plusieurs jours/i }));
  await tabTo(page, page.getByRole('checkbox', { name: 'Centre de loisirs du mercredi' }));
  await press('Space');
  await tabTo(page, page.getByLabel('Cantine'));
  await press('Space');
  const picked = page.getByRole('button', { name: new RegExp(`^${french(plus(monday, 1))}`) });
  await tabTo(page, picked);
  await press('ArrowDown', 'Space', 'ArrowLeft', 'Enter');
  await page.getByText('2 jours choisis, 6 journées-enfant').waitFor();
  await enter(page.getByRole('button', { name: 'Vérifier et envoyer' }));
  await page.getByRole('dialog').getByText('6 journées').waitFor();
  await enter(page.getByRole('button', { name: 'Envoyer la demande' }));
  await page.getByRole('heading', { name: 'Votre demande est envoyée' }).waitFor(); // while it is sent, Escape closes nothing
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await enter(page.getByRole('navigation', { name: 'Menu principal' }).getByRole('link', { name: 'Dossier Famille' }));
  await heading(page, 'Dossier Famille');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  await page.getByRole('link', { name: /^Anne Martin/ }).waitFor();
  await enter(page.getByRole('link', { name: /^Anne Martin/ }));
  await heading(page, 'Anne Martin');
  const phones = page.getByRole('region', { name: 'Téléphones et e-mail' });
  await enter(phones.getByRole('button', { name: 'Modifier' }));
  await tabTo(page, phones.getByLabel('Téléphone mobile'));
  await type('0612345678');
  await press('Enter');
  await enter(phones.getByRole('button', { name: 'Envoyer pour validation' }));
  await phones.getByText('En attente : 06 12 34 56 78').waitFor();

  await page.keyboard.press('Escape');
  for (let i = 0; i < 60 && !(await page.getByRole('button', { name: 'Se déconnecter' }).evaluate((e) => e === document.activeElement)); i++) await press('Shift+Tab');
  await press('Enter');
  await heading(page, 'Portail famille Ville de test');
  assert.deepEqual(wrong, []);
});
