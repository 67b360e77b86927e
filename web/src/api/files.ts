// Files that people send: announced to the API by their length and SHA-256, then put where its answer says.

import { t } from '../texts';
import { Refusal, unreachable } from './refusal';
import type { Api } from './types';

/** A file's content as it is announced. */
export interface Content {
  bytes: ArrayBuffer;
  length: number;
  sha256: string; // in base64
}

export async function contentOf(file: Blob): Promise<Content> {
  const bytes = await file.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { bytes, length: bytes.byteLength, sha256: btoa(String.fromCharCode(...sum)) };
}

/** Puts a file where the API said. */
export async function put({ url, headers }: Pick<Api<'UploadLink'>, 'url' | 'headers'>, body: ArrayBuffer): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'PUT', headers, body });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw new Refusal('upload_failed', t.upload.failed, [], response.status);
}
