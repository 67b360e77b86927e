// The portal's single page: /{collectivity}/{page}. A mailed token comes in the fragment, which no server ever sees, and
// leaves the address bar and the history at once.

import { activation } from './activation.js';
import { confirmAddress } from './address.js';
import { call } from './api.js';
import { paint } from './colours.js';
import { home } from './home.js';
import { collectivity, nameTown, pathOf, show } from './page.js';
import { newPassword } from './password.js';

const pages = { activation, 'nouveau-mot-de-passe': newPassword, adresse: confirmAddress };

function start() {
  const [, , name] = location.pathname.split('/');
  const token = tokenOf(location.hash);
  if (token) history.replaceState(null, '', location.pathname);
  const page = pages[name];
  document.getElementById('loading')?.removeAttribute('hidden');
  document.getElementById('brand').href = pathOf();
  document.getElementById('about').href = pathOf();
  document.getElementById('foot').hidden = !page; // the home says all that itself
  page?.(token);
  open(page);
}

function tokenOf(fragment) {
  if (fragment === '#main') return ''; // the link to the content
  try {
    return decodeURIComponent(fragment.slice(1)); // some mail programs encode what needs no encoding
  } catch {
    return fragment.slice(1);
  }
}

// open brings the collectivity's name and colours, and its own page when no other is asked for.
async function open(page) {
  if (!collectivity) {
    show('message', { title: 'Portail famille', message: 'Il manque le nom de votre collectivité dans l’adresse. Ouvrez le portail depuis son site internet.' });
    return;
  }
  try {
    const town = await call('GET', `/v1/collectivities/${encodeURIComponent(collectivity)}`);
    dress(town);
    if (!page) home(town);
  } catch (error) {
    if (!page) absent(error);
  }
}

function dress({ name, logo, colours }) {
  paint(colours.primary);
  nameTown(name);
  document.getElementById('town').textContent = name;
  document.getElementById('portal').hidden = false;
  if (!logo) return;
  const image = document.getElementById('logo');
  image.src = logo;
  image.hidden = false;
}

function absent({ code, message }) {
  const unknown = code === 'collectivity_not_found';
  const title = unknown ? 'Ce portail n’existe pas' : 'Le portail ne répond pas';
  const retry = show('message', { title, message: unknown ? `${message} Vérifiez l’adresse, ou passez par le site de votre collectivité.` : message }).querySelector('[data-retry]');
  retry.hidden = unknown;
  retry.addEventListener('click', () => location.reload());
}

// A link pasted over the page in the same tab loads nothing: only the fragment changes.
addEventListener('hashchange', () => {
  if (tokenOf(location.hash)) start();
});
start();
