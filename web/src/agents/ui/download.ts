// Files that the API makes for agents: fetched with the session, then saved by the browser.

import { Refusal, refusalOf, unreachable } from '../../api/refusal';
import { bearer, reopen } from '../../session/session.svelte';

/** Fetches a file and has the browser save it under the name that the API gives. */
export async function download(address: string, name: string): Promise<void> {
  const token = await bearer();
  let response = await ask(address, token);
  if (response.status === 401) response = await ask(address, await reopen(token));
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => undefined), response.headers.get('retry-after'));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = named(response.headers.get('content-disposition')) || name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function ask(address: string, token: string): Promise<Response> {
  try {
    return await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  } catch {
    throw unreachable();
  }
}

function named(disposition: string | null): string {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '') ?? [];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? '';
}

/** What to tell where a file did not come. */
export const whyNot = (error: unknown, otherwise: string): string => (error instanceof Refusal ? error.message : otherwise);
