// The collectivity whose portal this is: one build serves them all, and asks the API which one it has before it.

import { get } from '../api/client';
import type { Api } from '../api/types';
import { paint } from './colours';

class Town {
  info = $state.raw<Api<'Collectivity'> | undefined>(undefined);
  failed = $state.raw<unknown>(undefined);
  name = $derived(this.info?.name ?? '');

  /** The clocks of the town, where instants are told. */
  zone = $derived(this.info?.timezone || 'Europe/Paris');

  has(module: string): boolean {
    return this.info?.modules.includes(module) ?? false;
  }
}

export const town = new Town();

let opening: Promise<void> | undefined;

/** Waits until it is known what the collectivity is, or that it can not be told. */
export async function known(slug: string): Promise<void> {
  if (!town.info) await (opening ?? open(slug));
}

/** Brings the collectivity's name, colours and texts; fresh ones when what is known has moved. */
export function open(slug: string, fresh = false): Promise<void> {
  const mine = read(slug, fresh).finally(() => {
    if (opening === mine) opening = undefined;
  });
  return (opening = mine);
}

async function read(slug: string, fresh: boolean): Promise<void> {
  town.failed = undefined;
  try {
    town.info = await get('/v1/collectivities/{slug}', { path: { slug }, fresh });
    paint(town.info.colours.primary ?? '');
  } catch (error) {
    town.failed = error;
  }
}
