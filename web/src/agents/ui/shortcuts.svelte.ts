// Single-key shortcuts of a page. They can be turned off, and the browser keeps that (WCAG 2.1.4); they never take a key from a field,
// nor act behind a dialog.

import { onMount } from 'svelte';

const place = 'preau.shortcuts';

class Shortcuts {
  on = $state(kept() !== 'off');

  set(on: boolean): void {
    this.on = on;
    try {
      localStorage.setItem(place, on ? 'on' : 'off');
    } catch {
      // a browser that keeps nothing
    }
  }
}

export const shortcuts = new Shortcuts();

export interface Shortcut {
  keys: string[]; // as KeyboardEvent.key names them, in small letters
  shows?: string; // how the key is written; the first one unless said
  does: string;
  run: (key: string) => void;
}

/** Listens to a page's shortcuts while it is shown. */
export function listen(all: () => Shortcut[]): void {
  onMount(() => {
    const press = (event: KeyboardEvent) => {
      if (!shortcuts.on || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat || typing(event.target)) return;
      const key = event.key.toLowerCase();
      const found = all().find((one) => one.keys.includes(key));
      if (!found) return;
      event.preventDefault();
      found.run(key);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

function typing(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || (target.matches('input, select, textarea') && !target.matches('[type="checkbox"], [type="radio"]')));
}

function kept(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}
