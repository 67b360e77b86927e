/**
 * Names an intention: the same content gets the same key until it is done, so that what is sent again after a failure is
 * done once. Other content is another intention.
 */
export class Intention {
  #content = '';
  #key = '';

  keyOf(content: unknown): string {
    const text = JSON.stringify(content);
    if (text !== this.#content) {
      this.#content = text;
      this.#key = crypto.randomUUID();
    }
    return this.#key;
  }

  done(): void {
    this.#content = '';
  }
}
