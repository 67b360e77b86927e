// Confirms a new e-mail address. The link alone is not enough: the session of the account that asked is needed too.

import { call, Refusal } from './api.js';
import { solve } from './captcha.js';
import { handle } from './form.js';
import { show } from './page.js';

export async function confirmAddress(token) {
  if (!token) {
    show('message', { title: 'Confirmez votre nouvelle adresse', message: 'Ouvrez le lien tel qu’il figure dans le courriel : il ne sert qu’à la personne qui l’a reçu.' });
    return;
  }
  const session = await openSession();
  if (!session) {
    askSignIn(token);
    return;
  }
  handle(show('address').querySelector('form'), () => confirm(token, session.accessToken));
}

/** The session that the browser's cookie stands for, if there is one. */
async function openSession() {
  try {
    return await call('POST', '/v1/sessions/refresh');
  } catch {
    return undefined; // signing in opens one, or says what is wrong
  }
}

function askSignIn(token, why) {
  const form = show('sign-in', { why }).querySelector('form');
  handle(form, async ({ email, password, totp }, tell) => {
    const { accessToken } = await signIn(form, { email, password, ...(totp && { totp }) }, tell);
    await confirm(token, accessToken);
  });
}

// signIn does the anti-robot check when it is asked for, and shows the place for an agent's code.
async function signIn(form, body, tell) {
  try {
    return await call('POST', '/v1/sessions', body);
  } catch (error) {
    if (error.code === 'totp_required') form.querySelector('#totp-field').hidden = false;
    if (error.code !== 'captcha_required') throw error;
  }
  tell('Vérification anti-robot en cours…');
  return call('POST', '/v1/sessions', { ...body, captcha: await solve() });
}

async function confirm(token, accessToken) {
  try {
    const { email } = await call('PUT', '/v1/me/email', { token }, accessToken);
    show('address-set', { email });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'session_ended') askSignIn(token, error.message);
    else if (error.code === 'link_invalid') askSignIn(token, `${error.fields[0].detail} Ce n’est peut-être pas le bon compte.`);
    else if (error.code.startsWith('link_')) show('message', { title: 'Ce lien ne sert plus', message: 'Il a déjà servi ou a expiré. Si votre adresse n’a pas changé, redemandez le changement depuis votre compte.' });
    else throw error;
  }
}
