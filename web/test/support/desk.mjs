// What the tests of a town's own settings share: a town for each file, which it may change.

import { signIn } from './agents.mjs';
import { desks, desktop, open, portal } from './platform.mjs';

export const inDesk = (name, path) => `${portal}/${desks[name].slug}/agents/${path}`;

/** Opens a page of that town's agents as its manager, or as its reader. */
export async function openDesk(browser, name, path, { viewport = desktop, as = 'manager' } = {}) {
  const opened = await open(browser, inDesk(name, path), { viewport });
  await signIn(opened.page, desks[name][as]);
  return opened;
}
