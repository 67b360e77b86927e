// A list that comes page by page. A page of a filtered list may be empty and have a cursor all the same.

interface Page<T> {
  items: T[];
  cursor?: string;
}

export class Paged<T> {
  items = $state.raw<T[] | undefined>(undefined);
  cursor = $state('');
  failed = $state.raw<unknown>(undefined);
  busy = $state(false);
  #turn = 0;

  constructor(readonly page: (cursor: string | undefined) => Promise<Page<T>>) {}

  /** Reads the first page; what was read before stays until it is there. */
  async read(): Promise<void> {
    await this.#next(undefined);
  }

  async more(): Promise<void> {
    if (!this.busy) await this.#next(this.cursor);
  }

  // What is asked for later wins.
  async #next(cursor: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.failed = undefined;
    try {
      const page = await this.page(cursor);
      if (turn !== this.#turn) return;
      this.items = cursor ? [...(this.items ?? []), ...page.items] : page.items;
      this.cursor = page.cursor ?? '';
    } catch (error) {
      if (turn === this.#turn) this.failed = error;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
