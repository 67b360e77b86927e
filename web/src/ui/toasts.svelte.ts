// Short news at the edge of the page, read out by screen readers. One that offers something to do stays until it is closed
// or another comes; the others go by themselves.

export interface Toast {
  id: number;
  text: string;
  wrong: boolean;
  action: { label: string; run: () => void } | undefined;
  at: number; // ms since the epoch
}

class Toasts {
  shown = $state.raw<Toast[]>([]);
}

export const toasts = new Toasts();

const life = 8000; // ms
let last = 0;

/** Tells something that went well, with what may be done about it. */
export function tell(text: string, action?: Toast['action']): void {
  add(text, false, action);
}

/** Tells what did not happen. It stays until it is closed. */
export function warn(text: string, action?: Toast['action']): void {
  add(text, true, action);
}

function add(text: string, wrong: boolean, action: Toast['action']): void {
  const toast = { id: ++last, text, wrong, action, at: Date.now() };
  toasts.shown = [...toasts.shown.filter((one) => one.wrong && wrong).slice(-1), toast];
  if (!action && !wrong) setTimeout(() => dismiss(toast.id), life);
}

const fresh = 3000; // ms: news that come with a change of page

/** Another page is shown: news of the one before are over, unless they have just come or tell of a failure. */
export function pageChanged(): void {
  toasts.shown = toasts.shown.filter((one) => one.wrong || Date.now() - one.at < fresh);
}

export function dismiss(id: number): void {
  toasts.shown = toasts.shown.filter((one) => one.id !== id);
}
