// A new password by a mailed link, with the rules told while one types. The service has the last word on them.

import { askAgain } from './again.js';
import { call } from './api.js';
import { handle } from './form.js';
import { show } from './page.js';

const rules = [
  { says: 'Au moins 12 caractères', kept: (s) => [...s].length >= 12 },
  { says: 'Plusieurs caractères différents', kept: (s) => new Set(s).size > 1 },
  { says: 'Pas d’espace au début ni à la fin', kept: (s) => s !== '' && s === s.trim() },
];

export function newPassword(token) {
  if (!token) {
    again();
    return;
  }
  const page = show('password-new');
  tellRules(page.querySelector('.rules'), page.querySelector('#password'));
  handle(page.querySelector('form'), async ({ password }) => {
    try {
      done(await call('PUT', '/v1/password-resets', { token, password }));
    } catch (error) {
      if (!error.code?.startsWith('link_')) throw error;
      again(error.message);
    }
  });
}

const again = (why) => askAgain('again-password', '/v1/password-resets', why);

// An agent is not signed in: the authenticator's code is still to be given.
function done({ accessToken }) {
  show('password-set', {
    message: accessToken
      ? 'Votre session est ouverte sur cet appareil. Les autres ont été fermées.'
      : 'Vos sessions ont été fermées. Reconnectez-vous avec ce mot de passe et le code de votre application d’authentification.',
  });
}

function tellRules(list, input) {
  const lines = rules.map(({ says }) => {
    const line = document.createElement('li');
    line.append(says, document.createElement('span'));
    line.lastChild.className = 'unseen';
    return line;
  });
  list.append(...lines);
  const update = () => rules.forEach(({ kept }, i) => {
    const yes = kept(input.value);
    lines[i].classList.toggle('kept', yes);
    lines[i].lastChild.textContent = yes ? ' (respecté)' : ' (pas encore)';
  });
  input.addEventListener('input', update);
  update();
}
