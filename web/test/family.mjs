// The family file: edits that are checked, sent, answered or taken back; people who come and go; photos and papers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { agent, browse, faults, heading, openAs, parent } from './support/platform.mjs';

let browser;
before(async () => {
  browser = await browse();
});
after(() => browser?.close());

// The smallest picture that is one: a square of 8 by 8 pixels, made by the browser itself.
const picture = (page) => page.evaluate(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 900, height: 600 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#2a7';
  context.fillRect(0, 0, 900, 600);
  context.fillStyle = '#fff';
  context.fillRect(300, 150, 300, 300);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
  return [...new Uint8Array(await blob.arrayBuffer())];
});
const file = async (page, name) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from(await picture(page)) });
const decide = async (change, decision, reason) => agent('POST', '/changes/decisions', { decisions: [{ change, decision, ...(reason && { reason }) }] });

describe('a section', () => {
  let home;
  let you;
  before(async () => {
    home = await parent('file');
    you = home.file.guardians.find((g) => g.you).id;
  });

  test('shows what will change before it is sent, then what waits, and can be taken back', async () => {
    const { page, wrong } = await openAs(browser, home.email, 'dossier');
    await heading(page, 'Dossier Famille');
    await page.getByRole('link', { name: /^Anne Martin/ }).waitFor(); // the file itself, not its waiting
    assert.deepEqual(await faults(page, 'file'), []);
    await page.getByRole('link', { name: /^Anne Martin/ }).click();
    await heading(page, 'Anne Martin');
    assert.deepEqual(await faults(page, 'guardian'), []);
    const phones = page.getByRole('region', { name: 'Téléphones et e-mail' });
    await phones.getByRole('button', { name: 'Modifier' }).click();
    await phones.getByRole('button', { name: 'Continuer' }).click();
    await phones.getByText('Rien n’a changé.').waitFor();
    await phones.getByLabel('Téléphone mobile').fill('12');
    await phones.getByRole('button', { name: 'Continuer' }).click();
    await phones.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await phones.getByText('Ce numéro de téléphone n’est pas valable.').first().waitFor();
    assert.equal(await phones.getByLabel('Téléphone mobile').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(await faults(page, 'guardian-wrong'), []);
    await phones.getByLabel('Téléphone mobile').fill('06 11 22 33 44');
    await phones.getByRole('button', { name: 'Continuer' }).click();
    await phones.getByRole('heading', { name: 'Ce qui va changer' }).waitFor();
    await phones.getByText('06 11 22 33 44').waitFor();
    assert.deepEqual(await faults(page, 'guardian-check'), []);
    await phones.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await page.getByText('Envoyé. Votre collectivité va valider.').waitFor();
    await phones.getByText('En attente : 06 11 22 33 44').waitFor();
    assert.ok(await phones.getByRole('button', { name: 'Modifier' }).evaluate((e) => e === document.activeElement), 'the focus is back on the button');
    assert.deepEqual(await faults(page, 'guardian-pending'), []);

    await phones.getByRole('button', { name: 'Retirer' }).click();
    assert.deepEqual(await faults(page, 'guardian-withdraw'), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
    await page.getByText('La demande est retirée.').waitFor();
    assert.equal(await phones.getByText('En attente').count(), 0);
    assert.deepEqual(wrong, []);
  });

  test('that was refused says so at its field, with the reason; one that was accepted shows it', async () => {
    const change = await home.call('POST', '/changes', { target: you, section: 'identity', version: 1, values: { birthName: 'Durand', situation: 'married' } });
    await agent('POST', '/changes/decisions', { decisions: [
      { change: change.id, fields: ['birthName'], decision: 'refuse', reason: 'Justificatif illisible.' }, { change: change.id, fields: ['situation'], decision: 'accept' },
    ] });
    const { page } = await openAs(browser, home.email, `dossier/${you}`);
    const identity = page.getByRole('region', { name: 'Identité' });
    await identity.getByText('Refusé : Durand.').waitFor();
    await identity.getByText('Motif : Justificatif illisible.').waitFor();
    await identity.getByText('Marié(e)').waitFor();
    assert.deepEqual(await faults(page, 'guardian-refused'), []);
    await page.getByRole('link', { name: 'Dossier Famille' }).first().click();
    await page.getByRole('link', { name: 'Mes demandes de modification' }).click();
    await heading(page, 'Mes demandes de modification');
    await page.getByText('Acceptée en partie').waitFor();
    assert.deepEqual(await faults(page, 'changes'), []);
    await page.getByRole('link', { name: 'Dossier Famille' }).first().click();
    await page.getByRole('link', { name: 'Qui a consulté notre dossier' }).click();
    await heading(page, 'Qui a consulté notre dossier');
    await page.getByText('Personne n’a consulté ces informations.').waitFor();
    assert.deepEqual(await faults(page, 'consultations'), []);
  });

  test('that somebody else changed meanwhile is told, and goes on with what was typed', async () => {
    const { page } = await openAs(browser, home.email, `dossier/${you}`);
    const address = page.getByRole('region', { name: 'Adresse' });
    await address.getByRole('button', { name: 'Modifier' }).click();
    await address.getByLabel('Numéro et voie').fill('12 rue des Acacias');
    await address.getByLabel('Code postal').fill('35200');
    await address.getByLabel('Commune').fill('Ville');
    const { version } = await home.call('GET', '');
    const other = await home.call('POST', '/changes', { target: you, section: 'address', version, values: { street: '1 place Neuve', postcode: '35000', city: 'Rennes' } });
    await decide(other.id, 'accept');
    await address.getByRole('button', { name: 'Continuer' }).click();
    await address.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await address.getByText('Le dossier a changé depuis que vous l’avez ouvert.').waitFor();
    const street = address.locator('.diff > div').filter({ hasText: 'Numéro et voie' });
    await street.getByText('avant : 1 place Neuve').waitFor();
    await street.getByText('changé entre-temps').waitFor();
    assert.deepEqual(await faults(page, 'guardian-moved'), []);
    await address.getByRole('button', { name: 'Modifier' }).click();
    await address.getByText('Numéro et voie : entre-temps : 1 place Neuve').waitFor();
    assert.deepEqual(await faults(page, 'guardian-meanwhile'), []);
    await address.getByRole('button', { name: 'Continuer' }).click();
    await address.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await address.getByText('En attente : 12 rue des Acacias').waitFor();
  });

  test('of the bank wants a right IBAN, and shows it masked', async () => {
    const { page } = await openAs(browser, home.email, `dossier/${you}`);
    const bank = page.getByRole('region', { name: 'Coordonnées bancaires' });
    await bank.getByRole('button', { name: 'Modifier' }).click();
    await bank.getByLabel('Titulaire du compte').fill('Anne Martin');
    await bank.getByLabel('IBAN').fill('FR76 3000 6000 0112 3456 7890 188');
    await bank.getByRole('button', { name: 'Continuer' }).click();
    await bank.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await bank.getByText('La clé de contrôle de cet IBAN est fausse').first().waitFor();
    await bank.getByLabel('IBAN').fill('FR76 3000 6000 0112 3456 7890 189');
    await bank.getByRole('button', { name: 'Continuer' }).click();
    await bank.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await bank.getByText('En attente : FR•• •••• 0189').waitFor();
  });

  test('of health holds lists; what safety needs is told at once', async () => {
    const { page } = await openAs(browser, home.email, `dossier/${home.child['Léa']}`);
    await heading(page, 'Léa Martin');
    assert.deepEqual(await faults(page, 'child'), []);
    const health = page.getByRole('region', { name: 'Données sanitaires' });
    await health.getByRole('button', { name: 'Modifier' }).click();
    await health.getByRole('button', { name: 'Ajouter : Allergies' }).click();
    await health.getByRole('button', { name: 'Continuer' }).click();
    await health.getByText('Ce champ est obligatoire.').first().waitFor();
    assert.deepEqual(await faults(page, 'health-missing'), []);
    await health.getByLabel('Allergène').fill('Arachide');
    await health.getByLabel('Conséquence').fill('Urticaire');
    await health.getByLabel('Sans porc').check();
    await health.getByRole('button', { name: 'Continuer' }).click();
    await health.getByText('Arachide · Urticaire').waitFor();
    await health.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await health.getByText('En attente : Arachide · Urticaire').waitFor();
    await health.getByText('En attente : Sans porc').waitFor();
  });

  test('of authorisations takes each holder’s own answer', async () => {
    const { page } = await openAs(browser, home.email, `dossier/${home.child['Noé']}`);
    const section = page.getByRole('region', { name: 'Autorisations' });
    await section.getByText('Personne n’a encore répondu.').first().waitFor();
    await section.getByRole('button', { name: 'Modifier' }).click();
    assert.deepEqual(await faults(page, 'authorisations'), []);
    await section.getByRole('group', { name: 'Sorties' }).getByLabel('J’autorise').check();
    await section.getByRole('group', { name: 'Droit à l’image' }).getByLabel('Je n’autorise pas').check();
    await section.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await section.getByText('En attente : Oui').waitFor();
    await section.getByText('En attente : Non').waitFor();
    assert.deepEqual(await faults(page, 'authorisations-pending'), []);
  });
});

describe('who and what is in the file', () => {
  let home;
  before(async () => {
    home = await parent('members');
  });

  test('a person to contact is added, and taken off again', async () => {
    const { page, wrong } = await openAs(browser, home.email, 'dossier');
    await page.getByRole('link', { name: 'Ajouter une personne à contacter' }).click();
    await heading(page, 'Ajouter une personne à contacter');
    assert.deepEqual(await faults(page, 'add-contact'), []);
    await page.getByLabel('Nom*', { exact: true }).fill('Petit');
    await page.getByLabel('Prénom').fill('Jeanne');
    await page.getByLabel('Lien').fill('Grand-mère');
    await page.getByLabel('Téléphone*', { exact: true }).fill('06 11 22 33 44');
    await page.getByRole('group', { name: 'Peut venir chercher l’enfant' }).getByLabel('Oui').check();
    await page.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await heading(page, 'Dossier Famille');
    await page.getByRole('region', { name: 'Ajouts en attente de validation' }).getByText('Jeanne Petit').waitFor();
    const { pending } = await home.call('GET', '');
    await decide(pending[0].id, 'accept');
    await page.reload();
    await page.getByRole('link', { name: /Jeanne Petit/ }).click();
    await heading(page, 'Jeanne Petit');
    assert.deepEqual(await faults(page, 'contact-person'), []);
    await page.getByRole('button', { name: 'Retirer Jeanne Petit du dossier' }).click();
    assert.deepEqual(await faults(page, 'remove-contact'), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer du dossier' }).click();
    await page.getByText('Retrait en attente de validation.').waitFor();
    assert.deepEqual(wrong, []);
  });

  test('a child’s photo is cut to a square, sent, and shown once it is accepted', async () => {
    const { page, wrong } = await openAs(browser, home.email, `dossier/${home.child['Léa']}`);
    await page.getByRole('button', { name: 'Ajouter une photo' }).click();
    const dialog = page.getByRole('dialog', { name: 'Photo de Léa' });
    await dialog.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await dialog.getByText('Choisissez une image.').first().waitFor();
    await dialog.getByLabel('Choisir une image').setInputFiles(await file(page, 'lea.jpg'));
    await dialog.getByLabel('Agrandir').fill('2');
    assert.equal(await dialog.locator('canvas').evaluate((c) => [...c.getContext('2d').getImageData(320, 320, 1, 1).data].join()), '255,255,255,255', 'the middle is shown');
    assert.deepEqual(await faults(page, 'photo'), []);
    await dialog.getByRole('button', { name: 'Envoyer pour validation' }).click();
    await page.getByText('Nouvelle photo en attente de validation.').waitFor();
    const { pending } = await home.call('GET', '');
    await decide(pending.find((c) => c.section === 'photo').id, 'accept');
    await page.reload();
    const shown = page.getByRole('img', { name: 'Photo de Léa' });
    await shown.waitFor();
    await page.waitForFunction(() => document.querySelector('img[alt="Photo de Léa"]').naturalWidth > 0);
    assert.deepEqual(await faults(page, 'child-photo'), []);
    assert.deepEqual(wrong, []);
  });

  test('a paper is sent, waits, is opened once accepted, and a wrong one is refused', async () => {
    const { page, wrong } = await openAs(browser, home.email, 'dossier/documents');
    await heading(page, 'Documents');
    assert.deepEqual(await faults(page, 'documents'), []);
    await page.getByLabel('Quel document ?').selectOption({ label: 'Attestation d’assurance' });
    await page.getByLabel('Pour qui ?').selectOption({ label: 'Noé' });
    await page.getByRole('button', { name: 'Envoyer ce document' }).click();
    await page.getByText('Choisissez un fichier.').first().waitFor();
    assert.deepEqual(await faults(page, 'documents-missing'), []);
    await page.getByLabel('Fichier').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('ceci n’est pas un PDF') });
    await page.getByRole('button', { name: 'Envoyer ce document' }).click();
    await page.locator('.summary:visible').waitFor();
    await page.getByLabel('Fichier').setInputFiles(await file(page, 'assurance.jpg'));
    await page.getByRole('button', { name: 'Envoyer ce document' }).click();
    await page.getByText('En attente de validation.').waitFor();
    const { pending } = await home.call('GET', '');
    await decide(pending.find((c) => c.of === 'document').id, 'accept');
    await page.reload();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Télécharger/ }).click()]);
    assert.match(saved.suggestedFilename(), /\.jpe?g$/);
    assert.deepEqual(await faults(page, 'documents-one'), []);
    assert.deepEqual(wrong, []);
  });

  test('a paper whose answer is lost is followed when it is sent again, not proposed twice', async () => {
    const { page, asked } = await openAs(browser, home.email, 'dossier/documents');
    await heading(page, 'Documents');
    await page.getByLabel('Quel document ?').selectOption({ label: 'Attestation d’assurance' });
    await page.getByLabel('Pour qui ?').selectOption({ label: 'Inès' });
    await page.getByLabel('Fichier').setInputFiles(await file(page, 'assurance.jpg'));
    await page.route('**/v1/families/*/uploads/*', (route) => route.abort());
    await page.getByRole('button', { name: 'Envoyer ce document' }).click();
    await page.getByText('Le service est injoignable').first().waitFor();
    await page.unroute('**/v1/families/*/uploads/*');
    await page.getByRole('button', { name: 'Envoyer ce document' }).click();
    await page.getByText('Envoyé. Votre collectivité va valider.').waitFor();
    assert.equal(asked.filter((a) => /^POST .*\/uploads$/.test(a)).length, 1);
    const { pending } = await home.call('GET', '');
    assert.equal(pending.filter((c) => c.of === 'document').length, 1);
  });

  test('the file is confirmed once a year', async () => {
    const { page } = await openAs(browser, home.email, 'dossier');
    await page.getByRole('button', { name: 'Confirmer mon dossier' }).click();
    assert.deepEqual(await faults(page, 'confirm-file'), []);
    await page.getByRole('dialog').getByRole('button', { name: 'Confirmer mon dossier' }).click();
    await page.getByText('Merci, votre dossier est confirmé').waitFor();
    await page.getByText(/Dossier confirmé le .* par Anne Martin/).waitFor();
  });
});
