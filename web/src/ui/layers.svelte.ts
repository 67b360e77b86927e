// The dialogs that are open, each above those before it. What lies beneath the last one can be neither seen nor clicked.

class Layers {
  #open = $state.raw<readonly string[]>([]);
  top = $derived(this.#open.at(-1) ?? ''); // '' is the page

  /** Puts a layer on top. It gives what takes it away. */
  add(id: string): () => void {
    this.#open = [...this.#open, id];
    return () => {
      this.#open = this.#open.filter((one) => one !== id);
    };
  }
}

export const layers = new Layers();
