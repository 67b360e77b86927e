// What the tests of the town's own settings share: a town that they may change.

import { signIn } from './agents.mjs';
import { deskTown, desktop, open, portal } from './platform.mjs';

export const inDesk = (path) => `${portal}/${deskTown.slug}/agents/${path}`;

/** Opens a page of that town's agents as one of them. */
export async function openDesk(browser, name, path, { viewport = desktop } = {}) {
  const opened = await open(browser, inDesk(path), { viewport });
  await signIn(opened.page, deskTown.agents[name]);
  return opened;
}
