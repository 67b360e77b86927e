// The guide, step by step and by clicking: on a phone of 360 px and on a desktop; then the town answers and the parent sees it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, agent, at, browse, codes, desktop, french, heading, link, monday, open, password, phone, plus, secret } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

for (const [device, viewport] of Object.entries({ phone, desktop })) {
  test(`the guide, from the account to the answered request, on a ${device}`, async () => {
    const email = address();
    const wednesday = plus(monday, 2);
    const { page, wrong } = await open(browser, at(), { viewport });

    // Étape 1: création d'un compte citoyen, without a code.
    await page.getByRole('link', { name: 'Créer un compte' }).click();
    await heading(page, 'Créer un compte citoyen');
    await page.getByLabel('Madame').check();
    await page.getByLabel('Nom*', { exact: true }).fill('Martin');
    await page.getByLabel('Prénom').fill('Anne');
    await page.getByLabel('Adresse e-mail').fill(email);
    await secret(page).fill(password);
    await page.getByLabel('J’accepte les conditions d’utilisation').check();
    await page.getByRole('button', { name: 'S’inscrire' }).click();
    await heading(page, 'Regardez vos courriels');
    await page.goto(await link(email, 'activation'));
    await page.getByLabel('Mot de passe choisi').fill(password);
    await page.getByRole('button', { name: 'Activer mon compte' }).click();

    // Étape 2: one lands on Mes abonnements.
    await heading(page, 'Mes abonnements');
    await page.getByRole('button', { name: 'M’abonner' }).click();
    await page.getByLabel('Saisir votre code abonné').fill(codes(device)[0]);
    await page.getByRole('button', { name: 'Rechercher' }).click();
    await page.getByRole('button', { name: 'Confirmer mon abonnement' }).click();
    await page.getByRole('heading', { name: 'Famille Martin' }).waitFor();

    // Gérer votre dossier de famille.
    const menu = async (name) => {
      if (viewport === desktop) return page.getByRole('navigation', { name: 'Menu principal' }).getByRole('link', { name }).click();
      await page.getByRole('button', { name: 'Menu' }).click();
      return page.getByRole('dialog').getByRole('link', { name }).click();
    };
    await menu('Dossier Famille');
    await heading(page, 'Dossier Famille');
    await page.getByRole('link', { name: /^Anne Martin/ }).click();
    const phones = page.getByRole('region', { name: 'Téléphones et e-mail' });
    await phones.getByRole('button', { name: 'Modifier' }).click();
    await phones.getByLabel('Téléphone mobile').fill('06 12 34 56 78');
    await phones.getByRole('button', { name: 'Continuer' }).click();
    await phones.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await phones.getByText('En attente : 06 12 34 56 78').waitFor();

    // Gérer les activités de vos enfants: the planning, at a click.
    await menu('Planning');
    await heading(page, 'Planning');
    await page.goto(at(`planning?vue=mois&date=${monday}`));
    await page.getByRole('button', { name: new RegExp(`^${french(wednesday)}`) }).click();
    await page.getByRole('button', { name: 'Réserver : Centre de loisirs du mercredi, Léa' }).click();
    await page.getByLabel('Journée avec repas').check();
    await page.getByRole('button', { name: 'Confirmer la réservation' }).click();
    await page.getByText('Demande envoyée : Centre de loisirs du mercredi, Léa').waitFor();

    // Via un formulaire, for a period.
    await page.getByRole('link', { name: 'Nouvelle demande' }).click();
    await heading(page, 'Nouvelle demande');
    await page.getByLabel('Noé').check();
    await page.getByLabel('Inès').check();
    await page.getByLabel('Cantine').check();
    await page.getByLabel(/^Du/).fill(monday);
    await page.getByLabel(/^Au/).fill(plus(monday, 4));
    await page.getByRole('button', { name: 'Vérifier ma demande' }).click();
    await page.getByRole('button', { name: 'Envoyer la demande' }).click();
    await page.getByText('8 journées : Réservé').waitFor();
    await page.getByRole('button', { name: 'Voir le planning' }).click();
    await heading(page, 'Planning');

    // Visualisation de vos demandes.
    await page.getByRole('link', { name: 'Afficher sous forme de liste' }).click();
    await page.getByRole('row', { name: /Noé.*Cantine.*Réservé/ }).first().waitFor();

    // The town answers; the parent sees it.
    const { items: changes } = await agent('GET', '/changes');
    const mine = changes.filter((c) => c.fields.some((f) => f.new === '+33612345678'));
    await agent('POST', '/changes/decisions', { decisions: mine.map((c) => ({ change: c.id, decision: 'accept' })) });
    const { items: requests } = await agent('GET', `/requests?from=${wednesday}&to=${wednesday}`);
    await agent('POST', '/requests/decisions', { decisions: requests.map((r) => ({ request: r.id, decision: 'accept' })) });
    await page.goto(at(`planning?vue=mois&date=${monday}`));
    assert.match(await page.getByRole('button', { name: new RegExp(`^${french(wednesday)}`) }).getAttribute('aria-label'), /mercredi : Léa, Réservé · Journée avec repas/);
    await menu('Dossier Famille');
    await page.getByRole('link', { name: /^Anne Martin/ }).click();
    await phones.getByText('06 12 34 56 78').waitFor();
    assert.equal(await phones.getByText('En attente').count(), 0);

    await page.getByRole('button', { name: 'Se déconnecter' }).click();
    await heading(page, 'Portail famille Ville de test');
    assert.deepEqual(wrong, []);
  });
}
