// Looking for families: by the beginnings of names, or by a subscriber code.

import { get } from '../../api/client';
import type { Api } from '../../api/types';
import { route } from '../../router/router.svelte';

export type Found = Api<'FoundFamily'>;

/** Whether something typed is a code rather than a name: twelve characters, some of them digits. */
export const isCode = (text: string): boolean => /^[0-9a-z]{12}$/i.test(text.replace(/[\s-]/g, '')) && /\d/.test(text);

export class FamilySearch {
  items = $state.raw<Found[] | undefined>(undefined);
  cursor = $state('');
  failed = $state.raw<unknown>(undefined);
  busy = $state(false);
  #asked = '';

  async find(text: string, from = ''): Promise<void> {
    const wanted = text.trim();
    this.#asked = wanted;
    this.failed = undefined;
    if (!wanted) {
      this.items = undefined;
      return;
    }
    this.busy = true;
    try {
      const found: Found[] = from ? (this.items ?? []) : [];
      const before = found.length;
      let next = from;
      do {
        const page = await get('/v1/collectivities/{slug}/families', { path: { slug: route.slug }, query: { ...(isCode(wanted) ? { code: wanted } : { q: wanted }), cursor: next } });
        if (this.#asked !== wanted) return;
        found.push(...page.items);
        next = page.cursor ?? '';
      } while (next && found.length === before);
      this.items = found;
      this.cursor = next;
    } catch (error) {
      if (this.#asked === wanted) this.failed = error;
    } finally {
      if (this.#asked === wanted) this.busy = false;
    }
  }

  more(): Promise<void> {
    return this.find(this.#asked, this.cursor);
  }
}
