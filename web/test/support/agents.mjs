// What the tests of the agents' side share.

import { agents, api, at, open, phone, desktop, secret, totp, town } from './platform.mjs';

/**
 * Opens a page of the agents' side as one of the town's agents, in a context of its own unless one is given, in which somebody has
 * signed in already.
 */
export async function openAgent(browser, name, path = '', { viewport = desktop, context } = {}) {
  const opened = await open(browser, at(`agents${path && `/${path}`}`), { viewport, context });
  if (!context) await signIn(opened.page, agents[name]);
  return opened;
}

/** Fills in the agents' sign-in and waits until it is behind. A code opens one session: where another file has used it, the next one does. */
export async function signIn(page, { email, password, secret: key }) {
  const inside = page.getByRole('button', { name: 'Se déconnecter' });
  const refused = page.getByText('À corriger');
  await page.getByLabel('Adresse e-mail').fill(email);
  await secret(page).fill(password);
  const now = Math.floor(Date.now() / 30_000);
  for (const step of [now, now + 1, now - 1]) {
    await page.getByLabel('Code à six chiffres').fill(totp(key, step));
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
    await inside.or(refused).first().waitFor();
    if (await inside.isVisible()) return;
  }
  throw new Error(`${email} could not sign in`);
}

/** Calls the API as an agent whose token is known. */
export const asAgent = (token) => async (method, path, body) => (await api(method, `/v1/collectivities/${town}${path}`, body, token)).body;

export { desktop, phone };
