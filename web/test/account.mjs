// From the sign-up to Mes abonnements: the form, the mail, the activation, the subscription.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { account, address, api, at, browse, codes, faults, heading, link, open, openAs, password, portal, secret, signUp, tabTo, town } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

const activate = 'Activer mon compte';
const field = (page) => page.getByLabel('Mot de passe choisi');

test('the sign-up tells what is missing or wrong beside each field, and is sent once all is right', async () => {
  const email = address();
  const { page, wrong, asked } = await open(browser, `${at('inscription')}#code=${codes('account')[0].replaceAll('-', '')}`);
  await heading(page, 'Créer un compte citoyen');
  assert.equal(page.url(), at('inscription'), 'the letter’s code leaves the address bar');
  assert.equal(await page.getByLabel('Code abonné famille').inputValue(), codes('account')[0], 'and is filled in, in groups of four');
  assert.deepEqual(await faults(page, 'sign-up'), []);

  await page.getByRole('button', { name: 'S’inscrire' }).click();
  await page.getByText('À corriger').waitFor();
  const summary = page.locator('.summary:visible');
  assert.ok(await summary.evaluate((e) => e === document.activeElement), 'the summary has the focus');
  assert.equal(await summary.getByRole('listitem').count(), 5);
  assert.deepEqual(await faults(page, 'sign-up-missing'), []);
  await summary.getByRole('link', { name: /^Nom/ }).click();
  assert.ok(await page.getByLabel('Nom', { exact: false }).first().evaluate((e) => e === document.activeElement), 'its lines lead to the fields');

  await page.getByLabel('Madame').check();
  await page.getByLabel('Nom*', { exact: true }).fill('Martin');
  await page.getByLabel('Prénom').fill('Anne');
  await page.getByLabel('Adresse e-mail').fill('pas une adresse');
  const chosen = secret(page);
  await chosen.fill('court');
  assert.equal(await page.locator('.rules .kept').count(), 2);
  await page.getByRole('button', { name: 'Afficher le mot de passe' }).click();
  assert.equal(await chosen.getAttribute('type'), 'text');
  await page.getByText('Lire les conditions d’utilisation').click();
  await page.getByLabel('J’accepte les conditions d’utilisation').check();
  await page.getByRole('button', { name: 'S’inscrire' }).click();
  await page.getByText('Cette adresse e-mail n’est pas valable.').first().waitFor();
  assert.equal(await page.getByLabel('Adresse e-mail').getAttribute('aria-invalid'), 'true');
  assert.equal(await chosen.inputValue(), 'court', 'what was typed stays');
  assert.deepEqual(await faults(page, 'sign-up-wrong'), []);

  await page.getByLabel('Adresse e-mail').fill(email);
  await chosen.fill(password);
  await page.getByRole('button', { name: 'S’inscrire' }).dblclick();
  await heading(page, 'Regardez vos courriels');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1');
  await page.getByText(email).waitFor();
  assert.equal(asked.filter((a) => a === 'POST /v1/accounts').length, 2, 'the double click sent once');
  assert.deepEqual(await faults(page, 'sent'), []);

  await page.goto(await link(email, 'activation'));
  await field(page).fill(password);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Mes abonnements');
  await page.getByRole('heading', { name: 'Famille Martin' }).waitFor();
  await page.getByText('Votre compte est activé.').waitFor();
  assert.deepEqual(await faults(page, 'subscribed'), []);
  assert.deepEqual(wrong, []);
});

test('a mail that does not come is asked for again', async () => {
  const email = address();
  const { page } = await open(browser, at('activation'));
  await heading(page, 'Demander un nouveau lien');
  await signUp(email);
  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await page.getByText('Ce champ est obligatoire.').first().waitFor();
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await heading(page, 'Regardez vos courriels');
  const again = await link(email, 'activation', 2);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, new URL(again).hash);
  await page.goto(again);
  await field(page).fill(password);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Mes abonnements');
});

test('opening the link sends nothing and takes the token out of the address bar', async () => {
  const email = address();
  const { page, wrong, asked } = await open(browser, await signUp(email));
  await heading(page, 'Activez votre compte');
  assert.equal(page.url(), at('activation'));
  await page.goBack({ timeout: 2000 }).catch(() => null);
  assert.ok(!page.url().includes('#'), 'the history keeps no token');
  assert.deepEqual(asked.filter((a) => a.startsWith('POST')), []);
  assert.equal((await api('POST', '/v1/sessions', { email, password })).body.code, 'account_not_activated');
  assert.deepEqual(wrong, []);
});

