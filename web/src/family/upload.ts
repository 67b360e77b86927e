// Sends a photo or a document: announced to the API, sent to where it says, then followed until it is proposed to the town.

import { get, post } from '../api/client';
import { Refusal, unreachable } from '../api/refusal';
import type { Api } from '../api/types';
import { t } from '../texts';

type About = Omit<Api<'NewUpload'>, 'type' | 'length' | 'sha256'>;

const patience = 30_000; // ms until the file is looked at; later it goes on by itself

/**
 * Sends files of a form. A file that was sent whole, and of which no answer came, is followed when it is sent again: it is not
 * proposed twice.
 */
export class Sender {
  #sent = { what: '', upload: '' };

  /** Sends a file and says whether it was proposed within the patience. */
  async send(family: string, about: About, content: Blob, tell: (text: string) => void): Promise<'proposed' | 'awaited'> {
    tell(t.upload.preparing);
    const bytes = await content.arrayBuffer();
    const sha256 = base64(await crypto.subtle.digest('SHA-256', bytes));
    const body = { ...about, type: content.type, length: bytes.byteLength, sha256 };
    const what = JSON.stringify([family, body]);
    if (this.#sent.what !== what) {
      const link = await post('/v1/families/{family}/uploads', { path: { family }, body });
      tell(t.upload.sending);
      await put(link, bytes);
      this.#sent = { what, upload: link.upload };
    }
    tell(t.upload.checking);
    try {
      const state = await follow(family, this.#sent.upload);
      if (state === 'proposed') this.#sent = { what: '', upload: '' };
      return state;
    } catch (error) {
      if (!(error instanceof Refusal) || !error.passing) this.#sent = { what: '', upload: '' }; // looked at and refused, or gone
      throw error;
    }
  }
}

async function put({ url, headers }: Api<'UploadLink'>, body: ArrayBuffer): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'PUT', headers, body });
  } catch {
    throw unreachable();
  }
  if (!response.ok) throw new Refusal('upload_failed', t.upload.failed, [], response.status);
}

async function follow(family: string, upload: string): Promise<'proposed' | 'awaited'> {
  for (let waited = 0, pause = 400; waited < patience; waited += pause, pause = Math.min(2000, pause * 1.4)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const { state, code, detail } = await get('/v1/families/{family}/uploads/{upload}', { path: { family, upload } });
    if (state === 'proposed') return 'proposed';
    if (state === 'refused') throw new Refusal(code ?? 'upload_refused', detail ?? t.upload.failed);
  }
  return 'awaited';
}

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
