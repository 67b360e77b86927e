// Asks for a mailed link again: for the activation of an account, or for a new password.

import { call } from './api.js';
import { solve } from './captcha.js';
import { handle } from './form.js';
import { collectivity, show } from './page.js';

/**
 * @param {'again-activation'|'again-password'} template
 * @param {string} path of the API
 * @param {string} [why] what led here
 */
export function askAgain(template, path, why) {
  const page = show(template, { why });
  handle(page.querySelector('form'), async ({ email }, tell) => {
    tell('Vérification anti-robot en cours…');
    const captcha = await solve();
    tell('Envoi en cours…');
    const { message } = await call('POST', path, { collectivity, email, captcha });
    show('sent', { message, email }).querySelector('[data-back]').addEventListener('click', () => askAgain(template, path));
  });
}
