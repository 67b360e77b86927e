// Files that agents bring: sent to where the API says, then read, checked, applied and undone by jobs.

import { get, post } from '../../api/client';
import { contentOf, put } from '../../api/files';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';

export type Import = Api<'Import'>;
export type Of = Import['of'];

export const readImport = (id: string): Promise<Import> => get('/v1/collectivities/{slug}/imports/{import}', { path: { slug: route.slug, import: id } });

/** Whether the platform works on it. */
export const working = (state: Import['state']): boolean => state === 'checking' || state === 'applying' || state === 'undoing';

/** Sends a file and has it checked. A file that has arrived, and whose check was not answered, is not sent again. */
export class Sender {
  #sent = { what: '', import: '' };

  /** Gives the import's id. */
  async send(of: Of, file: File): Promise<string> {
    const slug = route.slug;
    const { bytes, length, sha256 } = await contentOf(file);
    const body = { of, name: file.name.slice(0, 200), length, sha256 };
    const what = JSON.stringify([slug, body]);
    if (this.#sent.what !== what) {
      const link = await post('/v1/collectivities/{slug}/imports', { path: { slug }, body });
      await put(link, bytes);
      this.#sent = { what, import: link.import };
    }
    const id = this.#sent.import;
    await post('/v1/collectivities/{slug}/imports/{import}/check', { path: { slug, import: id }, body: {}, key: id });
    return id;
  }
}
