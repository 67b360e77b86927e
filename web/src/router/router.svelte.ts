// The portal's addresses: /{collectivity}/{page}/…, by the browser's history. A mailed token comes in the fragment, which no
// server ever sees, and leaves the address bar and the history at once.

import { t } from '../texts';

class Route {
  slug = $state('');
  page = $state<string[]>([]); // the parts of the path behind the collectivity
  query = $state.raw(new URLSearchParams());
  token = $state(''); // that came in the fragment
  visit = $state(0); // grows with each page that is gone to; 0 is the one that was loaded
}

export const route = new Route();

/** Whether something typed would be lost by leaving the page. */
let unsaved: (() => boolean) | undefined;

/** Asks before the page is left while something typed would be lost. It gives what ends that. */
export function guard(dirty: () => boolean): () => void {
  unsaved = dirty;
  return () => {
    if (unsaved === dirty) unsaved = undefined;
  };
}

/** Whether the page may be left: asks where something typed would be lost. */
export const mayLeave = (): boolean => !unsaved?.() || confirm(t.ui.leave);

/** Nothing that was typed is kept: who typed it is no longer signed in. */
export const release = (): void => void (unsaved = undefined);

/** Loads the page anew, or another of the portal, without asking. */
export function anew(to = location.pathname + location.search): void {
  release();
  history.replaceState({}, '', to);
  location.reload();
}

/** The path of one of the portal's pages at the collectivity. */
export const pathOf = (page = ''): string => (route.slug ? `/${route.slug}${page ? `/${page}` : ''}` : '/');

/** Goes to a page of the collectivity: planning?vue=mois. */
export function go(page: string, { replace = false }: { replace?: boolean } = {}): void {
  open(pathOf(page), replace);
}

function open(path: string, replace: boolean): void {
  const same = samePage(path);
  if (!same && !mayLeave()) return;
  if (replace) history.replaceState({}, '', path);
  else history.pushState({}, '', path);
  shown = location.href;
  read(!same);
  if (!same) scrollTo({ top: 0 });
}

// Another query of the same page is a change on it, no new page.
const samePage = (path: string): boolean => new URL(path, location.href).pathname === location.pathname;

function read(moved: boolean): void {
  const [slug = '', ...page] = location.pathname.split('/').slice(1).filter(Boolean).map(decode);
  const token = tokenOf(location.hash);
  // Out of the address, which is copied and seen; in the history's entry, where a reload finds it.
  if (token) history.replaceState({ ...(history.state as object | null), token }, '', location.pathname + location.search);
  route.slug = slug;
  if (moved || token) {
    unsaved = undefined;
    route.page = page;
    route.token = token || ((history.state as { token?: string } | null)?.token ?? '');
    route.visit += started ? 1 : 0;
  }
  route.query = new URLSearchParams(location.search);
}

function tokenOf(fragment: string): string {
  return fragment === '#main' ? '' : decode(fragment.slice(1)); // some mail programs encode what needs no encoding
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let started = false;
let shown = '';

/** Reads the address, follows it from now on, and takes clicks on links within the collectivity. */
export function start(): void {
  read(true);
  started = true;
  shown = location.href;
  addEventListener('popstate', () => {
    const moved = new URL(shown).pathname !== location.pathname;
    if (moved && !mayLeave()) {
      history.pushState({}, '', shown);
      return;
    }
    shown = location.href;
    read(moved);
  });
  // A link pasted over the page in the same tab loads nothing: only the fragment changes.
  addEventListener('hashchange', () => {
    if (tokenOf(location.hash)) read(true);
  });
  addEventListener('beforeunload', (event) => {
    if (unsaved?.()) event.preventDefault();
  });
  document.addEventListener('click', follow);
}

function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  const [, slug] = link.pathname.split('/');
  if (!route.slug || decode(slug ?? '') !== route.slug || link.hash) return;
  event.preventDefault();
  open(link.pathname + link.search, false);
}
