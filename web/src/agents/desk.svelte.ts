// The agent who is signed in: what they may do here, and how much waits.

import { get } from '../api/client';
import type { Api } from '../api/types';
import { route } from '../router/router.svelte';
import { onEnd } from '../session/session.svelte';

export type Role = 'reader' | 'reviewer' | 'manager';

const ranks: Role[] = ['reader', 'reviewer', 'manager'];

class Desk {
  info = $state.raw<Api<'Desk'> | undefined>(undefined);
  slug = ''; // where it is so

  get health(): boolean {
    return this.info?.health ?? false;
  }

  /** Whether the agent has all activities and schools. */
  get whole(): boolean {
    return !this.info?.activities?.length && !this.info?.schools?.length;
  }

  /** Whether the agent may do what takes a role. */
  can(role: Role): boolean {
    return this.info !== undefined && ranks.indexOf(this.info.role) >= ranks.indexOf(role);
  }

  /** Some were decided: what waits is told anew without asking. */
  decided(which: 'changes' | 'requests', n: number): void {
    const waiting = this.info?.waiting;
    if (this.info && waiting) this.info = { ...this.info, waiting: { ...waiting, [which]: Math.max(0, waiting[which] - n) } };
  }

  forget(): void {
    this.info = undefined;
    reading = undefined;
    turn++;
  }
}

export const desk = new Desk();
onEnd(() => desk.forget());

let reading: { slug: string; done: Promise<void> } | undefined;
let turn = 0; // what was asked for before the last forgetting is not taken

/** Reads the agent's desk, once for all who ask at the same time; again: although it is known. */
export function readDesk(again = false): Promise<void> {
  const slug = route.slug;
  if (desk.info && desk.slug === slug && !again) return Promise.resolve();
  if (reading?.slug === slug) return reading.done;
  const now = ++turn;
  reading = { slug, done: read(slug, () => now === turn) };
  return reading.done;
}

async function read(slug: string, wanted: () => boolean): Promise<void> {
  try {
    const info = await get('/v1/collectivities/{slug}/desk', { path: { slug } });
    if (!wanted()) return;
    desk.info = info;
    desk.slug = slug;
  } finally {
    if (wanted()) reading = undefined;
  }
}