test('a wrong password is told beside the field, the right one leads to Mes abonnements, by keyboard alone', async () => {
  const email = address();
  const { page, wrong } = await open(browser, await signUp(email));
  await heading(page, 'Activez votre compte');
  assert.deepEqual(await faults(page, 'activation'), []);

  await tabTo(page, field(page));
  await page.keyboard.type('pas le bon mot de passe');
  await page.keyboard.press('Enter');
  await page.getByText('Ce n’est pas le mot de passe choisi à l’inscription.').first().waitFor();
  assert.ok(await page.locator('.summary').evaluate((e) => e === document.activeElement), 'the summary has the focus');
  assert.equal(await field(page).inputValue(), 'pas le bon mot de passe', 'what was typed stays');
  assert.deepEqual(await faults(page, 'activation-wrong'), []);

  await page.keyboard.press('Tab'); // the summary's link to the field
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await heading(page, 'Mes abonnements');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the result has the focus');
  await page.getByText('Retrouvez le courrier').waitFor();
  assert.deepEqual(await faults(page, 'unsubscribed'), []);
  assert.deepEqual(wrong, []);
});

test('a wrong code given at sign-up activates the account and says why it opens nothing', async () => {
  const { page } = await open(browser, await signUp(address(), { subscriberCode: 'ABCD' }));
  await field(page).fill(password);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le code donné à l’inscription n’a pas pu être utilisé').waitFor();
});

test('without a connection nothing is lost, and the same click works later', async () => {
  const { page } = await open(browser, await signUp(address()));
  await field(page).fill(password);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le service est injoignable. Rien n’est perdu').waitFor();
  assert.deepEqual(await faults(page, 'activation-offline'), []);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Mes abonnements');
});

test('a failing service is told in French, without its own words', async () => {
  const { page } = await open(browser, await signUp(address()));
  await field(page).fill(password);
  await page.route('**/v1/accounts/activation', (route) => route.fulfill({ status: 503, json: { message: 'Service Unavailable' } }));
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Le service ne répond pas pour l’instant. Rien n’est perdu').waitFor();
  assert.equal(await page.getByText('Service Unavailable').count(), 0);
  await page.unrouteAll();
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Mes abonnements');
});

test('a code of a problem that the site does not know shows the API’s own sentence', async () => {
  const { page } = await open(browser, await signUp(address()));
  await field(page).fill(password);
  const problem = { type: 'about:blank', title: 'Refus', status: 409, code: 'never_heard_of', detail: 'Une phrase de demain.' };
  await page.route('**/v1/accounts/activation', (route) => route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem }));
  await page.getByRole('button', { name: activate }).click();
  await page.getByText('Une phrase de demain.').waitFor();
});

test('a link that has served says so and offers another', async () => {
  const email = address();
  const mailed = await signUp(email);
  await api('POST', '/v1/accounts/activation', { token: new URL(mailed).hash.slice(1), password });
  const { page } = await open(browser, mailed);
  await field(page).fill(password);
  await page.getByRole('button', { name: activate }).click();
  await heading(page, 'Demander un nouveau lien');
  await page.getByText('Ce lien a déjà servi').waitFor();
  assert.deepEqual(await faults(page, 'activation-used'), []);
});

