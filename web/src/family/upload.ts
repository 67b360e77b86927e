// Sends a photo or a document: announced to the API, sent to where it says, then followed until it is proposed to the town.

import { get, post } from '../api/client';
import { contentOf, put } from '../api/files';
import { Refusal } from '../api/refusal';
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
    const { bytes, length, sha256 } = await contentOf(content);
    const body = { ...about, type: content.type, length, sha256 };
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

async function follow(family: string, upload: string): Promise<'proposed' | 'awaited'> {
  for (let waited = 0, pause = 400; waited < patience; waited += pause, pause = Math.min(2000, pause * 1.4)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const { state, code, detail } = await get('/v1/families/{family}/uploads/{upload}', { path: { family, upload } });
    if (state === 'proposed') return 'proposed';
    if (state === 'refused') throw new Refusal(code ?? 'upload_refused', detail ?? t.upload.failed);
  }
  return 'awaited';
}
