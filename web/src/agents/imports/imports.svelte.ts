// Files that agents bring: sent to where the API says, then read, checked, applied and undone by jobs.

import { get, post } from '../../api/client';
import { Refusal, unreachable } from '../../api/refusal';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { x } from './texts';

export type Import = Api<'Import'>;
export type Of = Import['of'];

export const readImport = (id: string): Promise<Import> => get('/v1/collectivities/{slug}/imports/{import}', { path: { slug: route.slug, import: id } });

/** Whether the platform works on it. */
export const working = (state: Import['state']): boolean => state === 'checking' || state === 'applying' || state === 'undoing';

/** Sends a file and has it checked; gives the import's id. */
export async function sendImport(of: Of, file: File): Promise<string> {
  const slug = route.slug;
  const bytes = await file.arrayBuffer();
  const sha256 = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))));
  const link = await post('/v1/collectivities/{slug}/imports', { path: { slug }, body: { of, name: file.name.slice(0, 200), length: bytes.byteLength, sha256 } });
  await deliver(link, bytes);
  await post('/v1/collectivities/{slug}/imports/{import}/check', { path: { slug, import: link.import }, body: {}, key: crypto.randomUUID() });
  return link.import;
}

async function deliver({ url, headers }: Api<'ImportLink'>, body: ArrayBuffer): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'PUT', headers, body });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw new Refusal('upload_failed', x.form.failed, [], response.status);
}
