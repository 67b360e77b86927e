// Activation: the mailed token and the password chosen at sign-up, sent only when the person asks for it.

import { askAgain } from './again.js';
import { call } from './api.js';
import { handle } from './form.js';
import { show } from './page.js';
import { showSubscriptions } from './subscriptions.js';

export function activation(token) {
  if (!token) {
    again();
    return;
  }
  handle(show('activation').querySelector('form'), async ({ password }) => {
    try {
      const { accessToken } = await call('POST', '/v1/accounts/activation', { token, password });
      show('activated');
      await showSubscriptions(accessToken);
    } catch (error) {
      if (!error.code?.startsWith('link_')) throw error;
      again(error.message);
    }
  });
}

const again = (why) => askAgain('again-activation', '/v1/accounts/activation/mail', why);
