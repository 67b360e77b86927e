// A family file as an agent opened it.

import { get } from '../../api/client';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';
import { onEnd } from '../../session/session.svelte';

export type OpenedFile = Api<'OpenedFile'>;

class Opened {
  data = $state.raw<OpenedFile | undefined>(undefined);
  failed = $state.raw<unknown>(undefined);
  #wanted = '';

  /** Opens a file; one that is shown already stays until it has been read anew. */
  async show(family: string): Promise<void> {
    if (this.#wanted !== family) this.data = undefined;
    this.#wanted = family;
    this.failed = undefined;
    try {
      const data = await get('/v1/collectivities/{slug}/families/{family}', { path: { slug: route.slug, family } });
      if (this.#wanted === family) this.data = data;
    } catch (error) {
      if (this.#wanted === family) this.failed = error;
    }
  }

  /** Reads it anew, after something was written. */
  again(): Promise<void> {
    return this.show(this.#wanted);
  }

  forget(): void {
    this.#wanted = '';
    this.data = undefined;
  }
}

export const opened = new Opened();
onEnd(() => opened.forget());

/** The path of calls about the file that is shown. */
export const at = (family: string): { slug: string; family: string } => ({ slug: route.slug, family });
