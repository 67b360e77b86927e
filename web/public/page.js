// Shows one of the page's templates.

import { typeset } from './typeset.js';

const main = document.getElementById('main');
const [, slug = ''] = location.pathname.split('/');

/** The collectivity in the address, as it is written there. */
export const collectivity = slug;

/** The path of one of the portal's pages at the collectivity. */
export const pathOf = (page = '') => (slug ? `/${slug}/${page}` : '/');

/**
 * Replaces what is shown by a template, with texts filled in; where a text is missing, its place is hidden. A page that
 * follows another takes the focus, so that it is read out.
 */
export function show(template, texts = {}) {
  const follows = main.querySelector('h1') !== null;
  main.replaceChildren(filled(template, texts));
  const heading = main.querySelector('h1');
  title(heading.textContent);
  if (follows) {
    heading.tabIndex = -1;
    heading.focus();
    scrollTo({ top: 0 });
  }
  return main;
}

/** A copy of a template. */
export function filled(template, texts = {}) {
  const page = document.getElementById(template).content.cloneNode(true);
  for (const place of page.querySelectorAll('[data-text]')) {
    place.textContent = texts[place.dataset.text] ?? '';
    place.hidden = place.textContent === '';
  }
  for (const link of page.querySelectorAll('[data-page]')) link.href = pathOf(link.dataset.page);
  return typeset(page);
}

let town = '';

/** Names the collectivity in the window's title from now on. */
export function nameTown(name) {
  town = name;
  title(main.querySelector('h1')?.textContent ?? '');
}

function title(heading) {
  document.title = [heading.replace(town, '').trim(), town || 'Portail famille'].filter(Boolean).join(' – ');
}