test('Mes abonnements: a code is entered in groups of four, searched, looked at and confirmed, and opens at once', async () => {
  const email = address();
  await account(email);
  const { page, wrong } = await openAs(browser, email, 'abonnements');
  await heading(page, 'Mes abonnements');
  const add = page.getByRole('button', { name: 'M’abonner' });
  await add.click();
  const dialog = page.getByRole('dialog', { name: 'M’abonner à un dossier famille' });
  assert.deepEqual(await faults(page, 'subscribe'), []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.ok(await add.evaluate((e) => e === document.activeElement), 'the focus is back on the button');

  await add.click();
  const code = dialog.getByLabel('Saisir votre code abonné');
  await code.pressSequentially('abcd1234');
  assert.equal(await code.inputValue(), 'ABCD-1234');
  await dialog.getByRole('button', { name: 'Rechercher' }).click();
  await dialog.getByText('Le code compte douze caractères : il en manque.').first().waitFor();
  assert.deepEqual(await faults(page, 'subscribe-short'), []);
  await code.fill('ABCD12345678');
  await dialog.getByRole('button', { name: 'Rechercher' }).click();
  await dialog.locator('.error').waitFor();

  await code.fill(codes('subscribe')[0].toLowerCase());
  await dialog.getByRole('button', { name: 'Rechercher' }).click();
  await dialog.getByRole('heading', { name: 'Dossier trouvé' }).waitFor();
  await dialog.getByText('Famille M•••••').waitFor();
  await dialog.getByText('3 enfants').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Dossier trouvé');
  assert.deepEqual(await faults(page, 'subscribe-found'), []);
  await dialog.getByRole('button', { name: 'Confirmer mon abonnement' }).click();
  await page.getByRole('heading', { name: 'Famille Martin' }).waitFor();
  await page.getByText('L’accès est ouvert.').waitFor();
  await page.getByRole('link', { name: 'Ouvrir le planning' }).click();
  await heading(page, 'Planning');

  await page.goBack();
  await page.getByRole('button', { name: /^Mettre fin à cet abonnement/ }).click();
  assert.deepEqual(await faults(page, 'unsubscribe'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Mettre fin à cet abonnement' }).click();
  await page.getByText('Aucun dossier famille n’est encore relié').waitFor();
  assert.deepEqual(wrong, []);
});

test('who has an account already takes the letter’s code along', async () => {
  const email = address();
  await account(email);
  const { page, wrong } = await open(browser, `${at('inscription')}#code=${codes('subscribe')[1]}`);
  await heading(page, 'Créer un compte citoyen');
  await page.getByRole('main').getByRole('link', { name: 'Se connecter' }).click();
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'M’abonner à un dossier famille' });
  assert.equal(await dialog.getByLabel('Saisir votre code abonné').inputValue(), codes('subscribe')[1]);
  await page.keyboard.press('Escape');

  await page.goto(`${at('inscription')}#code=${codes('subscribe')[1]}`);
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Rechercher' }).click();
  await dialog.getByText('Famille M•••••').waitFor();
  assert.deepEqual(wrong, []);
});

test('Mon compte: name, password and address are changed; the account is closed with its password', async () => {
  const email = address();
  await account(email);
  const { page, wrong } = await openAs(browser, email, 'compte');
  await heading(page, 'Mon compte');
  await page.getByText('Demander une copie de mes données').waitFor();
  assert.deepEqual(await faults(page, 'my-account'), []);
  await page.getByLabel('Prénom').fill('Annie');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Votre identité est enregistrée.').waitFor();

  const mail = page.getByRole('region', { name: 'Adresse e-mail' });
  await mail.getByLabel('Nouvelle adresse e-mail').fill(address());
  await mail.getByLabel('Mot de passe actuel').fill('pas le bon mot de passe');
  await mail.getByRole('button', { name: 'Changer mon adresse' }).click();
  await mail.getByText('Ce n’est pas votre mot de passe.').first().waitFor();
  await mail.getByLabel('Mot de passe actuel').fill(password);
  await mail.getByRole('button', { name: 'Changer mon adresse' }).click();
  await mail.getByText('Nous attendons la confirmation').waitFor();

  const change = page.getByRole('region', { name: 'Mot de passe' });
  await change.getByLabel('Mot de passe actuel').fill(password);
  await change.getByLabel('Nouveau mot de passe').fill('cinq mots sans aucun rapport');
  await change.getByRole('button', { name: 'Changer mon mot de passe' }).click();
  await page.getByText('Votre mot de passe est changé.').waitFor();
  await page.getByLabel('Prénom').fill('Anne');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Votre identité est enregistrée.').waitFor();

  await page.getByRole('button', { name: 'Demander une copie de mes données' }).click();
  await page.getByText('Vos données sont en cours de préparation.').waitFor();

  await page.getByRole('button', { name: 'Fermer mon compte' }).click();
  assert.deepEqual(await faults(page, 'close-account'), []);
  await page.getByRole('dialog').getByLabel('Mot de passe actuel').fill('cinq mots sans aucun rapport');
  await page.getByRole('button', { name: 'Fermer définitivement' }).click();
  await heading(page, 'Portail famille Ville de test');
  await page.getByText('Votre compte est fermé.').waitFor();
  assert.equal((await api('POST', '/v1/sessions', { email, password: 'cinq mots sans aucun rapport' })).status, 401);
  assert.deepEqual(wrong, []);
});

test('what needs a session asks to sign in, and goes on where it was', async () => {
  const email = address();
  await account(email);
  const { page } = await open(browser, at('compte'));
  await heading(page, 'Se connecter');
  assert.deepEqual(await faults(page, 'sign-in'), []);
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill('pas le bon mot de passe');
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await page.getByText('Adresse e-mail ou mot de passe incorrect.').waitFor();
  assert.deepEqual(await faults(page, 'sign-in-wrong'), []);
  await secret(page).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await heading(page, 'Mon compte');
  assert.equal(page.url(), `${portal}/${town}/compte`);
});
